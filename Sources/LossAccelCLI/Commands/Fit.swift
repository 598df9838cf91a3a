import ArgumentParser
import LossAccel

struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Fit a linear regression in closed form.")

  @Argument(help: "A CSV file, or - for standard input.")
  var file: String

  @Option(help: "The column to predict.")
  var target: String

  @Option(parsing: .singleValue, help: "The columns to predict it from, between commas. Default: all others.")
  var features: [String] = []

  @Flag(help: "The first line is data; columns are called V1, V2, … and may be chosen by number.")
  var noHeader = false

  @OptionGroup var tableOptions: TableOptions

  func run() throws {
    let format = try tableOptions.format(for: file, header: noHeader ? .absent : .present)
    let (_, columns) = try readTable(file, format: format) { header in
      let target = try header.index(of: target, option: "--target")
      let features =
        features.isEmpty
        ? header.names.indices.filter { $0 != target } : try header.indices(of: features, option: "--features")
      return [features, [target]]
    }
    print(columns.rowCount, columns.droppedCount, columns.groups.map { $0.reduce(0, +) })
  }
}
