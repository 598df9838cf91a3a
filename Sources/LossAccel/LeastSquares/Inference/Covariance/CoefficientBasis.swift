/// The coefficients as functionals of the orthonormal basis: β = G·Qᵀb with G = T·R⁻¹, where T takes coefficients of packed columns to
/// those of the columns as they were given.
///
/// So (XᵀWX)⁻¹ = GGᵀ, and a sandwich whose middle is M in that basis is GMGᵀ.
struct CoefficientBasis: Sendable {
  /// Row-major, a row for every coefficient, the intercept's first where there is one.
  let elements: [Double]
  let order: Int

  init(_ rows: OrthonormalRows) throws(LeastSquaresError) {
    let (packed, order) = (rows.packed, rows.order)
    let offset = packed.system.offset
    var transformation = [Double](repeating: 0, count: order * order)
    for column in 0..<packed.system.columns {
      transformation[(column + offset) * (order + 1)] = packed.scale[column]
      // The constant is that of the shifted columns less what the shifts make of it.
      if offset == 1 { transformation[column + 1] = -packed.mean(column) }
    }
    if offset == 1 { transformation[0] = 1 }
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try rows.solve(&transformation, count: order, stride: order)
    }
    (elements, self.order) = (transformation, order)
  }

  /// G·middle·Gᵀ.
  func covariance(middle: [Double]) throws(LeastSquaresError) -> [Double] {
    let order = self.order
    var product = [Double](repeating: 0, count: order * order)
    var result = product
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      var span = product.mutableSpan
      try BLAS.gemm(rows: order, columns: order, inner: order, a: elements.span, b: middle.span, c: &span)
      var output = result.mutableSpan
      try BLAS.gemm(
        rows: order, columns: order, inner: order, a: product.span, b: elements.span, transposeB: true, c: &output)
    }
    // Both triangles differ by rounding.
    for row in 0..<order {
      for column in 0..<row { result[column * order + row] = result[row * order + column] }
    }
    return result
  }

  /// The lengths of the rows of G: standard errors for σ = 1.
  var lengths: [Double] {
    (0..<order).map { row in
      (row * order..<(row + 1) * order).reduce(0) { $0 + elements[$1] * elements[$1] }.squareRoot()
    }
  }
}
