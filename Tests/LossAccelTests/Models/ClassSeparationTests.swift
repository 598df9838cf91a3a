import LossAccel
import TestSupport
import Testing

struct ClassSeparationTests {
  private func separation(
    _ features: Matrix<Double>, _ labels: [Int], names: [String]? = nil, weights: [Double]? = nil
  ) throws -> ClassSeparation? {
    let result = Result { () throws(ModelError) in
      try MultinomialRegression.fit(
        features: features, labels: labels, weights: weights,
        columnNames: names ?? (0..<features.columns).map { "c\($0)" })
    }
    guard case .failure(let error) = result else { return nil }
    guard case .classesSeparated(let separation) = error else { throw error }
    return separation
  }

  /// Setosa lies apart from the other two, which overlap.
  @Test func irisIsQuasiSeparated() throws {
    let iris = MultinomialCase.all.first { $0.name == "iris, ridge" }!
    let found = try #require(try separation(iris.matrix, iris.labels))
    #expect(found.pairs.map { [$0.first, $0.second] } == [["0", "1"], ["0", "2"]])
    #expect(found.observations == 150 && !found.columns.isEmpty)
    #expect(found.description.contains("0 from 1 and 0 from 2") && found.description.contains("ridge"))
  }

  @Test func completeSeparationIsNamed() throws {
    let features = Matrix<Double>([[1, 5], [2, 3], [4, 6], [5, 2], [8, 4], [9, 4]])
    let found = try #require(try separation(features, [0, 0, 1, 1, 2, 2]))
    #expect(found.rows == Array(0..<6) && found.pairs.count == 3)
    #expect(found.description.contains("all 6 rows"))
  }

  /// A mark that only rows of class 2 have, beside a column that is in order.
  @Test func theSeparatingColumnIsNamed() throws {
    var (rows, labels): ([[Double]], [Int]) = ([], [])
    for index in 0..<90 {
      let marked = index % 9 == 0
      rows.append([Double(index * 7 % 11), marked ? 1 : 0])
      labels.append(marked ? 2 : (index * 7 % 11 + index * 5 % 13) % 3)
    }
    let found = try #require(try separation(Matrix(rows), labels))
    #expect(found.columns == ["c1"] && found.rows == Array(stride(from: 0, to: 90, by: 9)))
    #expect(found.pairs.map { [$0.first, $0.second] } == [["0", "2"], ["1", "2"]])
    // Rows of weight 0 are none.
    var weights = [Double](repeating: 1, count: 90)
    weights[0] = 0
    #expect(try separation(Matrix(rows), labels, weights: weights)?.rows.count == 9)
  }

  /// Every class overlaps with the others, if only by two rows.
  @Test func nearlySeparatedDataAreFitted() throws {
    var labels = (0..<150).map { $0 / 50 }
    let rows = (0..<150).map { [Double($0), Double($0 % 2)] }
    (labels[48], labels[51], labels[97], labels[102]) = (1, 0, 2, 1)
    (labels[47], labels[52], labels[98], labels[101]) = (1, 0, 2, 1)
    #expect(try separation(Matrix(rows), labels) == nil)
    #expect(try separation(Matrix(rows.map { [$0[0] * 1e-6, $0[1] * 1e6] }), labels) == nil)
  }

  /// Rows that are not held are looked at all the same.
  @Test func rowsThatPassByAreNoHidingPlace() throws {
    let iris = MultinomialCase.all.first { $0.name == "iris, ridge" }!
    func failure(_ features: FeatureMatrix, _ labels: [Int]) -> ModelError? {
      let result = Result { () throws(ModelError) in
        try MultinomialRegression.fit(features: features, labels: labels)
      }
      if case .failure(let error) = result { return error }
      return nil
    }
    let expected = try #require(try separation(iris.matrix, iris.labels, names: ["x1", "x2", "x3", "x4"]))
    #expect(failure(FeatureMatrix(iris.matrix), iris.labels) == .classesSeparated(expected))
  }

  /// More coefficients than a Hessian is formed for.
  @Test func manyCoefficientsAreNoHidingPlace() throws {
    var random = SeededGenerator(seed: 4)
    let (rows, columns, classes) = (300, 175, 12)
    let features = Matrix<Double>(rows: rows, columns: columns) { _, _ in Double.random(in: -1...1, using: &random) }
    let directions = Matrix<Double>(rows: columns, columns: classes) { _, _ in Double.random(in: -1...1, using: &random)
    }
    let scores = try features.multiplied(by: directions)
    let labels = (0..<rows).map { row in (0..<classes).max { scores[row, $0] < scores[row, $1] } ?? 0 }
    let found = try #require(try separation(features, labels))
    #expect(found.rows == Array(0..<rows) && found.columns.count == columns)
    // Of rows that are not held, too.
    let passing = Result { () throws(ModelError) in
      try MultinomialRegression.fit(features: FeatureMatrix(features), labels: labels)
    }
    guard case .failure(.classesSeparated) = passing else {
      Issue.record("not refused")
      return
    }
    // And labels that no direction explains are fitted.
    let mixed = (0..<4000).map { ($0 * 7 + $0 / 13) % classes }
    let noise = Matrix<Double>(rows: 4000, columns: columns) { _, _ in Double.random(in: -1...1, using: &random) }
    let model = try MultinomialRegression.fit(features: noise, labels: mixed)
    #expect(model.stop.isConvergence && model.loss > 1)
    // What such models lack is said.
    #expect(!model.isExact && model.covarianceMatrix == nil)
    #expect(model.description.contains("as accurate as the search, and there are no standard errors"))
  }

  @Test func ridgeIsTheCure() throws {
    let features = Matrix<Double>([[1, 5], [2, 3], [4, 6], [5, 2], [8, 4], [9, 4]])
    let model = try MultinomialRegression.fit(
      features: features, labels: [0, 0, 1, 1, 2, 2], penalty: Penalty(ridge: 0.01))
    #expect(model.coefficients.elements.allSatisfy { $0.isFinite })
    #expect(try model.classes(features) == [0, 0, 1, 1, 2, 2])
  }

  @Test func emptyClassesAreNamed() throws {
    let features = Matrix<Double>([[1], [2], [3], [4]])
    #expect(throws: ModelError.emptyClass("b")) {
      try MultinomialRegression.fit(features: features, labels: [0, 2, 0, 2], classNames: ["a", "b", "c"])
    }
    #expect(throws: ModelError.oneClass("0")) {
      try MultinomialRegression.fit(features: features, labels: [0, 0, 0, 0])
    }
    #expect(throws: ModelError.objective(.loss(.labelOutOfRange(row: 1, label: -1, classes: 3)))) {
      try MultinomialRegression.fit(features: features, labels: [0, -1, 2, 1], classNames: ["a", "b", "c"])
    }
  }
}
