extension BLAS {
  /// C ← alpha·op(A)·op(B) + beta·C, where op(A) is `rows` × `inner` and op(B) is `inner` × `columns`.
  ///
  /// `transposeA` says that A is stored `inner` × `rows`. With beta = 0, C is not read, so it may hold NaN.
  /// - Complexity: O(rows · columns · inner)
  package static func gemm<T: Scalar>(
    rows: Int, columns: Int, inner: Int, alpha: T = 1,
    a: Span<T>, aStride: Int? = nil, transposeA: Bool = false,
    b: Span<T>, bStride: Int? = nil, transposeB: Bool = false,
    beta: T = 0, c: inout MutableSpan<T>, cStride: Int? = nil, limit: Int = dimensionLimit
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension(
      "gemm", "A", rows: transposeA ? inner : rows, columns: transposeA ? rows : inner, stride: aStride, count: a.count)
    let ldb = try leadingDimension(
      "gemm", "B", rows: transposeB ? columns : inner, columns: transposeB ? inner : columns, stride: bStride,
      count: b.count)
    let ldc = try leadingDimension("gemm", "C", rows: rows, columns: columns, stride: cStride, count: c.count)
    if inner == 0 { return scale(by: beta, rows: rows, columns: columns, c: &c, stride: Int(ldc)) }

    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          forEachBlock(of: rows, limit: limit) { i in
            forEachBlock(of: columns, limit: limit) { j in
              forEachBlock(of: inner, limit: limit) { k in
                unsafe T._gemm(
                  access, transposeA: transposeA, transposeB: transposeB, Int32(i.count), Int32(j.count),
                  Int32(k.count),
                  alpha, a + element(i.lowerBound, k.lowerBound, lda, transposeA), lda,
                  b + element(k.lowerBound, j.lowerBound, ldb, transposeB), ldb,
                  k.lowerBound == 0 ? beta : 1, c + element(i.lowerBound, j.lowerBound, ldc, false), ldc)
              }
            }
          }
        }
      }
    }
  }

  /// y ← alpha·op(A)·x + beta·y, where A is stored `rows` × `columns`; with `transposeA`, x has `rows` and y `columns` elements.
  ///
  /// With beta = 0, y is not read, so it may hold NaN.
  /// - Complexity: O(rows · columns)
  package static func gemv<T: Scalar>(
    rows: Int, columns: Int, alpha: T = 1, a: Span<T>, aStride: Int? = nil, transposeA: Bool = false,
    x: Span<T>, beta: T = 0, y: inout MutableSpan<T>, limit: Int = dimensionLimit
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension("gemv", "A", rows: rows, columns: columns, stride: aStride, count: a.count)
    let (inputs, outputs) = transposeA ? (rows, columns) : (columns, rows)
    precondition(x.count == inputs, "gemv: x has \(x.count) elements instead of \(inputs)")
    precondition(y.count == outputs, "gemv: y has \(y.count) elements instead of \(outputs)")
    if inputs == 0 { return scale(by: beta, rows: 1, columns: outputs, c: &y, stride: outputs) }

    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe a.withUnsafeBufferPointer { a in
        unsafe x.withUnsafeBufferPointer { x in
          guard let a = a.baseAddress, let x = x.baseAddress, let y = y.baseAddress else { return }
          forEachBlock(of: rows, limit: limit) { i in
            forEachBlock(of: columns, limit: limit) { j in
              let (input, output) = transposeA ? (i.lowerBound, j.lowerBound) : (j.lowerBound, i.lowerBound)
              unsafe T._gemv(
                access, transposeA: transposeA, Int32(i.count), Int32(j.count),
                alpha, a + element(i.lowerBound, j.lowerBound, lda, false), lda, x + input,
                input == 0 ? beta : 1, y + output)
            }
          }
        }
      }
    }
  }

  /// One triangle of C ← alpha·op(A)·op(A)ᵀ + beta·C, where C is `size` × `size` and op(A) is `size` × `inner`.
  ///
  /// With `transposeA`, A is stored `inner` × `size` and C is the Gram matrix AᵀA of its columns. The other triangle of C is neither
  /// read nor written; ``mirror(_:size:c:cStride:)`` copies it.
  /// - Complexity: O(size² · inner)
  package static func syrk<T: Scalar>(
    size: Int, inner: Int, alpha: T = 1, a: Span<T>, aStride: Int? = nil, transposeA: Bool = false,
    beta: T = 0, c: inout MutableSpan<T>, cStride: Int? = nil, triangle: Triangle = .upper, limit: Int = dimensionLimit
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension(
      "syrk", "A", rows: transposeA ? inner : size, columns: transposeA ? size : inner, stride: aStride, count: a.count)
    let ldc = try leadingDimension("syrk", "C", rows: size, columns: size, stride: cStride, count: c.count)
    let order = try dimension("syrk", "the order of C", size, limit: limit)

    // No early way out for inner = 0: BLAS then scales the triangle by beta, and never looks at A.
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe a.withUnsafeBufferPointer { a in
        guard let c = c.baseAddress else { return }
        let a = unsafe a.baseAddress ?? UnsafePointer(c)
        if inner == 0 {
          unsafe T._syrk(
            access, lower: triangle == .lower, transposeA: transposeA, order, 0, alpha, a, lda, beta, c, ldc)
        }
        forEachBlock(of: inner, limit: limit) { k in
          unsafe T._syrk(
            access, lower: triangle == .lower, transposeA: transposeA, order, Int32(k.count),
            alpha, a + element(0, k.lowerBound, lda, transposeA), lda, k.lowerBound == 0 ? beta : 1, c, ldc)
        }
      }
    }
  }

  /// Copies the given triangle of the symmetric matrix C over the other one.
  /// - Complexity: O(size²)
  package static func mirror<T: Scalar>(_ triangle: Triangle, size: Int, c: inout MutableSpan<T>, cStride: Int? = nil) {
    let stride = cStride ?? size
    precondition(
      size == 0 || c.count >= (size - 1) * stride + size, "mirror: C has \(c.count) elements, too few for \(size)²")
    for row in 0..<size {
      for column in row + 1..<max(size, row + 1) {
        switch triangle {
        case .upper: c[column * stride + row] = c[row * stride + column]
        case .lower: c[row * stride + column] = c[column * stride + row]
        }
      }
    }
  }

  /// The position of element (row, column) of op(A).
  private static func element(_ row: Int, _ column: Int, _ stride: Int32, _ transposed: Bool) -> Int {
    transposed ? column * Int(stride) + row : row * Int(stride) + column
  }

  /// C ← beta·C as BLAS understands it: zero times NaN is zero here.
  private static func scale<T: Scalar>(by beta: T, rows: Int, columns: Int, c: inout MutableSpan<T>, stride: Int) {
    if beta == 1 { return }
    for row in 0..<rows {
      for index in row * stride..<row * stride + columns { c[index] = beta == 0 ? 0 : c[index] * beta }
    }
  }
}
