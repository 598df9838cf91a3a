/// How a table in text is written.
struct CSVDialect {
  enum Header {
    /// The first record names the columns.
    case present
    /// The first record is data; columns are called V1, V2, … and may be chosen by number.
    case absent
    /// The first record names the columns unless all its cells are numbers.
    case detected
  }

  var delimiter = UInt8(ascii: ",")
  var header = Header.present

  /// Whether a byte is padding around a cell that is not part of it.
  @inline(__always)
  func isBlank(_ byte: UInt8) -> Bool {
    (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != delimiter
  }

  @inline(__always)
  func isLineBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}

/// What a cell that should hold a number holds.
enum NumericCell: Equatable {
  case number(Double)
  /// Empty, or a word for "not available".
  case missing
  /// Anything else; the text as written, without quotes.
  case text(String)

  /// Reads the words that are not decimal numbers: `NaN` and infinities in any case, and those for missing cells.
  init(word: String) {
    switch word.lowercased() {
    case "", "na", "n/a", "null": self = .missing
    case "nan", "+nan", "-nan": self = .number(.nan)
    case "inf", "+inf", "infinity", "+infinity": self = .number(.infinity)
    case "-inf", "-infinity": self = .number(-.infinity)
    default: self = .text(word)
    }
  }
}
