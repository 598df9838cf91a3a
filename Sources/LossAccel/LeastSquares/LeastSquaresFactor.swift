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
