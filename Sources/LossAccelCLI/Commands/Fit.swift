import ArgumentParser
import Foundation
import LossAccel

struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a linear regression in closed form, a generalised linear model, or any loss.",
    discussion: """
      Reads a text table piece by piece on all cores. A table of more than 32 MB is read twice or more and never held in memory; what cannot be \
      read twice (standard input, a pipe) is copied to a temporary file first. Cells may be quoted, lines may end in LF, CRLF or \
      CR, blank lines are skipped. Compressed tables can be piped in: zcat data.csv.gz | lossaccel fit - --target y

      The JSON object has broom's names: coefficients (a list of term, estimate, std.error, statistic, p.value, conf.low, \
      conf.high), sigma, r.squared, adj.r.squared, statistic, p.value, df, df.residual, nobs, rank, method, condition.

      EXAMPLES
        lossaccel fit data.csv --target y
        lossaccel fit cars.csv --formula 'mpg ~ wt + log(hp) + C(cyl)'
        lossaccel fit data.csv --target y --features a,b,c --weights w --missing drop
        lossaccel fit data.tsv --target 4 --features 1,2 --no-header --ridge 0.1 --json
        lossaccel fit data.csv --target y --covariance cluster:school --diagnostics
        lossaccel fit data.csv --target y --ridge loo
        lossaccel fit data.csv --target died --family binomial --weights trials --save model.json
        lossaccel fit claims.csv --formula 'claims ~ age + offset(log(years))' --family poisson --covariance hc1
        lossaccel fit digits.csv --target digit --family multinomial --ridge 0.01 --holdout 0.2
        lossaccel fit data.csv --target y --loss huber --set delta=1.5 --lasso 0.1
        lossaccel fit data.csv --target died --family binomial --cv 10 --choose simplest
      """)

  @Argument(help: "A text table (.csv, .tsv), or - for standard input.")
  var file: String

  @Option(help: "The column to predict; or give --formula.")
  var target: String?

  @Option(
    help: """
      The model in R's notation, instead of --target and --features: 'mpg ~ wt + log(hp) + poly(disp, 2) + C(cyl) + wt:am'. Columns of text \
      are factors; poly(x, 2) is orthogonal as in R, poly(x, 2, raw = TRUE) the powers.
      """)
  var formula: String?

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

  @OptionGroup(title: "Other models") var model: ModelOptions

  @OptionGroup(title: "Cross-validation") var path: PathOptions

  @OptionGroup(title: "Test") var test: TestOptions

  @OptionGroup var delimiter: DelimiterOption

  @Option(help: "What to do with records that lack a wanted cell (empty, NA, N/A, NaN, null).")
  var missing = Missing.error

  @Flag(
    help: """
      Read the table in passes without holding it, however small. Tables of more than 32 MB are read so anyway; with --family or --loss those of \
      more than an eighth of the memory, whose numbers are kept in a temporary file.
      """)
  var stream = false

  @Flag(help: "Print a JSON object.")
  var json = false

  /// Tables up to this size, in bytes, are held in memory, which allows every method.
  private static let heldSize = 32 << 20

  /// The same for models other than linear regression, which take several times the size of the text, and whose every digit and statistic need
  /// the rows in memory: an eighth of it.
  private static var heldModelSize: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory / 8) }

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
    guard (target == nil) != (formula == nil) else {
      throw ValidationError("Say what to fit: either --target COLUMN, or --formula 'y ~ a + b'.")
    }
    if formula != nil && (!features.isEmpty || hasNoIntercept) {
      throw ValidationError("A formula says itself which columns it takes; without an intercept it is 'y ~ 0 + a + b'.")
    }
    if let level, !(level > 0 && level < 100) {
      throw ValidationError("--level is \(level); a level lies between 0 and 100 percent, as in --level 95.")
    }
    if model.save != nil && !model.isGiven && !path.isGiven {
      throw ValidationError("--save belongs to --family, --loss or --cv; linear regression is --family gaussian.")
    }
    if test.isGiven && !model.isMultinomial {
      throw ValidationError("--test and --holdout belong to --family multinomial.")
    }
    if model.isMultinomial && offset != nil {
      throw ValidationError(
        "--family multinomial has no --offset: added to the logits of all classes it changes nothing.")
    }
  }

  func run() throws {
    let input = try RereadableInput(path: file)
    if model.isGiven || self.path.isGiven { return try fitModel(input) }
    let isHeld = !stream && input.size <= Self.heldSize
    guard let target, isHeld else { return try fitFormulaOrStream(input, isHeld: isHeld) }
    let table = try RegressionTable(
      input, format: try format(), target: target, features: features, weights: weights, offset: offset,
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

  /// A generalised linear model, any loss, or a path of penalties, by a formula.
  private func fitModel(_ input: RereadableInput) throws {
    guard case .penalty(let penalty) = ridge, !diagnostics, method == .automatic else {
      throw UsageError(
        "With --family, --loss or --cv, --ridge is a number, and --diagnostics and --method are not there.")
    }
    if path.isGiven && (penalty > 0 || model.lasso > 0 || model.firth) {
      throw UsageError(
        "--cv chooses the penalty itself: leave --ridge, --lasso and --firth out; --mixing says its kind.")
    }
    _ = (try model.chosenFamily(), try model.chosenLoss())
    if case .named(let named) = covariance,
      named.description == CoefficientCovariance.classical.description
    {
    } else if model.family == nil || model.lasso > 0 || penalty > 0 || path.isGiven {
      throw UsageError("--covariance belongs to linear regression and to --family, without penalties.")
    }
    if model.isMultinomial && !covariance.isForClasses {
      throw UsageError("--family multinomial has --covariance classical, hc0, hc1 and cluster:COLUMN.")
    }
    var written = formula ?? ""
    let table = try TableStream(input, format: try format()) { header in
      var columns: Set<Int> = []
      if let target {
        let (text, chosen) = try ColumnSelection(target: target, features: features, weights: weights)
          .formula(header, offset: offset, labels: covariance.columns, hasIntercept: !hasNoIntercept)
        (written, columns) = (text, Set(chosen))
      } else {
        guard offset == nil else { throw UsageError("In a formula an offset is written offset(x).") }
        do {
          let plan = try ModelPlan(
            ModelFormula(written), names: header.names, reserved: weights.map { [$0] } ?? [])
          columns = try Set(plan.columns.map { try header.index(of: $0, option: "--formula") })
        } catch let error as ModelFormulaError {
          throw formulaFailure(error, file: header.file)
        }
        if let weights { columns.insert(try header.index(of: weights, option: "--weights")) }
      }
      for label in covariance.columns { columns.insert(try header.index(of: label, option: "--covariance cluster:")) }
      return (Array(columns), false)
    }
    let work = ModelFit(
      options: model, ridge: penalty, covariance: covariance, confidenceLevel: (level ?? 95) / 100, path: path)
    let isHeld = !stream && !path.isGiven && input.size <= Self.heldModelSize
    let fitted =
      isHeld
      ? try work.run(table, formula: written, weights: weights, test: test)
      : try work.runInPasses(table, formula: written, weights: weights, test: test)
    try model.save.map { try fitted.model.save(to: $0) }
    try Terminal.show(
      json
        ? fitted.model.json(droppedRecords: fitted.dropped, quality: fitted.quality, path: fitted.path).text
        : fitted.model.text(
          droppedRecords: fitted.dropped, showsIntervals: level != nil, quality: fitted.quality, path: fitted.path))
  }

  private func show(_ path: RidgePath, _ table: RegressionTable) throws {
    let terms = (hasNoIntercept ? [] : ["(Intercept)"]) + table.featureNames
    try Terminal.show(
      json ? ridgeJSON(path, terms: terms).text : ridgeText(path, targetName: table.targetName))
  }

  /// A model that is written as a formula, or a table that is too large to be held.
  private func fitFormulaOrStream(_ input: RereadableInput, isHeld: Bool) throws {
    guard case .penalty(let penalty) = ridge, case .named(let named) = covariance, !diagnostics, offset == nil else {
      throw UsageError(
        """
        --diagnostics, --offset, paths of penalties and covariances over clusters or neighbours need --target and a table that is held in \
        memory. In a formula an offset is written offset(x).
        """)
    }
    let options = RegressionOptions(
      hasIntercept: !hasNoIntercept, ridge: penalty, method: method.method, dependentColumns: dependentColumns.policy,
      covariance: named, confidenceLevel: (level ?? 95) / 100)
    if !isHeld
      && (method != .automatic || dependentColumns == .minimumNorm
        || named.description != CoefficientCovariance.classical.description)
    {
      throw UsageError(
        """
        \(input.name) is read in passes, since it is large; then --method is automatic, --covariance classical, and --dependent error or drop.
        """)
    }
    var regression: TableRegression?
    let stream = try TableStream(input, format: try format()) { header in
      if let target {
        let selection = ColumnSelection(target: target, features: features, weights: weights)
        let (made, columns) = try selection.regression(header, options)
        regression = made
        return (columns, true)
      }
      let (made, columns) = try typed(formula ?? "", header, options)
      regression = made
      return (columns, false)
    }
    guard let regression else { preconditionFailure("the header is read first") }
    let (model, dropped) = isHeld ? try fitHeld(stream, regression) : try fitInPasses(stream, regression)
    try Terminal.show(
      json
        ? JSON.object(model.json(droppedRecords: dropped)).text
        : try fitText(model, droppedRecords: dropped, showsIntervals: level != nil))
  }

  private func typed(
    _ formula: String, _ header: TableHeader, _ options: RegressionOptions
  ) throws -> (TableRegression, [Int]) {
    do {
      let formula = try ModelFormula(formula)
      let plan = try ModelPlan(formula, names: header.names, reserved: weights.map { [$0] } ?? [])
      var columns = try Set(plan.columns.map { try header.index(of: $0, option: "--formula") })
      if let weights { columns.insert(try header.index(of: weights, option: "--weights")) }
      return (TableRegression(formula: formula, names: nil, weights: weights, options: options), Array(columns))
    } catch let error as ModelFormulaError {
      throw formulaFailure(error, file: header.file)
    }
  }

  private func format() throws -> TableFormat {
    TableFormat(
      dialect: try delimiter.dialect(for: file, header: hasNoHeader ? .absent : .present),
      unusual: missing == .drop ? .dropped : .refused)
  }
}
