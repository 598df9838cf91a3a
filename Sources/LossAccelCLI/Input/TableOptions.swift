import ArgumentParser

/// The options that say how a text table is written; shared by the commands that read one.
struct TableOptions: ParsableArguments {
  @Option(help: "The character between cells; 'tab' for a tabulator. Default: a comma, in .tsv files a tabulator.")
  var delimiter: String?

  @Option(help: "What to do with records that lack a wanted cell (empty, NA, N/A, NaN, null): error or drop.")
  var missing = Missing.error

  enum Missing: String, ExpressibleByArgument, CaseIterable {
    case error, drop
  }

  func format(for path: String, header: CSVDialect.Header) throws -> TableFormat {
    var format = TableFormat()
    format.dialect.header = header
    format.dialect.delimiter = try delimiterByte(for: path)
    format.missing = missing == .drop ? .dropped : .refused
    return format
  }

  private func delimiterByte(for path: String) throws -> UInt8 {
    guard let delimiter else { return path.hasSuffix(".tsv") ? UInt8(ascii: "\t") : UInt8(ascii: ",") }
    if delimiter == "tab" || delimiter == "\\t" { return UInt8(ascii: "\t") }
    guard delimiter.utf8.count == 1, let byte = delimiter.utf8.first else {
      throw UsageError(
        "--delimiter \"\(delimiter)\" is not one ASCII character. For a tabulator write: --delimiter tab")
    }
    // Characters that a number, a quote or the end of a line may contain cannot separate numbers.
    guard !"\"\n\r.+-0123456789eE".utf8.contains(byte) else {
      throw UsageError(
        "--delimiter \"\(delimiter)\" cannot separate numbers. Use a comma, semicolon, tab, space or bar.")
    }
    return byte
  }
}
