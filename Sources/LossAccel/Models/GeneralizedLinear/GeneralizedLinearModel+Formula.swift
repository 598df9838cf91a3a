extension GeneralizedLinearModel {
  /// Fits the model that a formula in R's notation makes of a table.
  ///
  /// ```swift
  /// let model = try GeneralizedLinearModel.fit("claims ~ age + C(region) + offset(log(years))", policies, family: .poisson)
  /// try model.predict(otherPolicies)     // the same columns, the same levels
  /// ```
  /// See ``ModelFormula`` for what can be written. A response of text or truth values with two levels is 0 for the first and 1 for the second.
  ///
  /// - Parameters:
  ///   - formula: with a response, a `~` and terms.
  ///   - table: the columns that the formula names.
  ///   - family: what the response is distributed as.
  ///   - link: one of the family's links; the usual one if nil.
  ///   - weights: the column of weights: trials, for shares. `.` does not stand for it.
  ///   - missing: what to do about rows that lack an element in a column that takes part.
  ///   - penalty: as in the fit to a matrix.
  ///   - reducesBias: likewise.
  ///   - covariance: likewise.
  ///   - confidenceLevel: likewise.
  /// - Throws: ``ModelError``; rows in it are those of the table.
  public static func fit(
    _ formula: String, _ table: DataTable, family: Family, link: Link? = nil, weights: String? = nil,
    missing: MissingValues = .error, penalty: Penalty = .none, reducesBias: Bool = false,
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95
  ) throws(ModelError) -> GeneralizedLinearModel {
    let design: FormulaData
    do throws(ModelFormulaError) {
      design = try FormulaData(ModelFormula(formula), table, weights: weights, missing: missing)
    } catch {
      throw .formula(error)
    }
    do throws(ModelError) {
      var model = try fit(
        features: design.features, targets: design.targets, family: family, link: link, weights: design.weights,
        offsets: design.offsets, intercept: design.design.hasIntercept, columnNames: design.design.columnNames,
        targetName: design.design.responseName, penalty: penalty, reducesBias: reducesBias,
        covariance: covariance.selecting(rows: design.keptRows, of: table.rowCount), confidenceLevel: confidenceLevel)
      model.design = design.design
      return model
    } catch {
      throw error.inRows(design.keptRows)
    }
  }

  /// The means for the rows of another table; offsets of the formula are added.
  ///
  /// - Throws: ``ModelError`` for missing columns and elements, and for levels that the fit has not seen.
  /// - Precondition: the model was fitted with a formula.
  public func predict(_ table: DataTable) throws(ModelError) -> [Double] {
    let (features, offsets) = try designed(table)
    return try predict(features, offsets: offsets)
  }

  /// Predictors and means for the rows of another table with their standard errors.
  ///
  /// - Throws: ``ModelError``, as for the means alone.
  /// - Precondition: the model was fitted with a formula.
  public func predictions(for table: DataTable) throws(ModelError) -> ModelPredictions {
    let (features, offsets) = try designed(table)
    return try predictions(for: features, offsets: offsets)
  }

  private func designed(_ table: DataTable) throws(ModelError) -> (Matrix<Double>, [Double]?) {
    guard let design else { preconditionFailure("this model was fitted without a formula") }
    do throws(ModelFormulaError) { return (try design.matrix(table), try design.offsets(table)?.high) } catch {
      throw .formula(error)
    }
  }
}
