import Foundation
import LossAccel
import TestSupport
import Testing

struct LogisticRegressionTests {
  private static let cancer = ModelCase.all.first { $0.name.hasPrefix("breast") }!
  private static let iris = ModelCase.all.first { $0.name.hasPrefix("iris") }!

  @Test func labelsOfAnyKindGiveTheExactFit() throws {
    for problem in [Self.cancer, Self.iris] {
      let expected = problem.reference.coefficients
      let integers = try LogisticRegression.fit(features: problem.matrix, labels: problem.targets.map { Int($0) })
      #expect(relativeError([integers.intercept] + integers.coefficients, expected) <= 4e-16)
      let truths = try LogisticRegression.fit(features: problem.matrix, labels: problem.targets.map { $0 == 1 })
      #expect(truths.coefficients == integers.coefficients)
      #expect(relativeError([2 * integers.loss * Double(problem.targets.count)], [problem.reference.deviance]) <= 1e-12)
    }
  }

  @Test func probabilitiesAreTheMeans() throws {
    let problem = Self.cancer
    let model = try LogisticRegression.fit(features: problem.matrix, labels: problem.targets)
    let probabilities = try model.probabilities(problem.matrix)
    #expect(relativeError(Array(probabilities.prefix(5)), problem.reference.means) <= 1e-10)
    let classes = try model.classes(problem.matrix)
    #expect(zip(probabilities, classes).allSatisfy { ($0 > 0.5) == ($1 == 1) })
    let right = zip(classes, problem.targets).count { Double($0) == $1 }
    #expect(Double(right) / Double(classes.count) > 0.85)
  }

  /// At the minimum Xᵀ·w(p − y)/Σw + ridge·β vanishes, and so does the intercept's part.
  @Test func gradientsVanishWithWeightsAndRidge() throws {
    let problem = Self.cancer
    let weights = problem.targets.indices.map { Double($0 % 3) }
    let model = try LogisticRegression.fit(
      features: problem.matrix, labels: problem.targets, weights: weights, classWeights: .fixed(2, 0.5),
      penalty: Penalty(ridge: 0.01))
    let probabilities = try model.probabilities(problem.matrix)
    let all = problem.targets.indices.map { weights[$0] * (problem.targets[$0] == 1 ? 0.5 : 2) }
    let total = all.reduce(0, +)
    var gradient = [Double](repeating: 0, count: model.coefficients.count + 1)
    var size = gradient
    for row in all.indices {
      let slope = all[row] * (probabilities[row] - problem.targets[row]) / total
      for (index, value) in ([1] + problem.features[row]).enumerated() {
        gradient[index] += slope * value
        size[index] += abs(slope * value)
      }
    }
    for (index, coefficient) in model.coefficients.enumerated() {
      gradient[index + 1] += 0.01 * coefficient
      size[index + 1] += abs(0.01 * coefficient)
    }
    #expect(zip(gradient, size).allSatisfy { abs($0) <= 1e-12 * $1 })
  }

  @Test func balancedClassesCountAlike() throws {
    let problem = Self.cancer
    let second = problem.targets.reduce(0, +), count = Double(problem.targets.count)
    let balanced = try LogisticRegression.fit(
      features: problem.matrix, labels: problem.targets, classWeights: .balanced)
    let fixed = try LogisticRegression.fit(
      features: problem.matrix, labels: problem.targets,
      classWeights: .fixed(count / (2 * (count - second)), count / (2 * second)))
    #expect(relativeError(balanced.coefficients, fixed.coefficients) <= 1e-12)
    // With an intercept the weighted mean of the probabilities is the weighted share of the second class: one half.
    let probabilities = try balanced.probabilities(problem.matrix)
    let sums = zip(probabilities, problem.targets).reduce(into: (0.0, 0.0)) { sums, row in
      let weight = row.1 == 1 ? count / (2 * second) : count / (2 * (count - second))
      sums.0 += weight * row.0
      sums.1 += weight
    }
    #expect(abs(sums.0 / sums.1 - 0.5) <= 1e-12)
  }

