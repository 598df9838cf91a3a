/// Finds the lines on which the records of a text table begin.
///
/// Only messages ask, so no line is kept while a table is read: the file is read again, which standard input does not allow.
struct RecordLines {
  let path: String
  let dialect: CSVDialect
  let hasHeader: Bool

  /// The line, counted from 1, of the record of that index, counted from 0; nil where the file cannot be read again.
  func line(ofRecord index: Int) -> Int? {
    guard path != "-", let source = try? ByteSource(path: path), source.size != nil,
      var reader = try? CSVReader(source: source, dialect: dialect)
    else { return nil }
    for _ in 0..<(index + (hasHeader ? 1 : 0)) {
      guard (try? reader.nextTextRecord()) != nil else { return nil }
    }
    return try? reader.lineOfNextRecord()
  }
}
