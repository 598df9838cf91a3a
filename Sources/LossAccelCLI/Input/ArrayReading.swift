/// Reads an array from a .npy file or all columns of a text table, whichever it is; `-` is standard input.
///
/// A first line of text in which not all cells are numbers names the columns. NaN and infinities are values.
func readArray(_ path: String, delimiter: DelimiterOption) throws -> NumericArray {
  var source = try ByteSource(path: path)
  if try source.begins(with: NpyHeader.magic) || path.hasSuffix(".npy") {
    var reader = try NpyReader(source: source)
    return try reader.read()
  }
  let format = TableFormat(dialect: try delimiter.dialect(for: path, header: .detected), unusual: .numbersOnly)
  let (header, columns) = try readTable(source, format: format) { [Array($0.names.indices)] }
  let shape = header.names.count == 1 ? [columns.rowCount] : [columns.rowCount, header.names.count]
  return NumericArray(
    name: source.name, shape: shape, elements: Elements(values: columns.groups[0]),
    columnNames: header.isNumbered ? nil : header.names,
    lines: RecordLines(path: path, dialect: format.dialect, hasHeader: !header.isNumbered))
}
