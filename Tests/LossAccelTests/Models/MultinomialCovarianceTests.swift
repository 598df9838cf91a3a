import LossAccel
import TestSupport
import Testing

/// Sandwiches of multinomial regressions against statsmodels.
struct MultinomialCovarianceTests {
  private static let known = PenaltyReferences.known.robust

  private func errors(
    _ covariance: CoefficientCovariance, weights: [Double]? = nil, extra: [[Double]] = [], labels: [Int] = []
  ) throws -> [[Double]] {
    let model = try MultinomialRegression.fit(
      features: Matrix(Self.known.features + extra), labels: Self.known.labels + labels, weights: weights,
      covariance: covariance)
    return (1..<3).map { model.coefficients(of: $0).map(\.standardError) }
  }

  @Test func errorsAreThoseOfStatsmodels() throws {
    let known = Self.known
    for (covariance, expected) in [
      (CoefficientCovariance.hc0, known.hc0), (.hc1, known.hc1), (.clustered(by: known.clusters), known.clustered),
    ] {
      #expect(relativeError(try errors(covariance).flatMap { $0 }, expected.flatMap { $0 }) <= 1e-9, "\(covariance)")
    }
    // Two ways that are the same way are one way; rows as clusters are HC0 with the other correction.
    let twice = CoefficientCovariance.clustered(by: known.clusters, and: known.clusters)
    #expect(relativeError(try errors(twice).flatMap { $0 }, known.clustered.flatMap { $0 }) <= 1e-9)
    let (count, rank) = (120.0, 6.0)
    let factor = (count / (count - rank)).squareRoot()
    let single = try errors(.clustered(by: Array(0..<120))).flatMap { $0 }
    #expect(relativeError(single, known.hc0.flatMap { $0 }.map { $0 * factor }) <= 1e-9)
  }

  @Test func rowsWithoutWeightAreNoneAndKindsOfFeaturesAgree() throws {
    let known = Self.known
    let weights = [Double](repeating: 1, count: 120) + [0, 0]
    let found = try errors(
      .clustered(by: known.clusters + [99, 98]), weights: weights, extra: [[.nan, 1], [5, 5]], labels: [2, 0])
    #expect(relativeError(found.flatMap { $0 }, known.clustered.flatMap { $0 }) <= 1e-9)
    let passed = try MultinomialRegression.fit(
      features: FeatureMatrix(Matrix(known.features)), labels: known.labels, covariance: .hc1)
    let other = (1..<3).flatMap { passed.coefficients(of: $0).map(\.standardError) }
    #expect(relativeError(other, known.hc1.flatMap { $0 }) <= 1e-9)
    #expect(passed.covarianceName == "HC1" && passed.summary().contains("Standard errors and tests: HC1"))
  }

  @Test func anotherReferenceChangesOnlyWhatIsCompared() throws {
    let known = Self.known
    func model(_ reference: Int) throws -> MultinomialRegression {
      try MultinomialRegression.fit(
        features: Matrix(known.features), labels: known.labels, reference: reference,
        covariance: .clustered(by: known.clusters))
    }
    let (first, second) = (try model(0), try model(1))
    // Class 1 against class 0 is class 0 against class 1.
    let forward = first.coefficients(of: 1).map(\.standardError)
    #expect(relativeError(second.coefficients(of: 0).map(\.standardError), forward) <= 1e-9)
    #expect(first.covarianceName == "clustered (13 clusters)")
  }

  @Test func formulasSelectTheLabelsOfTheirRows() throws {
    let known = Self.known
    let table: DataTable = [
      "a": DataColumn([nil] + known.features.map { $0[0] as Double? }),
      "b": DataColumn([1.0] + known.features.map { $0[1] }),
      "kind": DataColumn([0.0] + known.labels.map { Double($0) }),
    ]
    let model = try MultinomialRegression.fit(
      "kind ~ a + b", table, missing: .drop, covariance: .clustered(by: [77] + known.clusters))
    let found = (1..<3).flatMap { model.coefficients(of: $0).map(\.standardError) }
    #expect(relativeError(found, known.clustered.flatMap { $0 }) <= 1e-9)
  }
}
