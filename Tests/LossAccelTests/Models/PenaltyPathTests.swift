import LossAccel
import TestSupport
import Testing

/// Errors by cross-validation against scikit-learn's fits to the same parts of the rows.
struct PenaltyPathTests {
  private static let known = PenaltyReferences.known.paths
  private static let features = FeatureMatrix(Matrix(known.features))
  private static let control = OptimizerControl(gradientTolerance: 1e-11)

  private func expect(_ path: some PenaltyPath, _ expected: [[Double]], tolerance: Double = 1e-8) {
    #expect(relativeError(path.errors, expected.map { $0[0] }) <= tolerance)
    #expect(relativeError(path.standardErrors, expected.map { $0[1] }) <= 10 * tolerance)
    let means = expected.map { $0[0] }
    #expect(path.best == means.indices.min { means[$0] < means[$1] })
    #expect(path.errors[path.simplest] <= path.errors[path.best] + path.standardErrors[path.best])
  }

  @Test(arguments: [0, 0.7]) func squaresAreThoseOfScikitLearn(mixing: Double) throws {
    let known = Self.known
    let path = try LinearModelPath.fit(
      features: Self.features, targets: known.amounts, loss: .squaredError, mixing: mixing, strengths: known.strengths,
      folds: known.folds, seed: known.seed, control: Self.control)
    expect(path, mixing == 0 ? known.ridge : known.elasticNet)
    // Another seed, other parts.
    let other = try LinearModelPath.fit(
      features: Self.features, targets: known.amounts, loss: .squaredError, mixing: mixing, strengths: known.strengths,
      folds: known.folds, seed: known.seed + 1, control: Self.control)
    #expect(other.errors != path.errors && other.models.map(\.coefficients) == path.models.map(\.coefficients))
  }

  @Test func logisticPathsAreThoseOfScikitLearn() throws {
    let known = Self.known
    let path = try LinearModelPath.fit(
      features: Self.features, targets: known.answers, family: .binomial, mixing: 0, strengths: known.strengths,
      folds: known.folds, seed: known.seed, control: Self.control)
    // scikit-learn's search ends where a gradient of 1e-12 moves no more than this.
    expect(path, known.logistic, tolerance: 1e-7)
    let matrix = try LinearModelPath.fit(
      features: Matrix(known.features), targets: known.answers, loss: .binaryCrossEntropyFromLogits, mixing: 0,
      strengths: known.strengths, folds: known.folds, seed: known.seed, control: Self.control)
    #expect(relativeError(matrix.errors, path.errors) <= 1e-9)
  }

  @Test func multinomialPathsAreThoseOfScikitLearn() throws {
    let known = Self.known
    func path(_ classWeights: ClassWeights) throws -> MultinomialPath {
      try MultinomialPath.fit(
        features: Self.features, labels: known.kinds, mixing: 0, strengths: known.strengths, folds: known.folds,
        seed: known.seed, classWeights: classWeights, control: Self.control)
    }
    let found = try path(.equal)
    expect(found, known.multinomial, tolerance: 1e-7)
    // The models are those of single fits, and equal weights of the classes are none.
    let alone = try MultinomialRegression.fit(
      features: Self.features, labels: known.kinds, penalty: found.models[1].penalty, control: Self.control)
    #expect(relativeError(found.models[1].coefficients.elements, alone.coefficients.elements) <= 1e-9)
    #expect(try path(.perClass([1, 1, 1])).errors == found.errors)
    #expect(try path(.balanced).errors != found.errors)
  }

  @Test func lassosOfClassesStartEmpty() throws {
    let path = try MultinomialPath.fit(features: Self.features, labels: Self.known.kinds, mixing: 1, folds: 3)
    #expect(path.strengths.count == 50)
    #expect(path.models[0].coefficients.elements.allSatisfy { abs($0) <= 1e-6 })
    #expect(path.models[1].coefficients.elements.contains { $0 != 0 })
    #expect(path.errors[path.best] < path.errors[0] && path.simplest <= path.best)
  }
}
