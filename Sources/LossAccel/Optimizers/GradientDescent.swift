/// Steepest descent with the step lengths of Barzilai and Borwein, kept monotone by a line search.
///
/// The plainest method: a pass over the data per iteration, nothing remembered but the last step. A yardstick for the others, and a last
/// resort for objectives that have no more than a gradient.
///
/// Source: Barzilai and Borwein, IMA Journal of Numerical Analysis 8 (1988).
public struct GradientDescent: Optimizer {
  /// Steepest descent.
  public init() {}

  /// “gradient descent”.
  public var name: String { "gradient descent" }

  /// Minimises the objective; see ``Optimizer/minimize(_:from:control:)``.
  public func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution {
    requireSmooth(objective)
    var history = SearchHistory()
    var current = try objective.evaluate(.gradient, at: start ?? objective.startingPoint)
    let target = try control.gradientTolerance * history.begin(current, objective, startsElsewhere: start != nil)
    var length = min(1, 1 / history.gradientNorm)
    while true {
      if history.gradientNorm <= target { return history.solution(current, .gradientVanished, method: name) }
      if history.iterations >= control.maximumIterations {
        return history.solution(current, .iterationLimit(control.maximumIterations), method: name)
      }
      let slope = -length * Vectors.dot(current.gradient, current.gradient)
      let direction = Vectors.scaled(current.gradient, by: -length)
      guard let trial = try objective.trial(.gradient, from: current.point, along: direction) else {
        return history.solution(current, .atDomainEdge, method: name)
      }
      history.count(passes: trial.passes)
      var (next, step) = (trial.evaluation, trial.step)
      if !LineSearch.isSufficient(next.value, at: step, from: current.value, slope: slope) {
        let line = objective.line(from: current, through: next)
        guard
          let shorter = try LineSearch.backtrack(
            along: line, from: current.value, slope: step * slope, tried: (1, next.value))
        else { return history.solution(current, LBFGS.end(slope, current.value), method: name) }
        step *= shorter
        next = try objective.evaluate(.gradient, at: Vectors.sum(current.point, direction, times: step))
        history.count(passes: 1)
      }
      let moved = Vectors.difference(next.point, current.point)
      let change = Vectors.difference(next.gradient, current.gradient)
      let product = Vectors.dot(moved, change)
      length = product > 0 ? Vectors.dot(moved, moved) / product : 10 * length * step
      current = next
      let iteration = history.record(current, step: step)
      if !current.value.isFinite || current.value < -1e300 {
        return history.solution(current, .unbounded, method: name)
      }
      if control.isInterrupted(after: iteration) { return history.solution(current, .interrupted, method: name) }
    }
  }
}
