/// What a fitted model keeps of its data, for everything that is computed row by row after the fit. Nothing is copied: the
/// matrix shares its elements with the caller's.
struct FittedRows: Sendable {
  /// All columns, with weights and penalties, without the rows of weight zero.
  let system: LeastSquaresSystem
  /// The targets less their offsets.
  let targets: LeastSquaresTargets
  /// The column of ``targets`` that the model is for.
  let target: Int
  /// The triangular factor of the columns that were not dropped; nil where the method has none.
  let geometry: CoefficientGeometry?
  /// (XᵀWX + Λ)⁻¹ of the kept columns; nil where there is no factor.
  let inverseGram: [Double]?
  /// The terms that were not dropped, as places in the model's list of coefficients.
  let kept: [Int]
  /// The kept coefficients.
  let coefficients: [DoubleDouble]
  /// How the system was solved, in words.
  let method: String

  /// The factor, or an error that says what to do.
  func requiredGeometry() throws(LeastSquaresError) -> CoefficientGeometry {
    guard let geometry else {
      throw .unsupported(method: method, reason: "has no triangular factor, which this takes")
    }
    return geometry
  }
}

extension FittedRows {
  /// √w·(y − ŷ) from the residuals y − ŷ.
  func weighted(_ residuals: [Double]) -> [Double] {
    system.rootWeights.map { zip($0, residuals).map { $0 * $1 } } ?? residuals
  }

  /// A symmetric matrix of the kept terms as one of all, NaN elsewhere; all NaN for nil.
  func expanded(_ matrix: [Double]?) -> Matrix<Double> {
    let (unknowns, order) = (system.unknowns, kept.count)
    var elements = [Double](repeating: .nan, count: unknowns * unknowns)
    if let matrix {
      for (row, i) in kept.enumerated() {
        for (column, j) in kept.enumerated() { elements[i * unknowns + j] = matrix[row * order + column] }
      }
    }
    return Matrix(rows: unknowns, columns: unknowns, elements: elements)
  }
}

/// The roots of the diagonal; NaN where it is below zero.
func standardErrors(_ covariance: Matrix<Double>) -> [Double] {
  (0..<covariance.rows).map { covariance[$0, $0].squareRoot() }
}
