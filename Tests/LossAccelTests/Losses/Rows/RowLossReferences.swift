import LossAccel
import TestSupport

/// One row of scores with its loss, gradient and a product with its Hessian, to 60 digits, from References/Rows/row_losses.txt, or from
/// row_losses_edges.txt beside it, where the Hessian's diagonal comes on top.
struct RowLossReference: Sendable {
  var name = ""
  var bits = 64
  var parameters: [String: Double] = [:]
  var scores: [Double] = []
  var label: Int?
  var targets: [Double] = []
  var direction: [Double] = []
  var value = 0.0
  /// The sum of the magnitudes of the terms that the value is a sum of.
  var size = 0.0
  var gradient: [Double] = []
  var product: [Double] = []
  var diagonal: [Double]?

  static let all: [String: [RowLossReference]] = {
    do {
      let texts = try ["row_losses", "row_losses_edges"].map { try reference("Rows/\($0).txt", from: folder) }
      return Dictionary(grouping: texts.flatMap(parse), by: \.name)
    } catch {
      fatalError("\(error)")
    }
  }()

  /// `reference` looks in the folder above the one of the file that it is given.
  private static let folder = String(#filePath.dropLast("Rows/RowLossReferences.swift".count)) + "_"

  private static func parse(_ text: String) -> [RowLossReference] {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    func numbers(_ line: [Substring]) -> [Double] { line.map { Double($0)! } }
    return lines.indices.filter { lines[$0][0] == "case" }.map { at in
      let head = lines[at]
      var result = RowLossReference()
      result.name = String(head[1])
      result.bits = Int(head[2])!
      for parameter in head.dropFirst(4) {
        let parts = parameter.split(separator: "=")
        result.parameters[String(parts[0])] = Double(parts[1])!
      }
      result.scores = numbers(lines[at + 1])
      if head[3] == "labels" { result.label = Int(lines[at + 2][0])! } else { result.targets = numbers(lines[at + 2]) }
      result.direction = numbers(lines[at + 3])
      (result.value, result.size) = (Double(lines[at + 4][0])!, Double(lines[at + 4][1])!)
      result.gradient = numbers(lines[at + 5])
      result.product = numbers(lines[at + 6])
      if at + 7 < lines.count, lines[at + 7][0] != "case" { result.diagonal = numbers(lines[at + 7]) }
      return result
    }
  }
}
