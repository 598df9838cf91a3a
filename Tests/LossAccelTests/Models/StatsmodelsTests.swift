import LossAccel
import TestSupport
import Testing

/// What statsmodels says of the problems of glm.json and multinomial.json.
struct StatsmodelsTests {
  struct Answer: Decodable, Sendable, CustomTestStringConvertible {
    struct Robust: Decodable, Sendable {
      var hc0, clustered: [Double]
    }

    var name: String
    var coefficients, standardErrors, statistics, pValues, lows, highs: [Double]
    var dispersion, deviance, pearson: Double
    var nullDeviance, aic, bic: Double?
    var devianceResiduals, pearsonResiduals, means: [Double]
    /// Of targets that are no shares of trials.
    var responseResiduals, workingResiduals: [Double]?
    var robust: Robust?

    var testDescription: String { name }
  }

  struct Multinomial: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    /// A row for every class but the first.
    var coefficients, standardErrors, statistics, pValues, lows, highs, covariance: [[Double]]
    var logLikelihood, aic, bic, pseudoRSquared: Double
    var nullLogLikelihood: Double?

    var testDescription: String { name }
  }

  static let answers: [Answer] = decodedReference("Models/glm-statsmodels.json")
  static let multinomials: [Multinomial] = decodedReference("Models/multinomial-statsmodels.json")

  @Test func everyProblemIsThere() {
    // Of one its pseudo-inverse loses the columns, of another it clips the means.
    #expect(Self.answers.count == ModelCase.all.count - 2)
    // Clusters and heteroscedasticity of every family that has a canonical link.
    #expect(Self.answers.count { $0.robust != nil } >= 8)
  }

  @Test(arguments: answers) func generalizedLinearModels(_ known: Answer) throws {
    let problem = try #require(ModelCase.all.first { $0.name == known.name })
    let model = try problem.fit()
    // It stops at a tolerance of its own, and its pseudo-inverse loses what the condition takes.
    let tolerance = 1e-6
    let terms = model.coefficients
    #expect(relativeError(terms.map(\.estimate), known.coefficients) <= tolerance)
    #expect(relativeError(terms.map(\.standardError), known.standardErrors) <= tolerance)
    #expect(relativeError(terms.map(\.statistic), known.statistics) <= tolerance)
    #expect(relativeError(terms.map(\.pValue), known.pValues) <= 1e-4)
    #expect(relativeError([model.dispersion, model.pearson], [known.dispersion, known.pearson]) <= tolerance)
    // An end of an interval that is near 0 has the error of its middle.
    for (term, (low, high)) in zip(terms, zip(known.lows, known.highs)) {
      let interval = term.confidenceInterval
      #expect(
        abs(interval.low - low) <= tolerance * (high - low) && abs(interval.high - high) <= tolerance * (high - low))
    }
    #expect(relativeError([model.deviance], [known.deviance]) <= tolerance)
    if let deviance = known.nullDeviance {
      #expect(relativeError([model.nullDeviance ?? .nan], [deviance]) <= tolerance)
    }
    if let aic = known.aic, let bic = known.bic {
      #expect(relativeError([model.aic, model.bic], [aic, bic]) <= tolerance)
    }
    let residuals: [(GeneralizedLinearModel.Residual, [Double]?)] = [
      (.response, known.responseResiduals), (.deviance, known.devianceResiduals), (.pearson, known.pearsonResiduals),
      (.working, known.workingResiduals),
    ]
    for (kind, expected) in residuals {
      guard let expected else { continue }
      #expect(relativeError(Array(model.residuals(kind).prefix(5)), expected) <= 1e-5, "\(kind)")
    }
    #expect(relativeError(Array(model.fittedMeans.prefix(5)), known.means) <= tolerance)
    guard let robust = known.robust else { return }
    let clusters = problem.targets.indices.map { $0 % 7 }
    for (covariance, expected) in [
      (CoefficientCovariance.hc0, robust.hc0), (.clustered(by: clusters), robust.clustered),
    ] {
      let errors = try model.with(covariance: covariance).coefficients.map(\.standardError)
      #expect(relativeError(errors, expected) <= tolerance, "\(covariance)")
    }
  }

  @Test(arguments: multinomials) func multinomialRegressions(_ known: Multinomial) throws {
    let problem = try #require(MultinomialCase.all.first { $0.name == known.name })
    let model = try problem.fit()
    // It inverts the information as it stands.
    let tolerance = 1e-6
    for (number, expected) in known.coefficients.enumerated() {
      let terms = model.coefficients(of: number + 1)
      #expect(relativeError(terms.map(\.estimate), expected) <= tolerance)
      #expect(relativeError(terms.map(\.standardError), known.standardErrors[number]) <= tolerance)
      #expect(relativeError(terms.map(\.statistic), known.statistics[number]) <= tolerance)
      #expect(relativeError(terms.map(\.pValue), known.pValues[number]) <= 1e-4)
      for (term, (low, high)) in zip(terms, zip(known.lows[number], known.highs[number])) {
        let (interval, bound) = (term.confidenceInterval, tolerance * (high - low))
        #expect(abs(interval.low - low) <= bound && abs(interval.high - high) <= bound)
      }
    }
    let matrix = try #require(model.covarianceMatrix)
    let errors = (0..<matrix.rows).map { matrix[$0, $0].squareRoot() }
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        let bound = tolerance * errors[row] * errors[column]
        #expect(abs(matrix[row, column] - known.covariance[row][column]) <= bound)
      }
    }
    #expect(
      relativeError([model.logLikelihood, model.aic, model.bic], [known.logLikelihood, known.aic, known.bic])
        <= tolerance)
    guard let null = known.nullLogLikelihood else { return }
    #expect(
      relativeError([-model.nullDeviance / 2, model.pseudoRSquared], [null, known.pseudoRSquared]) <= tolerance)
  }
}
