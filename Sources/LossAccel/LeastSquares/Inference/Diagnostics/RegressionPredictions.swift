/// Predictions for new samples and how uncertain they are.
public struct RegressionPredictions: Sendable {
  /// The model's values, offsets included.
  public let values: [Double]

  /// The standard errors of these as estimates of the mean target: √(xᵀVx) with the model's covariance V.
  public let standardErrors: [Double]

  /// The standard deviation of a single target around its mean: the model's σ.
  public let sigma: Double

  /// Of Student's distribution.
  public let degreesOfFreedom: Int

  /// Intervals that cover the mean target of such samples with the probability `level`, between 0 and 1.
  public func confidenceIntervals(level: Double = 0.95) -> [(low: Double, high: Double)] {
    intervals(level) { $0 }
  }

  /// Intervals that cover the target of one new sample with the probability `level`, between 0 and 1: wider by the sample's own error, whose
  /// variance is σ² (for a weight of 1).
  public func predictionIntervals(level: Double = 0.95) -> [(low: Double, high: Double)] {
    intervals(level) { ($0 * $0 + sigma * sigma).squareRoot() }
  }

  private func intervals(_ level: Double, _ error: (Double) -> Double) -> [(low: Double, high: Double)] {
    precondition(level > 0 && level < 1, "a confidence level lies between 0 and 1, not at \(level)")
    guard degreesOfFreedom > 0 else { return values.map { _ in (.nan, .nan) } }
    let quantile = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile((1 + level) / 2)
    return zip(values, standardErrors).map { ($0 - quantile * error($1), $0 + quantile * error($1)) }
  }
}

extension LinearRegression {
  /// Predictions for new samples, with standard errors and intervals; dropped columns take no part.
  ///
  /// Standard errors are NaN with a ridge penalty, and with no degrees of freedom left; a row that is not finite gives NaN.
  ///
  /// `offsets` are known parts to add, one for every row; none if nil.
  ///
  /// - Throws: ``LeastSquaresError/unsupported(method:reason:)`` for a solution of minimum norm.
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  /// - Complexity: O(rows · columns²)
  public func predictions<Element: Scalar>(
    for features: Matrix<Element>, offsets: [Element]? = nil
  ) throws(LeastSquaresError) -> RegressionPredictions {
    let wide = Matrix<Double>(
      rows: features.rows, columns: features.columns, elements: features.elements.map(Double.init))
    let values = try predict(wide, offsets: offsets.map { $0.map(Double.init) })
    let freedom = coefficients.first?.degreesOfFreedom ?? 0
    guard features.rows > 0 else {
      return RegressionPredictions(values: [], standardErrors: [], sigma: sigma, degreesOfFreedom: freedom)
    }
    let fitted = try orthonormalRows()
    let offset = rows.system.offset
    var system = try LeastSquaresSystem(
      wide, whenRankDeficient: rows.system.whenRankDeficient, hasIntercept: hasIntercept)
    if rows.kept.count < rows.system.unknowns {
      system = system.selecting(columns: rows.kept.filter { $0 >= offset }.map { $0 - offset })
    }
    let variance = ridge == 0 && residualDegreesOfFreedom > 0 ? sigma * sigma : .nan
    let errors = try fitted.applied(to: system).standardErrors(middle: sandwichMiddle, variance: variance)
    return RegressionPredictions(
      values: values, standardErrors: errors, sigma: ridge == 0 ? sigma : .nan, degreesOfFreedom: freedom)
  }
}

extension OrthonormalRows {
  /// √(qᵀMq) of every row, M = variance·I for nil.
  fileprivate func standardErrors(middle: [Double]?, variance: Double) throws(LeastSquaresError) -> [Double] {
    guard let middle else { return try leverages().map { ($0 * variance).squareRoot() } }
    let (count, order) = (packed.system.rows, self.order)
    var errors = [Double](repeating: 0, count: count)
    var output = errors.mutableSpan
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.mapRows(count, rowsPerChunk: chunkRows, &output, width: 1) {
        (_, range, slice) throws(LinearAlgebraError) in
        try forEachBlock(of: range) { (part, block) throws(LinearAlgebraError) in
          var product = [Double](repeating: 0, count: part.count * order)
          var span = product.mutableSpan
          try BLAS.gemm(
            rows: part.count, columns: order, inner: order, a: block.span, aStride: stride, b: middle.span, c: &span)
          for row in 0..<part.count {
            let square = try BLAS.dot(
              block.span.extracting(row * stride..<row * stride + order),
              product.span.extracting(row * order..<(row + 1) * order))
            slice[part.lowerBound - range.lowerBound + row] = square.squareRoot()
          }
        }
      }
    }
    return errors
  }
}
