import LossAccel
import TestSupport
import Testing

/// A sample of a joint loss with everything that is computed of it: value, gradient, packed Hessian, and Fisher information where
/// there is one, in that order.
struct JointReference {
  let predictions, targets: [Double]
  let results: [PointwiseReference.Exact]
}

/// All samples of one loss with one set of parameters, exact in one precision.
struct JointReferenceSet: Sendable {
  let loss: String
  let parameters: [String: Double]
  let precision: Substring
  var samples: [JointReference] = []

  /// `References/joint_losses.txt`, read once. The script beside it says what the lines mean.
  static let all: [JointReferenceSet] = {
    var sets: [JointReferenceSet] = []
    for line in (try? reference("joint_losses.txt", from: testsFile))?.split(separator: "\n") ?? [] {
      let fields = line.split(separator: " ")
      guard let width = Int(fields[3]), let targets = Int(fields[4]) else {
        preconditionFailure("not a reference: \(line)")
      }
      let numbers = fields.dropFirst(5).map { Double($0)! }
      var parameters: [String: Double] = [:]
      for setting in fields[1].split(separator: ",") where setting != "-" {
        let parts = setting.split(separator: "=")
        parameters[String(parts[0])] = Double(parts[1])
      }
      let results = numbers.dropFirst(width + targets)
      let sample = JointReference(
        predictions: Array(numbers[..<width]), targets: Array(numbers[width..<width + targets]),
        results: stride(from: results.startIndex, to: results.endIndex, by: 2).map {
          .init(number: results[$0], magnitude: results[$0 + 1])
        })
      let matches = sets.last.map {
        $0.loss == fields[0] && $0.parameters == parameters && $0.precision == fields[2]
      }
      if matches != true {
        sets.append(.init(loss: String(fields[0]), parameters: parameters, precision: fields[2]))
      }
      sets[sets.count - 1].samples.append(sample)
    }
    return sets
  }()

  // The references lie beside the folder that this file's folder is in.
  private static let testsFile = #filePath.replacing("/Joint/JointReferences.swift", with: "/JointReferences.swift")
}

extension JointReferenceSet: CustomTestStringConvertible {
  var testDescription: String { "\(loss) \(parameters) \(precision)" }
}
