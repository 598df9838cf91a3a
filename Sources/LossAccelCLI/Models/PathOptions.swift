import ArgumentParser
import LossAccel

/// The options of `fit` that choose a penalty by cross-validation.
struct PathOptions: ParsableArguments {
  @Option(
    name: .customLong("cv"),
    help: ArgumentHelp(
      "Choose the strength of a penalty by cross-validation in K parts, from 50 strengths, and print the path.",
      discussion: """
        The penalty is λ·(M·Σ|β| + ½(1 − M)·Σβ²) on the mean of the losses and the coefficients of standardised columns, as \
        glmnet has it. --seed decides which record is in which part. Without --family or --loss the loss is the squared error.
        """, valueName: "K"))
  var folds: Int?

  @Option(
    help: ArgumentHelp("With --cv: the share of the lasso, 1 for a lasso (the default), 0 for a ridge.", valueName: "M")
  )
  var mixing: Double?

  @Option(
    help: "With --cv: best takes the smallest error, simplest the strongest penalty within a standard error of it.")
  var choose: Choice?

  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case best, simplest
  }

  var isGiven: Bool { folds != nil }

  func validate() throws {
    if let folds, folds < 2 { throw ValidationError("--cv is \(folds); there are two parts at least, as in --cv 10.") }
    if let mixing, !(0...1).contains(mixing) {
      throw ValidationError("--mixing is \(mixing); a share lies between 0 and 1, as in --mixing 0.5.")
    }
    if folds == nil && (mixing != nil || choose != nil) {
      throw ValidationError("--mixing and --choose belong to --cv, as in --cv 10.")
    }
  }

  /// The chosen place of a path.
  func place(_ path: some PenaltyPath) -> Int { choose == .simplest ? path.simplest : path.best }
}

/// A path of penalties as `fit` prints it, and the model that was chosen.
struct FittedPath {
  struct Row {
    let strength, error, standardError: Double
    /// How many coefficients are not 0.
    let nonzero: Int
    var marks: [String]
  }

  let mixing: Double
  let folds: Int
  let rows: [Row]
  let chosen: Int
  let model: SavedModel

  init(_ path: LinearModelPath, _ options: PathOptions) {
    self.init(path, options, { .linear($0) }) { $0.coefficients.count { $0 != 0 } }
  }

  init(_ path: MultinomialPath, _ options: PathOptions) {
    self.init(path, options, { .multinomial($0) }) { $0.coefficients.elements.count { $0 != 0 } }
  }

  private init<Path: PenaltyPath>(
    _ path: Path, _ options: PathOptions, _ saved: (Path.Model) -> SavedModel, _ nonzero: (Path.Model) -> Int
  ) {
    (mixing, folds, chosen) = (path.mixing, options.folds ?? 0, options.place(path))
    rows = path.strengths.indices.map {
      Row(
        strength: path.strengths[$0], error: path.errors[$0], standardError: path.standardErrors[$0],
        nonzero: nonzero(path.models[$0]),
        marks: ($0 == path.best ? ["best"] : []) + ($0 == path.simplest ? ["simplest"] : []))
    }
    model = saved(path.models[chosen])
  }

  /// A table for people.
  var text: String {
    var table = TextTable([
      ("Strength", .decimal), ("Error", .decimal), ("Std. error", .decimal), ("Nonzero", .right), ("Smallest", .left),
    ])
    for row in rows {
      table.append([
        shown(row.strength), shown(row.error), shown(row.standardError), "\(row.nonzero)",
        row.marks.joined(separator: ", "),
      ])
    }
    let kind = mixing == 1 ? "lasso" : mixing == 0 ? "ridge" : "elastic net with a share of \(shown(mixing)) of lasso"
    return """
      Penalty path, \(kind), by cross-validation in \(folds) parts:
      \(table.lines(style: Style()).joined(separator: "\n"))
      Chosen: \(shown(rows[chosen].strength))
      """
  }

  /// The same as members of an object.
  var json: (String, JSON) {
    (
      "path",
      .array(
        rows.enumerated().map { place, row in
          .object([
            ("strength", .number(row.strength)), ("error", .number(row.error)),
            ("std.error", .number(row.standardError)), ("nonzero", .integer(row.nonzero)),
            ("chosen", .bool(place == chosen)),
          ])
        })
    )
  }
}
