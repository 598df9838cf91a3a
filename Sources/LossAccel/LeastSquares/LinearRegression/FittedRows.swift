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
