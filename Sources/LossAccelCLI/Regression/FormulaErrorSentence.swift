import LossAccel

extension RecordParser {
  /// An error of a formula about a row of a piece, with the line where the row stands.
  func failure(_ error: ModelFormulaError, in piece: CSVPiece) -> any Error {
    rowFailure(error, file: file) { "\(file):\(line(ofRow: $0, in: piece))" }
  }

  /// The line on which a row of a piece begins; where records were left out, that of the record with as many before it.
  private func line(ofRow row: Int, in piece: CSVPiece) -> Int {
    let bytes = piece.bytes.span
    var (position, count) = (0, 0)
    while position < bytes.count {
      if scanner.skipBlankLine(bytes, at: &position, isLastWindow: true) { continue }
      if count == row { break }
      var end = CSVScanner.End.cell
      while end == .cell {
        guard let next = try? scanner.skipCell(bytes, at: &position, isLastWindow: true) else { return piece.firstLine }
        end = next
      }
      count += 1
    }
    return piece.firstLine + lineBreaks(in: bytes, before: position)
  }
}

/// The error of the command line for an error of a formula.
func formulaFailure(_ error: ModelFormulaError, file: String) -> any Error {
  switch error {
  case .syntax: return UsageError(error.description)
  case .dependentColumns(let sentences):
    return NumericalFailure(
      """
      \(file): the coefficients are not determined: \(sentences.joined(separator: "; ")). Leave terms out, or pass --dependent drop, \
      --dependent minimum-norm or --ridge.
      """)
  case .leastSquares(.empty):
    return DataError(
      "\(file): nothing is left to fit. At least one record needs a weight above 0, and one column or the intercept a use."
    )
  case .leastSquares(let inner): return NumericalFailure("\(file): \(inner)")
  default: return DataError("\(file): \(error)")
  }
}

/// The error of the command line for an error of a formula about a row, whose place is known.
func rowFailure(_ error: ModelFormulaError, file: String, place: (Int) -> String) -> any Error {
  switch error {
  case .notFinite(let term, let row, let value):
    DataError("\(place(row)): \(term) is \(value). Correct the record, or choose another transformation.")
  case .unknownLevel(let term, let level, let row):
    DataError("\(place(row)): \(term) is \"\(level)\", which is not one of the levels given.")
  case .missingValue(let column, let row):
    DataError("\(place(row)): the cell in column \(column) is missing. Fill it in, or pass --missing drop.")
  case .leastSquares(.invalidWeight(let row, let value)):
    DataError("\(place(row)): the weight is \(value). Weights must not be negative; 0 leaves a record out.")
  default: formulaFailure(error, file: file)
  }
}
