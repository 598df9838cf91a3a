/// A formula with everything that the rows of a fit have fixed: the recipe that makes design columns of any table.
///
/// ```swift
/// let design = try ModelDesign(ModelFormula("~ wt + C(cyl)"), cars)
/// design.columnNames            // ["wt", "C(cyl)6", "C(cyl)8"]
/// try design.matrix(others)     // the same columns for other rows
/// ```
///
/// Factors keep the levels, and polynomials the centres, of the rows that the design was made with. A row depends on nothing but itself, so tables
/// can come in blocks.
public struct ModelDesign: Sendable {
  /// The formula.
  public let formula: ModelFormula

  /// The names of the columns, as in R, without the intercept's.
  public let columnNames: [String]

  /// The term of the formula that every column belongs to: `C(cyl)` for `C(cyl)6`.
  public let termOfColumn: [String]

  /// Whether the model has an intercept.
  public let hasIntercept: Bool

  /// The response, as R writes it; empty if the formula has none.
  public var responseName: String { plan.responseName }

  /// The levels of every factor, the reference first.
  public let levels: [String: [String]]

  /// Whether the formula has offsets.
  public var hasOffsets: Bool { !plan.offsets.isEmpty }

  /// The names of the table's columns that a row of the design is made of, without the response's.
  package var neededColumns: [String] {
    let used = Set(plan.variables.flatMap(\.names).map(\.name) + plan.offsets.flatMap { Array($0.names) })
    return plan.columns.filter(used.contains)
  }

  let plan: ModelPlan
  let codings: [VariableCoding]
  /// For every column the variables that are multiplied, and which of their columns or levels.
  private let products: [[(variable: Int, index: Int)]]

  /// A design with the levels and centres of a table's rows.
  ///
  /// `missing` says what to do about rows that lack an element in a column that the formula uses.
  ///
  /// - Throws: ``ModelFormulaError``
  public init(
    _ formula: ModelFormula, _ table: DataTable, missing: MissingValues = .error
  ) throws(ModelFormulaError) {
    let plan = try ModelPlan(formula, names: table.names)
    var scan = ModelScan(plan)
    try scan.add(TableColumns(try ModelDesign.completeRows(table, plan.columns, missing: missing).table))
    try self.init(plan, scan)
  }

  package init(_ plan: ModelPlan, _ scan: ModelScan) throws(ModelFormulaError) {
    try self.init(plan, codings: scan.codings())
  }

  init(_ plan: ModelPlan, codings: [VariableCoding]) {
    var (names, terms, products) = ([String](), [String](), [[(variable: Int, index: Int)]]())
    // Without an intercept the first factor has a column for each of its levels.
    var needsAll = !plan.hasIntercept
    for (index, term) in plan.terms.enumerated() {
      var columns: [[(variable: Int, index: Int)]] = [[]]
      for variable in term {
        let coding = codings[variable]
        var first = 0
        if coding.isFactor {
          first = needsAll || plan.allLevels[index].contains(variable) ? 0 : 1
          needsAll = false
        }
        // The first variable's columns follow each other fastest.
        columns = (first..<coding.count).flatMap { place in columns.map { $0 + [(variable, place)] } }
      }
      for column in columns {
        names.append(
          column.map { plan.variables[$0.variable].text + codings[$0.variable].suffix($0.index) }.joined(separator: ":")
        )
        terms.append(term.map { plan.variables[$0].text }.joined(separator: ":"))
      }
      products += columns
    }
    self.plan = plan
    self.codings = codings
    self.products = products
    formula = plan.formula
    (columnNames, termOfColumn, hasIntercept) = (names, terms, plan.hasIntercept)
    var levels: [String: [String]] = [:]
    for (variable, coding) in zip(plan.variables, codings) {
      if case .factor(_, let names) = coding { levels[variable.text] = names }
    }
    self.levels = levels
  }

