/// Weights of tasks that depend on the course of the search.
public protocol AdaptiveTaskWeighting: Sendable {
  /// What to call it in reports and errors.
  var name: String { get }

  /// The weights for the next round, after rounds that ended with these losses, the losses at the start first.
  ///
  /// - Throws: ``TaskWeightingError`` for a loss that the weighting cannot use.
  func weights(after rounds: [[Double]]) throws(TaskWeightingError) -> [Double]
}

/// Searches in turn with adapting weights: in every round the weights are fixed and an optimiser takes a few iterations; then the weights
/// are set anew from the losses that the rounds ended with.
///
/// ```swift
/// let search = AlternatingTaskSearch(weighting: DynamicWeightAverage(), rounds: 20)
/// let course = try search.minimize(objective)
/// course.weights.last                     // those of the last round
/// ```
///
/// Within a round the value falls. Across rounds nothing is minimised, since the objective changes: the end is a minimum of the last round's
/// weighted sum only if its solution says so.
public struct AlternatingTaskSearch: Sendable {
  /// How the weights follow the losses.
  public var weighting: any AdaptiveTaskWeighting
  /// The method for a round.
  public var optimizer: any Optimizer
  /// How many rounds.
  public var rounds: Int
  /// Iterations in each.
  public var iterationsPerRound: Int

  /// What came of it.
  public struct Course: Sendable {
    /// The last round's search, under its weights.
    public let solution: Solution
    /// The weights of every round.
    public let weights: [[Double]]
    /// The losses of the tasks at the start, and after every round.
    public let losses: [[Double]]
  }

  /// Searches in turn.
  public init(
    weighting: any AdaptiveTaskWeighting, optimizer: any Optimizer = LBFGS(), rounds: Int = 10,
    iterationsPerRound: Int = 5
  ) {
    precondition(rounds >= 1 && iterationsPerRound >= 1, "\(rounds) rounds of \(iterationsPerRound) iterations")
    self.weighting = weighting
    self.optimizer = optimizer
    self.rounds = rounds
    self.iterationsPerRound = iterationsPerRound
  }

  /// The course of the rounds, starting at `start` or at the objective's own starting point. The objective's own weighting plays no part.
  ///
  /// - Throws: ``ObjectiveError``, also for losses that the weighting cannot use.
  /// - Precondition: the objective is smooth, unless the optimiser treats lassos and groups.
  public func minimize(
    _ objective: MultiTaskObjective, from start: [Double]? = nil
  ) throws(ObjectiveError) -> Course {
    var objective = try objective.with(weighting: FixedWeighting())
    var point = start ?? objective.startingPoint
    var losses = [objective.losses(at: try objective.evaluate([], at: point))]
    var weights: [[Double]] = []
    while true {
      do throws(TaskWeightingError) { weights.append(try weighting.weights(after: losses)) } catch {
        throw .task(name: objective.heads[error.task].name, .weighting(error))
      }
      objective = try objective.with(weighting: FixedWeighting(weights[weights.count - 1]))
      let solution = try optimizer.minimize(
        objective, from: point, control: OptimizerControl(maximumIterations: iterationsPerRound))
      point = solution.point
      losses.append(objective.losses(at: try objective.evaluate([], at: point)))
      if weights.count == rounds || solution.stop == .unbounded || solution.stop == .interrupted {
        return Course(solution: solution, weights: weights, losses: losses)
      }
    }
  }
}
