import Foundation
import LossAccel

/// An output layer's batch that a script of Benchmarks/Peers has written to a folder: hidden.f32 and classifier.f32, row after row, and
/// labels.i32, as this machine stores them. The mean and its gradients are computed again and again on all threads, timed, and the gradients
/// written to hidden_gradient.f32 and classifier_gradient.f32.
struct OutputLayerPeerProblem {
  let folder: String
  /// Bytes that may be taken beside inputs and outputs.
  let memory: Int
  let hidden, classifier: Matrix<Float>
  let labels: [Int32]

  init(folder: String, columns: Int, memory: Int) throws {
    self.folder = folder
    self.memory = memory
    let states: [Float] = try peerElements("hidden.f32", in: folder)
    let rows: [Float] = try peerElements("classifier.f32", in: folder)
    hidden = Matrix(rows: states.count / columns, columns: columns, elements: states)
    classifier = Matrix(rows: rows.count / columns, columns: columns, elements: rows)
    labels = try peerElements("labels.i32", in: folder)
  }

  private struct Measured: Codable {
    var seconds: Double
    var value: Double
    /// Beside inputs and outputs, where the system tells.
    var extraBytes: Int?
  }

  /// The median time of one call, of at least three.
  func report(budget: Double) throws -> Data {
    var gradient = OutputLayerTangent<Float>.zeros(
      tokens: hidden.rows, classes: classifier.rows, width: hidden.columns)
    let loss = LinearCrossEntropy(memory: memory)
    func run() throws -> Double {
      try loss.mean(hidden: hidden, classifier: classifier, labels: labels, gradient: &gradient)
    }
    var (value, extra) = (try run(), Int?.none)
    if ResidentMemory.forgetPeak(), let before = ResidentMemory.now {
      value = try run()
      extra = ResidentMemory.peak.map { $0 - before }
    }
    var times: [Double] = []
    while times.count < 3 || times.reduce(0, +) < budget {
      let start = ContinuousClock.now
      value = try run()
      let duration = start.duration(to: .now).components
      times.append(Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
    }
    try write(gradient.hidden.elements, "hidden_gradient.f32")
    try write(gradient.classifier.elements, "classifier_gradient.f32")
    return try JSONEncoder().encode(
      Measured(seconds: times.sorted()[times.count / 2], value: value, extraBytes: extra))
  }

  private func write(_ elements: [Float], _ name: String) throws {
    try Data(bytes(of: elements.span)).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
  }
}
