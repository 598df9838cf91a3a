import LossAccel
import TestSupport

/// References/Models/penalties.json: what scikit-learn, statsmodels and fifty digits say.
struct PenaltyReferences: Decodable, Sendable {
  struct Paths: Decodable, Sendable {
    var features: [[Double]]
    var amounts: [Double]
    var answers, kinds: [Int]
    var folds: Int
    var seed: UInt64
    var strengths: [Double]
    /// Of every strength the mean error, and its standard error.
    var ridge, elasticNet, logistic, multinomial: [[Double]]
  }

  struct Constrained: Decodable, Sendable {
    struct Case: Decodable, Sendable {
      var equations: [[Double]]
      var values, strengths: [Double]
      var ridge: Double
      /// The intercept's first.
      var coefficients: [Double]
    }

    var features: [[Double]]
    var targets: [Double]
    var cases: [Case]
  }

  struct Robust: Decodable, Sendable {
    var features: [[Double]]
    var labels, clusters: [Int]
    /// A row for every class but the first.
    var hc0, hc1, clustered: [[Double]]
  }

  var paths: Paths
  var constrained: Constrained
  var robust: Robust

  static let known: PenaltyReferences = decodedReference("Models/penalties.json")
}
