/// A formula, applied to the names of a table's columns: what is to be computed, before any data are seen.
package struct ModelPlan: Sendable {
  let formula: ModelFormula
  let variables: [ModelVariable]
  /// As places in ``variables``.
  let terms: [[Int]]
  /// For every term, which of its factors have a column for all their levels; decided as if every variable were a factor.
  let allLevels: [Set<Int>]
  let hasIntercept: Bool
  let response: ColumnExpression?
  let responseName: String
  let offsets: [ColumnExpression]
  /// The columns that take part, in no particular order, once each.
  package let columns: [String]

  /// - Parameters:
  ///   - names: the table's columns.
  ///   - reserved: columns that `.` does not stand for, as the weights.
  package init(_ formula: ModelFormula, names: [String], reserved: [String] = []) throws(ModelFormulaError) {
    let text = formula.description
    let left = Set(formula.response?.names.map(\.name) ?? [])
    let expansion = try TermExpansion(
      formula.terms, formula: text, rest: names.filter { !left.contains($0) && !reserved.contains($0) })
    var variables: [ModelVariable] = []
    for syntax in expansion.variables { variables.append(try ModelVariable(syntax, formula: text)) }
    var offsets: [ColumnExpression] = []
    for syntax in expansion.offsets { offsets.append(try ColumnExpression(syntax, formula: text)) }
    response = try formula.response.map { (syntax) throws(ModelFormulaError) in
      try ColumnExpression(syntax, formula: text)
    }
    responseName = formula.response?.text ?? ""

    var used: [String] = []
    let named = (formula.response?.names ?? []) + variables.flatMap(\.names) + expansion.offsets.flatMap(\.names)
    for (name, offset) in named where !used.contains(name) {
      if !names.contains(name) {
        if name == "pi" { continue }
        throw .unknownColumn(formula: text, offset: offset, name: name, columns: names)
      }
      used.append(name)
    }
    columns = used
    self.variables = variables
    self.offsets = offsets
    self.formula = formula
    (terms, hasIntercept) = (expansion.terms, expansion.hasIntercept)
    allLevels = terms.indices.map { index in
      Set(expansion.terms[index].filter { expansion.needsAllLevels($0, inTerm: index) })
    }
  }

  /// Whether levels or means have to be known before the first column can be computed.
  package func needsScan(isFactor: (String) -> Bool) -> Bool {
    variables.contains { variable in
      switch variable.kind {
      case .expression(let expression): expression.isTruth
      case .polynomial(_, _, let isRaw): !isRaw
      case .factor: true
      case .column(let name): isFactor(name)
      }
    }
  }
}
