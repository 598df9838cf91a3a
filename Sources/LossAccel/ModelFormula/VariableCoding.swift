/// How a variable of a formula becomes columns, with everything that the rows of the fit have fixed: levels, orthogonal polynomials.
enum VariableCoding: Sendable {
  case column(String)
  case number(ColumnExpression)
  case polynomial(ColumnExpression, PolynomialBasis)
  case factor(Source, [String])

  enum Source: Sendable {
    case column(String)
    case truth(ColumnExpression)
  }

  /// The number of numeric columns, or of levels.
  var count: Int {
    switch self {
    case .column, .number: 1
    case .polynomial(_, let basis): basis.degree
    case .factor(_, let levels): levels.count
    }
  }

  var isFactor: Bool { if case .factor = self { true } else { false } }

  /// What the name of a column adds to the variable's.
  func suffix(_ index: Int) -> String {
    switch self {
    case .column, .number: ""
    case .polynomial(_, let basis): basis.degree == 1 ? "" : "\(index + 1)"
    case .factor(_, let levels): levels[index]
    }
  }

  /// The variable for the rows of a table; `term` names it in errors.
  func evaluate(_ columns: TableColumns, term: String) throws(ModelFormulaError) -> VariableValues {
    let count = columns.table.rowCount
    switch self {
    case .column(let name): return try .numbers([VariableValues.checkFinite(try columns.numbers(name), term)])
    case .number(let expression):
      return try .numbers([
        VariableValues.checkFinite(try expression.evaluate(count: count, columns.numbers), term)
      ])
    case .polynomial(let expression, let basis):
      let x = try VariableValues.checkFinite(try expression.evaluate(count: count, columns.numbers), term)
      return try .numbers(
        basis.evaluate(x).map { (column) throws(ModelFormulaError) in
          try VariableValues.checkFinite(column, term)
        })
    case .factor(let source, let levels):
      var (codes, found): ([Int?], [String])
      switch source {
      case .column(let name): (codes, found) = columns.levels(name)
      case .truth(let expression):
        let values = try expression.evaluate(count: count, columns.numbers)
        (codes, found) = (values.high.map { $0.isNaN ? nil : Int($0) }, ["FALSE", "TRUE"])
      }
      let places = found.map { levels.firstIndex(of: $0) }
      var result = [Int](repeating: 0, count: count)
      for (row, code) in codes.enumerated() {
        guard let code else { throw .missingValue(column: term, row: row) }
        guard let place = places[code] else { throw .unknownLevel(term: term, level: found[code], row: row) }
        result[row] = place
      }
      return .levels(result)
    }
  }
}

/// A variable of a formula for some rows.
enum VariableValues: Sendable {
  case numbers([WideVector])
  case levels([Int])

  /// The column itself, if all of it is finite.
  @discardableResult
  static func checkFinite(_ column: WideVector, _ term: String) throws(ModelFormulaError) -> WideVector {
    if let row = column.high.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(term: term, row: row, value: column.high[row])
    }
    return column
  }
}
