/// A factored system: what a method makes of the left-hand side, ready for any number of right-hand sides.
package protocol LeastSquaresFactor: Sendable {
  var report: LeastSquaresReport { get }

  /// The inverse of the Gram matrix of the coefficients' columns, for standard errors; nil where the method has none.
  var geometry: CoefficientGeometry? { get }

  /// The coefficients for every right-hand side. `expected` says that these are the ones that the system was factored with.
  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget]
}

/// The coefficients of one right-hand side.
package struct SolvedTarget: Sendable {
  /// In the order of the columns, the intercept's first where there is one.
  package var coefficients: [DoubleDouble]
  /// Σ w·r².
  package var residualSquares: Double
  package var certificate: LeastSquaresCertificate?

  package init(coefficients: [DoubleDouble], residualSquares: Double, certificate: LeastSquaresCertificate? = nil) {
    self.coefficients = coefficients
    self.residualSquares = residualSquares
    self.certificate = certificate
  }
}

/// The map from a triangular factor of packed rows to (XᵀWX + Λ)⁻¹ of the columns as they were given.
package struct CoefficientGeometry: Sendable {
  let factor: TriangularFactor
  let shift: [Double]
  let scale: [Double]
  let hasIntercept: Bool

  /// (XᵀWX + Λ)⁻¹, order × order, symmetric, with the intercept's row first where there is one.
  ///
  /// - Complexity: O(order³)
  package func inverseGram() throws(LeastSquaresError) -> [Double] {
    let order = factor.order
    var inverse = factor.elements
    let singular = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.triangularInverse(order: order, &inverse)
    }
    precondition(singular == nil, "a factor that reached the geometry has full rank")
    // Rows of T·R⁻¹, where the coefficients are T times those of the packed columns.
    var rows = (0..<order).map { row in (0..<order).map { inverse[$0 * order + row] } }
    if hasIntercept {
      for column in 1..<max(order, 1) {
        let mean = shift[column - 1] * scale[column - 1]
        for k in 0..<order { rows[0][k] -= mean * rows[column][k] }
      }
    }
    let offset = hasIntercept ? 1 : 0
    for row in offset..<order { for k in 0..<order { rows[row][k] *= scale[row - offset] } }
    var result = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0...row {
        let product = zip(rows[row], rows[column]).reduce(0) { $0 + $1.0 * $1.1 }
        result[row * order + column] = product
        result[column * order + row] = product
      }
    }
    return result
  }
}
