import Foundation
import LossAccel

/// Predictions and targets that a script of Benchmarks/Peers has written to a folder: p.f64 and y.f64, doubles of this machine. Losses
/// and gradient of every sample are computed again and again on one thread, written to values.f64 and gradient.f64, and timed.
struct PointwisePeerProblem {
  let folder: String
  let loss: PointwiseLoss
  let predictions, targets: [Double]

  init(folder: String, loss name: String) throws {
    self.folder = folder
    loss = try LossCatalogue.loss(named: name)
    predictions = try peerDoubles("p.f64", in: folder)
    targets = try peerDoubles("y.f64", in: folder)
  }

  private struct Timed: Codable {
    var seconds: Double
  }

  /// The median time of one call, of at least five measurements of a millisecond or more.
  func report(budget: Double) throws -> Data {
    var (values, gradient) = (predictions, predictions)
    let seconds = try Parallelism.withThreads(1) {
      var (times, repetitions) = ([Double](), 1)
      while times.count < 5 || times.reduce(0, +) * Double(repetitions) < budget {
        let start = ContinuousClock.now
        for _ in 0..<repetitions {
          try loss.values(
            predictions: predictions.span, targets: targets.span, into: values.mutableSpan,
            gradient: gradient.mutableSpan)
        }
        let duration = start.duration(to: .now).components
        let time = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
        if time < 1e-3 { repetitions *= 2 } else { times.append(time / Double(repetitions)) }
      }
      return times.sorted()[times.count / 2]
    }
    for (name, elements) in [("values", values), ("gradient", gradient)] {
      try Data(peerBytes(elements)).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name + ".f64"))
    }
    return try JSONEncoder().encode(Timed(seconds: seconds))
  }
}

/// The doubles in a file of a folder.
func peerDoubles(_ name: String, in folder: String) throws -> [Double] { try peerElements(name, in: folder) }

/// The numbers in a file of a folder, in this machine's order.
func peerElements<Element: BitwiseCopyable & Numeric>(_ name: String, in folder: String) throws -> [Element] {
  let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(name)))
  defer { extendLifetime(bytes) }
  var values: [Element] = []
  values.reserveCapacity(bytes.count / MemoryLayout<Element>.stride)
  appendElements(fromBytes: bytes.span, to: &values)
  return values
}

private func peerBytes(_ values: [Double]) -> [UInt8] {
  values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
}
