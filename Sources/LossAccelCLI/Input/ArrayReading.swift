import LossAccel

/// Reads an array from a .npy file or all columns of a text table, whichever it is; `-` is standard input.
///
/// NaN and infinities are values; a missing cell of a text table is a mistake unless it is to be read as NaN.
func readArray(
  _ path: String, delimiter: DelimiterOption, header: CSVDialect.Header, missingIsNaN: Bool = false
) throws -> NumericArray {
  var source = try ByteSource(path: path)
  if try source.begins(with: NpyHeader.magic) || path.hasSuffix(".npy") {
    var reader = try NpyReader(source: source)
    return try reader.read()
  }
  let format = TableFormat(
    dialect: try delimiter.dialect(for: path, header: header), unusual: missingIsNaN ? .anyNumber : .numbersOnly)
  let (tableHeader, columns) = try readTable(source, format: format) { [Array($0.names.indices)] }
  let shape = tableHeader.names.count == 1 ? [columns.rowCount] : [columns.rowCount, tableHeader.names.count]
  return NumericArray(
    name: source.name, shape: shape, elements: Elements(values: columns.groups[0]),
    columnNames: tableHeader.isNumbered ? nil : tableHeader.names,
    lines: RecordLines(path: path, dialect: format.dialect, hasHeader: !tableHeader.isNumbered))
}
