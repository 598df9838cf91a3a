import LossAccel

/// What a regression is asked to be, beyond its data.
struct RegressionOptions {
  var hasIntercept = true
  var ridge = 0.0
  var method = LeastSquaresMethod.automatic
  var dependentColumns = RankDeficiency.error
  var covariance = CoefficientCovariance.classical
  var confidenceLevel = 0.95
}

/// Fits the table, and says in the table's own terms why it cannot be done.
func fit(_ table: RegressionTable, _ options: RegressionOptions) throws -> LinearRegression {
  try explainingErrors(table) { () throws(LeastSquaresError) in
    try LinearRegression.fit(
      features: table.features, targets: table.target, offsets: table.offset, intercept: options.hasIntercept,
      columnNames: table.featureNames, targetName: table.targetName, weights: table.weights, ridge: options.ridge,
      method: options.method, whenRankDeficient: options.dependentColumns, covariance: options.covariance,
      confidenceLevel: options.confidenceLevel)
  }
}

/// Fits a ridge path to the table; the penalties that suit the columns if nil.
func fitPath(_ table: RegressionTable, _ options: RegressionOptions, penalties: [Double]?) throws -> RidgePath {
  try explainingErrors(table) { () throws(LeastSquaresError) in
    try RidgePath.fit(
      features: table.features, targets: table.target, offsets: table.offset, penalties: penalties,
      intercept: options.hasIntercept, weights: table.weights)
  }
}

/// `body`, with its errors in the table's own terms.
func explainingErrors<Result>(
  _ table: RegressionTable, _ body: () throws(LeastSquaresError) -> Result
) throws -> Result {
  do throws(LeastSquaresError) {
    return try body()
  } catch {
    switch error {
    case .empty:
      throw DataError(
        "\(table.name): nothing is left to fit. At least one record needs a weight above 0, and one column or the intercept a use."
      )
    case .invalidWeight(let row, let value):
      throw DataError(
        "\(table.place(ofRow: row)): the weight is \(value). Weights must not be negative; 0 leaves a record out.")
    case .rankDeficient(_, _, let dependent):
      let sentences = dependent.map { $0.describe { table.featureNames[$0] } }.joined(separator: "; ")
      throw NumericalFailure(
        """
        \(table.name): the coefficients are not determined: \(sentences). Leave columns out with --features, or pass --dependent \
        drop, --dependent minimum-norm or --ridge.
        """)
    default:
      throw NumericalFailure("\(table.name): \(error)")
    }
  }
}
