/// F = ½ Σ (e^(−s_t)·L_t + s_t) with the tasks' log-variances s as parameters, fitted with the model's.
///
/// Where F is least, s_t = log L_t and F is that of ``UncertaintyWeighting``, which needs no parameters. With parameters the weights follow
/// the losses at the pace of the optimiser, from 1/2 each on, and losses may be negative; F then has a minimum only where the loss of every task is
/// positive at it.
///
/// Source: Kendall, Gal and Cipolla, CVPR 2018, equation 7, with s = log σ². Their classification losses count twice as much (equation 10): pass
/// twice the loss for that.
public struct LearnedUncertaintyWeighting: TaskWeighting {
  /// Log-variances as parameters.
  public init() {}

  /// “learned uncertainty”.
  public var name: String { "learned uncertainty" }

  /// No: convex in the losses and in the log-variances, but not in both together.
  public var keepsConvexity: Bool { false }

  /// A log-variance for every task.
  public func parameterCount(tasks: Int) -> Int { tasks }

  /// F at log-variances.
  public func combine(_ losses: [Double], parameters: [Double]) throws(TaskWeightingError) -> TaskCombination {
    let count = losses.count
    precondition(parameters.count == count, "\(parameters.count) log-variances for \(count) tasks")
    let halves = parameters.map { 0.5 * ElementaryFunctions.exp(-$0) }
    let scaled = zip(halves, losses).map { $0 * $1 }
    return TaskCombination(
      value: zip(scaled, parameters).reduce(0) { $0 + $1.0 + 0.5 * $1.1 },
      gradient: halves + scaled.map { 0.5 - $0 },
      curvature: Matrix(rows: 2 * count, columns: 2 * count) { row, column in
        guard row % count == column % count else { return 0 }
        return row < count
          ? (column < count ? 0 : -halves[row]) : (column < count ? -halves[column] : scaled[row % count])
      })
  }
}
