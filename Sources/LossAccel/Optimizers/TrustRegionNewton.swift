/// Newton's method in a trust region, its steps found by conjugate gradients from products with the Hessian, which is never formed.
///
/// A pass over the data for each product, and one for each step: for models with too many parameters for a Hessian, convex or not.
/// Directions of negative curvature are followed to the edge of the region.
///
/// Source: Steihaug, SIAM Journal on Numerical Analysis 20 (1983); Nocedal and Wright, algorithms 4.1 and 7.2.
public struct TrustRegionNewton: Optimizer {
  /// The most products per step.
  public var maximumProducts: Int

  /// Newton's method in a trust region.
  public init(maximumProducts: Int = 100) {
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
    var history = SearchHistory()
    var current = try objective.evaluate([.gradient, .curvature], at: start ?? objective.startingPoint)
    let target = try control.gradientTolerance * history.begin(current, objective, startsElsewhere: start != nil)
    var radius = Double.infinity
    var failures = 0
    while true {
      if history.gradientNorm <= target { return history.solution(current, .gradientVanished, method: name) }
      if history.iterations >= control.maximumIterations {
        return history.solution(current, .iterationLimit(control.maximumIterations), method: name)
      }
      let model = try step(objective, current, radius: radius, &history)
      let next = try objective.evaluate([.gradient, .curvature], at: Vectors.sum(current.point, model.step))
      history.count(passes: 1)
      let length = Vectors.norm(model.step)
      let promised = -model.change
      let rounding = 8 * Double.ulpOfOne * abs(current.value)
      // Both differences are rounding near the minimum: they count as equal there.
      let ratio = (current.value - next.value + rounding) / (promised + rounding)
      if ratio < 0.25 || !next.value.isFinite {
        radius = 0.25 * length
      } else if ratio > 0.75 && length > 0.9 * radius {
        radius *= 2
      }
      guard ratio > 1e-4, next.value.isFinite, next.gradient.allSatisfy(\.isFinite) else {
        failures += 1
        if failures > 60 { return history.solution(current, LBFGS.end(model.change, current.value), method: name) }
        continue
      }
      failures = 0
      let stalls = promised <= rounding && Vectors.norm(next.gradient) > 0.5 * history.gradientNorm
      current = next
      let iteration = history.record(current, step: 1)
      if current.value < -1e300 { return history.solution(current, .unbounded, method: name) }
      if stalls { return history.solution(current, .atRoundingLimit, method: name) }
      if control.isInterrupted(after: iteration) { return history.solution(current, .interrupted, method: name) }
    }
  }

  /// The step that about minimises gᵀs + ½sᵀHs within the radius, and what it changes that by.
  private func step(
    _ objective: some Objective, _ current: ObjectiveEvaluation, radius: Double, _ history: inout SearchHistory
  ) throws(ObjectiveError) -> (step: [Double], change: Double) {
    var step = [Double](repeating: 0, count: current.point.count)
    var change = 0.0
    var residual = Vectors.scaled(current.gradient, by: -1)
    var direction = residual
    var square = Vectors.dot(residual, residual)
    // The forcing term of superlinear convergence, relative to the gradient.
    let norm = Vectors.norm(current.gradient)
    let enough = min(0.5, (norm / max(history.records[0].gradientNorm, norm)).squareRoot()) * norm
    for _ in 0..<maximumProducts {
      let product = try objective.curvatureProduct(direction, at: current)
      history.count(passes: 1)
      let bend = Vectors.dot(direction, product)
      let length = bend > 0 ? square / bend : .infinity
      let next = Vectors.sum(step, direction, times: length)
      if !(bend > 0) || Vectors.norm(next) >= radius {
        let edge = radius.isFinite ? radius : max(1, Vectors.norm(step)) * 10
        let part = Self.stepToEdge(step, direction, radius: edge)
        change += part * (-Vectors.dot(residual, direction) + 0.5 * part * bend)
        return (Vectors.sum(step, direction, times: part), change)
      }
      change -= 0.5 * length * square
      step = next
      residual = Vectors.sum(residual, product, times: -length)
      let nextSquare = Vectors.dot(residual, residual)
      if nextSquare.squareRoot() <= enough { break }
      direction = Vectors.sum(residual, direction, times: nextSquare / square)
      square = nextSquare
    }
    return (step, change)
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
