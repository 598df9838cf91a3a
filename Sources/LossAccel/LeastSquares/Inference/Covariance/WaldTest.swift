/// Wald's test that all coefficients but the intercept are zero, with a covariance that is a sandwich.
enum WaldTest {
  /// βᵀV⁻¹β/q over the q slopes; nil where V is not positive definite.
  ///
  /// With V = R⁻¹MR⁻ᵀ for the packed columns this is yᵀM⁻¹y of the slopes' block, y = Rz: units and the columns' condition drop out.
  static func test(
    _ rows: OrthonormalRows, coefficients: [DoubleDouble], middle: [Double], freedom: Int
  ) throws(LeastSquaresError) -> LinearRegression.FTest? {
    let (order, offset) = (rows.order, rows.packed.system.offset)
    let slopes = order - offset
    guard slopes > 0, freedom > 0 else { return nil }
    var product = [Double](repeating: 0, count: slopes)
    for column in 0..<slopes {
      let z = coefficients[column + offset].value / rows.packed.scale[column]
      for row in 0...column { product[row] += rows.triangle[(column + offset) * order + row + offset] * z }
    }
    var block = [Double](repeating: 0, count: slopes * slopes)
    for row in 0..<slopes {
      for column in 0..<slopes { block[row * slopes + column] = middle[(row + offset) * order + column + offset] }
    }
    let largest = (0..<slopes).reduce(0) { max($0, block[$1 * (slopes + 1)]) }
    let failed = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.cholesky(order: slopes, &block)
    }
    // A sum over fewer clusters than slopes has pivots that are zero but for rounding.
    let isSingular = (0..<slopes).contains { index in
      let pivot = block[index * (slopes + 1)]
      return !(pivot * pivot > 0x1p-44 * largest)
    }
    guard failed == nil, !isSingular else { return nil }
    var span = product.mutableSpan
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try BLAS.trsv(triangle: .lower, size: slopes, a: block.span, x: &span)
    }
    let statistic = product.reduce(0) { $0 + $1 * $1 } / Double(slopes)
    let distribution = FDistribution(numerator: Double(slopes), denominator: Double(freedom))
    return LinearRegression.FTest(
      statistic: statistic, numeratorDegreesOfFreedom: slopes, denominatorDegreesOfFreedom: freedom,
      pValue: distribution.survival(statistic))
  }
}
