import LossAccel

/// What a ridge path shows: a table for people.
func ridgeText(_ path: RidgePath, targetName: String) -> String {
  var table = TextTable([
    ("Penalty", .decimal), ("Coefficients", .decimal), ("Residual sum of squares", .decimal),
    ("Leave-one-out error", .decimal), ("GCV", .decimal), ("Smallest", .left),
  ])
  let (byLeavingOut, byFormula) = (
    path.index(minimizing: .leaveOneOut), path.index(minimizing: .generalizedCrossValidation)
  )
  for (index, penalty) in path.penalties.enumerated() {
    let marks =
      (index == byLeavingOut ? ["leave-one-out"] : []) + (index == byFormula ? ["GCV"] : [])
    table.append([
      shown(penalty), shown(path.effectiveDegreesOfFreedom[index]), shown(path.residualSumsOfSquares[index]),
      shown(path.leaveOneOutErrors[index]), shown(path.generalizedCrossValidation[index]),
      marks.joined(separator: ", "),
    ])
  }
  return
    "Ridge path for \(targetName): \(counted(path.penalties.count, "penalty", plural: "penalties")), one factorisation\n\n"
    + table.lines(style: Style()).joined(separator: "\n")
}

/// The same as JSON: `path` is a list of objects.
func ridgeJSON(_ path: RidgePath, terms: [String]) -> JSON {
  .object([
    ("path", .array(path.penalties.indices.map { ridgeJSON(path, $0, terms: terms) })),
    ("best.loo", .number(path.penalty(minimizing: .leaveOneOut))),
    ("best.gcv", .number(path.penalty(minimizing: .generalizedCrossValidation))),
  ])
}

private func ridgeJSON(_ path: RidgePath, _ index: Int, terms: [String]) -> JSON {
  let coefficients = zip(terms, path.coefficients.row(index)).map { ($0, JSON.number($1)) }
  return .object([
    ("ridge", .number(path.penalties[index])), ("df", .number(path.effectiveDegreesOfFreedom[index])),
    ("rss", .number(path.residualSumsOfSquares[index])), ("loo", .number(path.leaveOneOutErrors[index])),
    ("gcv", .number(path.generalizedCrossValidation[index])), ("coefficients", .object(coefficients)),
  ])
}
