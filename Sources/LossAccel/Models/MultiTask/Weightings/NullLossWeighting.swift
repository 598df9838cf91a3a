/// F = Σ L_t / N_t, where N_t is the loss of the best constant prediction: every task begins at 1, whatever its loss is measured in, and a
/// task at 0.3 is explained to 70 %.
///
/// The constants are found when the objective is made, beside the offsets if a task has any. A task whose best constant is perfect has
/// nothing to learn, and counts nothing. For losses that can be negative the ratio says nothing: they are refused.
public struct NullLossWeighting: TaskWeighting {
  /// Every task in units of its null loss.
  public init() {}

  /// “null loss”.
  public var name: String { "null loss" }

  /// Yes.
  public var keepsConvexity: Bool { true }

  /// Stops: the weights are those of an objective's tasks, which ``prepared(nullLosses:)`` asks for.
  public func combine(_ losses: [Double], parameters: [Double]) throws(TaskWeightingError) -> TaskCombination {
    preconditionFailure("a null-loss weighting has weights once it is prepared for tasks")
  }

  /// Fixed weights 1/N_t.
  public func prepared(
    nullLosses: () throws(ObjectiveError) -> [Double]
  ) throws(ObjectiveError) -> any TaskWeighting {
    let losses = try nullLosses()
    do throws(TaskWeightingError) { try requireNotNegative(losses) } catch { throw .weighting(error) }
    return FixedWeighting(losses.map { $0 > 0 && (1 / $0).isFinite ? 1 / $0 : 0 })
  }
}
