/// The coordinates that optimisers work in: features are shifted near their means (if there is an intercept to take that up) and
/// scaled to about unit spread, on the fly.
///
/// With parameters p, the coefficient of column j is βⱼ = pⱼ·scaleⱼ, and the intercept is the last parameter − Σ shiftⱼ·βⱼ. The scales are
/// powers of two, so multiplying a column by one changes no bit of the fit, and by any other number only its rounding; and large means
/// cost no digits.
struct ColumnCoordinates: Sendable {
  let shift: [Double]
  let scale: [Double]
  let hasIntercept: Bool

  /// The number of parameters.
  var dimension: Int { scale.count + (hasIntercept ? 1 : 0) }

  /// Coordinates from the columns' means and spreads over the rows whose weight is not 0. Columns of one group get one scale.
  init(sampling features: any FeatureRows, weights: [Double]?, hasIntercept: Bool, groups: [[Int]] = []) {
    var (shift, spread) = features.centres(
      hasIntercept: hasIntercept, of: CountedRows(features.rows, weights: weights))
    for group in groups {
      let widest = group.reduce(0) { max($0, spread[$1]) }
      for column in group { spread[column] = widest }
    }
    self.shift = shift
    scale = spread.map { $0 > 0 ? PowerOfTwo.reciprocal(of: $0) : 1 }
    self.hasIntercept = hasIntercept
  }

  /// The coefficients of the columns and the intercept (0 without one) at a point.
  func coefficients(at point: [Double]) -> (columns: [Double], intercept: Double) {
    let columns = zip(point, scale).map { $0 * $1 }
    guard hasIntercept else { return (columns, 0) }
    return (columns, zip(shift, columns).reduce(point[scale.count]) { $0 - $1.0 * $1.1 })
  }

  /// The covariance of the terms, the intercept's first, in the units of the columns, from that of the parameters.
  func covariance(ofParameters matrix: Matrix<Double>) -> Matrix<Double> {
    inTerms(inTerms(matrix).transposed()).transposed()
  }

  /// Rows that belong to parameters become rows that belong to terms: the intercept's first, and all in the units of the columns.
  private func inTerms(_ parameters: Matrix<Double>) -> Matrix<Double> {
    let offset = hasIntercept ? 1 : 0
    var terms = Matrix<Double>.zeros(rows: parameters.rows, columns: parameters.columns)
    for column in 0..<parameters.columns {
      if hasIntercept { terms[0, column] = parameters[scale.count, column] }
      for (row, scale) in scale.enumerated() {
        let value = scale * parameters[row, column]
        terms[row + offset, column] = value
        if hasIntercept { terms[0, column] -= shift[row] * value }
      }
    }
    return terms
  }

  /// The point of these coefficients.
  func point(columns: [Double], intercept: Double) -> [Double] {
    let point = zip(columns, scale).map { $0 / $1 }
    guard hasIntercept else { return point }
    return point + [zip(shift, columns).reduce(intercept) { $0 + $1.0 * $1.1 }]
  }
}
