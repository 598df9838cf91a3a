/// Descent along the common directions that a ``TaskGradientMethod`` makes of the tasks' gradients.
///
/// ```swift
/// let course = try TaskDescent(method: CAGrad()).minimize(objective)
/// course.losses.last                       // of the tasks
/// course.conflicts                         // those that are left
/// ```
///
/// Shared parameters move against the common direction, every other parameter against its own derivative; of a ridge on shared parameters every
/// task bears the same part. Steps have the lengths of Barzilai and Borwein, shortened until the objective falls enough. Where it ends depends on the
/// method: where the objective is stationary for ``CAGrad`` with a radius below 1, and else where the directions vanish or no longer lower the
/// objective. For ``MGDA`` that is a Pareto-stationary point: none of the tasks can gain without a loss of another's.
public struct TaskDescent: Sendable {
  /// What makes one direction of several gradients.
  public var method: any TaskGradientMethod
  /// The descent ends when the direction has fallen to this part of the first one's length.
  public var tolerance: Double
  /// The most iterations.
  public var maximumIterations: Int

  /// What came of it.
  public struct Course: Sendable {
    /// The last point.
    public let point: [Double]
    /// The losses of the tasks at the start, and after every iteration.
    public let losses: [[Double]]
    /// The length of the last direction.
    public let directionNorm: Double
    /// The tasks' conflicts at the last point.
    public let conflicts: [TaskGradients.Conflict]
    /// Why it ended.
    public let stop: StopReason
    /// Passes over the features.
    public let passes: Int
  }

  /// Descent along common directions.
  public init(method: any TaskGradientMethod, tolerance: Double = 1e-6, maximumIterations: Int = 500) {
    precondition(tolerance >= 0 && maximumIterations >= 0, "tolerance \(tolerance), \(maximumIterations) iterations")
    self.method = method
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// Descends from `start`, or from the objective's own starting point.
  ///
  /// - Throws: ``ObjectiveError``, as for an evaluation.
  /// - Precondition: the objective is smooth.
  public func minimize(
    _ objective: MultiTaskObjective, from start: [Double]? = nil
  ) throws(ObjectiveError) -> Course {
    precondition(
      objective.nonsmooth == nil, "a descent along gradients needs a smooth objective, without lasso or groups")
    var current = try objective.evaluate(.gradient, at: start ?? objective.startingPoint)
    var (direction, gradients) = try self.direction(objective, current, iteration: 0)
    var losses = [objective.losses(at: current)]
    var passes = 1
    let target = tolerance * Vectors.norm(direction)
    var length = min(1, 1 / Vectors.norm(direction))
    while true {
      let norm = Vectors.norm(direction)
      func course(_ stop: StopReason) -> Course {
        Course(
          point: current.point, losses: losses, directionNorm: norm, conflicts: gradients.conflicts, stop: stop,
          passes: passes)
      }
      if norm <= target || norm == 0 { return course(.gradientVanished) }
      if losses.count > maximumIterations { return course(.iterationLimit(maximumIterations)) }
      let slope = -length * Vectors.dot(current.gradient, direction)
      if !(slope < 0) { return course(.noDescent) }
      let way = Vectors.scaled(direction, by: -length)
      guard let trial = try objective.trial(.gradient, from: current.point, along: way) else {
        return course(.atDomainEdge)
      }
      passes += trial.passes
      var next = trial.evaluation
      if !LineSearch.isSufficient(next.value, at: trial.step, from: current.value, slope: slope) {
        let line = objective.line(from: current, through: next)
        guard
          let part = try LineSearch.backtrack(
            along: line, from: current.value, slope: trial.step * slope, tried: (1, next.value))
        else { return course(LBFGS.end(slope, current.value)) }
        next = try objective.evaluate(.gradient, at: Vectors.sum(current.point, way, times: part * trial.step))
        passes += 1
      }
      let before = (point: current.point, direction: direction)
      current = next
      (direction, gradients) = try self.direction(objective, current, iteration: losses.count)
      losses.append(objective.losses(at: current))
      if !current.value.isFinite || current.value < -1e300 { return course(.unbounded) }
      if Task.isCancelled { return course(.interrupted) }
      let moved = Vectors.difference(current.point, before.point)
      let product = Vectors.dot(moved, Vectors.difference(direction, before.direction))
      length = product > 0 ? Vectors.dot(moved, moved) / product : 2 * length
    }
  }

  /// The common direction at an evaluated point, by all parameters, and the tasks' gradients without a penalty.
  private func direction(
    _ objective: MultiTaskObjective, _ evaluation: ObjectiveEvaluation, iteration: Int
  ) throws(ObjectiveError) -> ([Double], TaskGradients) {
    let plain = try objective.taskGradients(at: evaluation)
    guard plain.gram.elements.allSatisfy(\.isFinite) else { return (evaluation.gradient, plain) }
    var method = method
    if let projecting = method as? PCGrad, case .shuffled(let seed) = projecting.order {
      method = PCGrad(order: .shuffled(seed: seed &+ UInt64(iteration)))
    }
    var rows = plain.gradients
    var penalty = [Double](repeating: 0, count: evaluation.point.count)
    objective.smoothPenalty.addGradient(at: evaluation.point, to: &penalty)
    for column in 0..<plain.sharedCount where penalty[column] != 0 {
      for task in 0..<rows.rows { rows[task, column] += penalty[column] / Double(rows.rows) }
    }
    do throws(LinearAlgebraError) {
      let gradients = try TaskGradients(
        names: plain.names, losses: plain.losses, gradients: rows, sharedCount: plain.sharedCount)
      let common = try method.combine(gradients)
      return (Array(common.direction[..<plain.sharedCount]) + evaluation.gradient[plain.sharedCount...], plain)
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
