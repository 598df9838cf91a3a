import ArgumentParser
import LossAccel

struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a linear regression in closed form.",
    discussion: """
      Reads a text table piece by piece and keeps only the columns that it needs. Cells may be quoted, lines may end in LF, CRLF or \
      CR, blank lines are skipped. Compressed tables can be piped in: zcat data.csv.gz | lossaccel fit - --target y

      The JSON object has broom's names: coefficients (a list of term, estimate, std.error, statistic, p.value, conf.low, \
      conf.high), sigma, r.squared, adj.r.squared, statistic, p.value, df, df.residual, nobs, rank, method, condition.

      EXAMPLES
        lossaccel fit data.csv --target y
        lossaccel fit data.csv --target y --features a,b,c --weights w --missing drop
        lossaccel fit data.tsv --target 4 --features 1,2 --no-header --ridge 0.1 --json
      """)

  @Argument(help: "A text table (.csv, .tsv), or - for standard input.")
  var file: String

  @Option(help: "The column to predict.")
  var target: String

  @Option(
    parsing: .singleValue,
    help: "The columns to predict it from, between commas; repeatable. Default: all but the target and the weights.")
  var features: [String] = []

  @Option(help: "A column of weights, not negative; 0 leaves a record out.")
  var weights: String?

  @Flag(name: .customLong("no-intercept"), help: "Fit through the origin.")
  var hasNoIntercept = false

  @Option(help: "The penalty λ of ridge regression: adds λ·Σβ², without the intercept, to the sum of squares.")
  var ridge = 0.0

  @Option(help: "How to solve.")
  var method = Method.automatic

  @Option(
    name: .customLong("dependent"),
    help: "What to do about columns that are combinations of others.")
  var dependentColumns = DependentColumns.error

  @Option(help: "Print confidence intervals of this level, in percent. In JSON they are always there. Default: 95.")
  var level: Double?

  @Flag(name: .customLong("no-header"), help: "The first line is data; columns are V1, V2, … or just their numbers.")
  var hasNoHeader = false

  @OptionGroup var delimiter: DelimiterOption

  @Option(help: "What to do with records that lack a wanted cell (empty, NA, N/A, NaN, null).")
  var missing = Missing.error

  @Flag(help: "Print a JSON object.")
  var json = false

  enum Missing: String, ExpressibleByArgument, CaseIterable {
    case error, drop
  }

  enum DependentColumns: String, ExpressibleByArgument, CaseIterable {
    case error, drop
    case minimumNorm = "minimum-norm"

    var policy: RankDeficiency {
      switch self {
      case .error: .error
      case .drop: .drop
      case .minimumNorm: .minimumNorm
      }
    }
  }

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case automatic, cholesky, qr
    case pivotedQR = "pivoted-qr"
    case svd

    /// Also as the library spells it: pivotedQR.
    init?(argument: String) {
      self.init(rawValue: argument == "pivotedQR" ? "pivoted-qr" : argument)
    }

    var method: LeastSquaresMethod {
      switch self {
      case .automatic: .automatic
      case .cholesky: .cholesky
      case .qr: .qr
      case .pivotedQR: .pivotedQR
      case .svd: .svd
      }
    }
  }

  func validate() throws {
    guard ridge >= 0 && ridge.isFinite else {
      throw ValidationError("--ridge is \(ridge); the penalty must be a finite number, not negative.")
    }
    if let level, !(level > 0 && level < 100) {
      throw ValidationError("--level is \(level); a level lies between 0 and 100 percent, as in --level 95.")
    }
  }

  func run() throws {
    let table = try RegressionTable(
      path: file, format: try format(), target: target, features: features, weights: weights)
    let model = try fit(
      table,
      RegressionOptions(
        hasIntercept: !hasNoIntercept, ridge: ridge, method: method.method, dependentColumns: dependentColumns.policy,
        confidenceLevel: (level ?? 95) / 100))
    let dropped = table.droppedCount
    try Terminal.show(
      json
        ? model.json(droppedRecords: dropped).text
        : fitText(model, droppedRecords: dropped, showsIntervals: level != nil))
  }

  private func format() throws -> TableFormat {
    TableFormat(
      dialect: try delimiter.dialect(for: file, header: hasNoHeader ? .absent : .present),
      unusual: missing == .drop ? .dropped : .refused)
  }
}
