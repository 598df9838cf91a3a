/// A model of targets whose mean is μ = g⁻¹(β₀ + Σ βⱼxⱼ + offset) with a link g, and whose variance is a function of the mean: logistic,
/// Poisson, gamma regression and the like, by maximum likelihood, with what statistics says about it.
///
/// ```swift
/// let model = try GeneralizedLinearModel.fit(
///   features: x, targets: counts, family: .poisson, exposures: years, columnNames: ["age", "dose"])
/// print(model)                                  // a summary like that of R's glm
/// model["dose"]                                 // its coefficient
/// try model.predict([[40, 2.5]])                // means
/// try model.with(covariance: .hc1)              // robust standard errors
/// ```
///
/// Formulas and conventions are those of R's `glm`: weights multiply the likelihood (the numbers of trials, for shares), standard
/// errors come from the Fisher information, the dispersion is Pearson's, dropped columns have no coefficient.
///
/// Coefficients are those of the data as stored, right to nearly the last digit: after Newton's method, weighted least squares with scores
/// in twice the working precision takes the last steps (except with the probit link, whose means have the precision of Double).
public struct GeneralizedLinearModel: Sendable, Codable {
  /// What the targets are distributed as.
  public let family: Family
  /// What takes a mean to its predictor.
  public let link: Link
  /// Whether the model has an intercept.
  public let hasIntercept: Bool
  /// The names of the features' columns.
  public let columnNames: [String]
  /// The name of the target, for printing.
  public let targetName: String
  /// The number of rows that took part: those whose weight is not zero.
  public let observations: Int
  /// Σ w·d, with the unit deviance d of every row: twice what the log-likelihood lacks of the best possible.
  public let deviance: Double
  /// The deviance of the model with nothing but the intercept (and offsets); `nil` where it has no valid means.
  public let nullDeviance: Double?
  /// Pearson's statistic, Σ w·(y − μ)²/V(μ).
  public let pearson: Double
  /// Steps of the search and of the polishing.
  public let iterations: Int
  /// Why the search ended.
  public let stop: StopReason
  /// What the coefficients cost; beside the mean of half the deviances.
  public let penalty: Penalty
  /// Whether the likelihood was multiplied by Jeffreys' prior, which takes the bias of first order away (D. Firth, Biometrika 80, 1993).
  public let isBiasReduced: Bool
  /// Whether rows were weighted.
  public let isWeighted: Bool
  /// Whether known parts were added to the predictors.
  public let hasOffsets: Bool
  /// The confidence level of the coefficients' intervals.
  public let confidenceLevel: Double
  /// How the covariance of the coefficients was estimated, in words.
  public internal(set) var covarianceName: String
  /// The recipe of the columns, where the model was fitted with a formula; nil otherwise.
  public internal(set) var design: ModelDesign?

  /// By term; nil for dropped columns.
  let estimates: [Double?]
  /// Of the terms that were not dropped, row by row; nil where there is none.
  var keptCovariance: [Double]?
  /// Of Student's distribution in tests; nil for the normal distribution.
  var testFreedom: Int?
  /// The logarithm of the likelihood, where it has a closed form.
  let likelihood: Double?

  /// The data, for what is computed row by row after the fit; a model that was decoded has none.
  var data: ModelData?

  private enum CodingKeys: String, CodingKey {
    case family, link, hasIntercept, columnNames, targetName, observations, deviance, nullDeviance, pearson, iterations
    case stop, penalty, isBiasReduced, isWeighted, hasOffsets, confidenceLevel, covarianceName, design, estimates
    case keptCovariance, testFreedom, likelihood
  }
}

/// What a fitted model keeps of its data.
struct ModelData: Sendable {
  let problem: LikelihoodProblem
  /// The least-squares model of the last step.
  let working: LinearRegression
  let predictors: WideVector
}

extension GeneralizedLinearModel {
  /// The number of coefficients that were determined.
  public var rank: Int { estimates.count { $0 != nil } }

  /// Observations minus rank.
  public var residualDegreesOfFreedom: Int { observations - rank }

  /// Observations, less one where there is an intercept.
  public var nullDegreesOfFreedom: Int { observations - (hasIntercept ? 1 : 0) }

  /// φ: Pearson's statistic over the residual degrees of freedom (NaN for 0), or 1 for families that have no dispersion.
  public var dispersion: Double {
    if !family.hasDispersion { return 1 }
    return residualDegreesOfFreedom > 0 ? pearson / Double(residualDegreesOfFreedom) : .nan
  }

  /// The logarithm of the likelihood, with the dispersion that R takes: the deviance over the sum of the weights (over the number of
  /// rows for the gaussian family). NaN for Tweedie's, which has no closed form.
  public var logLikelihood: Double { likelihood ?? .nan }

  /// Akaike's information criterion, −2·``logLikelihood`` + 2p; an estimated dispersion counts among the p parameters, as in R.
  public var aic: Double { -2 * logLikelihood + 2 * Double(parameterCount) }

  /// Schwarz's information criterion, −2·``logLikelihood`` + p·ln n, as R's `BIC`.
  public var bic: Double {
    -2 * logLikelihood + Double(parameterCount) * ElementaryFunctions.log(Double(observations))
  }

  private var parameterCount: Int { rank + (family.hasDispersion ? 1 : 0) }

  /// The names of the terms, the intercept's first where there is one.
  public var terms: [String] { (hasIntercept ? ["(Intercept)"] : []) + columnNames }

  /// The terms with their estimates: the intercept first, where there is one, then the columns in their order.
  public var coefficients: [ModelCoefficient] {
    var place = 0
    let order = rank
    return zip(terms, estimates).map { term, estimate in
      var error = Double.nan
      if estimate != nil {
        if let keptCovariance { error = keptCovariance[place * (order + 1)].squareRoot() }
        place += 1
      }
      return ModelCoefficient(
        term: term, estimate: estimate ?? .nan, standardError: error, degreesOfFreedom: testFreedom,
        confidenceLevel: confidenceLevel, isDropped: estimate == nil)
    }
  }

  /// The estimated covariance of the coefficients, a row and a column for every term; NaN for dropped columns and with a penalty.
  public var covarianceMatrix: Matrix<Double> {
    let (count, kept) = (estimates.count, estimates.indices.filter { estimates[$0] != nil })
    var elements = [Double](repeating: .nan, count: count * count)
    if let keptCovariance {
      for (row, i) in kept.enumerated() {
        for (column, j) in kept.enumerated() { elements[i * count + j] = keptCovariance[row * kept.count + column] }
      }
    }
    return Matrix(rows: count, columns: count, elements: elements)
  }

  /// The estimate of the term with this name (`(Intercept)` for the intercept's); nil if there is no such term, NaN if it was dropped.
  public subscript(term: String) -> Double? {
    terms.firstIndex(of: term).map { estimates[$0] ?? .nan }
  }
}
