extension MultinomialRegression {
  /// Fits the model that a formula in R's notation makes of a table.
  ///
  /// ```swift
  /// let model = try MultinomialRegression.fit("species ~ length + width", flowers, penalty: Penalty(ridge: 0.01))
  /// try model.probabilities(others)     // the same columns, the same levels
  /// ```
  /// The response is a column of text, truth values or whole numbers; its distinct values, in ascending order, are the classes.
  ///
  /// - Parameters:
  ///   - formula: with a response, a `~` and terms.
  ///   - table: the columns that the formula names.
  ///   - weights: the column of weights; `.` does not stand for it.
  ///   - missing: what to do about rows that lack an element in a column that takes part.
  ///   - classWeights: how much the classes count.
  ///   - penalty: ridge, lasso, elastic net or groups, by the columns that the formula makes.
  ///   - optimizer: how to minimise.
  ///   - covariance: how to estimate the covariance of the coefficients; labels of clusters are of the table's rows.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  ///   - control: when to stop, and whom to tell.
  /// - Throws: ``ModelError``; rows in it are those of the table.
  public static func fit(
    _ formula: String, _ table: DataTable, weights: String? = nil, missing: MissingValues = .error,
    classWeights: ClassWeights = .equal, penalty: Penalty = .none, optimizer: any Optimizer = AutomaticOptimizer(),
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95,
    control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> MultinomialRegression {
    let (rows, codes, names): (FormulaRows, [Int], [String])
    do throws(ModelFormulaError) {
      rows = try FormulaRows(ModelFormula(formula), table, weights: weights, missing: missing)
      (codes, names) = try classes(of: rows)
    } catch {
      throw .formula(error)
    }
    do throws(ModelError) {
      var model = try fit(
        features: rows.features, labels: codes, classNames: names, weights: rows.weights, classWeights: classWeights,
        intercept: rows.design.hasIntercept, columnNames: rows.design.columnNames,
        targetName: rows.design.responseName, penalty: penalty, optimizer: optimizer,
        covariance: covariance.selecting(rows: rows.keptRows, of: table.rowCount), confidenceLevel: confidenceLevel,
        control: control)
      model.design = rows.design
      return model
    } catch {
      throw error.inRows(rows.keptRows)
    }
  }

  private static func classes(of rows: FormulaRows) throws(ModelFormulaError) -> ([Int], [String]) {
    if rows.offsets != nil {
      throw .unusable(
        term: "offset", problem: "added to the logits of all classes alike it changes nothing. Leave it out.")
    }
    guard let name = rows.design.responseColumn, let column = rows.table[name] else {
      throw .unusable(term: rows.design.responseName, problem: "the classes must be a column of the table.")
    }
    if case .real(let values) = column.values, let row = values.firstIndex(where: { $0 != $0.rounded() }) {
      throw .unusable(term: name, problem: "classes are texts or whole numbers, and row \(row) holds \(values[row]).")
    }
    let (codes, names) = TableColumns(rows.table).levels(name)
    return (codes.map { $0 ?? 0 }, names)
  }

  /// The probability of every class for the rows of another table, a column for every class.
  ///
  /// - Throws: ``ModelError`` for missing columns and elements, and for levels that the fit has not seen.
  /// - Precondition: the model was fitted with a formula.
  public func probabilities(_ table: DataTable) throws(ModelError) -> Matrix<Double> {
    try probabilities(try designed(table))
  }

  /// The logits for the rows of another table, a column for every class.
  ///
  /// - Throws: ``ModelError``, as for the probabilities.
  /// - Precondition: the model was fitted with a formula.
  public func logits(_ table: DataTable) throws(ModelError) -> Matrix<Double> {
    try logits(try designed(table))
  }

  /// The name of the likeliest class for the rows of another table.
  ///
  /// - Throws: ``ModelError``, as for the probabilities.
  /// - Precondition: the model was fitted with a formula.
  public func classes(_ table: DataTable) throws(ModelError) -> [String] {
    try classes(try designed(table)).map { classNames[$0] }
  }

  /// How well the model predicts the rows of another table, which has the response, too.
  ///
  /// - Throws: ``ModelError``, also for classes that the fit has not seen.
  /// - Precondition: the model was fitted with a formula.
  public func quality(_ table: DataTable) throws(ModelError) -> ClassificationQuality {
    let features = try designed(table)
    let name = design?.responseColumn ?? ""
    guard let column = table[name] else {
      throw .formula(
        .unknownColumn(formula: design?.formula.description ?? "", offset: 0, name: name, columns: table.names))
    }
    if let row = column.isMissing?.firstIndex(of: true) { throw .formula(.missingValue(column: name, row: row)) }
    let (codes, names) = TableColumns(table).levels(name)
    let places = names.map { classNames.firstIndex(of: $0) }
    var labels: [Int] = []
    for (row, code) in codes.enumerated() {
      guard let code, let label = places[code] else {
        throw .formula(.unknownLevel(term: name, level: code.map { names[$0] } ?? "", row: row))
      }
      labels.append(label)
    }
    return try quality(features, labels: labels)
  }

  private func designed(_ table: DataTable) throws(ModelError) -> Matrix<Double> {
    guard let design else { preconditionFailure("this model was fitted without a formula") }
    do throws(ModelFormulaError) { return try design.matrix(table) } catch { throw .formula(error) }
  }
}
