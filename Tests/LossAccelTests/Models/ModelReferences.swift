import LossAccel
import TestSupport
import Testing

/// A problem of References/Models/glm.json, with its answer in 60 digits, rounded.
struct ModelCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Reference: Decodable, Sendable {
    var coefficients, standardErrors, hc0, hc1, clustered, means: [Double]
    var deviance, pearson: Double
  }

  var name, family, link: String
  var parameter: Double?
  var intercept: Bool
  var features: [[Double]]
  var targets: [Double]
  var weights, offsets: [Double]?
  var reference: Reference

  var testDescription: String { name }
  var matrix: Matrix<Double> { Matrix(features) }
  var linked: Link { Link(rawValue: link)! }
  var ofFamily: Family { Family.named(family, parameter: parameter)! }

  func fit(
    scales: [Double]? = nil, covariance: CoefficientCovariance = .classical, accuracy: LeastSquaresAccuracy = .exact
  ) throws -> GeneralizedLinearModel {
    let scaled = features.map { row in scales.map { zip(row, $0).map { $0 * $1 } } ?? row }
    return try GeneralizedLinearModel.fit(
      features: Matrix(scaled), targets: targets, family: ofFamily, link: linked, weights: weights, offsets: offsets,
      intercept: intercept, accuracy: accuracy, covariance: covariance)
  }

  static let all: [ModelCase] = decodedReference("Models/glm.json")
}

/// What R says of the same problem.
struct RModel: Decodable, Sendable {
  var name: String
  var coefficients, standardErrors, statistics, pValues, lows, highs: [Double]
  var hc0, hc1, hc2, hc3, clustered: [Double]
  var responseResiduals, devianceResiduals, pearsonResiduals, workingResiduals: [Double]
  var means, meanErrors, predictors, predictorErrors: [Double]
  var dispersion, deviance, nullDeviance: Double
  var aic, bic: Double?
  var rank, residualFreedom, nullFreedom: Int

  static let all: [RModel] = decodedReference("Models/glm-r.json")
}

/// The largest relative error; where the reference is 0, the absolute one.
func relativeError(_ values: [Double], _ reference: [Double]) -> Double {
  precondition(values.count == reference.count, "\(values.count) values for \(reference.count) references")
  return zip(values, reference).reduce(0) { largest, pair in
    let error = abs(pair.0 - pair.1) / (pair.1 == 0 ? 1 : abs(pair.1))
    return error.isNaN ? .infinity : max(largest, error)
  }
}
