import LossAccel
import TestSupport
import Testing

/// Models of features that are only passed through, against the references of the fits to matrices.
struct PassingModelTests {
  /// Rows of weight 0 that hold nonsense, behind those that count.
  private static func padded(_ problem: ModelCase) -> (FeatureMatrix, [Double], [Double], [Double]?) {
    let rows = problem.features + [problem.features[0].map { _ in .nan }, problem.features[0].map { _ in .infinity }]
    return (
      FeatureMatrix(Matrix(rows)), problem.targets + [-7, .nan],
      (problem.weights ?? problem.targets.map { _ in 1 }) + [0, 0], problem.offsets.map { $0 + [.infinity, 0] }
    )
  }

  // Columns that nearly agree take ten digits from steps in double precision.
  @Test(arguments: ModelCase.all.filter { !$0.name.contains("nearly agree") })
  func likelihoodsAreThoseInSixtyDigits(_ problem: ModelCase) throws {
    let (features, targets, weights, offsets) = Self.padded(problem)
    func fit(_ covariance: CoefficientCovariance) throws -> GeneralizedLinearModel {
      try GeneralizedLinearModel.fit(
        features: features, targets: targets, family: problem.ofFamily, link: problem.linked, weights: weights,
        offsets: offsets, intercept: problem.intercept, covariance: covariance)
    }
    let model = try fit(.classical)
    // Steps in double precision: a part of a standard error, not the last digit.
    let errors = zip(model.coefficients, problem.reference.coefficients).map {
      abs($0.estimate - $1) / $0.standardError
    }
    #expect(errors.allSatisfy { $0 <= 1e-6 }, "\(errors)")
    #expect(relativeError(model.coefficients.map(\.standardError), problem.reference.standardErrors) <= 1e-5)
    #expect(
      relativeError([model.deviance, model.pearson], [problem.reference.deviance, problem.reference.pearson]) <= 1e-6)
    #expect(relativeError(try fit(.hc0).coefficients.map(\.standardError), problem.reference.hc0) <= 1e-5)
    #expect(relativeError(try fit(.hc1).coefficients.map(\.standardError), problem.reference.hc1) <= 1e-5)
    let whole = try problem.fit()
    #expect(model.observations == whole.observations && model.rank == whole.rank)
    if let null = whole.nullDeviance { #expect(relativeError([model.nullDeviance ?? .nan], [null]) <= 1e-9) }
    if !whole.aic.isNaN { #expect(relativeError([model.aic], [whole.aic]) <= 1e-6) }
    let means = model.predict(FeatureMatrix(problem.matrix), offsets: problem.offsets)
    #expect(relativeError(Array(means.prefix(5)), problem.reference.means) <= 1e-5)
  }

  @Test(arguments: MultinomialCase.all) func classesAreThoseInSixtyDigits(problem: MultinomialCase) throws {
    for features in [FeatureMatrix(problem.matrix), FeatureMatrix(SparseMatrix(problem.matrix))] {
      let model = try MultinomialRegression.fit(
        features: features, labels: problem.labels, weights: problem.weights,
        classWeights: problem.classWeights.map { .perClass($0) } ?? .equal, intercept: problem.intercept,
        penalty: problem.ridge > 0 ? Penalty(ridge: .uniform(problem.ridge)) : .none)
      #expect(relativeError(model.table.flatMap { $0 }, problem.reference.coefficients.flatMap { $0 }) <= 1e-10)
      #expect(relativeError([model.loss], [problem.reference.loss]) <= 1e-12)
      // Predictions from whatever the features are stored as.
      let plain = try model.probabilities(problem.matrix)
      #expect(relativeError(model.probabilities(features).elements, plain.elements) <= 1e-10)
      #expect(model.classes(features) == (try model.classes(problem.matrix)))
      let quality = try model.quality(features, labels: problem.labels)
      #expect(quality.confusion == (try model.quality(problem.matrix, labels: problem.labels)).confusion)
    }
  }

  @Test func predictionsOfSparseRowsAreThoseOfDenseOnes() throws {
    let matrix = SparseFeaturesTests.matrix(rows: 500, columns: 12)
    let (dense, sparse) = (FeatureMatrix(matrix), FeatureMatrix(SparseMatrix(matrix)))
    let labels = (0..<500).map { $0 * 7 % 5 < 2 ? 1.0 : 0 }
    let offsets = (0..<500).map { Double($0 % 7) / 7 }
    let linear = try LinearModel.fit(
      features: sparse, targets: labels, loss: .huber(delta: 0.4), penalty: Penalty(ridge: 0.1))
    let expected = try linear.predict(matrix, offsets: offsets)
    #expect(distance(linear.predict(sparse, offsets: offsets), expected) <= 1e-12 * norm(expected))
    #expect(distance(linear.predict(dense, offsets: offsets), expected) <= 1e-12 * norm(expected))
    for penalty in [
      Penalty(ridge: 0.01), Penalty(lasso: 0.01), Penalty(constraints: .differences(of: 3..<9, strength: 1)),
    ] {
      let logistic = try LogisticRegression.fit(features: sparse, labels: labels, offsets: offsets, penalty: penalty)
      let other = try LogisticRegression.fit(features: matrix, labels: labels, offsets: offsets, penalty: penalty)
      #expect(distance(logistic.coefficients, other.coefficients) <= 1e-6 * norm(other.coefficients))
      #expect(abs(logistic.loss - other.loss) <= 1e-9 * other.loss)
      let shares = try logistic.probabilities(matrix, offsets: offsets)
      #expect(distance(logistic.probabilities(sparse, offsets: offsets), shares) <= 1e-12 * norm(shares))
    }
  }

  @Test func dependentColumnsAreNamed() throws {
    let matrix = Matrix<Double>(rows: 50, columns: 4) { row, column in
      let (a, b) = (Double(row * 7 % 11), Double(row * 5 % 13) + 100)
      return [a, b, 3, a - 2 * b][column]
    }
    do {
      _ = try GeneralizedLinearModel.fit(
        features: FeatureMatrix(matrix), targets: (0..<50).map { Double($0 % 4) }, family: .poisson)
      Issue.record("no error")
    } catch {
      guard case .leastSquares(.rankDeficient(let rank, let columns, let dependent)) = error else { throw error }
      #expect(rank == 3 && columns == 5 && dependent.map(\.column) == [2, 3])
      #expect(dependent[0].combinationOf.isEmpty && dependent[1].combinationOf == [0, 1])
    }
  }

  @Test func separationIsFoundByPasses() throws {
    // A dummy column that is 1 for successes only, and a column that tells all apart.
    var (rows, targets): ([[Double]], [Double]) = ([], [])
    for index in 0..<40 {
      let marked = index % 8 == 0
      rows.append([Double(index * 7 % 11), marked ? 1 : 0, Double(index * 5 % 13)])
      targets.append(marked || index * 7 % 11 + index * 3 % 5 > 6 ? 1 : 0)
    }
    func separation(_ features: [[Double]], _ targets: [Double], _ weights: [Double]?) throws -> Separation? {
      do throws(ModelError) {
        _ = try GeneralizedLinearModel.fit(
          features: FeatureMatrix(Matrix(features)), targets: targets, family: .binomial, weights: weights,
          columnNames: ["a", "mark", "b"])
        return nil
      } catch {
        guard case .separated(let separation) = error else { throw error }
        return separation
      }
    }
    let quasi = try #require(try separation(rows, targets, nil))
    #expect(quasi.columns == ["mark"] && quasi.rows == [0, 8, 16, 24, 32] && !quasi.canReduceBias)
    #expect(!quasi.description.contains("Firth") && quasi.description.contains("ridge"))
    let weighted = try #require(
      try separation(rows + [[5, 1, 5]], targets + [0], [Double](repeating: 1, count: 40) + [0]))
    #expect(weighted.columns == ["mark"] && weighted.rows == quasi.rows && weighted.observations == 40)
    let complete = try #require(
      try separation(rows, rows.map { $0[0] > 5 ? 1 : 0 }, nil))
    #expect(complete.isComplete && complete.columns.contains("a"))
  }

  @Test func whatNeedsAMatrixSaysSo() {
    let features = FeatureMatrix(Matrix(column: (0..<20).map { Double($0 % 7) }))
    #expect(throws: ModelError.needsMatrix("The covariance HC3")) {
      try GeneralizedLinearModel.fit(
        features: features, targets: (0..<20).map { Double($0 % 3) }, family: .poisson, covariance: .hc3)
    }
  }
}
