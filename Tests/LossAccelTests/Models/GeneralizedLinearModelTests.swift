import Foundation
import LossAccel
import TestSupport
import Testing

struct GeneralizedLinearModelTests {
  /// The log link's likelihood rises up to shares of 1, and on beyond.
  @Test func sharesBeyondOneAreErrors() throws {
    let features = Matrix<Double>(column: [1, 2, 3, 4, 5, 6, 7, 8])
    let result = Result { () throws(ModelError) in
      try GeneralizedLinearModel.fit(
        features: features, targets: [0, 0, 1, 0, 1, 0, 1, 1], family: .binomial, link: .log)
    }
    guard case .failure(.noStart) = result else {
      Issue.record("\(result)")
      return
    }
  }

  /// A family or a link without a reference is one that nobody has checked.
  @Test func everyFamilyHasAReferenceWithEveryLink() throws {
    for name in Family.names {
      let family = try #require(Family.named(name) ?? Family.named(name, parameter: 1.5))
      for link in family.links {
        #expect(ModelCase.all.contains { $0.family == name && $0.linked == link }, "\(name), \(link)")
      }
    }
  }

  @Test(arguments: ModelCase.all) func coefficientsAreRightToTheLastDigits(_ problem: ModelCase) throws {
    let model = try problem.fit()
    // The probit's means have an error of some units in the last place, which its condition multiplies.
    // Elsewhere each mean has the error of an exponential, of which the fit takes an average.
    let tolerance = problem.linked == .probit ? 1e-12 : 1e-15
    #expect(relativeError(model.coefficients.map(\.estimate), problem.reference.coefficients) <= tolerance)
    #expect(relativeError(model.coefficients.map(\.standardError), problem.reference.standardErrors) <= 1e-9)
    #expect(
      relativeError([model.deviance, model.pearson], [problem.reference.deviance, problem.reference.pearson]) <= 1e-12)
    #expect(relativeError(Array(model.fittedMeans.prefix(5)), problem.reference.means) <= 1e-12)
    #expect(model.stop.isConvergence)
  }

  @Test(arguments: ModelCase.all) func fastFitsAreWithinAMillionthOfTheirErrors(_ problem: ModelCase) throws {
    let model = try problem.fit(accuracy: .fast)
    let errors = zip(model.coefficients, problem.reference.coefficients).map {
      abs($0.estimate - $1) / $0.standardError
    }
    #expect(errors.allSatisfy { $0 <= 1e-6 })
  }

  @Test(arguments: ModelCase.all) func sandwichesAreRight(_ problem: ModelCase) throws {
    let model = try problem.fit()
    let labels = problem.targets.indices.map { $0 % 7 }
    let rows: [(CoefficientCovariance, [Double])] = [
      (.hc0, problem.reference.hc0), (.hc1, problem.reference.hc1),
      (.clustered(by: labels), problem.reference.clustered),
    ]
    for (covariance, expected) in rows {
      let robust = try model.with(covariance: covariance)
      #expect(relativeError(robust.coefficients.map(\.standardError), expected) <= 1e-9)
      #expect(robust.coefficients.map(\.estimate) == model.coefficients.map(\.estimate))
    }
  }

  @Test(arguments: zip(ModelCase.all, RModel.all)) func inferenceIsThatOfR(_ problem: ModelCase, _ r: RModel) throws {
    #expect(problem.name == r.name)
    // R's search ends where the deviance stops to change, which tells little of such coefficients.
    if problem.name.contains("nearly") { return }
    let model = try problem.fit()
    // R stops at its own tolerance, and its QR loses what the condition takes.
    let tolerance = 2e-6
    #expect(relativeError(model.coefficients.map(\.estimate), r.coefficients) <= tolerance)
    #expect(relativeError(model.coefficients.map(\.standardError), r.standardErrors) <= tolerance)
    #expect(relativeError(model.coefficients.map(\.statistic), r.statistics) <= tolerance)
    #expect(relativeError(model.coefficients.map(\.pValue), r.pValues) <= 1e-4)
    #expect(relativeError([model.dispersion, model.deviance], [r.dispersion, r.deviance]) <= tolerance)
    #expect(relativeError([model.nullDeviance ?? .nan], [r.nullDeviance]) <= tolerance)
    #expect(model.rank == r.rank && model.residualDegreesOfFreedom == r.residualFreedom)
    #expect(model.nullDegreesOfFreedom == r.nullFreedom)
    if let aic = r.aic, let bic = r.bic {
      #expect(relativeError([model.aic, model.bic], [aic, bic]) <= tolerance)
    } else {
      #expect(model.aic.isNaN)
    }
    let clusters = problem.targets.indices.map { $0 % 7 }
    for (covariance, expected) in [
      (CoefficientCovariance.hc0, r.hc0), (.hc1, r.hc1), (.hc2, r.hc2), (.hc3, r.hc3),
      (.clustered(by: clusters), r.clustered),
    ] {
      let errors = try model.with(covariance: covariance).coefficients.map(\.standardError)
      #expect(relativeError(errors, expected) <= tolerance, "\(covariance)")
    }
    // An end of an interval that is near 0 has the error of its middle.
    for (term, (low, high)) in zip(model.coefficients, zip(r.lows, r.highs)) {
      let interval = term.confidenceInterval
      #expect(max(abs(interval.low - low), abs(interval.high - high)) <= tolerance * (high - low))
    }
    let residuals: [(GeneralizedLinearModel.Residual, [Double])] = [
      (.response, r.responseResiduals), (.deviance, r.devianceResiduals), (.pearson, r.pearsonResiduals),
      (.working, r.workingResiduals),
    ]
    for (kind, expected) in residuals {
      #expect(relativeError(Array(model.residuals(kind).prefix(5)), expected) <= 1e-5)
    }
    let predictions = try model.predictions(
      for: Matrix(Array(problem.features.prefix(5))), offsets: problem.offsets.map { Array($0.prefix(5)) })
    #expect(relativeError(predictions.predictors, r.predictors) <= tolerance)
    #expect(relativeError(predictions.means, r.means) <= tolerance)
    #expect(relativeError(predictions.predictorErrors, r.predictorErrors) <= tolerance)
    #expect(relativeError(predictions.standardErrors, r.meanErrors) <= tolerance)
  }

  @Test(arguments: ModelCase.all) func unitsDoNotMatter(_ problem: ModelCase) throws {
    let scales = problem.features[0].indices.map { [1e6, 1e-6, 1e3][$0 % 3] }
    let scaled = try problem.fit(scales: scales)
    let plain = try problem.fit()
    let factors = (problem.intercept ? [1] : []) + scales
    let back = zip(scaled.coefficients, factors).map { $0.estimate * $1 }
    // Multiplying rounds every feature once, which the condition of the columns multiplies: about 1e4 for the worst.
    #expect(relativeError(back, plain.coefficients.map(\.estimate)) <= 1e-11)
  }

  @Test func threadsDoNotMatter() throws {
    let problem = ModelCase.all.first { $0.name.hasPrefix("breast") }!
    let rows = Array(repeatElement(problem.features, count: 8).joined())
    let targets = Array(repeatElement(problem.targets, count: 8).joined())
    // Twice the working precision would hide another order of sums.
    for accuracy in [LeastSquaresAccuracy.exact, .fast] {
      let fits = try [1, 2, 3].map { threads in
        try Parallelism.withThreads(threads) {
          try GeneralizedLinearModel.fit(
            features: Matrix(rows), targets: targets, family: .binomial, accuracy: accuracy, covariance: .hc1)
        }
      }
      for fit in fits.dropFirst() {
        #expect(fit.coefficients == fits[0].coefficients && fit.deviance == fits[0].deviance)
      }
    }
  }

  @Test func codingKeepsEverything() throws {
    for problem in ModelCase.all {
      let model = try problem.fit()
      let copy = try JSONDecoder().decode(GeneralizedLinearModel.self, from: JSONEncoder().encode(model))
      #expect(copy.coefficients == model.coefficients && copy.family == model.family && copy.link == model.link)
      let rows = Matrix(Array(problem.features.prefix(4)))
      #expect(try copy.predictions(for: rows).standardErrors == model.predictions(for: rows).standardErrors)
      #expect(copy.aic.bitPattern == model.aic.bitPattern && copy.deviance == model.deviance)
    }
  }
}
