import ArgumentParser

/// How text tables separate their cells; shared by the commands that read one.
struct DelimiterOption: ParsableArguments {
  @Option(help: "The character between cells; 'tab' for a tabulator. Default: a comma, in .tsv files a tabulator.")
  var delimiter: String?

  func dialect(for path: String, header: CSVDialect.Header) throws -> CSVDialect {
    CSVDialect(delimiter: try byte(for: path), header: header)
  }

  private func byte(for path: String) throws -> UInt8 {
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
