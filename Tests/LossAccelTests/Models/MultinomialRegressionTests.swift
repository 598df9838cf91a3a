import Foundation
import LossAccel
import TestSupport
import Testing

struct MultinomialRegressionTests {
  private static func named(_ name: String) -> MultinomialCase { MultinomialCase.all.first { $0.name == name }! }

  @Test(arguments: MultinomialCase.all) func fitsAreThoseInSixtyDigits(problem: MultinomialCase) throws {
    let model = try problem.fit()
    let expected = problem.reference
    // Rounded once or twice.
    #expect(relativeError(model.table.flatMap { $0 }, expected.coefficients.flatMap { $0 }) <= 4e-16)
    #expect(relativeError([model.loss, model.deviance], [expected.loss, expected.deviance]) <= 1e-14)
    #expect(model.reference == (problem.ridge > 0 ? nil : 0))
    for number in 1..<problem.classes {
      let errors = model.coefficients(of: number).map(\.standardError)
      if let wanted = expected.standardErrors {
        #expect(relativeError(errors, wanted[number - 1]) <= 1e-10)
      } else {
        #expect(errors.allSatisfy { $0.isNaN })
      }
    }
    if let covariance = expected.covariance {
      let matrix = try #require(model.covarianceMatrix)
      #expect(abs(matrix[0, matrix.columns - 1] - covariance) <= 1e-10 * abs(covariance))
      #expect(matrix == matrix.transposed() || relativeError(matrix.elements, matrix.transposed().elements) <= 1e-9)
    }
  }

  @Test(arguments: RMultinomial.all) func multinomOfRAgrees(other: RMultinomial) throws {
    let model = try Self.named(other.name).fit()
    // R's search ends where its value stops to change.
    for number in 1..<model.classNames.count {
      let terms = model.coefficients(of: number)
      #expect(relativeError(terms.map(\.estimate), other.coefficients[number - 1]) <= 2e-3)
      #expect(relativeError(terms.map(\.standardError), other.standardErrors[number - 1]) <= 2e-3)
    }
    #expect(relativeError([model.deviance, model.aic], [other.deviance, other.aic]) <= 1e-7)
    #expect(model.rank == other.rank)
  }

  @Test(arguments: MultinomialCase.all) func unitsDoNotMatter(problem: MultinomialCase) throws {
    let scales = problem.features[0].indices.map { [1e6, 1e-6, 1, 1e-3, 1e3][$0 % 5] }
    let model = try problem.fit(scales: scales)
    var back = model.table
    for (column, scale) in scales.enumerated() {
      let row = column + (problem.intercept ? 1 : 0)
      back[row] = back[row].map { $0 * scale }
    }
    // Scaling by a power of ten rounds the columns, each of which the coefficients depend on.
    #expect(relativeError(back.flatMap { $0 }, problem.reference.coefficients.flatMap { $0 }) <= 1e-12)
    #expect(relativeError([model.loss], [problem.reference.loss]) <= 1e-14)
  }

  @Test func everyMethodComesToTheSameFit() throws {
    let problem = Self.named("made, weights")
    let expected = try problem.fit()
    for method in [LBFGS(), TrustRegionNewton(), NewtonMethod()] as [any Optimizer] {
      let model = try problem.fit(optimizer: method)
      #expect(model.method == method.name)
      #expect(relativeError(model.table.flatMap { $0 }, expected.table.flatMap { $0 }) <= 1e-11, "\(method.name)")
    }
  }

