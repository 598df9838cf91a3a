/// Newton's method with the Cholesky factor of the exact Hessian and a line search.
///
/// One pass over the data per iteration: value, gradient and Hessian come together, and a step that is too long is shortened along the
/// predictions that were kept. Near the minimum, where a step shrinks the gradient at least tenfold, the last factor serves
/// again and the pass computes a gradient only. Where the Hessian is not positive definite it is raised by a multiple of its diagonal.
///
/// - Complexity: O(rows · columns²) a pass, then O(columns³).
public struct NewtonMethod: Optimizer {
  /// Newton's method.
  public init() {}

  /// “Newton”.
  public var name: String { "Newton" }

  /// Minimises the objective; see ``Optimizer/minimize(_:from:control:)``.
  public func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution {
    requireSmooth(objective)
    var search = NewtonSearch(control: control)
    return try search.run(objective, from: start)
  }
}

/// One run of Newton's method.
private struct NewtonSearch {
  let control: OptimizerControl
  var history = SearchHistory()
  var decrement: Double?

  mutating func run(_ objective: some Objective, from start: [Double]?) throws(ObjectiveError) -> Solution {
    var current = try objective.evaluate([.gradient, .hessian], at: start ?? objective.startingPoint)
    let target = try control.gradientTolerance * history.begin(current, objective, startsElsewhere: start != nil)
    var factor = try current.hessian.map { (hessian) throws(ObjectiveError) in try HessianFactor(hessian) }
    while true {
      if history.gradientNorm <= target { return solution(current, .gradientVanished) }
      if history.iterations >= control.maximumIterations {
        return solution(current, .iterationLimit(control.maximumIterations))
      }
      guard let solver = factor else { preconditionFailure("the objective has no Hessian") }
      let direction = Vectors.scaled(try solver.solve(current.gradient), by: -1)
      let slope = Vectors.dot(current.gradient, direction)
      decrement = max(-slope, 0).squareRoot()
      // Less than the value's own rounding: nothing tells a better point from this one.
      if -slope <= 0.25 * Double.ulpOfOne * abs(current.value) && history.contraction > 0.1 {
        return solution(current, .atRoundingLimit)
      }
      let keepsFactor = solver.damping == 0 && history.contraction <= 0.1 && history.gradientNorm > 0
      let request: ObjectiveRequest = keepsFactor ? .gradient : [.gradient, .hessian]
      guard
        let trial = try objective.trial(request, from: current.point, along: direction)
      else { return solution(current, .atDomainEdge) }
      guard let (next, step) = try advance(objective, current, direction, slope, trial) else {
        return solution(current, -slope <= 64 * Double.ulpOfOne * abs(current.value) ? .atRoundingLimit : .noDescent)
      }
      if keepsFactor && next.hessian == nil && history.wouldStall(next.gradient) {
        // The old factor has served its time.
        current = try objective.evaluate([.gradient, .hessian], at: next.point)
        history.count(passes: 1)
      } else {
        current = next
      }
      if let hessian = current.hessian { factor = try HessianFactor(hessian) }
      let iteration = history.record(current, step: step)
      if !current.value.isFinite || current.value < -1e300 { return solution(current, .unbounded) }
      if control.isInterrupted(after: iteration) { return solution(current, .interrupted) }
    }
  }

  /// The evaluation at the step that lowers the value enough, `nil` if there is none.
  private mutating func advance(
    _ objective: some Objective, _ current: ObjectiveEvaluation, _ direction: [Double], _ slope: Double,
    _ trial: TrialStep
  ) throws(ObjectiveError) -> (ObjectiveEvaluation, step: Double)? {
    history.count(passes: trial.passes)
    let full = trial.evaluation
    if LineSearch.isSufficient(full.value, at: trial.step, from: current.value, slope: slope) {
      return (full, trial.step)
    }
    // The line runs from 0 to 1 between the two points.
    let line = objective.line(from: current, through: full)
    guard
      let part = try LineSearch.backtrack(
        along: line, from: current.value, slope: trial.step * slope, tried: (1, full.value))
    else { return nil }
    history.count(passes: 1)
    let step = part * trial.step
    return (
      try objective.evaluate([.gradient, .hessian], at: Vectors.sum(current.point, direction, times: step)), step
    )
  }

  private func solution(_ current: ObjectiveEvaluation, _ stop: StopReason) -> Solution {
    history.solution(current, stop, method: NewtonMethod().name, decrement: decrement)
  }
}
