/// How a system was factored, and what that showed.
public struct LeastSquaresReport: Sendable, Equatable {
  /// The way that was taken, in words: `closed form`, `Gram + Cholesky`, `tall-skinny QR`, `QR`, …
  public var method: String

  /// The numerical rank: the number of columns that are determined (with the intercept's, where there is one).
  public var rank: Int

  /// An estimate of the condition number of the matrix after its columns were scaled to about unit length (and, beside an
  /// intercept, shifted to mean zero). About log₁₀ of it many digits of the data's accuracy do not reach the coefficients.
  public var condition: Double

  /// The columns whose coefficients are 0 because they depend on others; empty unless the policy is `.drop`.
  public var droppedColumns: [DependentColumn]

  /// Whether infinitely many coefficients fit equally well and these have the smallest norm.
  public var isMinimumNorm: Bool

  init(
    method: String, rank: Int, condition: Double, droppedColumns: [DependentColumn] = [], isMinimumNorm: Bool = false
  ) {
    self.method = method
    self.rank = rank
    self.condition = condition
    self.droppedColumns = droppedColumns
    self.isMinimumNorm = isMinimumNorm
  }
}

/// What iterative refinement showed about the coefficients of one right-hand side.
public struct LeastSquaresCertificate: Sendable, Equatable {
  /// The number of passes over the rows beyond the first; 0 where the closed form needed none.
  public var steps: Int

  /// The factor by which every pass reduces the error: the larger of the observed one and of what the condition suggests (alone, where
  /// there was no pass to observe).
  public var contraction: Double

  /// A bound on the relative error of every coefficient that is not zero, with the final rounding to the element type; an estimate in
  /// that the condition number in it is one.
  public var relativeErrorBound: Double

  /// With the rounding to `Element` instead of Double.
  func rounded<Element: Scalar>(to element: Element.Type) -> LeastSquaresCertificate {
    var certificate = self
    if Element.self == Float.self { certificate.relativeErrorBound += 0x1p-24 }
    return certificate
  }
}
