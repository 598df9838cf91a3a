extension Matrix: CustomStringConvertible {
  /// The shape and the elements, in columns aligned by their decimal points, with up to 6 significant digits.
  ///
  /// Of a large matrix the first and last rows and columns are shown:
  ///
  /// ```
  /// 1000 × 3 matrix
  ///   1   2.5     0.333333
  ///   1  10      -1.5e-10
  ///   ⋮   ⋮       ⋮
  ///   1   0.125   4
  /// ```
  public var description: String {
    let shownRows = Self.shown(of: rows, most: 10)
    let shownColumns = Self.shown(of: columns, most: 8)
    var lines = [String](repeating: "", count: shownRows.count)
    for column in shownColumns {
      let cells = shownRows.map { row in
        guard let column else { return row == nil ? "⋱" : "…" }
        guard let row else { return "⋮" }
        return decimalText(elements[row * columns + column], significantDigits: 6)
      }
      for (line, cell) in alignedByDecimalPoint(cells).enumerated() { lines[line] += "  " + cell }
    }
    let trimmed = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    return (["\(rows) × \(columns) matrix"] + (columns == 0 ? [] : trimmed)).joined(separator: "\n")
  }

  /// The indices to show of `count`: all, or the first and last ones around a nil.
  private static func shown(of count: Int, most: Int) -> [Int?] {
    if count <= most { return Array(0..<count) }
    let (head, tail) = (most - most / 2, most / 2)
    return (0..<head).map { $0 } + [nil] + (count - tail..<count).map { $0 }
  }
}