  /// The columns for the rows of a table, rounded to `Double`; without the intercept's.
  ///
  /// - Throws: ``ModelFormulaError``, for unknown levels and missing elements too.
  public func matrix(_ table: DataTable) throws(ModelFormulaError) -> Matrix<Double> {
    let columns = try columns(table)
    var elements = [Double](repeating: 0, count: table.rowCount * columns.count)
    for (index, column) in columns.enumerated() {
      for row in 0..<table.rowCount { elements[row * columns.count + index] = column.high[row] }
    }
    return Matrix(rows: table.rowCount, columns: columns.count, elements: elements)
  }

  /// The columns in two words.
  func columns(_ table: DataTable) throws(ModelFormulaError) -> [WideVector] {
    try checkColumns(table, plan.variables.flatMap(\.names).map(\.name))
    let columns = TableColumns(table)
    var values: [VariableValues] = []
    for (variable, coding) in zip(plan.variables, codings) {
      for (name, _) in variable.names {
        if let row = columns.firstMissing(name) { throw .missingValue(column: name, row: row) }
      }
      values.append(try coding.evaluate(columns, term: variable.text))
    }
    return try zip(products, columnNames).map { (parts, name) throws(ModelFormulaError) in
      var product: WideVector?
      for (variable, index) in parts {
        switch values[variable] {
        case .numbers(let numbers): product = product.map { $0.combined(.multiply, numbers[index]) } ?? numbers[index]
        case .levels(let codes):
          let keeps = codes.map { $0 == index }
          product = (product ?? WideVector(1, count: table.rowCount)).masked(keeps)
        }
      }
      return try VariableValues.checkFinite(product ?? WideVector(1, count: table.rowCount), name)
    }
  }

  /// The response less the offsets, in two words.
  func response(_ table: DataTable) throws(ModelFormulaError) -> WideVector {
    guard let response = plan.response else {
      throw .syntax(formula: formula.description, offset: 0, problem: "a response is needed before the ~.")
    }
    let values = try evaluate(response, table, name: plan.responseName)
    return try offsets(table).map { values.combined(.subtract, $0) } ?? values
  }

  /// The response, rounded to `Double`.
  func responseValues(_ table: DataTable) throws(ModelFormulaError) -> [Double] {
    guard let response = plan.response else {
      throw .syntax(formula: formula.description, offset: 0, problem: "a response is needed before the ~.")
    }
    return try evaluate(response, table, name: plan.responseName).map { $0 }.high
  }

  /// The sum of the offsets; nil if there are none.
  func offsets(_ table: DataTable) throws(ModelFormulaError) -> WideVector? {
    var sum: WideVector?
    for offset in plan.offsets {
      let values = try evaluate(offset, table, name: "the offset")
      sum = sum.map { $0.combined(.add, values) } ?? values
    }
    return sum
  }

  private func evaluate(
    _ expression: ColumnExpression, _ table: DataTable, name: String
  ) throws(ModelFormulaError) -> WideVector {
    try checkColumns(table, plan.columns.filter { expression.names.contains($0) })
    return try VariableValues.checkFinite(
      try expression.evaluate(count: table.rowCount, TableColumns(table).numbers), name)
  }

  private func checkColumns(_ table: DataTable, _ names: [String]) throws(ModelFormulaError) {
    let known = Set(table.names)
    for name in names where !known.contains(name) {
      throw .unknownColumn(formula: formula.description, offset: 0, name: name, columns: table.names)
    }
  }

  /// The rows of a table in which no element of these columns is missing, and how many were left out for that.
  static func completeRows(
    _ table: DataTable, _ names: [String], missing: MissingValues
  ) throws(ModelFormulaError) -> (table: DataTable, dropped: Int) {
    let columns = TableColumns(table)
    guard let complete = columns.completeRows(names) else { return (table, 0) }
    if missing == .error {
      for name in names { if let row = columns.firstMissing(name) { throw .missingValue(column: name, row: row) } }
    }
    return (table.selecting(rows: complete), table.rowCount - complete.count)
  }
}
