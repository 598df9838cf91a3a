/// The table of a model's coefficients, as R prints it: estimate, standard error, statistic, p value, and stars.
struct CoefficientTable {
  struct Row {
    var term: String
    var estimate, standardError, statistic, pValue: Double
    var isDropped: Bool
  }

  /// `t` or `z`.
  let statistic: String
  let rows: [Row]

  /// The lines, the title first.
  func lines(significantDigits digits: Int, explainsStars: Bool = true) -> [String] {
    func column(_ value: (Row) -> Double, _ digits: Int) -> [String] {
      alignedByDecimalPoint(
        rows.map { $0.isDropped || value($0).isNaN ? "NA" : decimalText(value($0), significantDigits: digits) })
    }
    let columns = [
      ("Estimate", column(\.estimate, digits + 1)), ("Std. Error", column(\.standardError, digits)),
      ("\(statistic) value", column(\.statistic, 4)), ("Pr(>|\(statistic)|)", column(\.pValue, 3)),
    ]
    let termWidth = rows.map(\.term.count).max() ?? 0
    let widths = columns.map { max($0.0.count, $0.1.map(\.count).max() ?? 0) }
    let dropped = rows.count(where: \.isDropped)
    var lines = [dropped == 0 ? "Coefficients:" : "Coefficients: (\(dropped) not defined because of dependent columns)"]
    lines.append(String(repeating: " ", count: termWidth) + Self.line(columns.map(\.0), widths))
    for (index, row) in rows.enumerated() {
      let name = row.term + String(repeating: " ", count: termWidth - row.term.count)
      let stars = LinearRegression.stars(row.pValue)
      lines.append(name + Self.line(columns.map { $0.1[index] }, widths) + (stars.isEmpty ? "" : " " + stars))
    }
    lines = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    if explainsStars && hasStars { lines += Self.explanationOfStars }
    return lines
  }

  /// Whether a p value is small enough for a mark.
  var hasStars: Bool { rows.contains { !LinearRegression.stars($0.pValue).isEmpty } }

  static let explanationOfStars = ["---", "Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1"]

  /// Cells in columns of these widths, on their right edges.
  static func line(_ cells: [String], _ widths: [Int]) -> String {
    zip(cells, widths).map { "  " + String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }.joined()
  }
}
