import Foundation

/// How to read a table, beyond where it is.
struct TableFormat {
  var dialect: CSVDialect
  var unusual: UnusualCells
}

/// Reads the wanted columns of a text table.
///
/// - Parameter select: From the column names to groups of column indices; see ``NumericColumns``.
func readTable(
  _ source: ByteSource, format: TableFormat, select: (TableHeader) throws -> [[Int]]
) throws -> (header: TableHeader, columns: NumericColumns) {
  var reader = try CSVReader(source: source, dialect: format.dialect)
  let header = try readHeader(&reader, kind: format.dialect.header)
  var columns = NumericColumns(
    names: header.names, groups: try select(header), unusual: format.unusual)
  let progress = ReadingProgress(size: reader.source.size)
  try reader.readAll(into: &columns) { progress.update(bytesRead: $0) }
  progress.finish()
  if columns.rowCount == 0 { throw noData(header.file, droppedCount: columns.droppedCount) }
  return (header, columns)
}

func readHeader(_ reader: inout CSVReader, kind: CSVDialect.Header) throws -> TableHeader {
  let file = reader.source.name
  guard let first = try reader.peekTextRecord() else {
    throw DataError("\(file) is empty. A table needs a line of column names and at least one record.")
  }
  let isHeader =
    switch kind {
    case .present: true
    case .absent: false
    case .detected: first.contains { isText($0) }
    }
  guard isHeader else { return TableHeader(columnCount: first.count, file: file) }
  _ = try reader.nextTextRecord()
  return TableHeader(names: first, file: file)
}

private func isText(_ cell: String) -> Bool {
  guard Double(cell) == nil, case .text = NumericCell(word: cell) else { return false }
  return true
}
