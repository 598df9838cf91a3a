import LossAccel
import TestSupport
import Testing

/// A problem of References/Models/multinomial.json, with its answer in 60 digits, rounded.
struct MultinomialCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Reference: Decodable, Sendable {
    var loss, deviance: Double
    /// A row for every term, a column for every class.
    var coefficients: [[Double]]
    /// A row for every class but the first; of problems without a ridge.
    var standardErrors: [[Double]]?
    /// Between the first term of the second class and the last term of the last.
    var covariance: Double?
  }

  var name: String
  var classes: Int
  var ridge: Double
  var intercept: Bool
  var features: [[Double]]
  var labels: [Int]
  var weights, classWeights: [Double]?
  var reference: Reference

  var testDescription: String { name }
  var matrix: Matrix<Double> { Matrix(features) }

  func fit(scales: [Double]? = nil, optimizer: any Optimizer = AutomaticOptimizer()) throws -> MultinomialRegression {
    let scaled = features.map { row in scales.map { zip(row, $0).map { $0 * $1 } } ?? row }
    var penalty = Penalty.none
    if ridge > 0 {
      // The same penalty on the scaled columns' coefficients.
      penalty.ridge = .perColumn((scales ?? features[0].map { _ in 1 }).map { ridge * $0 * $0 })
    }
    return try MultinomialRegression.fit(
      features: Matrix(scaled), labels: labels, weights: weights,
      classWeights: classWeights.map { .perClass($0) } ?? .equal, intercept: intercept, penalty: penalty,
      optimizer: optimizer)
  }

  static let all: [MultinomialCase] = decodedReference("Models/multinomial.json")
}

/// What R's `nnet::multinom` says of the same problem.
struct RMultinomial: Decodable, Sendable {
  var name: String
  /// A row for every class but the first, a column for every term.
  var coefficients, standardErrors: [[Double]]
  var deviance, aic: Double
  var rank: Int

  static let all: [RMultinomial] = decodedReference("Models/multinomial-r.json")
}

extension MultinomialRegression {
  /// A row for every term, a column for every class.
  var table: [[Double]] {
    (hasIntercept ? [intercepts] : []) + (0..<columnNames.count).map { Array(coefficients.row($0)) }
  }
}
