/// What a formula makes of a table beside its response: features, weights and offsets of the rows that lack nothing.
struct FormulaRows {
  let design: ModelDesign
  let features: Matrix<Double>
  let weights: [Double]?
  let offsets: [Double]?
  /// The rows of the table that took part, where not all did.
  let keptRows: [Int]?
  /// Those rows.
  let table: DataTable

  init(
    _ formula: ModelFormula, _ table: DataTable, weights: String?, missing: MissingValues
  ) throws(ModelFormulaError) {
    let reserved = weights.map { [$0] } ?? []
    let plan = try ModelPlan(formula, names: table.names, reserved: reserved)
    if let weights, table[weights] == nil {
      throw .unknownColumn(formula: formula.description, offset: 0, name: weights, columns: table.names)
    }
    keptRows = TableColumns(table).completeRows(plan.columns + reserved)
    let complete = try ModelDesign.completeRows(table, plan.columns + reserved, missing: missing).table
    do throws(ModelFormulaError) {
      var scan = ModelScan(plan)
      try scan.add(TableColumns(complete))
      design = try ModelDesign(plan, scan)
      features = try design.matrix(complete)
      offsets = try design.offsets(complete)?.high
      self.weights = weights.map { complete[$0]?.doubles ?? [] }
      self.table = complete
    } catch {
      throw keptRows.map(error.inRows) ?? error
    }
  }
}

extension ModelDesign {
  /// The name of the column that is the response, where it is nothing but a column.
  package var responseColumn: String? {
    if case .column(let name)? = plan.response?.step { name } else { nil }
  }
}

/// The same with a response of numbers.
struct FormulaData {
  let design: ModelDesign
  let features: Matrix<Double>
  let targets: [Double]
  let weights: [Double]?
  let offsets: [Double]?
  let keptRows: [Int]?

  init(
    _ formula: ModelFormula, _ table: DataTable, weights: String?, missing: MissingValues
  ) throws(ModelFormulaError) {
    let rows = try FormulaRows(formula, table, weights: weights, missing: missing)
    (design, features, self.weights) = (rows.design, rows.features, rows.weights)
    (offsets, keptRows) = (rows.offsets, rows.keptRows)
    do throws(ModelFormulaError) { targets = try Self.response(rows.design, rows.table) } catch {
      throw rows.keptRows.map(error.inRows) ?? error
    }
  }

  /// The response; of two levels, the second is 1.
  private static func response(_ design: ModelDesign, _ table: DataTable) throws(ModelFormulaError) -> [Double] {
    guard let names = design.plan.response?.names, names.count == 1,
      case .text(let codes, let levels) = names.first.flatMap({ table[$0] })?.values
    else {
      return try design.responseValues(table)
    }
    let used = Set(codes).map { levels[Int($0)] }.sorted(by: TableColumns.precedes)
    guard used.count == 2 else {
      throw .unusable(
        term: design.responseName, problem: "a response of text needs two levels, and this one has \(used.count).")
    }
    return codes.map { levels[Int($0)] == used[1] ? 1 : 0 }
  }
}
