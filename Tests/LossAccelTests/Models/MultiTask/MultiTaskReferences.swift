import LossAccel
import TestSupport

/// What References/MultiTask/multitask.py computes to 50 digits.
struct MultiTaskReferences: Decodable, Sendable {
  struct Weighting: Decodable, Sendable {
    var name: String
    var losses, parameters, gradient, curvature: [Double]
    var value: Double
  }
  struct Average: Decodable, Sendable {
    var rounds: [[Double]]
    var temperature: Double
    var weights: [Double]
  }
  struct Directions: Decodable, Sendable {
    var gradients: [[Double]]
    var pcgrad, mgda, cagrad, cagradWide: [Double]
    var worst, worstWide: Double

    /// The gradients, as those of tasks t0, t1, …
    func tasks(_ order: [Int]? = nil) throws -> TaskGradients {
      let order = order ?? Array(gradients.indices)
      return try TaskGradients(
        names: order.map { "t\($0)" }, losses: order.map { Double($0 + 1) },
        gradients: Matrix(order.map { gradients[$0] }))
    }

    /// The length of the longest gradient: what rounding errors of products are relative to.
    var scale: Double { gradients.map { norm($0) }.max()! }
  }
  struct Ridge: Decodable, Sendable {
    var features, targets, precision, coefficients: [[Double]]
    var penalty: Double
    var intercept: Bool
  }

  var weightings: [Weighting]
  var averages: [Average]
  var directions: [Directions]
  var ridges: [Ridge]

  static let known: MultiTaskReferences = decodedReference(
    "MultiTask/multitask.json", from: #filePath.replacing("/MultiTask/", with: "/"))
}

func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
func distance(_ a: [Double], _ b: [Double]) -> Double { norm(zip(a, b).map { $0 - $1 }) }
