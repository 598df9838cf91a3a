/// Newton's method in a trust region, its steps found by conjugate gradients from products with the Hessian, which is never formed.
///
/// For models with too many parameters for a Hessian, convex or not. A step takes one pass over the data, one for the diagonal of the Hessian,
/// which parameters are scaled by, and one for each product. Diagonal and products of a convex objective leave out the samples that
/// together carry a thousandth of the curvature (on a model that tells most samples apart these are most); where steps come to less than
/// they should for that, ever fewer are left out. Directions of negative curvature are followed to the edge of the region.
///
/// Source: Steihaug, SIAM Journal on Numerical Analysis 20 (1983); Nocedal and Wright, algorithms 4.1 and 7.2.
public struct TrustRegionNewton: Optimizer {
  /// The most products per step.
  public var maximumProducts: Int

  /// Newton's method in a trust region.
  public init(maximumProducts: Int = 200) {
    precondition(maximumProducts >= 1, "\(maximumProducts) products per step")
    self.maximumProducts = maximumProducts
  }

  /// “trust-region Newton”.
  public var name: String { "trust-region Newton" }

  /// Minimises the objective; see ``Optimizer/minimize(_:from:control:)``.
  public func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution {
    requireSmooth(objective)
    var search = TrustRegionSearch(maximumProducts: maximumProducts, name: name, control: control)
    return try search.run(objective, from: start)
  }
}

/// One run of the method.
private struct TrustRegionSearch {
  let maximumProducts: Int
  let name: String
  let control: OptimizerControl
  var history = SearchHistory()
  /// In scaled parameters.
  var radius = Double.infinity
  /// The part of the curvature that products may leave out.
  var leftOut = 1e-3
  /// The norm of the first gradient in scaled parameters, which forcing terms relate to.
  var firstNorm: Double?
  /// Whether the last steps were as long as the loss's domain let them be.
  var isAtEdge = false
  /// The gradient norm to reach.
  var target = 0.0

  init(maximumProducts: Int, name: String, control: OptimizerControl) {
    (self.maximumProducts, self.name, self.control) = (maximumProducts, name, control)
  }

  mutating func run(_ objective: some Objective, from start: [Double]?) throws(ObjectiveError) -> Solution {
    var current = try objective.evaluate([.gradient, .curvature], at: start ?? objective.startingPoint)
    target = try control.gradientTolerance * history.begin(current, objective, startsElsewhere: start != nil)
    var model = try QuadraticModel(objective, current, leavingOut: leftOut)
    var failures = 0
    while true {
      if history.gradientNorm <= target { return history.solution(current, .gradientVanished, method: name) }
      if history.iterations >= control.maximumIterations {
        return history.solution(current, .iterationLimit(control.maximumIterations), method: name)
      }
      let trial = try step(objective, model)
      let inside = try objective.inside(
        [.gradient, .curvature], at: Vectors.sum(current.point, Vectors.product(trial.step, model.scale)))
      history.count(passes: 1)
      let length = Vectors.norm(trial.step)
      guard let next = inside else {
        radius = 0.25 * length
        isAtEdge = true
        failures += 1
        if failures > 60 { return history.solution(current, .atDomainEdge, method: name) }
        continue
      }
      let promised = -trial.change
      let rounding = 8 * Double.ulpOfOne * abs(current.value)
      let fillsRegion = length > 0.9 * radius
      // Both differences are rounding near the minimum: they count as equal there.
      let ratio = (current.value - next.value + rounding) / (promised + rounding)
      if ratio < 0.25 || !next.value.isFinite {
        radius = 0.25 * length
      } else if ratio > 0.75 && fillsRegion {
        radius *= 2
      }
      guard ratio > 1e-4, next.value.isFinite, next.gradient.allSatisfy(\.isFinite) else {
        failures += 1
        if failures > 60 { return history.solution(current, LBFGS.end(trial.change, current.value), method: name) }
        continue
      }
      failures = 0
      isAtEdge = isAtEdge && fillsRegion
      let contraction = Vectors.norm(next.gradient) / history.gradientNorm
      let stalls = promised <= rounding && contraction > 0.5
      // The model was solved far better than the objective was: what was left out told.
      if ratio > 0.75 && contraction > max(0.1, 10 * trial.residual) { leftOut *= 0.1 }
      current = next
      let iteration = history.record(current, step: 1)
      if current.value < -1e300 { return history.solution(current, .unbounded, method: name) }
      if stalls { return history.solution(current, isAtEdge ? .atDomainEdge : .atRoundingLimit, method: name) }
      if control.isInterrupted(after: iteration) { return history.solution(current, .interrupted, method: name) }
      if history.gradientNorm > target {
        model = try QuadraticModel(objective, current, leavingOut: leftOut)
        history.count(passes: model.passes)
      }
    }
  }

