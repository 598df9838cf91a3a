/// F = ½ Σ (1 + log L_t): every task divided by its own best noise variance, in closed form.
///
/// Tasks with homoscedastic noise of variance σ_t² cost ½ Σ (L_t/σ_t² + log σ_t²), which is least for σ_t² = L_t; what is left is F. A task
/// weighs ½/L_t: relative improvements count alike. It has the minima of ``LearnedUncertaintyWeighting``, without its parameters, and those
/// of ``GeometricWeighting``, of which it is the logarithm, halved and times the number of tasks, plus a constant. Defined where all losses are
/// above 0; a task that can be fitted perfectly takes F to −∞.
///
/// Source: Kendall, Gal and Cipolla, Multi-task learning using uncertainty to weigh losses for scene geometry and semantics, CVPR 2018,
/// equation 7, with s = log σ².
public struct UncertaintyWeighting: TaskWeighting {
  /// Every task divided by its own noise variance.
  public init() {}

  /// “uncertainty”.
  public var name: String { "uncertainty" }

  /// No: a logarithm bends the other way.
  public var keepsConvexity: Bool { false }

  /// F; −∞ where a loss is 0.
  public func combine(_ losses: [Double], parameters: [Double]) throws(TaskWeightingError) -> TaskCombination {
    try requireNotNegative(losses)
    let weights = losses.map { 0.5 / $0 }
    return TaskCombination(
      value: losses.reduce(0) { $0 + 0.5 * (1 + ElementaryFunctions.log($1)) }, gradient: weights,
      curvature: Matrix(rows: losses.count, columns: losses.count) { row, column in
        row == column ? -weights[row] / losses[row] : 0
      })
  }

  /// The log-variances s_t = log L_t at which ``LearnedUncertaintyWeighting`` is least for these losses.
  public static func logVariances(of losses: [Double]) -> [Double] { losses.map { ElementaryFunctions.log($0) } }
}
