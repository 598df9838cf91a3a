/// Curves drawn with braille letters, eight dots to a letter, for a terminal.
struct TerminalPlot {
  private static let columns = 64
  private static let lines = 14

  /// The dots of a letter, by column and line from the top.
  private static let dots: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  /// The picture with a scale to the left, the predictions below, and the names of the curves.
  static func text(_ curves: LossCurves, style: (_ text: String, _ curve: Int) -> String) -> String {
    var cells = [[(bits: UInt32, curve: Int)]](
      repeating: [(UInt32, Int)](repeating: (0, -1), count: columns), count: lines)
    // Drawn from the last to the first, so that the loss itself lies on top.
    for (number, curve) in curves.curves.enumerated().reversed() {
      var last: Int?
      for x in 0..<2 * columns {
        let value = curve.values[x * (curve.values.count - 1) / (2 * columns - 1)]
        guard value.isFinite, curves.range.contains(value) else {
          last = nil
          continue
        }
        let y = height(of: value, in: curves.range)
        // Steep parts are joined by the dots between.
        for dot in min(last ?? y, y)...max(last ?? y, y) {
          cells[dot / 4][x / 2].bits |= dots[x % 2][dot % 4]
          cells[dot / 4][x / 2].curve = number
        }
        last = y
      }
    }
    let zero = height(of: min(max(0, curves.range.lowerBound), curves.range.upperBound), in: curves.range) / 4
    var result: [String] = []
    for (line, row) in cells.enumerated() {
      let label =
        line == 0
        ? shown(curves.range.upperBound, digits: 3)
        : line == zero ? "0" : line == lines - 1 ? shown(curves.range.lowerBound, digits: 3) : ""
      let letters = row.map { cell in
        cell.bits == 0
          ? (line == zero ? "┈" : " ") : style(String(UnicodeScalar(0x2800 + cell.bits) ?? " "), cell.curve)
      }
      result.append(String(repeating: " ", count: max(0, 8 - label.count)) + label + " │" + letters.joined())
    }
    let (first, final) = (shown(curves.predictions[0], digits: 3), shown(curves.predictions.last ?? 0, digits: 3))
    let gap = String(repeating: " ", count: max(1, columns - first.count - final.count))
    result.append(String(repeating: " ", count: 10) + first + gap + final)
    let names = curves.curves.enumerated().map { style("━ " + $1.name, $0) }.joined(separator: "   ")
    result.append(String(repeating: " ", count: 10) + names + "   (\(curves.title))")
    return result.joined(separator: "\n")
  }

  /// The line of dots, from the top, of a value.
  private static func height(of value: Double, in range: ClosedRange<Double>) -> Int {
    let share = (range.upperBound - value) / (range.upperBound - range.lowerBound)
    return min(4 * lines - 1, max(0, Int((share * Double(4 * lines - 1)).rounded())))
  }
}
