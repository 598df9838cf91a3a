extension LinearRegression {
  /// Fits the model that a formula in R's notation makes of a table.
  ///
  /// ```swift
  /// let model = try LinearRegression.fit("mpg ~ wt + log(hp) + C(cyl)", cars)
  /// model["C(cyl)6"]                 // its coefficient
  /// try model.predict(otherCars)     // the same columns, the same levels
  /// ```
  /// See ``ModelFormula`` for what can be written.
  ///
  /// - Parameters:
  ///   - formula: with a response, a `~` and terms.
  ///   - table: the columns that the formula names.
  ///   - weights: the column of weights, not negative; a row of weight zero takes no part. `.` does not stand for it.
  ///   - missing: what to do about rows that lack an element in a column that takes part.
  ///   - ridge: λ ≥ 0 of the penalty λ·Σ βⱼ², without the intercept's.
  ///   - method: how to solve.
  ///   - whenRankDeficient: what to do where columns depend on others. By default they are dropped, and listed in ``report``, as R does.
  ///   - covariance: how the covariance of the coefficients, from which standard errors and tests follow, is estimated.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  /// - Throws: ``ModelFormulaError``; rows in it are those of the table.
  public static func fit(
    _ formula: String, _ table: DataTable, weights: String? = nil, missing: MissingValues = .error, ridge: Double = 0,
    method: LeastSquaresMethod = .automatic, whenRankDeficient: RankDeficiency = .drop,
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95
  ) throws(ModelFormulaError) -> LinearRegression {
    try fit(
      ModelFormula(formula), table, weights: weights, missing: missing, ridge: ridge, method: method,
      whenRankDeficient: whenRankDeficient, covariance: covariance, confidenceLevel: confidenceLevel)
  }

  /// Fits the model that a formula makes of a table. The arguments are those of the fit of a formula that is given as text.
  ///
  /// - Throws: ``ModelFormulaError``
  public static func fit(
    _ formula: ModelFormula, _ table: DataTable, weights: String? = nil, missing: MissingValues = .error,
    ridge: Double = 0, method: LeastSquaresMethod = .automatic, whenRankDeficient: RankDeficiency = .drop,
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95
  ) throws(ModelFormulaError) -> LinearRegression {
    precondition(
      confidenceLevel > 0 && confidenceLevel < 1, "a confidence level lies between 0 and 1, not at \(confidenceLevel)")
    let reserved = weights.map { [$0] } ?? []
    let plan = try ModelPlan(formula, names: table.names, reserved: reserved)
    if let weights, table[weights] == nil {
      throw .unknownColumn(formula: formula.description, offset: 0, name: weights, columns: table.names)
    }
    let kept = TableColumns(table).completeRows(plan.columns + reserved)
    let complete = try ModelDesign.completeRows(table, plan.columns + reserved, missing: missing).table
    do {
      var scan = ModelScan(plan)
      try scan.add(TableColumns(complete))
      let design = try ModelDesign(plan, scan)
      var model = try fit(
        design, complete, weights: weights.map { name in complete[name]?.doubles ?? [] }, ridge: ridge, method: method,
        whenRankDeficient: whenRankDeficient, covariance: covariance, confidenceLevel: confidenceLevel)
      model.design = design
      return model
    } catch {
      throw kept.map(error.inRows) ?? error
    }
  }

  private static func fit(
    _ design: ModelDesign, _ table: DataTable, weights: [Double]?, ridge: Double, method: LeastSquaresMethod,
    whenRankDeficient: RankDeficiency, covariance: CoefficientCovariance, confidenceLevel: Double
  ) throws(ModelFormulaError) -> LinearRegression {
    let response = try design.response(table)
    let columns = try design.columns(table)
    func rowMajor(_ column: (WideVector) -> [Double]?) -> [Double] {
      var elements = [Double](repeating: 0, count: table.rowCount * columns.count)
      for (index, values) in columns.enumerated() {
        guard let values = column(values) else { continue }
        for row in 0..<table.rowCount { elements[row * columns.count + index] = values[row] }
      }
      return elements
    }
    let names = Names(columns: design.columnNames, targets: [design.responseName], hasOffsets: design.hasOffsets)
    do throws(LeastSquaresError) {
      var system = try LeastSquaresSystem(
        Matrix(rows: table.rowCount, columns: columns.count, elements: rowMajor(\.high)), weights: weights,
        ridge: ridge,
        whenRankDeficient: whenRankDeficient, hasIntercept: design.hasIntercept)
      if columns.contains(where: { $0.low != nil }) { system.setRemainders(rowMajor(\.low)) }
      return try fit(
        system, system.targets(response.high, remainders: response.low), names, method: method,
        covariance: covariance, confidenceLevel: confidenceLevel)[0]
    } catch {
      guard case .rankDeficient(_, _, let dependent) = error, !dependent.isEmpty else { throw .leastSquares(error) }
      throw .dependentColumns(dependent.map { $0.describe { design.columnNames[$0] } })
    }
  }

  /// The model's values for the rows of another table, computed in two words and rounded once; dropped columns take no part, offsets are
  /// added.
  ///
  /// - Throws: ``ModelFormulaError`` for missing columns and elements, and for levels that the fit has not seen.
  /// - Precondition: the model was fitted with a formula.
  public func predict(_ table: DataTable) throws(ModelFormulaError) -> [Double] {
    guard let design else { preconditionFailure("this model was fitted without a formula") }
    let columns = try design.columns(table)
    var sum = WideVector(0, count: table.rowCount)
    var all = coefficients.map { DoubleDouble($0.isDropped ? 0 : $0.estimate) }
    if let keptRows {
      for (place, value) in zip(keptRows.kept, keptRows.coefficients) { all[place] = value }
    }
    let ones = design.hasIntercept ? [WideVector(1, count: table.rowCount)] : []
    for (value, column) in zip(all, ones + columns) where value.high != 0 {
      let factor = WideVector(
        [Double](repeating: value.high, count: column.count), [Double](repeating: value.low, count: column.count))
      sum = sum.combined(.add, column.combined(.multiply, factor))
    }
    if let offsets = try design.offsets(table) { sum = sum.combined(.add, offsets) }
    return sum.map { $0 }.high
  }
}

extension ModelFormulaError {
  /// The same error, where rows are those of a table of which only these rows took part.
  func inRows(_ rows: [Int]) -> ModelFormulaError {
    switch self {
    case .missingValue(let column, let row): .missingValue(column: column, row: rows[row])
    case .notFinite(let term, let row, let value): .notFinite(term: term, row: rows[row], value: value)
    case .unknownLevel(let term, let level, let row): .unknownLevel(term: term, level: level, row: rows[row])
    case .leastSquares(.invalidWeight(let row, let value)): .leastSquares(.invalidWeight(row: rows[row], value: value))
    default: self
    }
  }
}
