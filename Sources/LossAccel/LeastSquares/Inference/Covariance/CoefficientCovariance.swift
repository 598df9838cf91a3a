/// A way to estimate the covariance of a regression's coefficients, as a value: `.classical`, `.hc0` … `.hc4m`, `.clustered(by:)`,
/// `.neweyWest(lags:)`.
///
/// ```swift
/// let model = try LinearRegression.fit(features: x, targets: y, covariance: .hc3)
/// let clustered = try model.with(covariance: .clustered(by: schools))
/// ```
///
/// All but the classical one are sandwiches B·M·B with B = (XᵀWX)⁻¹ and M an estimate of the covariance of Σ wᵢeᵢxᵢ that lets errors vary
/// from row to row. n counts the rows of nonzero weight, k the coefficients that were determined, and h is a row's leverage. A row of
/// leverage 1 has the residual 0, whatever its error was; it contributes nothing. Conventions are those of R's package sandwich.
public struct CoefficientCovariance: Sendable, CustomStringConvertible {
  /// What the errors may do, in words for a summary: `classical`, `HC3`, `clustered (12 clusters)`, `Newey–West (4 lags)`.
  public let description: String

  let estimator: Estimator

  enum Estimator: Sendable {
    case classical
    case heteroscedastic(Heteroscedasticity)
    case clustered([Grouping])
    case neweyWest(lags: Int?, corrected: Bool)
  }

  init(_ description: String, _ estimator: Estimator) {
    (self.description, self.estimator) = (description, estimator)
  }

  /// σ²(XᵀWX)⁻¹: errors of one variance (divided by the weights), independent of one another.
  public static let classical = CoefficientCovariance("classical", .classical)

  /// White's estimator, M = Σ w²e²·xxᵀ. Errors may have any variances. Too small in small samples (H. White, Econometrica 48, 1980).
  public static let hc0 = CoefficientCovariance("HC0", .heteroscedastic(.hc0))

  /// HC0 times n/(n − k); Stata's `robust`.
  public static let hc1 = CoefficientCovariance("HC1", .heteroscedastic(.hc1))

  /// e²/(1 − h) in place of e²: unbiased where the errors do have one variance.
  public static let hc2 = CoefficientCovariance("HC2", .heteroscedastic(.hc2))

  /// e²/(1 − h)² in place of e²: close to the jackknife, and the usual advice for fewer than 250 rows (J. G. MacKinnon, H. White,
  /// J. Econometrics 29, 1985; J. S. Long, L. H. Ervin, Am. Statistician 54, 2000).
  public static let hc3 = CoefficientCovariance("HC3", .heteroscedastic(.hc3))

  /// e²/(1 − h)^min(4, nh/k): for rows of high leverage (F. Cribari-Neto, Comput. Stat. Data Anal. 45, 2004).
  public static let hc4 = CoefficientCovariance("HC4", .heteroscedastic(.hc4))

  /// e²/(1 − h)^(min(1, nh/k) + min(1.5, nh/k)) (F. Cribari-Neto, W. B. da Silva, AStA 95, 2011).
  public static let hc4m = CoefficientCovariance("HC4m", .heteroscedastic(.hc4m))

  /// Errors may depend on one another in any way within clusters, not between them: M = c·Σ_g u_g·u_gᵀ, u_g = Σ_{i∈g} w·e·x.
  ///
  /// The correction for small samples is c = G/(G − 1)·(n − 1)/(n − k) with G clusters, and tests use Student's t with G − 1 degrees of
  /// freedom, as Stata's, statsmodels' and sandwich's defaults do.
  ///
  /// - Parameter labels: what cluster every row belongs to, the rows of weight zero, too.
  public static func clustered<Label: Hashable>(by labels: [Label]) -> CoefficientCovariance {
    let grouping = Grouping(labels)
    return CoefficientCovariance("clustered", .clustered([grouping]))
  }

  /// Clusters of two kinds at once, which may cross: the sum of both one-way covariances less that of their intersections, each with its
  /// own correction (A. C. Cameron, J. B. Gelbach, D. L. Miller, J. Bus. Econ. Stat. 29, 2011). G in the degrees of freedom is the
  /// smaller one.
  ///
  /// The difference need not be positive definite: a variance below zero gives a standard error of NaN.
  public static func clustered<First: Hashable, Second: Hashable>(
    by first: [First], and second: [Second]
  ) -> CoefficientCovariance {
    precondition(first.count == second.count, "\(first.count) and \(second.count) labels")
    let (a, b) = (Grouping(first), Grouping(second))
    return CoefficientCovariance("clustered two ways", .clustered([a, b, Grouping(a, b)]))
  }

  /// Errors may have any variances and be correlated over up to `lags` rows, which are in the order of time: Bartlett's weights
  /// 1 − l/(lags + 1) on the autocovariances of w·e·x (W. K. Newey, K. D. West, Econometrica 55, 1987).
  ///
  /// - Parameters:
  ///   - lags: how many, at least 0 (which is HC0); if nil, ⌊4·(n/100)^(2/9)⌋, the rule that depends on n alone and so not on units.
  ///   - smallSampleCorrection: whether to multiply by n/(n − k), as Stata does; statsmodels and sandwich by default do not.
  public static func neweyWest(lags: Int? = nil, smallSampleCorrection: Bool = false) -> CoefficientCovariance {
    precondition(lags ?? 0 >= 0, "\(lags ?? 0) lags")
    return CoefficientCovariance("Newey–West", .neweyWest(lags: lags, corrected: smallSampleCorrection))
  }
}
