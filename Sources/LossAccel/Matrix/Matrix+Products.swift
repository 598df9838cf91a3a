extension Matrix {
  /// The product A·B.
  ///
  /// - Precondition: `right.rows == columns`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  /// - Complexity: O(`rows` · `columns` · `right.columns`), on ``Parallelism`` threads.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func multiplied(by right: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(
      right.rows == columns,
      "a \(rows) × \(columns) matrix cannot be multiplied by a \(right.rows) × \(right.columns) one")
    var product = Matrix.zeros(rows: rows, columns: right.columns)
    var output = product.elements.mutableSpan
    try BLAS.gemm(
      rows: rows, columns: right.columns, inner: columns, a: elements.span, b: right.elements.span, c: &output)
    return product
  }

  /// The product Aᵀ·B of the transpose of this matrix, without transposing it in memory.
  ///
  /// - Precondition: `right.rows == rows`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  /// - Complexity: O(`rows` · `columns` · `right.columns`), on ``Parallelism`` threads.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func transposeMultiplied(by right: Matrix) throws(LinearAlgebraError) -> Matrix {
    precondition(
      right.rows == rows,
      "the transpose of a \(rows) × \(columns) matrix cannot be multiplied by a \(right.rows) × "
        + "\(right.columns) one")
    var product = Matrix.zeros(rows: columns, columns: right.columns)
    var output = product.elements.mutableSpan
    try BLAS.gemm(
      rows: columns, columns: right.columns, inner: rows, a: elements.span, transposeA: true, b: right.elements.span,
      c: &output)
    return product
  }

  /// The product A·x: one number per row.
  ///
  /// - Precondition: `vector.count == columns`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  /// - Complexity: O(`rows` · `columns`), on ``Parallelism`` threads.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func multiplied(by vector: [Element]) throws(LinearAlgebraError) -> [Element] {
    var product = [Element](repeating: 0, count: rows)
    var output = product.mutableSpan
    try multiply(by: vector.span, into: &output)
    return product
  }

  /// The product Aᵀ·x: one number per column.
  ///
  /// - Precondition: `vector.count == rows`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  /// - Complexity: O(`rows` · `columns`), on ``Parallelism`` threads.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func transposeMultiplied(by vector: [Element]) throws(LinearAlgebraError) -> [Element] {
    var product = [Element](repeating: 0, count: columns)
    var output = product.mutableSpan
    try transposeMultiply(by: vector.span, into: &output)
    return product
  }

  /// Writes A·x into `output`; nothing is allocated.
  ///
  /// - Precondition: `vector.count == columns` and `output.count == rows`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func multiply(
    by vector: Span<Element>, into output: inout MutableSpan<Element>
  ) throws(LinearAlgebraError) {
    try BLAS.gemv(rows: rows, columns: columns, a: elements.span, x: vector, y: &output)
  }

  /// Writes Aᵀ·x into `output`.
  ///
  /// - Precondition: `vector.count == rows` and `output.count == columns`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func transposeMultiply(
    by vector: Span<Element>, into output: inout MutableSpan<Element>
  ) throws(LinearAlgebraError) {
    try BLAS.gemv(rows: rows, columns: columns, a: elements.span, transposeA: true, x: vector, y: &output)
  }

  /// The Gram matrix AᵀA of the columns: symmetric, `columns` × `columns`, exactly symmetric bit for bit.
  ///
  /// Sums of single-precision data are accumulated in double precision and rounded once at the end.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  /// - Complexity: O(`rows` · `columns`²), on ``Parallelism`` threads.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public func gram() throws(LinearAlgebraError) -> Matrix {
    var gram = [Double](repeating: 0, count: columns * columns)
    var output = gram.mutableSpan
    try BLAS.gram(rows: rows, columns: columns, a: elements.span, into: &output)
    return Matrix(Matrix<Double>(rows: columns, columns: columns, elements: gram))
  }

  /// The product A·B, as `multiplied(by:)` computes it.
  ///
  /// - Precondition: `right.rows == left.columns`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public static func * (left: Matrix, right: Matrix) throws(LinearAlgebraError) -> Matrix {
    try left.multiplied(by: right)
  }

  /// The product A·x, as `multiplied(by:)` computes it.
  ///
  /// - Precondition: `right.count == left.columns`.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  @specialized(where Element == Double)
  @specialized(where Element == Float)
  public static func * (left: Matrix, right: [Element]) throws(LinearAlgebraError) -> [Element] {
    try left.multiplied(by: right)
  }
}
