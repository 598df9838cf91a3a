extension BLAS {
  /// Solves op(A)·X = alpha·B (`.left`) or X·op(A) = alpha·B (`.right`) for a triangular A; X replaces B.
  ///
  /// B is `rows` × `columns`; A is square, of order `rows` on the left and `columns` on the right. Only the named
  /// triangle of A is read, and with `unitDiagonal` its diagonal is taken as one. A zero on the diagonal gives
  /// infinities or NaN, as in BLAS.
  /// - Complexity: O(rows · columns · order of A)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func trsm<T: Scalar>(
    side: Side, triangle: Triangle, transposeA: Bool = false, unitDiagonal: Bool = false, rows: Int, columns: Int,
    alpha: T = 1, a: Span<T>, aStride: Int? = nil, b: inout MutableSpan<T>, bStride: Int? = nil,
    limit: Int = dimensionLimit
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let order = side == .left ? rows : columns
    let lda = try leadingDimension("trsm", "A", rows: order, columns: order, stride: aStride, count: a.count)
    let ldb = try leadingDimension("trsm", "B", rows: rows, columns: columns, stride: bStride, count: b.count)
    _ = try dimension("trsm", "the order of A", order, limit: limit)

    // Every column of X on the left, and every row of X on the right, is a problem of its own.
    let problems = side == .left ? columns : rows
    let block = ProductPlan.trsm(order: order, problems: problems, limit: limit)
    unsafe b.withUnsafeMutableBufferPointer { b in
      unsafe a.withUnsafeBufferPointer { a in
        guard let a = a.baseAddress, let b = b.baseAddress else { return }
        let (triangularMatrix, unknowns) = unsafe (SharedPointer(UnsafeMutablePointer(mutating: a)), SharedPointer(b))
        Parallelism.forEachRange(of: problems, chunkSize: block) { _, range in
          let (m, n) = side == .left ? (rows, range.count) : (range.count, columns)
          let start = side == .left ? range.lowerBound : range.lowerBound * Int(ldb)
          unsafe T._trsm(
            access, right: side == .right, lower: triangle == .lower, transposeA: transposeA,
            unitDiagonal: unitDiagonal, Int32(m), Int32(n), alpha, triangularMatrix.base, lda, unknowns.base + start,
            ldb)
        }
      }
    }
  }

  /// Solves op(A)·x = b for a triangular A of order `size`; the solution replaces b in `x`.
  /// - Complexity: O(size²)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func trsv<T: Scalar>(
    triangle: Triangle, transposeA: Bool = false, unitDiagonal: Bool = false, size: Int,
    a: Span<T>, aStride: Int? = nil, x: inout MutableSpan<T>
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension("trsv", "A", rows: size, columns: size, stride: aStride, count: a.count)
    let order = try dimension("trsv", "the order of A", size, limit: dimensionLimit)
    precondition(x.count == size, "trsv: x has \(x.count) elements instead of \(size)")

    unsafe x.withUnsafeMutableBufferPointer { x in
      unsafe a.withUnsafeBufferPointer { a in
        guard let a = a.baseAddress, let x = x.baseAddress else { return }
        unsafe T._trsv(
          access, lower: triangle == .lower, transposeA: transposeA, unitDiagonal: unitDiagonal, order, a, lda, x)
      }
    }
  }
}
