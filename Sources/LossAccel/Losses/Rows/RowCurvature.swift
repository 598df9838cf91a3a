/// The curvature of a row loss at given scores: one symmetric matrix for every row, classes × classes, as an operator.
///
/// ```swift
/// let curvature = try RowLoss.brier.curvature(.gaussNewton, of: .mean, scores: scores, labels: labels)
/// let product = try curvature.product(with: direction)          // H·v, row by row
/// ```
///
/// Nothing of the size classes² is formed unless asked for; every product is one pass over the rows. Rows that the loss leaves out have
/// H = 0. A curvature is a value that owns the batch it was made from.
///
/// A factor B has B·Bᵀ = H, so that BᵀX has the Gram matrix XᵀHX, which a Gauss-Newton step factors. ``RowLoss/factors`` tells of
/// which curvatures a loss has one: the exact one of a convex loss, and the Gauss-Newton one.
public struct RowCurvature<Element: Scalar>: Sendable {
  /// Which matrix it is.
  public let kind: CurvatureKind

  /// The number of rows.
  public let rows: Int

  /// The number of scores in a row.
  public let classes: Int

  let loss: RowLoss
  let multiply: @Sendable (RowLossKernel.Operator, Span<Element>?, inout MutableSpan<Element>) -> Void
}

extension RowCurvature {
  /// H·v for every row.
  public func product(with vector: Span<Element>, into result: consuming MutableSpan<Element>) {
    apply(.hessian, vector, &result)
  }

  /// B·v for every row.
  ///
  /// - Throws: ``LossError/curvatureNotAvailable(loss:kind:available:)`` where the curvature has no factor.
  public func factorProduct(
    with vector: Span<Element>, into result: consuming MutableSpan<Element>
  ) throws(LossError) {
    try requireFactor()
    apply(.factor, vector, &result)
  }

  /// Bᵀ·v for every row.
  ///
  /// - Throws: ``LossError/curvatureNotAvailable(loss:kind:available:)`` where the curvature has no factor.
  public func transposedFactorProduct(
    with vector: Span<Element>, into result: consuming MutableSpan<Element>
  ) throws(LossError) {
    try requireFactor()
    apply(.factorTransposed, vector, &result)
  }

  /// The diagonal of H for every row.
  public func diagonal(into result: consuming MutableSpan<Element>) {
    apply(.diagonal, nil, &result)
  }

  /// H·v, row by row, as a new matrix of the scores' shape.
  public func product(with vector: Matrix<Element>) -> Matrix<Element> {
    applied(.hessian, vector)
  }

  /// B·v, row by row, as a new matrix of the scores' shape.
  public func factorProduct(with vector: Matrix<Element>) throws(LossError) -> Matrix<Element> {
    try requireFactor()
    return applied(.factor, vector)
  }

  /// Bᵀ·v, row by row, as a new matrix of the scores' shape.
  public func transposedFactorProduct(with vector: Matrix<Element>) throws(LossError) -> Matrix<Element> {
    try requireFactor()
    return applied(.factorTransposed, vector)
  }

  /// The diagonal of H, row by row, as a new matrix of the scores' shape.
  public func diagonal() -> Matrix<Element> { applied(.diagonal, nil) }

  /// The matrix H of one row, classes × classes.
  /// - Complexity: O(rows · classes²)
  public func hessian(ofRow row: Int) -> Matrix<Element> {
    precondition(row >= 0 && row < rows, "there is no row \(row) among \(rows)")
    var result = Matrix<Element>.zeros(rows: classes, columns: classes)
    for column in 0..<classes {
      var unit = Matrix<Element>.zeros(rows: rows, columns: classes)
      unit[row, column] = 1
      let product = product(with: unit)
      for other in 0..<classes { result[other, column] = product[row, other] }
    }
    return result
  }

  /// The same, as the operator that all losses have.
  public var batch: BatchCurvature<Element> {
    BatchCurvature(kind: kind, count: rows * classes) {
      [multiply] (vector: Span<Element>, result: consuming MutableSpan<Element>) in
      multiply(.hessian, vector, &result)
    }
  }

  private func requireFactor() throws(LossError) {
    guard loss.factors.contains(kind) else {
      throw .curvatureNotAvailable(loss: "\(loss.name) with a factor", kind: kind, available: loss.factors)
    }
  }

  private func apply(
    _ operation: RowLossKernel.Operator, _ vector: Span<Element>?, _ result: inout MutableSpan<Element>
  ) {
    if let vector { requireCount(vector.count, rows * classes, "elements of the vector", "scores") }
    requireCount(result.count, rows * classes, "elements of the result", "scores")
    multiply(operation, vector, &result)
  }

  private func applied(_ operation: RowLossKernel.Operator, _ vector: Matrix<Element>?) -> Matrix<Element> {
    if let vector {
      precondition(
        vector.rows == rows && vector.columns == classes,
        "a matrix of \(vector.rows) × \(vector.columns) beside a curvature of \(rows) × \(classes)")
    }
    let elements = vector?.elements
    defer { extendLifetime(elements) }
    var result = [Element](repeating: 0, count: rows * classes)
    var span = result.mutableSpan
    apply(operation, elements?.span, &span)
    return Matrix(rows: rows, columns: classes, elements: result)
  }
}
