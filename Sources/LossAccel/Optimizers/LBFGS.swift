/// The limited-memory BFGS method, with the strong Wolfe conditions, and on request preconditioned by a Hessian.
///
/// One pass over the data per iteration, of value and gradient only; the line search moves along the predictions that were kept. For
/// models with too many parameters for a Hessian, or with so many that a Hessian takes as long as many gradients: one at the start, factored,
/// frees the method of how the columns are scaled or correlated. Where that is not enough, a new one takes its place after as many
/// iterations as it costs.
///
/// Source: Nocedal and Wright, Numerical Optimization, 2nd edition, section 7.2.
public struct LBFGS: Optimizer {
  /// How many steps are remembered.
  public var memory: Int
  /// Whether the Hessian, factored, at the start and now and then, takes the place of the identity.
  public var isPreconditioned: Bool

  /// The limited-memory BFGS method.
  public init(memory: Int = 10, isPreconditioned: Bool = false) {
    precondition(memory >= 1, "a memory of \(memory) steps")
    self.memory = memory
    self.isPreconditioned = isPreconditioned
  }

  /// “L-BFGS”.
  public var name: String { "L-BFGS" }

  /// Minimises the objective; see ``Optimizer/minimize(_:from:control:)``.
  public func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution {
    requireSmooth(objective)
    var history = SearchHistory()
    let request: ObjectiveRequest = isPreconditioned ? [.gradient, .hessian, .roundedHessian] : .gradient
    var current = try objective.evaluate(request, at: start ?? objective.startingPoint)
    let target = try control.gradientTolerance * history.begin(current, objective, startsElsewhere: start != nil)
    var inverse = InverseHessian(capacity: memory)
    inverse.initial = try factor(objective, current, &history)
    let renewal = Self.iterationsPerHessian(objective.dimension)
    var age = 0
    while true {
      if history.gradientNorm <= target { return history.solution(current, .gradientVanished, method: name) }
      if history.iterations >= control.maximumIterations {
        return history.solution(current, .iterationLimit(control.maximumIterations), method: name)
      }
      var direction = Vectors.scaled(try inverse.times(current.gradient), by: -1)
      var slope = Vectors.dot(current.gradient, direction)
      if !(slope < 0) {
        inverse.forget()
        direction = Vectors.scaled(current.gradient, by: -1)
        slope = -Vectors.dot(current.gradient, current.gradient)
      }
      // Without curvature, a step of about unit length in the objective's units.
      let first = inverse.isEmpty && !isPreconditioned ? min(1, 1 / Vectors.norm(direction)) : 1
      guard let trial = try objective.trial(.gradient, from: current.point, along: direction, longest: first) else {
        return history.solution(current, .atDomainEdge, method: name)
      }
      history.count(passes: trial.passes)
      guard let (next, step) = try advance(objective, current, direction, slope, trial, &history) else {
        // Old steps may mislead where the curvature has changed: once more without them.
        if !inverse.isEmpty {
          inverse.forget()
          continue
        }
        return history.solution(current, Self.end(slope, current.value), method: name)
      }
      inverse.remember(
        step: Vectors.difference(next.point, current.point),
        change: Vectors.difference(next.gradient, current.gradient))
      current = next
      age += 1
      if isPreconditioned && age >= renewal && Vectors.norm(current.gradient) > target {
        current = try objective.evaluate(request, at: current.point)
        history.count(passes: 1)
        inverse.forget()
        inverse.initial = try factor(objective, current, &history)
        age = 0
      }
      let iteration = history.record(current, step: step)
      if !current.value.isFinite || current.value < -1e300 {
        return history.solution(current, .unbounded, method: name)
      }
      if control.isInterrupted(after: iteration) { return history.solution(current, .interrupted, method: name) }
    }
  }

