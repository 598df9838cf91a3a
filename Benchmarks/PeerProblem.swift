import Foundation
import LossAccel

/// A least-squares problem that a script of Benchmarks/Peers has written to a folder: A.f64 (by rows) and b.f64, doubles of this machine.
/// Solved again and again, and reported as JSON.
struct PeerProblemFile {
  let matrix: Matrix<Double>
  let targets: [Double]

  init(folder: String, columns: Int) throws {
    let elements = try peerDoubles("A.f64", in: folder)
    matrix = Matrix(rows: elements.count / columns, columns: columns, elements: elements)
    targets = try peerDoubles("b.f64", in: folder)
  }

  struct Timed: Codable {
    var seconds: Double
    var coefficients: [Double]
  }

  /// The median of at least three runs, and of as many as fit into `budget` seconds, by accuracy.
  func report(budget: Double) throws -> Data {
    var reports: [String: Timed] = [:]
    for (name, accuracy) in [("exact", LeastSquaresAccuracy.exact), ("fast", .fast)] {
      var times: [Double] = []
      var coefficients = try leastSquares(matrix, targets, accuracy: accuracy).coefficients
      while times.count < 3 || (times.reduce(0, +) < budget && times.count < 51) {
        let start = ContinuousClock.now
        coefficients = try leastSquares(matrix, targets, accuracy: accuracy).coefficients
        let duration = start.duration(to: .now).components
        times.append(Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
      }
      reports[name] = Timed(seconds: times.sorted()[times.count / 2], coefficients: coefficients)
    }
    return try JSONEncoder().encode(reports)
  }
}
