extension BLAS {
  /// One triangle of C ← alpha·op(A)·op(A)ᵀ + beta·C, where C is `size` × `size` and op(A) is `size` × `inner`.
  ///
  /// With `transposeA`, A is stored `inner` × `size` and C is the Gram matrix AᵀA of its columns. The other triangle of
  /// C is neither read nor written; ``mirror(_:size:c:cStride:)`` copies it. One call on the calling thread:
  /// ``gram(rows:columns:a:aStride:into:)`` is the one for tall data.
  /// - Complexity: O(size² · inner)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func syrk<T: Scalar>(
    size: Int, inner: Int, alpha: T = 1, a: Span<T>, aStride: Int? = nil, transposeA: Bool = false,
    beta: T = 0, c: inout MutableSpan<T>, cStride: Int? = nil, triangle: Triangle = .upper, limit: Int = dimensionLimit
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension(
      "syrk", "A", rows: transposeA ? inner : size, columns: transposeA ? size : inner, stride: aStride, count: a.count)
    let ldc = try leadingDimension("syrk", "C", rows: size, columns: size, stride: cStride, count: c.count)
    let order = try dimension("syrk", "the order of C", size, limit: limit)

    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe a.withUnsafeBufferPointer { a in
        guard let c = c.baseAddress else { return }
        // With no terms to sum, BLAS scales the triangle by beta and never looks at A.
        let a = unsafe a.baseAddress ?? UnsafePointer(c)
        if inner == 0 {
          unsafe T._syrk(
            access, lower: triangle == .lower, transposeA: transposeA, order, 0, alpha, a, lda, beta, c, ldc)
        }
        forEachBlock(of: inner, limit: limit) { k in
          unsafe T._syrk(
            access, lower: triangle == .lower, transposeA: transposeA, order, Int32(k.count),
            alpha, a + (transposeA ? k.lowerBound * Int(lda) : k.lowerBound), lda, k.lowerBound == 0 ? beta : 1, c, ldc)
        }
      }
    }
  }

  /// Copies the given triangle of the symmetric matrix C over the other one.
  /// - Complexity: O(size²)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func mirror<T: Scalar>(
    _ triangle: Triangle, size: Int, c: inout MutableSpan<T>, cStride: Int? = nil
  ) {
    let stride = cStride ?? size
    precondition(
      size == 0 || c.count >= (size - 1) * stride + size, "mirror: C has \(c.count) elements, too few for \(size)²")
    for row in 0..<size {
      for column in 0..<row {
        switch triangle {
        case .upper: c[row * stride + column] = c[column * stride + row]
        case .lower: c[column * stride + row] = c[row * stride + column]
        }
      }
    }
  }
}
