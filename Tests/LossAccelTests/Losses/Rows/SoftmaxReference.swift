import LossAccel
import TestSupport
import Testing

/// A batch with results to 60 digits, from References/Rows/softmax.txt.
struct SoftmaxReference: Sendable, CustomTestStringConvertible {
  var bits = 64
  var rows = 0
  var classes = 0
  var labelSmoothing = 0.0
  var ignoredLabel: Int?
  var logits: [Double] = []
  var labels: [Int]?
  var targets: [Double]?
  var classWeights: [Double]?
  var weights: [Double]?
  var losses: [Double] = []
  var sum = 0.0
  var mean = 0.0
  var denominator = 0.0
  var gradient: [Double] = []

  var testDescription: String {
    """
    f\(bits) \(rows) × \(classes), \(labels == nil ? "distributions" : "labels"), smoothing \(labelSmoothing)\
    \(classWeights == nil ? "" : ", class weights")\(ignoredLabel.map { ", ignored \($0)" } ?? "")
    """
  }

  var loss: SoftmaxCrossEntropy {
    SoftmaxCrossEntropy(classWeights: classWeights, labelSmoothing: labelSmoothing, ignoredLabel: ignoredLabel)
  }

  /// The distribution of a row as it counts.
  func targetThatCounts(_ row: Int, _ k: Int) -> Double {
    let raw = targets?[row * classes + k] ?? (labels![row] == k ? 1 : 0)
    return (classWeights?[k] ?? 1) * ((1 - labelSmoothing) * raw + labelSmoothing / Double(classes))
  }

  static let all: [SoftmaxReference] = {
    do { return try parse(reference("Rows/softmax.txt", from: folder)) } catch { fatalError("\(error)") }
  }()

  /// `reference` looks in the folder above the one of the file that it is given.
  private static let folder = String(#filePath.dropLast("Rows/SoftmaxReference.swift".count)) + "_"

  private static func parse(_ text: String) -> [SoftmaxReference] {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    func numbers(_ line: [Substring]) -> [Double]? { line == ["-"] ? nil : line.map { Double($0)! } }
    return stride(from: 0, to: lines.count, by: 9).map { at in
      let head = lines[at]
      var result = SoftmaxReference()
      result.bits = Int(head[1])!
      result.rows = Int(head[2])!
      result.classes = Int(head[3])!
      result.labelSmoothing = Double(head[5])!
      result.ignoredLabel = Int(head[6])
      result.logits = numbers(lines[at + 1])!
      if head[4] == "labels" {
        result.labels = lines[at + 2].map { Int($0)! }
      } else {
        result.targets = numbers(lines[at + 2])
      }
      result.classWeights = numbers(lines[at + 3])
      result.weights = numbers(lines[at + 4])
      result.losses = numbers(lines[at + 5])!
      result.sum = numbers(lines[at + 6])![0]
      result.mean = numbers(lines[at + 7])![0]
      result.denominator = numbers(lines[at + 7])![1]
      result.gradient = numbers(lines[at + 8])!
      return result
    }
  }
}
