/// Rows of cells as aligned text: the first column to the left, the others to the right.
package struct TextTable {
  package var header: [String]
  package var rows: [[String]] = []

  package init(header: [String]) { self.header = header }

  /// The lines, the header first, each two spaces between columns and without trailing spaces.
  package var lines: [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([header] + rows).map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + padding : padding + cell.0
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
