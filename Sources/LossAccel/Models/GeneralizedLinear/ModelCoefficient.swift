/// One term of a ``GeneralizedLinearModel``.
///
/// Standard errors and what follows from them are NaN with a penalty (which biases the estimates). All numbers of a dropped column are NaN.
public struct ModelCoefficient: Sendable, Hashable {
  /// The column's name, or `(Intercept)`.
  public let term: String

  /// The estimate of the coefficient.
  public let estimate: Double

  /// The estimate of its standard deviation.
  public let standardError: Double

  /// Of Student's distribution, where the dispersion is estimated; `nil` for the normal one.
  public let degreesOfFreedom: Int?

  /// The level of ``confidenceInterval``.
  public let confidenceLevel: Double

  /// Whether the column depends on columns before it, and was left out.
  public let isDropped: Bool

  /// estimate / standard error: z, or t where the dispersion is estimated.
  public var statistic: Double { estimate / standardError }

  /// The probability of a statistic at least as far from zero if the coefficient were zero.
  public var pValue: Double {
    guard let degreesOfFreedom else {
      return statistic.isNaN ? .nan : StandardNormal.twoSidedTail(statistic)
    }
    return degreesOfFreedom > 0 ? StudentT(degreesOfFreedom: Double(degreesOfFreedom)).twoSidedTail(statistic) : .nan
  }

  /// Wald's interval, which covers the coefficient with about the probability ``confidenceLevel``.
  public var confidenceInterval: (low: Double, high: Double) { confidenceInterval(level: confidenceLevel) }

  /// Wald's interval of the level, between 0 and 1: the estimate ± a quantile times the standard error.
  public func confidenceInterval(level: Double) -> (low: Double, high: Double) {
    let margin = ModelCoefficient.quantile(level: level, degreesOfFreedom) * standardError
    return (estimate - margin, estimate + margin)
  }

  /// The quantile that intervals of the level are made with; NaN without degrees of freedom.
  static func quantile(level: Double, _ degreesOfFreedom: Int?) -> Double {
    precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1, not at \(level)")
    guard let degreesOfFreedom else { return StandardNormal.quantile((1 + level) / 2) }
    guard degreesOfFreedom > 0 else { return .nan }
    return StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile((1 + level) / 2)
  }
}
