import ArgumentParser
import LossAccel

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict with a model that 'lossaccel fit --save' wrote.",
    discussion: """
      The table needs the columns that the model was fitted with, under the same names; others do not matter. One line is written for every \
      record: the mean (with --type link the predictor), and with --level its standard error and an interval; of a multinomial model the \
      likeliest class and the probability of each (with --type link their logits).

      EXAMPLES
        lossaccel fit data.csv --target y --family poisson --save model.json
        lossaccel predict model.json new.csv
        lossaccel predict model.json new.csv --level 95 > predictions.csv
      """)

  @Argument(help: "The model.")
  var model: String

  @Argument(help: "A text table (.csv, .tsv), or - for standard input.")
  var file: String

  @Option(help: "response: the mean of the target; link: the linear predictor, which is what a loss takes.")
  var type = Kind.response

  @Option(help: "Add standard errors and confidence intervals of this level, in percent.")
  var level: Double?

  @Flag(
    name: .customLong("no-header"),
    help: "The first line is data; columns are V1, V2, …, as in a fit with --no-header.")
  var hasNoHeader = false

  @Flag(help: "Print a JSON array of objects.")
  var json = false

  @OptionGroup var delimiter: DelimiterOption

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case response, link
  }

  func validate() throws {
    if let level, !(level > 0 && level < 100) {
      throw ValidationError("--level is \(level); a level lies between 0 and 100 percent, as in --level 95.")
    }
  }

  func run() throws {
    let saved = try SavedModel.read(model)
    guard let design = saved.design else { throw DataError("\(model): the model does not say which columns it takes.") }
    let format = TableFormat(
      dialect: try delimiter.dialect(for: file, header: hasNoHeader ? .absent : .present), unusual: .refused)
    let stream = try TableStream(try RereadableInput(path: file), format: format) { header in
      (try design.neededColumns.map { try header.index(of: $0, option: "the model") }, false)
    }
    let (table, _) = try stream.wholeTable()
    if level != nil, case .multinomial = saved {
      throw UsageError("--level: the probabilities of a multinomial model come without intervals.")
    }
    let columns: [PredictedColumn]
    do throws(ModelError) { columns = try self.columns(saved, table) } catch {
      throw modelFailure(error, stream, names: table.names, hasDropped: false)
    }
    try show(columns)
  }

  private func columns(_ saved: SavedModel, _ table: DataTable) throws(ModelError) -> [PredictedColumn] {
    switch saved {
    case .linear(let model):
      let predictors = try model.predict(table)
      return [PredictedColumn("prediction", type == .link ? predictors : predictors.map { model.link.mean($0) })]
    case .generalizedLinear(let model):
      let predictions = try model.predictions(for: table)
      let isLink = type == .link
      var columns = [PredictedColumn("prediction", isLink ? predictions.predictors : predictions.means)]
      guard let level else { return columns }
      let intervals = predictions.confidenceIntervals(level: level / 100, onLinkScale: isLink)
      columns.append(
        PredictedColumn("std.error", isLink ? predictions.predictorErrors : predictions.standardErrors))
      columns.append(PredictedColumn("conf.low", intervals.map(\.low)))
      columns.append(PredictedColumn("conf.high", intervals.map(\.high)))
      return columns
    case .multinomial(let model):
      let numbers = type == .link ? try model.logits(table) : try model.probabilities(table)
      let prefix = type == .link ? "logit" : "p"
      return [PredictedColumn("class", try model.classes(table))]
        + model.classNames.enumerated().map { PredictedColumn("\(prefix).\($1)", numbers.column($0)) }
    }
  }

  private func show(_ columns: [PredictedColumn]) throws {
    let rows = columns[0].texts.indices
    if json {
      let objects = rows.map { row in JSON.object(columns.map { ($0.name, $0.values[row]) }) }
      return try Terminal.show(JSON.array(objects).text)
    }
    let lines = rows.map { row in columns.map { $0.texts[row] }.joined(separator: ",") }
    try Terminal.show(
      ([columns.map { PredictedColumn.cell($0.name) }.joined(separator: ",")] + lines).joined(separator: "\n"))
  }
}

/// A column of what `predict` writes.
struct PredictedColumn {
  let name: String
  /// As cells of a text table.
  let texts: [String]
  let values: [JSON]

  init(_ name: String, _ numbers: [Double]) {
    self.name = name
    texts = numbers.map { "\($0)" }
    values = numbers.map { $0.isNaN ? .null : .number($0) }
  }

  init(_ name: String, _ texts: [String]) {
    self.name = name
    self.texts = texts.map(Self.cell)
    values = texts.map { .string($0) }
  }

  /// A text as a cell: in quotes where it would be read as something else.
  static func cell(_ text: String) -> String {
    let isPlain = !text.contains { ",\"\n\r".contains($0) }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
