/// A linear model y = β₀ + Σ βⱼxⱼ + ε, fitted by least squares, with what statistics says about it.
///
/// ```swift
/// let model = try LinearRegression.fit(features: x, targets: y, columnNames: ["age", "dose"])
/// print(model)                                 // a summary like that of R's lm
/// model["dose"]                                // its coefficient
/// model.coefficients[1].pValue
/// try model.predict([[40, 2.5]])
/// ```
///
/// Coefficients are those of ``leastSquares(_:_:method:weights:ridge:penaltyFactors:whenRankDeficient:accuracy:)->LeastSquaresSolution<Element>``, correctly rounded in nearly
/// all cases; columns with a large mean lose nothing, because they are fitted around their means. Formulas and
/// conventions are those of R's `lm`: R² without an intercept is measured from zero, dropped columns have no coefficient,
/// residual quantiles are weighted where the fit is.
public struct LinearRegression: Sendable {
  /// The terms: the intercept first, where there is one, then the columns in their order.
  public internal(set) var coefficients: [Coefficient]

  /// Whether the model has an intercept.
  public let hasIntercept: Bool

  /// The names of the features' columns.
  public let columnNames: [String]

  /// The name of the target, for printing.
  public let targetName: String

  /// The number of rows that took part: those whose weight is not zero.
  public let observations: Int

  /// The residuals y − ŷ of these rows, in their order; offsets are part of ŷ.
  public let residuals: [Double]

  /// Minimum, lower quartile, median, upper quartile and maximum of √w·(y − ŷ).
  public let residualSummary: ResidualSummary

  /// Σ w·(y − ŷ)².
  public let residualSumOfSquares: Double

  /// Σ w·(y − ȳ)², or Σ w·y² without an intercept.
  public let totalSumOfSquares: Double

  /// Observations minus rank.
  public let residualDegreesOfFreedom: Int

  /// The ridge penalty on the squared coefficients (not the intercept's); 0 for an ordinary fit.
  public let ridge: Double

  /// Whether rows were weighted.
  public let isWeighted: Bool

  /// Whether known parts of the targets were subtracted before the fit.
  public let hasOffsets: Bool

  /// The confidence level of the coefficients' intervals.
  public let confidenceLevel: Double

  /// How the system was solved: way, rank, condition, dropped columns.
  public let report: LeastSquaresReport

  /// What refinement showed about the accuracy of the coefficients; nil for methods that do not refine.
  public let certificate: LeastSquaresCertificate?

  /// How the covariance of the coefficients was estimated.
  public internal(set) var covariance: CoefficientCovariance

  /// The estimated covariance of the coefficients, a row and a column for every term; NaN for dropped columns, and everywhere with a
  /// ridge penalty or with no degrees of freedom left.
  public internal(set) var covarianceMatrix: Matrix<Double>

  /// The Wald test of all coefficients but the intercept with a covariance other than the classical one.
  var waldTest: FTest?

  /// The middle of the covariance's sandwich in the orthonormal basis; nil for the classical covariance.
  var sandwichMiddle: [Double]?

  /// The rows in that basis, where they have been needed already.
  var orthonormal: OrthonormalRows?

  /// The data and their factor, for what is computed row by row.
  let keptRows: FittedRows?

  /// The same, for what cannot be had without them.
  var rows: FittedRows {
    guard let keptRows else { preconditionFailure("the rows of a model that was fitted to a stream are gone") }
    return keptRows
  }

  /// Whether the rows are still there. A model that was fitted to a stream has no ``residuals``, and what is computed row by row
  /// after a fit (influence, robust covariances, tests on the residuals) must not be asked of it.
  public var keepsRows: Bool { keptRows != nil }

  /// The recipe of the columns, where the model was fitted with a formula; nil otherwise.
  public internal(set) var design: ModelDesign?

  /// The number of coefficients that were determined.
  public var rank: Int { report.rank }

  /// The estimated standard deviation of ε: √(residual sum of squares / residual degrees of freedom); NaN for 0 degrees.
  public var sigma: Double {
    residualDegreesOfFreedom > 0 ? (residualSumOfSquares / Double(residualDegreesOfFreedom)).squareRoot() : .nan
  }

  /// 1 − residual sum of squares / total sum of squares; NaN where the target does not vary.
  public var rSquared: Double { 1 - residualSumOfSquares / totalSumOfSquares }

  /// R² with both sums divided by their degrees of freedom; NaN where there are none left.
  public var adjustedRSquared: Double {
    guard residualDegreesOfFreedom > 0 else { return .nan }
    let total = observations - (hasIntercept ? 1 : 0)
    return 1 - (1 - rSquared) * Double(total) / Double(residualDegreesOfFreedom)
  }

  /// The test that all coefficients but the intercept are zero; nil where there are none, with a ridge penalty, and with no
  /// residual degrees of freedom.
  ///
  /// With a covariance V other than the classical one it is Wald's test, F = βᵀV⁻¹β/q over the q coefficients but the intercept; nil where
  /// V is not positive definite, as with fewer clusters than coefficients.
  public var fTest: FTest? {
    if case .classical = covariance.estimator { return classicalTest }
    return waldTest
  }

  private var classicalTest: FTest? {
    let numerator = rank - (hasIntercept ? 1 : 0)
    guard numerator > 0, residualDegreesOfFreedom > 0, ridge == 0 else { return nil }
    let explained = max(0, totalSumOfSquares - residualSumOfSquares) / Double(numerator)
    let statistic = explained / (residualSumOfSquares / Double(residualDegreesOfFreedom))
    let distribution = FDistribution(
      numerator: Double(numerator), denominator: Double(residualDegreesOfFreedom))
    return FTest(
      statistic: statistic, numeratorDegreesOfFreedom: numerator,
      denominatorDegreesOfFreedom: residualDegreesOfFreedom, pValue: distribution.survival(statistic))
  }

  /// The estimate of the term with this name (`(Intercept)` for the intercept's); nil if there is no such term.
  public subscript(term: String) -> Double? { coefficients.first { $0.term == term }?.estimate }
}

extension LinearRegression {
  /// The test of the whole model against one with nothing but the intercept.
  public struct FTest: Sendable, Equatable {
    /// The ratio of explained to residual mean square; ∞ for a perfect fit.
    public let statistic: Double
    /// The number of coefficients tested.
    public let numeratorDegreesOfFreedom: Int
    /// The residual degrees of freedom.
    public let denominatorDegreesOfFreedom: Int
    /// The probability of a statistic at least as large if all these coefficients were zero.
    public let pValue: Double
  }

  /// Five numbers that describe the residuals: quantiles with linear interpolation (R's type 7).
  public struct ResidualSummary: Sendable, Equatable {
    /// The smallest residual.
    public let minimum: Double
    /// The quantile at 1/4.
    public let lowerQuartile: Double
    /// The quantile at 1/2.
    public let median: Double
    /// The quantile at 3/4.
    public let upperQuartile: Double
    /// The largest residual.
    public let maximum: Double

    init(_ residuals: [Double]) {
      let sorted = residuals.sorted()
      func quantile(_ quarters: Int) -> Double {
        let position = (sorted.count - 1) * quarters
        let (index, share) = (position / 4, Double(position % 4) / 4)
        return share == 0 ? sorted[index] : sorted[index] + share * (sorted[index + 1] - sorted[index])
      }
      (minimum, lowerQuartile, median) = (quantile(0), quantile(1), quantile(2))
      (upperQuartile, maximum) = (quantile(3), quantile(4))
    }
  }
}
