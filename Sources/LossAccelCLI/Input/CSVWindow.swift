/// What is needed, beside the bytes themselves, to read a run of bytes that begins at a record, and to name places in it.
struct CSVWindow {
  let file: String
  /// The line on which the run begins, counted from 1. Lines within it are counted only when a message needs them.
  let firstLine: Int
  /// Whether the input ends with these bytes.
  let isLast: Bool
  let scanner: CSVScanner

  func location(of offset: Int, in bytes: Span<UInt8>) -> TextLocation {
    TextLocation(file: file, firstLine: firstLine, in: bytes, offset: offset)
  }
}