  /// The conditions of optimality: |gradient| ≤ λ where a coefficient is 0, and gradient = −λ·sign where it is not.
  @Test func lassoIsOptimal() throws {
    let problem = Self.cancer
    let scales = [10.0, 0.01, 0.02, 0.01, 0.01]
    let features = Matrix(problem.features.map { zip($0, scales).map { $0 / $1 } })
    let lasso = 0.15, ridge = 0.01
    let model = try LogisticRegression.fit(
      features: features, labels: problem.targets, penalty: Penalty(ridge: .uniform(ridge), lasso: .uniform(lasso)))
    #expect(model.likelihood == nil && model.coefficients.contains(0) && model.coefficients.contains { $0 != 0 })
    let probabilities = try model.probabilities(features)
    for column in 0..<features.columns {
      var gradient = ridge * model.coefficients[column]
      for row in 0..<features.rows {
        gradient += (probabilities[row] - problem.targets[row]) * features[row, column] / Double(features.rows)
      }
      let coefficient = model.coefficients[column]
      if coefficient == 0 {
        #expect(abs(gradient) <= lasso + 1e-7)
      } else {
        #expect(abs(gradient + (coefficient > 0 ? lasso : -lasso)) <= 1e-7)
      }
    }
  }

  /// Against References/Models/firth.json: the maximum of the penalised likelihood in 40 digits.
  @Test func firthMaximisesTheLikelihoodTimesJeffreysPrior() throws {
    struct Case: Decodable {
      var name, family: String
      var features: [[Double]]
      var targets, coefficients, standardErrors: [Double]
    }
    let cases: [Case] = decodedReference("Models/firth.json")
    #expect(cases.count >= 4)
    for problem in cases {
      let model = try GeneralizedLinearModel.fit(
        features: Matrix(problem.features), targets: problem.targets, family: Family.named(problem.family)!,
        reducesBias: true)
      #expect(relativeError(model.coefficients.map(\.estimate), problem.coefficients) <= 1e-12, "\(problem.name)")
      #expect(
        relativeError(model.coefficients.map(\.standardError), problem.standardErrors) <= 1e-9, "\(problem.name)")
    }
  }

  /// A coefficient that is 0 by symmetry has no digits to converge to.
  @Test func coefficientsOfZeroEndTheFit() throws {
    let features: Matrix<Double> = [[1, 0], [1, 1], [2, 0], [2, 1], [3, 0], [3, 1], [4, 0], [4, 1]]
    let labels = [0, 0, 1, 1, 0, 0, 1, 1]
    for reducesBias in [false, true] {
      let model = try LogisticRegression.fit(features: features, labels: labels, reducesBias: reducesBias)
      #expect(abs(model.coefficients[1]) <= 1e-14 && model.coefficients[0] > 0)
      #expect(model.likelihood!.iterations < 60)
    }
  }

  /// A search that ends before the minimum is no fit, with any penalty.
  @Test func unfinishedFitsAreErrors() throws {
    let problem = Self.cancer
    for penalty in [Penalty.none, Penalty(ridge: 1e-3), Penalty(lasso: 1e-3)] {
      let result = Result { () throws(ModelError) in
        try LogisticRegression.fit(
          features: problem.matrix, labels: problem.targets, penalty: penalty,
          control: OptimizerControl(maximumIterations: 2))
      }
      guard case .failure(.notConverged(.iterationLimit(2), iterations: 2)) = result else {
        Issue.record("\(penalty)")
        continue
      }
    }
  }

  @Test func codingKeepsPredictions() throws {
    let problem = Self.iris
    for penalty in [Penalty.none, Penalty(ridge: 0.1), Penalty(lasso: 0.01)] {
      let model = try LogisticRegression.fit(features: problem.matrix, labels: problem.targets, penalty: penalty)
      let copy = try JSONDecoder().decode(LogisticRegression.self, from: JSONEncoder().encode(model))
      #expect(try copy.probabilities(problem.matrix) == model.probabilities(problem.matrix))
    }
  }
}
