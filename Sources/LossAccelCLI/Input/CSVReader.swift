import Foundation

/// The records of a text table, one window of bytes after the other.
///
/// A window always begins at a record. It is as large as one read, and grows only for a record longer than that.
struct CSVReader {
  /// No sensible record is longer; a quote that is never closed would otherwise swallow the file.
  static let longestRecord = 64 << 20

  let scanner: CSVScanner
  private(set) var source: ByteSource
  /// The line on which the window begins, counted from 1. Lines within it are counted when a message needs them.
  private var firstLine = 1
  private(set) var buffer: [UInt8] = []
  private(set) var position = 0
  private(set) var isLastWindow = false
  /// Bytes that nobody has consumed yet.
  var unread: Int { buffer.count - position }
  private let readSize: Int

  init(source: ByteSource, dialect: CSVDialect, readSize: Int = 1 << 18) throws {
    scanner = CSVScanner(dialect: dialect)
    self.source = source
    self.readSize = readSize
    try widen()
    try checkEncoding()
  }

  /// The next record that is not a blank line, as text; nil at the end.
  mutating func nextTextRecord() throws -> [String]? {
    try peekTextRecord(consume: true)
  }

  /// The next record as text, without stepping over it.
  mutating func peekTextRecord() throws -> [String]? {
    try peekTextRecord(consume: false)
  }

  /// The line on which the next record begins.
  mutating func lineOfNextRecord() throws -> Int {
    _ = try peekTextRecord()
    var next = position
    while scanner.skipBlankLine(buffer.span, at: &next, isLastWindow: isLastWindow) {}
    return firstLine + lineBreaks(in: buffer.span, before: next)
  }

  /// Hands all remaining records to `columns`, window by window.
  ///
  /// - Parameter progress: Called after every window with the bytes read so far.
  mutating func readAll(into columns: inout NumericColumns, progress: (Int) -> Void) throws {
    while true {
      let window = CSVWindow(file: source.name, firstLine: firstLine, isLast: isLastWindow, scanner: scanner)
      var next = position
      try columns.appendRecords(buffer.span, of: window, from: &next)
      position = next
      progress(source.bytesRead)
      if isLastWindow { return }
      try widen()
    }
  }

  /// The unread bytes up to `end`, consumed.
  mutating func takePiece(_ end: Int) -> CSVPiece {
    let start = firstLine + lineBreaks(in: buffer.span, before: position)
    let piece = CSVPiece(bytes: Array(buffer[position..<end]), firstLine: start)
    position = end
    return piece
  }

  private mutating func peekTextRecord(consume: Bool) throws -> [String]? {
    while true {
      var next = position
      if let record = try textRecord(at: &next) {
        if consume { position = next }
        return record
      }
      if isLastWindow { return nil }
      try widen()
    }
  }

  /// The record at `next`; nil when the window ends before the record does, or there is none.
  private func textRecord(at next: inout Int) throws -> [String]? {
    let bytes = buffer.span
    while scanner.skipBlankLine(bytes, at: &next, isLastWindow: isLastWindow) {}
    if next == bytes.count { return nil }
    var cells: [String] = []
    var text: [UInt8] = []
    do throws(CSVScanner.Trouble) {
      while true {
        let end = try scanner.textCell(bytes, at: &next, isLastWindow: isLastWindow, into: &text)
        if end == .incomplete { return nil }
        cells.append(String(decoding: text, as: UTF8.self))
        if end == .record { return cells }
      }
    } catch {
      throw tableError(error, at: TextLocation(file: source.name, firstLine: firstLine, in: bytes, offset: next))
    }
  }

  /// Drops what has been consumed and reads more behind the rest.
  mutating func widen() throws {
    firstLine += lineBreaks(in: buffer.span, before: position)
    buffer.removeFirst(position)
    position = 0
    guard buffer.count <= Self.longestRecord else {
      throw DataError(
        """
        \(source.name):\(firstLine): the record that begins on this line is longer than \(Self.longestRecord >> 20) MiB. \
        Look for a quote that is never closed.
        """)
    }
    // Doubling keeps the repeated reading of one long record linear in its length.
    let data = try source.read(atMost: max(readSize, buffer.count))
    isLastWindow = data.isEmpty
    buffer.append(contentsOf: data)
  }

  private mutating func checkEncoding() throws {
    let cure: String? =
      switch (buffer.first, buffer.dropFirst().first) {
      case (0x1F, 0x8B): "is compressed with gzip. Pipe it in: zcat FILE | lossaccel … -"
      case (0x50, 0x4B): "is a zip archive (perhaps a spreadsheet). Export it as CSV first."
      case (0xFF, 0xFE), (0xFE, 0xFF): "is in UTF-16. Convert it: iconv -f UTF-16 -t UTF-8 FILE"
      case (0x93, UInt8(ascii: "N")): "is a NumPy array, but a table with named columns is needed: a CSV file."
      default: nil
      }
    if let cure { throw DataError("\(source.name) \(cure)") }
    if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }
}
