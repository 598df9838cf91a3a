extension LinearRegression {
  /// One term of the model.
  ///
  /// Standard errors and what follows from them are NaN with a ridge penalty (which biases the estimates) and where no degrees of
  /// freedom are left. All numbers of a dropped column are NaN.
  public struct Coefficient: Sendable {
    /// The column's name, or `(Intercept)`.
    public let term: String

    /// The estimate of the coefficient.
    public let estimate: Double

    /// The estimate of its standard deviation: σ·√((XᵀWX)⁻¹)ⱼⱼ.
    public let standardError: Double

    /// The degrees of freedom of Student's distribution that the tests and intervals use.
    public let degreesOfFreedom: Int

    /// The level of ``confidenceInterval``.
    public let confidenceLevel: Double

    /// Whether the column depends on columns before it, and was left out.
    public let isDropped: Bool

    /// estimate / standard error: Student's t.
    public var statistic: Double { estimate / standardError }

    /// The probability of a t at least as far from zero if the coefficient were zero.
    public var pValue: Double {
      degreesOfFreedom > 0 ? StudentT(degreesOfFreedom: Double(degreesOfFreedom)).twoSidedTail(statistic) : .nan
    }

    /// The interval that covers the coefficient with the probability ``confidenceLevel``.
    public var confidenceInterval: (low: Double, high: Double) { confidenceInterval(level: confidenceLevel) }

    /// The interval that covers the coefficient with the probability `level`, between 0 and 1.
    public func confidenceInterval(level: Double) -> (low: Double, high: Double) {
      precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1, not at \(level)")
      guard degreesOfFreedom > 0 else { return (.nan, .nan) }
      let margin = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile((1 + level) / 2) * standardError
      return (estimate - margin, estimate + margin)
    }
  }
}