  @Test func twoClassesAreLogisticRegression() throws {
    let problem = Self.named("made, two classes")
    let model = try problem.fit()
    let logistic = try LogisticRegression.fit(features: problem.matrix, labels: problem.labels)
    #expect(relativeError(model.table.map { $0[1] }, [logistic.intercept] + logistic.coefficients) <= 1e-11)
    let terms = model.coefficients(of: 1), expected = try #require(logistic.likelihood?.coefficients)
    #expect(relativeError(terms.map(\.standardError), expected.map(\.standardError)) <= 1e-10)
    #expect(relativeError(terms.map(\.pValue), expected.map(\.pValue)) <= 1e-8)
    #expect(
      relativeError(
        [model.deviance, model.nullDeviance], [logistic.likelihood!.deviance, logistic.likelihood!.nullDeviance!])
        <= 1e-13)
    #expect(model.residualDegreesOfFreedom == logistic.likelihood!.residualDegreesOfFreedom)
    let balanced = try MultinomialRegression.fit(
      features: problem.matrix, labels: problem.labels, classWeights: .balanced)
    let other = try LogisticRegression.fit(features: problem.matrix, labels: problem.labels, classWeights: .balanced)
    #expect(relativeError(balanced.table.map { $0[1] }, [other.intercept] + other.coefficients) <= 1e-11)
  }

  @Test func referencesAreAMatterOfCoding() throws {
    let problem = Self.named("made")
    let first = try problem.fit()
    let last = try MultinomialRegression.fit(features: problem.matrix, labels: problem.labels, reference: 2)
    for (row, other) in zip(first.table, last.table) {
      #expect(other[2] == 0)
      for number in 0..<3 { #expect(abs(other[number] - (row[number] - row[2])) <= 1e-11 * (1 + abs(row[2]))) }
    }
    // The comparison of two classes has one standard error, whoever is the reference.
    #expect(
      relativeError(
        first.coefficients(of: 2).map(\.standardError), last.coefficients(of: 0).map(\.standardError)) <= 1e-10)
    let probabilities = try (first.probabilities(problem.matrix), last.probabilities(problem.matrix))
    #expect(zip(probabilities.0.elements, probabilities.1.elements).allSatisfy { abs($0 - $1) <= 1e-13 })
    for row in 0..<5 { #expect(abs(probabilities.0.row(row).reduce(0, +) - 1) <= 1e-15) }
  }

  /// With intercepts the mean probabilities of a fit without penalty on them are the shares of the classes.
  @Test(arguments: ["made", "iris, ridge", "election, 7 parties"])
  func meanProbabilitiesAreTheShares(name: String) throws {
    let problem = Self.named(name)
    let model = try problem.fit()
    let probabilities = try model.probabilities(problem.matrix)
    for number in 0..<problem.classes {
      let mean = probabilities.column(number).reduce(0, +), share = Double(problem.labels.count { $0 == number })
      #expect(abs(mean - share) <= 1e-11 * Double(problem.labels.count))
    }
  }

  @Test func qualityCountsWhatItSays() throws {
    let problem = Self.named("iris, ridge")
    let model = try problem.fit()
    let (predicted, probabilities) = try (model.classes(problem.matrix), model.probabilities(problem.matrix))
    let quality = try model.quality(problem.matrix, labels: problem.labels)
    #expect(quality.accuracy == Double(zip(predicted, problem.labels).count { $0 == $1 }) / 150)
    #expect(quality.accuracy >= 0.96 && quality.observations == 150)
    let loss = problem.labels.enumerated().reduce(0) { $0 - log(probabilities[$1.offset, $1.element]) } / 150
    #expect(abs(quality.logLoss - loss) <= 1e-14)
    #expect(quality.confusion[0] == [50, 0, 0] && quality.confusion.joined().reduce(0, +) == 150)
    #expect(throws: ModelError.objective(.loss(.labelOutOfRange(row: 0, label: 5, classes: 3)))) {
      try model.quality(Matrix([problem.features[0]]), labels: [5])
    }
  }

  @Test func dependentColumnsAreDropped() throws {
    let problem = Self.named("made")
    let wide = Matrix(problem.features.map { [$0[0], 2 * $0[0] + 1, $0[1]] })
    let model = try MultinomialRegression.fit(features: wide, labels: problem.labels, columnNames: ["a", "b", "c"])
    #expect(model.droppedColumns == ["b"] && model["b"] == [0, 0, 0])
    let plain = try problem.fit()
    #expect(
      relativeError(model["a"]! + model["c"]! + model.intercepts, plain["x1"]! + plain["x2"]! + plain.intercepts)
        <= 1e-10)
    #expect(model.rank == plain.rank && model.aic.isFinite)
    let terms = model.coefficients(of: 1)
    #expect(terms[2].isDropped && terms[2].estimate.isNaN)
    #expect(relativeError([terms[3].standardError], [plain.coefficients(of: 1)[2].standardError]) <= 1e-9)
    #expect(model.description.contains("not defined because of dependent columns"))
  }

  @Test func singlePrecisionFeaturesAreRead() throws {
    let problem = Self.named("iris, ridge")
    let features = Matrix<Float>(problem.matrix)
    let model = try MultinomialRegression.fit(
      features: features, labels: problem.labels.map { Int8($0) }, penalty: Penalty(ridge: 0.01))
    // The rounded features' own fit: within their rounding of the other.
    #expect(relativeError(model.table.flatMap { $0 }, problem.reference.coefficients.flatMap { $0 }) <= 1e-5)
    #expect(try model.probabilities(features).columns == 3)
  }

  @Test func namesAndTablesFit() throws {
    let problem = Self.named("iris, ridge")
    let names = ["setosa", "versicolor", "virginica"]
    let species = problem.labels.map { names[$0] }
    let model = try MultinomialRegression.fit(
      features: problem.matrix, labels: species, penalty: Penalty(ridge: 0.01))
    #expect(model.classNames == names)
    var table = DataTable()
    for column in 0..<4 { table.append("c\(column)", DataColumn(problem.matrix.column(column))) }
    table.append("species", DataColumn(species))
    let other = try MultinomialRegression.fit("species ~ .", table, penalty: Penalty(ridge: 0.01))
    #expect(other.table == model.table && other.formula.contains("species ~"))
    #expect(try other.probabilities(table) == model.probabilities(problem.matrix))
    #expect(try other.classes(table).count { $0 == "setosa" } == 50)
    #expect(try other.quality(table) == model.quality(problem.matrix, labels: problem.labels))
    table["species"] = DataColumn(problem.labels)
    #expect(
      try MultinomialRegression.fit("species ~ .", table, penalty: Penalty(ridge: 0.01)).classNames == ["0", "1", "2"])
    table["species"] = DataColumn(problem.labels.map { Double($0) + 0.5 })
    #expect(throws: ModelError.self) { try MultinomialRegression.fit("species ~ .", table) }
  }

  @Test func codingKeepsTheModel() throws {
    for name in ["made", "iris, ridge"] {
      let problem = Self.named(name)
      let model = try problem.fit()
      let copy = try JSONDecoder().decode(MultinomialRegression.self, from: JSONEncoder().encode(model))
      #expect(copy.description == model.description)
      #expect(try copy.probabilities(problem.matrix) == model.probabilities(problem.matrix))
      #expect(copy.covarianceMatrix == model.covarianceMatrix)
    }
  }

  @Test func summariesSayWhatWasFitted() throws {
    let plain = try Self.named("made").fit().description
    for text in ["3 classes: 0, 1, 2", "1 against 0:", "2 against 0:", "z value", "AIC", "on 154 degrees"] {
      #expect(plain.contains(text), "\(text) is missing from \(plain)")
    }
    let penalised = try Self.named("iris, ridge").fit()
    #expect(penalised.description.contains("they have no standard errors"))
    #expect(penalised.summary(mostCoefficients: 3).contains("10 coefficients of 5 terms"))
  }

  @Test func lassoIsOptimal() throws {
    let problem = Self.named("iris, ridge")
    let lasso = 0.05
    let model = try MultinomialRegression.fit(
      features: problem.matrix, labels: problem.labels, penalty: Penalty(lasso: .uniform(lasso)))
    let probabilities = try model.probabilities(problem.matrix)
    var zeros = 0
    for column in 0..<4 {
      for number in 0..<3 {
        let gradient = (0..<150).reduce(0.0) { sum, row in
          sum + (probabilities[row, number] - (problem.labels[row] == number ? 1 : 0)) * problem.matrix[row, column]
            / 150
        }
        let coefficient = model.coefficients[column, number]
        if coefficient == 0 {
          zeros += 1
          #expect(abs(gradient) <= lasso + 1e-7)
        } else {
          #expect(abs(gradient + (coefficient > 0 ? lasso : -lasso)) <= 1e-7)
        }
      }
    }
    #expect(zeros >= 4 && model.reference == nil)
  }
}
