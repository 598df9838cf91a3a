/// F = (Π L_t)^(1/T), the geometric mean of the losses: no unit of any loss matters.
///
/// A task weighs F/(T·L_t). It is defined where all losses are above 0; computed from logarithms, so that products neither overflow nor
/// vanish. F is not convex where the losses are.
///
/// Source: Chennupati, Sistu, Yogamani and Rawashdeh, MultiNet++: multi-stream feature aggregation and geometric loss strategy for
/// multi-task learning, CVPR Workshops 2019.
public struct GeometricWeighting: TaskWeighting {
  /// The geometric mean of the losses.
  public init() {}

  /// “geometric”.
  public var name: String { "geometric" }

  /// No.
  public var keepsConvexity: Bool { false }

  /// F; 0 where a loss is.
  public func combine(_ losses: [Double], parameters: [Double]) throws(TaskWeightingError) -> TaskCombination {
    try requireNotNegative(losses)
    let count = Double(losses.count)
    let mean = ElementaryFunctions.exp(losses.reduce(0) { $0 + ElementaryFunctions.log($1) / count })
    let weights = losses.map { mean / (count * $0) }
    return TaskCombination(
      value: mean, gradient: weights,
      curvature: Matrix(rows: losses.count, columns: losses.count) { row, column in
        weights[row] * (1 / count - (row == column ? 1 : 0)) / losses[column]
      })
  }
}
