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
        lossaccel fit data.csv --target y --covariance cluster:school --diagnostics
        lossaccel fit data.csv --target y --ridge loo
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

  @Option(help: "A column of known parts of the target, to be subtracted before the fit.")
  var offset: String?

  @Option(
    help: ArgumentHelp(
      "Ridge regression: adds λ·Σβ², without the intercept, to the sum of squares.",
      discussion: """
        A number is the penalty λ; several between commas are compared, from one factorisation; loo and gcv choose λ by exact \
        leave-one-out errors or by generalised cross-validation.
        """, valueName: "λ"))
  var ridge = RidgeOption.penalty(0)

  @Option(
    help: ArgumentHelp(
      "What the errors may do, for standard errors and tests.",
      discussion: """
        classical: one variance. hc0 … hc4, hc4m: a variance of each row's own (hc3 is the usual advice). cluster:COLUMN: correlated \
        within clusters, cluster:COLUMN,COLUMN within clusters of two kinds. hac, hac:LAGS: correlated over neighbouring rows, by \
        Newey and West.
        """))
  var covariance = CovarianceOption.named(.classical)

  @Flag(help: "Print likelihood, tests of the residuals, collinearity, and the rows that stand out.")
  var diagnostics = false

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
    if let level, !(level > 0 && level < 100) {
      throw ValidationError("--level is \(level); a level lies between 0 and 100 percent, as in --level 95.")
    }
  }

  func run() throws {
    let table = try RegressionTable(
      path: file, format: try format(), target: target, features: features, weights: weights, offset: offset,
      labels: covariance.columns)
    var options = RegressionOptions(
      hasIntercept: !hasNoIntercept, method: method.method, dependentColumns: dependentColumns.policy,
      covariance: covariance.covariance(labels: table.labels), confidenceLevel: (level ?? 95) / 100)
    var path: RidgePath?
    switch ridge {
    case .penalty(let penalty): options.ridge = penalty
    case .path(let penalties): return try show(try fitPath(table, options, penalties: penalties), table)
    case .chosen(let criterion):
      path = try fitPath(table, options, penalties: nil)
      options.ridge = path?.penalty(minimizing: criterion) ?? 0
    }
    let model = try fit(table, options)
    let report = FitReport(
      model: model, table: table, path: path, showsIntervals: level != nil, showsDiagnostics: diagnostics)
    try Terminal.show(json ? try report.json().text : try report.text())
  }

  private func show(_ path: RidgePath, _ table: RegressionTable) throws {
    let terms = (hasNoIntercept ? [] : ["(Intercept)"]) + table.featureNames
    try Terminal.show(
      json ? ridgeJSON(path, terms: terms).text : ridgeText(path, targetName: table.targetName))
  }

  private func format() throws -> TableFormat {
    TableFormat(
      dialect: try delimiter.dialect(for: file, header: hasNoHeader ? .absent : .present),
      unusual: missing == .drop ? .dropped : .refused)
  }
}
