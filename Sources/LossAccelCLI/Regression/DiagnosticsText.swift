import LossAccel

/// What `fit --diagnostics` prints below the summary.
func diagnosticsText(_ model: LinearRegression, place: (Int) -> String) throws(LeastSquaresError) -> String {
  let style = Style()
  var parts = [try likelihoodLines(model).joined(separator: "\n")]
  if model.ridge == 0 {
    let collinearity = try model.collinearity()
    parts.append(inflationTable(collinearity).lines(style: style).joined(separator: "\n"))
    parts.append(conditionTable(collinearity).lines(style: style).joined(separator: "\n"))
  }
  parts.append(try influenceLines(model, style, place: place).joined(separator: "\n"))
  return parts.joined(separator: "\n\n")
}

private func likelihoodLines(_ model: LinearRegression) throws(LeastSquaresError) -> [String] {
  let tests = model.residualTests
  let press = try model.influence().press
  var lines: [String] = []
  if model.ridge == 0 {
    lines.append(
      "Log-likelihood: \(shown(model.logLikelihood, digits: 7)),  AIC: \(shown(model.aic, digits: 7)),  BIC: \(shown(model.bic, digits: 7))"
    )
  } else {
    lines.append("Effective coefficients: \(shown(try model.effectiveDegreesOfFreedom()))")
  }
  lines.append(
    "Leaving out one row after the other: PRESS \(shown(press)),  predicted R² \(shown(1 - press / model.totalSumOfSquares))"
  )
  lines.append("Durbin–Watson: \(shown(tests.durbinWatson))")
  lines.append(
    "Jarque–Bera: \(shown(tests.jarqueBera.statistic)),  p value: \(shownProbability(tests.jarqueBera.pValue))")
  if tests.omnibus.statistic.isFinite {
    lines.append("Omnibus: \(shown(tests.omnibus.statistic)),  p value: \(shownProbability(tests.omnibus.pValue))")
  }
  lines.append("Residuals' skewness: \(shown(tests.skewness)),  kurtosis: \(shown(tests.kurtosis))")
  return lines
}

private func inflationTable(_ collinearity: Collinearity) -> TextTable {
  var table = TextTable([("Term", .left), ("Variance inflation", .decimal)])
  for (term, factor) in zip(collinearity.terms, collinearity.varianceInflationFactors) where !factor.isNaN {
    table.append([term, shown(factor)])
  }
  return table
}

private func conditionTable(_ collinearity: Collinearity) -> TextTable {
  var table = TextTable([("Condition index", .decimal)] + collinearity.terms.map { ($0, .decimal) })
  for (row, index) in collinearity.conditionIndices.enumerated() {
    // Shares of variance: four places after the point say all.
    table.append([shown(index)] + collinearity.varianceProportions.row(row).map { shown(($0 * 1e4).rounded() / 1e4) })
  }
  return table
}

/// The rows that stand out, ten of the largest Cook's distances among them, by the limits of R's `influence.measures`.
private func influenceLines(
  _ model: LinearRegression, _ style: Style, place: (Int) -> String
) throws(LeastSquaresError) -> [String] {
  let influence = try model.influence()
  let (cooks, dffits, students) = (influence.cooksDistances, influence.dffits, influence.studentizedResiduals)
  let (rows, terms) = (Double(influence.leverages.count), Double(model.rank))
  let farFit = 3 * (terms / max(rows - terms, 1)).squareRoot()
  let standingOut = influence.leverages.indices.filter { row in
    influence.leverages[row] > 3 * terms / rows || abs(dffits[row]) > farFit || abs(students[row]) > 3
  }
  guard !standingOut.isEmpty else {
    return ["No row stands out by its leverage, its residual or its effect on the fit."]
  }
  func size(_ row: Int) -> Double { cooks[row].isNaN ? .infinity : cooks[row] }
  let shownRows = standingOut.sorted { size($0) == size($1) ? $0 < $1 : size($0) > size($1) }.prefix(10)
  var table = TextTable([
    ("Row", .left), ("Leverage", .decimal), ("Studentised residual", .decimal), ("Cook's distance", .decimal),
    ("DFFITS", .decimal),
  ])
  for row in shownRows {
    table.append(
      [place(row)] + [influence.leverages[row], students[row], cooks[row], dffits[row]].map { shown($0, digits: 4) })
  }
  let title =
    "\(counted(standingOut.count, "row")) stand\(standingOut.count == 1 ? "s" : "") out by leverage, residual or effect on the fit"
  return [title + (standingOut.count > 10 ? "; the ten of the largest Cook's distances:" : ":")]
    + table.lines(style: style)
}

extension LinearRegression {
  /// The same for JSON, with every row's numbers.
  func diagnosticsJSON() throws(LeastSquaresError) -> JSON {
    let (influence, tests) = (try influence(), residualTests)
    func list(_ values: [Double]) -> JSON { .array(values.map { $0.isNaN ? .null : .number($0) }) }
    func number(_ value: Double) -> JSON { value.isNaN ? .null : .number(value) }
    var members: [(String, JSON)] = [
      ("logLik", number(logLikelihood)), ("AIC", number(aic)), ("BIC", number(bic)), ("press", number(influence.press)),
      ("durbin.watson", number(tests.durbinWatson)), ("jarque.bera", number(tests.jarqueBera.statistic)),
      ("jarque.bera.p.value", number(tests.jarqueBera.pValue)), ("omnibus", number(tests.omnibus.statistic)),
      ("omnibus.p.value", number(tests.omnibus.pValue)), ("skewness", number(tests.skewness)),
      ("kurtosis", number(tests.kurtosis)), (".hat", list(influence.leverages)), (".resid", list(residuals)),
      (".std.resid", list(influence.standardizedResiduals)), (".student.resid", list(influence.studentizedResiduals)),
      (".cooksd", list(influence.cooksDistances)), (".dffits", list(influence.dffits)),
    ]
    if ridge == 0 {
      let collinearity = try collinearity()
      let inflation = zip(collinearity.terms, collinearity.varianceInflationFactors).filter { !$1.isNaN }
      members.append(("vif", .object(inflation.map { ($0, .number($1)) })))
      members.append(("condition.indices", list(collinearity.conditionIndices)))
      members.append(("notes", .array(collinearity.notes.map { .string($0) })))
    }
    return .object(members)
  }
}
