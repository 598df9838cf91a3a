/// The exact curvature of softmax cross-entropy at a batch of logits: for each row the matrix H = s·(diag q − q·qᵀ).
///
/// q = softmax(z) is computed once; every product after that only reads it, as Newton and conjugate-gradient methods want. s is the
/// row's weight times the sum of its targets, divided by the mean's denominator where the curvature is that of a mean. H does not
/// depend on the targets otherwise. It is positive semidefinite, with null vector 1, and no matrix is ever formed unless asked for:
///
/// ```swift
/// let curvature = try SoftmaxCrossEntropy().curvature(of: .mean, logits: logits, labels: labels)
/// let product = curvature.product(with: direction)          // H·v, row by row
/// ```
///
/// The factor B = √s·(diag √q − q·√qᵀ) satisfies B·Bᵀ = H: BᵀX has the Gram matrix XᵀHX, which a Gauss-Newton step factors.
///
/// Where one share is close to 1, it is its distance from 1, known to all its digits, that the products use; errors are a few ulp of
/// the sum of the magnitudes that are added. Rows that the loss leaves out have H = 0.
///
/// A curvature is a value; it owns q (as much memory as the logits take).
public struct SoftmaxCurvature<Element: Scalar>: Sendable {
  /// q, one row per sample; 0 in rows that the loss leaves out.
  public let shares: Matrix<Element>

  /// s, one per row.
  public let scales: [Element]

  /// 1 − q at the largest share of each row, as the sum of the others.
  let complements: [Element]

  /// Where the largest share is.
  let leaders: [Int32]

  init(logits: Span<Element>, classes: Int, scales: [Element]) {
    var shares = Matrix<Element>.zeros(rows: scales.count, columns: classes)
    var complements = [Element](repeating: 0, count: scales.count)
    var leaders = [Int32](repeating: 0, count: scales.count)
    var shareSpan = shares.elements.mutableSpan
    var complementSpan = complements.mutableSpan
    var leaderSpan = leaders.mutableSpan
    SoftmaxCurvatureKernel.fillShares(
      logits: logits, classes: classes, scales: scales.span, shares: &shareSpan, complements: &complementSpan,
      leaders: &leaderSpan)
    self.shares = shares
    self.scales = scales
    self.complements = complements
    self.leaders = leaders
  }
}

extension SoftmaxCurvature {
  /// H·v: s·q∘(v − qᵀv) for every row.
  public func product(with vector: Span<Element>, into result: consuming MutableSpan<Element>) {
    multiply(.hessian, vector, &result)
  }

  /// B·v: √s·(√q∘v − q·(√qᵀv)) for every row.
  public func factorProduct(with vector: Span<Element>, into result: consuming MutableSpan<Element>) {
    multiply(.factor, vector, &result)
  }

  /// Bᵀ·v: √s·√q∘(v − qᵀv) for every row.
  public func transposedFactorProduct(with vector: Span<Element>, into result: consuming MutableSpan<Element>) {
    multiply(.factorTransposed, vector, &result)
  }

  /// The diagonal of H: s·q∘(1 − q) for every row, without cancellation.
  public func diagonal(into result: consuming MutableSpan<Element>) {
    multiply(.diagonal, nil, &result)
  }

  /// H·v, row by row, as a new matrix of the logits' shape.
  public func product(with vector: Matrix<Element>) -> Matrix<Element> {
    multiplied(.hessian, vector)
  }

  /// B·v, row by row, as a new matrix of the logits' shape.
  public func factorProduct(with vector: Matrix<Element>) -> Matrix<Element> {
    multiplied(.factor, vector)
  }

  /// Bᵀ·v, row by row, as a new matrix of the logits' shape.
  public func transposedFactorProduct(with vector: Matrix<Element>) -> Matrix<Element> {
    multiplied(.factorTransposed, vector)
  }

  /// The diagonal of H, row by row, as a new matrix of the logits' shape.
  public func diagonal() -> Matrix<Element> {
    multiplied(.diagonal, nil)
  }

  private func multiply(
    _ kind: SoftmaxCurvatureKernel.Operator, _ vector: Span<Element>?, _ result: inout MutableSpan<Element>
  ) {
    let count = shares.elements.count
    if let vector { requireCount(vector.count, count, "elements of the vector", "logits") }
    requireCount(result.count, count, "elements of the result", "logits")
    SoftmaxCurvatureKernel.multiply(
      kind, classes: shares.columns, scales: scales.span, shares: shares.elements.span, complements: complements.span,
      leaders: leaders.span, vector: vector, output: &result)
  }

  private func multiplied(_ kind: SoftmaxCurvatureKernel.Operator, _ vector: Matrix<Element>?) -> Matrix<Element> {
    if let vector { requireShape(of: vector, as: shares) }
    let elements = vector?.elements
    var result = [Element](repeating: 0, count: shares.elements.count)
    var span = result.mutableSpan
    multiply(kind, elements?.span, &span)
    return Matrix(rows: shares.rows, columns: shares.columns, elements: result)
  }
}

extension SoftmaxCurvature {
  /// The matrix H of one row, classes × classes.
  /// - Complexity: O(classes²)
  public func hessian(ofRow row: Int) -> Matrix<Element> {
    let scale = scales[row]
    return dense(row) {
      scale * $0 * $1
    } offDiagonal: {
      -scale * $0 * $1
    }
  }

  /// The matrix B of one row, classes × classes, for which B·Bᵀ is the row's H.
  /// - Complexity: O(classes²)
  public func factor(ofRow row: Int) -> Matrix<Element> {
    let root = scales[row].squareRoot()
    return dense(row) {
      root * $0.squareRoot() * $1
    } offDiagonal: {
      -root * $0 * $1.squareRoot()
    }
  }

  /// A matrix with `diagonal(qₖ, 1 − qₖ)` on its diagonal and `offDiagonal(qⱼ, qₖ)` elsewhere.
  private func dense(
    _ row: Int, diagonal: (Element, Element) -> Element, offDiagonal: (Element, Element) -> Element
  ) -> Matrix<Element> {
    let classes = shares.columns, leader = Int(leaders[row])
    return Matrix(rows: classes, columns: classes) { j, k in
      let share = shares[row, j]
      if j != k { return offDiagonal(share, shares[row, k]) }
      return diagonal(share, k == leader ? complements[row] : 1 - share)
    }
  }
}
