import Foundation
import LossAccel

/// A least-squares problem that a script of Benchmarks/Peers has written to a folder: A.f64 (by rows) and b.f64, doubles of this machine.
/// Solved again and again, and reported as JSON.
struct PeerProblemFile {
  let matrix: Matrix<Double>
  let targets: [Double]

  init(folder: String, columns: Int) throws {
    func doubles(_ name: String) throws -> [Double] {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(name)))
      defer { extendLifetime(bytes) }
      var values: [Double] = []
      values.reserveCapacity(bytes.count / 8)
      appendElements(fromBytes: bytes.span, to: &values)
      return values
    }
    let elements = try doubles("A.f64")
    matrix = Matrix(rows: elements.count / columns, columns: columns, elements: elements)
    targets = try doubles("b.f64")
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