  /// A step in scaled parameters, what it changes the model by, and the part of the model's gradient that it leaves.
  private struct Trial {
    var step: [Double]
    var change = 0.0
    var residual = 1.0
  }

  /// The step that about minimises gᵀs + ½sᵀHs within the radius.
  private mutating func step(
    _ objective: some Objective, _ model: QuadraticModel
  ) throws(ObjectiveError) -> Trial {
    var trial = Trial(step: [Double](repeating: 0, count: model.gradient.count))
    var residual = Vectors.scaled(model.gradient, by: -1)
    var direction = residual
    var square = Vectors.dot(residual, residual)
    // The forcing term of superlinear convergence, relative to the gradient; not below what the end needs.
    let norm = Vectors.norm(model.gradient)
    let first = firstNorm ?? norm
    firstNorm = first
    let enough = max(min(0.5, (norm / max(first, norm)).squareRoot()), 0.1 * target / history.gradientNorm)
    for _ in 0..<maximumProducts {
      let product = try model.product(objective, direction)
      history.count(passes: 1)
      let bend = Vectors.dot(direction, product)
      // Less than the rounding of products whose matrix has ones on the diagonal is no curvature.
      let isFlat = !(bend > 4 * Double.ulpOfOne * Vectors.dot(direction, direction))
      let length = isFlat ? .infinity : square / bend
      let next = Vectors.sum(trial.step, direction, times: length)
      if isFlat || Vectors.norm(next) >= radius {
        let edge = radius.isFinite ? radius : max(1, Vectors.norm(trial.step)) * 10
        let part = Self.stepToEdge(trial.step, direction, radius: edge)
        trial.change += part * (-Vectors.dot(residual, direction) + 0.5 * part * bend)
        trial.step = Vectors.sum(trial.step, direction, times: part)
        trial.residual = 1
        return trial
      }
      trial.change -= 0.5 * length * square
      trial.step = next
      residual = Vectors.sum(residual, product, times: -length)
      let nextSquare = Vectors.dot(residual, residual)
      trial.residual = nextSquare.squareRoot() / norm
      if trial.residual <= enough { break }
      direction = Vectors.sum(residual, direction, times: nextSquare / square)
      square = nextSquare
    }
    return trial
  }

  /// The positive t with ‖step + t·direction‖ = radius.
  private static func stepToEdge(_ step: [Double], _ direction: [Double], radius: Double) -> Double {
    let a = Vectors.dot(direction, direction)
    let b = Vectors.dot(step, direction)
    let c = Vectors.dot(step, step) - radius * radius
    let root = max(b * b - a * c, 0).squareRoot()
    // Of the two forms, the one that does not cancel.
    return b > 0 ? -c / (b + root) : (root - b) / a
  }
}

/// The objective's second-order model at a point, in parameters that are scaled so that its Hessian has ones on the diagonal.
private struct QuadraticModel {
  private let evaluation: ObjectiveEvaluation
  /// What a scaled parameter is multiplied by.
  let scale: [Double]
  /// In scaled parameters.
  let gradient: [Double]
  /// How many passes over the data it took.
  let passes: Int

  init(_ objective: some Objective, _ current: ObjectiveEvaluation, leavingOut share: Double) throws(ObjectiveError) {
    evaluation = try objective.thinned(current, share: share)
    let diagonal = try objective.curvatureDiagonal(at: evaluation)
    passes = diagonal == nil ? 0 : 1
    let largest = diagonal?.reduce(0) { max($0, abs($1)) } ?? 0
    scale =
      if let diagonal, largest > 0, largest.isFinite {
        // Where there is hardly any, as where only kinks bend, it says nothing of how far to go.
        diagonal.map { 1 / (abs($0) > 1e-8 * largest ? abs($0) : largest).squareRoot() }
      } else {
        [Double](repeating: 1, count: current.point.count)
      }
    gradient = Vectors.product(current.gradient, scale)
  }

  /// The Hessian's product with a direction.
  func product(_ objective: some Objective, _ direction: [Double]) throws(ObjectiveError) -> [Double] {
    Vectors.product(
      try objective.curvatureProduct(Vectors.product(direction, scale), at: evaluation), scale)
  }
}
