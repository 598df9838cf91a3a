/// A table for people: columns padded to one width, numbers aligned at their decimal points.
struct TextTable {
  enum Alignment {
    case left
    case right
    /// At the decimal point (or where it would be, before an exponent); text that is no number stands right.
    case decimal
  }

  private let titles: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) {
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  mutating func append(_ row: [String]) {
    precondition(row.count == titles.count, "a row of \(row.count) cells in a table of \(titles.count) columns")
    rows.append(row)
  }

  /// The lines, the titles first, without line breaks and without blanks at the end.
  func lines(style: Style = Style()) -> [String] {
    let columns = titles.indices.map { paddedColumn($0) }
    return (0...rows.count).map { line in
      var cells = columns.map { $0[line] }
      // A last column to the left needs no padding; blanks at the end of a line help nobody.
      if let last = cells.popLast() { cells.append(withoutTrailingBlanks(last)) }
      let text = cells.joined(separator: "  ")
      return line == 0 ? style.bold(text) : text
    }
  }

  var text: String { lines().joined(separator: "\n") }

  private func paddedColumn(_ column: Int) -> [String] {
    var cells = rows.map { $0[column] }
    if alignments[column] == .decimal {
      let tails = cells.map { $0.count - integerPartLength($0) }
      let widest = zip(cells, tails).map { isNumber($0) ? $1 : 0 }.max() ?? 0
      cells = zip(cells, tails).map { cell, tail in
        isNumber(cell) ? cell + String(repeating: " ", count: widest - tail) : cell
      }
    }
    let all = [titles[column]] + cells
    let width = all.map(\.count).max() ?? 0
    return all.map { cell in
      let padding = String(repeating: " ", count: width - cell.count)
      return alignments[column] == .left ? cell + padding : padding + cell
    }
  }

  private func isNumber(_ cell: String) -> Bool {
    cell.first { $0 != "-" && $0 != "<" && $0 != " " }?.isNumber ?? false
  }

  private func integerPartLength(_ cell: String) -> Int {
    cell.firstIndex { $0 == "." || $0 == "e" }.map { cell.distance(from: cell.startIndex, to: $0) } ?? cell.count
  }

  private func withoutTrailingBlanks(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
