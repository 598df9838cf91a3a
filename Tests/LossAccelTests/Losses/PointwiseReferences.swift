import LossAccel
import TestSupport
import Testing

/// A sample of a loss with its exact value, gradient and curvature.
struct PointwiseReference {
  let prediction, target: Double
  let results: [Exact]

  /// A number, and the magnitude of the terms that cancel in it: 0 where every digit must be right.
  struct Exact {
    let number, magnitude: Double

    /// The distance in units of the last place of the number, or of the terms that cancel.
    func error<T: Scalar>(of actual: T) -> Double {
      let expected = T(number)
      if expected.isNaN || actual.isNaN { return expected.isNaN && actual.isNaN ? 0 : .infinity }
      if expected.isInfinite || actual.isInfinite { return expected == actual ? 0 : .infinity }
      return Swift.abs(Double(actual) - number) / Swift.max(Double(expected.ulp), Double(T(magnitude).ulp))
    }
  }
}

/// All samples of one loss with one set of parameters, exact in one precision.
struct PointwiseReferenceSet: CustomTestStringConvertible {
  let loss: String
  let parameters: [String: Double]
  let precision: Substring
  var samples: [PointwiseReference] = []

  var testDescription: String { "\(loss) \(parameters) \(precision)" }

  /// The groups of losses that have a script and its references in `References/Pointwise`, where `common.py` says what the
  /// lines mean.
  static let groups = ["regression", "classification", "counts"]

  /// The references of every group, read once.
  static let all: [PointwiseReferenceSet] = groups.flatMap(sets)

  private static func sets(of group: String) -> [PointwiseReferenceSet] {
    var sets: [PointwiseReferenceSet] = []
    for line in (try? reference("Pointwise/\(group).txt"))?.split(separator: "\n") ?? [] {
      let fields = line.split(separator: " ")
      let numbers = fields.dropFirst(3).compactMap { Double($0) }
      precondition(numbers.count == 8, "not a reference: \(line)")
      var parameters: [String: Double] = [:]
      for setting in fields[1].split(separator: ",") where setting != "-" {
        let parts = setting.split(separator: "=")
        parameters[String(parts[0])] = Double(parts[1])
      }
      let sample = PointwiseReference(
        prediction: numbers[0], target: numbers[1],
        results: stride(from: 2, to: 8, by: 2).map { .init(number: numbers[$0], magnitude: numbers[$0 + 1]) })
      let matches = sets.last.map {
        $0.loss == fields[0] && $0.parameters == parameters && $0.precision == fields[2]
      }
      if matches != true {
        sets.append(.init(loss: String(fields[0]), parameters: parameters, precision: fields[2]))
      }
      sets[sets.count - 1].samples.append(sample)
    }
    return sets
  }
}
