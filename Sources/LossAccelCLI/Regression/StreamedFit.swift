import LossAccel

/// What a regression on a table is asked to be.
struct TableRegression {
  var formula: ModelFormula
  /// The columns' own names, where the formula was made of a list of them; nil where it was typed.
  var names: (columns: [String], target: String)?
  var weights: String?
  var options: RegressionOptions
}

/// The model, and how many records lacked a cell and were left out.
typealias TableFit = (model: LinearRegression, dropped: Int)

/// Fits a table that is read in passes: for the levels of factors and the centres of polynomials, if there are any; for the sums; for the residuals.
func fitInPasses(_ stream: TableStream, _ regression: TableRegression) throws -> TableFit {
  let options = regression.options
  do {
    let plan = try ModelPlan(
      regression.formula, names: stream.header.names, reserved: regression.weights.map { [$0] } ?? [])
    let design = try ModelDesign(plan, try scan(stream, plan))
    let width = design.columnNames.count + 3
    // Sixteen thousand rows place the quartiles to within a few percent of the rows; fewer where rows are wide.
    let sampled = max(1024, min(16384, (4 << 20) / width))
    let passes = RegressionStream(
      design, weights: regression.weights, ridge: options.ridge, whenRankDeficient: options.dependentColumns,
      sampleStride: stream.estimatedRecords / sampled)
    var sums = passes.noSums
    let counts = try stream.pass({ try passes.sums($0) }, merge: { sums.add($0) })
    var solved = try passes.solve(sums)
    for pass in 2... {
      let current = solved
      var residuals = passes.noResiduals(current)
      _ = try stream.pass({ try passes.residuals($0, current) }, merge: { residuals.add($0) })
      if let model = try passes.model(
        residuals, &solved, pass: pass, confidenceLevel: options.confidenceLevel, names: regression.names)
      {
        return (model, counts.dropped)
      }
    }
    preconditionFailure("the fifth pass is the last")
  } catch let error as ModelFormulaError {
    throw formulaFailure(error, file: stream.header.file)
  }
}

/// The levels of factors and the centres of polynomials, in a pass if there are any.
func scan(_ stream: TableStream, _ plan: ModelPlan) throws -> ModelScan {
  let texts = Set(stream.parser.wanted.filter(\.isText).map { stream.header.names[$0.column] })
  let empty = ModelScan(plan)
  guard plan.needsScan(isFactor: texts.contains) else { return empty }
  // Polynomials are measured from the middle of the first piece, so that what is found in the others can be added.
  var whole: ModelScan?
  var origin = empty
  try origin.add(TableColumns(stream.firstTable()))
  let start = origin.empty()
  _ = try stream.pass(
    { table in
      var part = start
      try part.add(TableColumns(table))
      return part
    },
    merge: { part in
      if whole == nil { whole = part } else { whole?.add(part) }
    })
  return whole ?? empty
}

/// Fits a table that is held in memory, with any method.
func fitHeld(_ stream: TableStream, _ regression: TableRegression) throws -> TableFit {
  let options = regression.options
  let (table, dropped) = try stream.wholeTable()
  do {
    let model = try LinearRegression.fit(
      regression.formula, table, weights: regression.weights, ridge: options.ridge, method: options.method,
      whenRankDeficient: options.dependentColumns, covariance: options.covariance,
      confidenceLevel: options.confidenceLevel)
    return (model, dropped)
  } catch {
    throw stream.failure(error)
  }
}
