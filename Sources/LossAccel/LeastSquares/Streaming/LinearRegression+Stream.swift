extension LinearRegression {
  /// A model of rows that are gone.
  init(
    _ system: WideNormalEquations, _ design: ModelDesign, _ summary: ResidualSummary, totalSumOfSquares: Double,
    ridge: Double,
    isWeighted: Bool, confidenceLevel: Double, names: (columns: [String], target: String)?
  ) throws(LeastSquaresError) {
    let columns = names?.columns ?? design.columnNames
    let (gram, order) = (system.gram, system.scale.count)
    let freedom = system.rows - gram.order
    let variance = freedom > 0 && ridge == 0 ? system.residualSquares / Double(freedom) : .nan
    var covariance = [Double](repeating: .nan, count: order * order)
    if !variance.isNaN {
      let inverse = try gram.inverse()
      for (row, i) in gram.kept.enumerated() {
        for (column, j) in gram.kept.enumerated() {
          covariance[i * order + j] = variance * inverse[row * gram.order + column] * system.scale[i] * system.scale[j]
        }
      }
    }
    covarianceMatrix = Matrix(rows: order, columns: order, elements: covariance)
    self.covariance = .classical
    let (estimates, kept, offset) = (system.coefficients, Set(gram.kept), design.hasIntercept ? 1 : 0)
    coefficients = (0..<order).map { index in
      Coefficient(
        term: index < offset ? "(Intercept)" : columns[index - offset],
        estimate: kept.contains(index) ? estimates[index].value : .nan,
        standardError: covariance[index * order + index].squareRoot(), degreesOfFreedom: freedom,
        confidenceLevel: confidenceLevel, isDropped: !kept.contains(index))
    }
    residuals = []
    residualSummary = summary
    residualSumOfSquares = system.residualSquares
    self.totalSumOfSquares = totalSumOfSquares
    residualDegreesOfFreedom = freedom
    observations = system.rows
    hasIntercept = design.hasIntercept
    self.ridge = ridge
    self.isWeighted = isWeighted
    (columnNames, targetName, hasOffsets) = (columns, names?.target ?? design.responseName, design.hasOffsets)
    (self.confidenceLevel, keptRows) = (confidenceLevel, nil)
    (report, certificate) = (system.report, system.certificate)
  }
}

extension LinearRegression.ResidualSummary {
  init(minimum: Double, _ lowerQuartile: Double, _ median: Double, _ upperQuartile: Double, maximum: Double) {
    (self.minimum, self.lowerQuartile, self.median) = (minimum, lowerQuartile, median)
    (self.upperQuartile, self.maximum) = (upperQuartile, maximum)
  }
}