  /// About how many gradients take as long as a Hessian: it has `dimension` multiplications for every element, which is read at the
  /// speed of 30 or so.
  static func iterationsPerHessian(_ dimension: Int) -> Int { max(10, dimension / 32) }

  /// The factor of the rounded Hessian at a point, or of the exact one where rounding would show: among columns that nearly depend on each
  /// other, and beyond the range of `Float`. Any positive definite matrix is a preconditioner; a rough one only costs steps.
  private func factor(
    _ objective: some Objective, _ evaluation: ObjectiveEvaluation, _ history: inout SearchHistory
  ) throws(ObjectiveError) -> HessianFactor? {
    guard let rounded = evaluation.hessian else { return nil }
    let isInRange = (0..<rounded.rows).allSatisfy { rounded[$0, $0].isFinite && rounded[$0, $0] > 0 }
    if isInRange {
      let factor = try HessianFactor(rounded, rounding: Double(Float.ulpOfOne))
      if factor.damping == 0 { return factor }
    }
    history.count(passes: 1)
    return try objective.evaluate(.hessian, at: evaluation.point).hessian.map { (exact) throws(ObjectiveError) in
      try HessianFactor(exact)
    }
  }

  /// Why no step was found: what it promises is rounding, or the loss is not smooth.
  static func end(_ slope: Double, _ value: Double) -> StopReason {
    -slope <= 1e3 * Double.ulpOfOne * max(abs(value), .leastNormalMagnitude) ? .atRoundingLimit : .noDescent
  }

  private func advance(
    _ objective: some Objective, _ current: ObjectiveEvaluation, _ direction: [Double], _ slope: Double,
    _ trial: TrialStep, _ history: inout SearchHistory
  ) throws(ObjectiveError) -> (ObjectiveEvaluation, step: Double)? {
    let (full, first) = (trial.evaluation, trial.step)
    let end = Vectors.dot(full.gradient, direction)
    if LineSearch.isWolfe((full.value, end), at: first, from: current.value, slope: slope) { return (full, first) }
    // The line runs from 0 to 1 between the two points; slopes along it are `first` times as large.
    let line = objective.line(from: current, through: full)
    guard let part = try LineSearch.wolfe(along: line, from: current.value, slope: slope * first, first: 1) else {
      return nil
    }
    if part == 1 { return (full, first) }
    history.count(passes: 1)
    let step = part * first
    return (try objective.evaluate(.gradient, at: Vectors.sum(current.point, direction, times: step)), step)
  }
}

/// The inverse Hessian that the last steps tell of.
private struct InverseHessian {
  let capacity: Int
  var initial: HessianFactor?
  private var steps: [(step: [Double], change: [Double], product: Double)] = []

  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { steps.isEmpty }

  mutating func forget() { steps.removeAll() }

  /// Steps along which the gradient does not grow tell nothing of a minimum.
  mutating func remember(step: [Double], change: [Double]) {
    let product = Vectors.dot(step, change)
    guard product > Double.ulpOfOne * Vectors.norm(step) * Vectors.norm(change) else { return }
    if steps.count == capacity { steps.removeFirst() }
    steps.append((step, change, product))
  }

  /// The two-loop recursion.
  func times(_ gradient: [Double]) throws(ObjectiveError) -> [Double] {
    var vector = gradient
    var factors = [Double](repeating: 0, count: steps.count)
    for index in steps.indices.reversed() {
      factors[index] = Vectors.dot(steps[index].step, vector) / steps[index].product
      vector = Vectors.sum(vector, steps[index].change, times: -factors[index])
    }
    if let initial {
      vector = try initial.solve(vector)
    } else if let last = steps.last {
      vector = Vectors.scaled(vector, by: last.product / Vectors.dot(last.change, last.change))
    }
    for index in steps.indices {
      let factor = Vectors.dot(steps[index].change, vector) / steps[index].product
      vector = Vectors.sum(vector, steps[index].step, times: factors[index] - factor)
    }
    return vector
  }
}
