import LossAccel

extension LinearRegression {
  /// The fit with the names that broom's `tidy` and `glance` give it. What does not exist is null: all numbers of a dropped column,
  /// standard errors of a ridge fit, anything that needs residual degrees of freedom where there are none.
  ///
  /// - Parameter droppedRecords: How many were left out because a cell was missing.
  func json(droppedRecords: Int) -> [(String, JSON)] {
    let terms = coefficients.map { coefficient in
      let interval = coefficient.confidenceInterval
      return JSON.object([
        ("term", .string(coefficient.term)), ("estimate", number(coefficient.estimate)),
        ("std.error", number(coefficient.standardError)), ("statistic", number(coefficient.statistic)),
        ("p.value", number(coefficient.pValue)), ("conf.low", number(interval.low)),
        ("conf.high", number(interval.high)),
      ])
    }
    let dependent = report.droppedColumns.map { JSON.string(columnNames[$0.column]) }
    return [
      ("coefficients", .array(terms)), ("sigma", number(sigma)), ("r.squared", number(rSquared)),
      ("adj.r.squared", number(adjustedRSquared)), ("statistic", fTest.map { number($0.statistic) } ?? .null),
      ("p.value", fTest.map { number($0.pValue) } ?? .null),
      ("df", fTest.map { .integer($0.numeratorDegreesOfFreedom) } ?? .null),
      ("df.residual", .integer(residualDegreesOfFreedom)), ("nobs", .integer(observations)), ("rank", .integer(rank)),
      ("method", .string(report.method)), ("condition", number(report.condition)),
      ("conf.level", .number(confidenceLevel)),
      ("ridge", .number(ridge)), ("dropped.columns", .array(dependent)), ("dropped.records", .integer(droppedRecords)),
      ("covariance", .string(covariance.description)),
    ]
  }

  /// Null for NaN, which is how the library says "does not exist".
  private func number(_ value: Double) -> JSON { value.isNaN ? .null : .number(value) }
}
