import LossAccel

/// A place in a text file, in the form that editors jump to.
struct TextLocation: CustomStringConvertible {
  let file: String
  let line: Int
  let column: Int

  var description: String { "\(file):\(line):\(column)" }

  /// The place `offset` bytes into a window that begins on `firstLine`. Columns count characters, not bytes.
  init(file: String, firstLine: Int, in bytes: Span<UInt8>, offset: Int) {
    var lineStart = offset
    while lineStart > 0 && bytes[lineStart - 1] != UInt8(ascii: "\n") && bytes[lineStart - 1] != UInt8(ascii: "\r") {
      lineStart -= 1
    }
    var characters = 0
    for index in lineStart..<offset where bytes[index] & 0xC0 != 0x80 { characters += 1 }
    self.file = file
    line = firstLine + lineBreaks(in: bytes, before: lineStart)
    column = characters + 1
  }
}

/// How many line breaks (LF, CRLF or CR) the first `count` bytes hold.
func lineBreaks(in bytes: Span<UInt8>, before count: Int) -> Int {
  let bytes = bytes.extracting(0..<count)
  let feeds = countBytes(bytes, equalTo: UInt8(ascii: "\n"))
  let returns = countBytes(bytes, equalTo: UInt8(ascii: "\r"))
  var pairs = 0
  if returns > 0 {
    for index in 1..<max(count, 1) where bytes[index] == UInt8(ascii: "\n") {
      pairs += bytes[index - 1] == UInt8(ascii: "\r") ? 1 : 0
    }
  }
  return feeds + returns - pairs
}

/// The sentence for a record that the scanner could not read.
func tableError(
  _ trouble: CSVScanner.Trouble, at place: TextLocation, columnName: String = "", cureForMissing: String = ""
) -> DataError {
  switch trouble {
  case .unclosedQuote:
    return DataError("\(place): this cell begins with a quote that is never closed. Close it, or write it as \"\".")
  case .textAfterQuote:
    return DataError(
      "\(place): there is text behind the closing quote. Inside a quoted cell a quote is written twice: \"\".")
  case .refused(let cell):
    return cellError(cell, at: place, columnName: columnName, cureForMissing: cureForMissing)
  }
}

/// The sentence for a cell that should have been a number.
private func cellError(
  _ cell: NumericCell, at place: TextLocation, columnName: String, cureForMissing: String
) -> DataError {
  switch cell {
  case .number(let value) where value.isNaN:
    return DataError("\(place): the cell in column \(columnName) is NaN. \(cureForMissing)")
  case .number(let value):
    return DataError(
      "\(place): the cell in column \(columnName) is \(value), but only finite numbers can be used. Correct or remove it."
    )
  case .missing:
    return DataError("\(place): the cell in column \(columnName) is missing. \(cureForMissing)")
  case .text(let text):
    return DataError("\(place): cannot read \(quoted(text)) in column \(columnName) as a number. \(cure(for: text))")
  }
}

private func cure(for text: String) -> String {
  let commas = text.filter { $0 == "," }.count
  let isNumberWithCommas = commas > 0 && text.allSatisfy { $0.isNumber || ",.+-eE".contains($0) }
  if isNumberWithCommas && commas == 1 && !text.contains(".") {
    return "Numbers are written with a decimal point: 1.5, not 1,5."
  }
  if isNumberWithCommas { return "Remove the separators between thousands." }
  if text.hasSuffix("%") { return "Remove the percent sign." }
  return "Correct the cell, or choose other columns."
}

/// A cell's text between quotes, shortened and on one line.
private func quoted(_ text: String) -> String {
  let shown = text.count > 40 ? text.prefix(37) + "…" : text[...]
  return "\"" + String(shown).replacing("\n", with: "\\n").replacing("\r", with: "\\r") + "\""
}
