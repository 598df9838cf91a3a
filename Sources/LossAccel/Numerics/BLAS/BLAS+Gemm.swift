extension BLAS {
  /// C ← alpha·op(A)·op(B) + beta·C, where op(A) is `rows` × `inner` and op(B) is `inner` × `columns`.
  ///
  /// `transposeA` says that A is stored `inner` × `rows`. With beta = 0, C is not read, so it may hold NaN. How the product is cut is
  /// decided by its shape, unless the caller has a `plan`.
  /// - Complexity: O(rows · columns · inner)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func gemm<T: Scalar>(
    rows: Int, columns: Int, inner: Int, alpha: T = 1,
    a: Span<T>, aStride: Int? = nil, transposeA: Bool = false,
    b: Span<T>, bStride: Int? = nil, transposeB: Bool = false,
    beta: T = 0, c: inout MutableSpan<T>, cStride: Int? = nil, limit: Int = dimensionLimit,
    plan: ProductPlan? = nil
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension(
      "gemm", "A", rows: transposeA ? inner : rows, columns: transposeA ? rows : inner, stride: aStride, count: a.count)
    let ldb = try leadingDimension(
      "gemm", "B", rows: transposeB ? columns : inner, columns: transposeB ? inner : columns, stride: bStride,
      count: b.count)
    let ldc = try leadingDimension("gemm", "C", rows: rows, columns: columns, stride: cStride, count: c.count)
    if rows == 0 || columns == 0 { return }
    if inner == 0 { return scale(by: beta, rows: rows, columns: columns, c: &c, stride: Int(ldc)) }

    let plan = plan ?? ProductPlan.gemm(rows: rows, columns: columns, inner: inner, limit: limit)
    unsafe c.withUnsafeMutableBufferPointer { c in
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          let product = unsafe Gemm(
            access: access, alpha: alpha, a: a, lda: lda, transposeA: transposeA, b: b, ldb: ldb,
            transposeB: transposeB, limit: limit)
          if plan.innerBlock >= inner {
            unsafe product.tiles(rows, columns, inner, plan, beta: beta, c: c, ldc: ldc)
          } else {
            unsafe product.sumOfPartials(rows, columns, inner, plan, beta: beta, c: c, ldc: ldc)
          }
        }
      }
    }
  }
}

/// The operands of a gemm. They outlive every thread that uses them, and blocks of the result do not overlap.
@unsafe private struct Gemm<T: Scalar>: @unchecked Sendable {
  let access: _BLASAccess
  let alpha: T
  let a: UnsafePointer<T>
  let lda: Int32
  let transposeA: Bool
  let b: UnsafePointer<T>
  let ldb: Int32
  let transposeB: Bool
  let limit: Int

  /// The block (i, j) of the product, summed over k; `c` points to the first element of that block.
  func block(
    _ i: Range<Int>, _ j: Range<Int>, _ k: Range<Int>, beta: T, c: UnsafeMutablePointer<T>, ldc: Int32
  ) {
    unsafe BLAS.forEachBlock(of: k.count, limit: limit) { part in
      let start = k.lowerBound + part.lowerBound
      unsafe T._gemm(
        access, transposeA: transposeA, transposeB: transposeB, Int32(i.count), Int32(j.count), Int32(part.count),
        alpha, a + (transposeA ? start * Int(lda) + i.lowerBound : i.lowerBound * Int(lda) + start), lda,
        b + (transposeB ? j.lowerBound * Int(ldb) + start : start * Int(ldb) + j.lowerBound), ldb,
        part.lowerBound == 0 ? beta : 1, c, ldc)
    }
  }

  func tiles(
    _ rows: Int, _ columns: Int, _ inner: Int, _ plan: ProductPlan, beta: T, c: UnsafeMutablePointer<T>, ldc: Int32
  ) {
    if plan.rowBlock >= rows && plan.columnBlock >= columns {
      return unsafe block(0..<rows, 0..<columns, 0..<inner, beta: beta, c: c, ldc: ldc)
    }
    let across = Parallelism.chunkCount(of: columns, chunkSize: plan.columnBlock)
    let down = Parallelism.chunkCount(of: rows, chunkSize: plan.rowBlock)
    let (product, output) = unsafe (self, SharedPointer(c))
    Parallelism.forEachChunk(count: down * across) { tile in
      let i = Parallelism.range(ofChunk: tile / across, of: rows, chunkSize: plan.rowBlock)
      let j = Parallelism.range(ofChunk: tile % across, of: columns, chunkSize: plan.columnBlock)
      let corner = unsafe output.base + i.lowerBound * Int(ldc) + j.lowerBound
      unsafe product.block(i, j, 0..<inner, beta: beta, c: corner, ldc: ldc)
    }
  }

  func sumOfPartials(
    _ rows: Int, _ columns: Int, _ inner: Int, _ plan: ProductPlan, beta: T, c: UnsafeMutablePointer<T>, ldc: Int32
  ) {
    let size = rows * columns
    let blocks = Parallelism.chunkCount(of: inner, chunkSize: plan.innerBlock)
    var partials = [T](repeating: 0, count: blocks * size)
    var output = partials.mutableSpan
    let product = unsafe self
    Parallelism.mapRows(blocks, rowsPerChunk: 1, &output, width: size) { chunk, _, partial in
      let k = Parallelism.range(ofChunk: chunk, of: inner, chunkSize: plan.innerBlock)
      unsafe partial.withUnsafeMutableBufferPointer { partial in
        guard let partial = partial.baseAddress else { return }
        unsafe product.block(0..<rows, 0..<columns, k, beta: 0, c: partial, ldc: Int32(columns))
      }
    }
    unsafe BLAS.scale(by: beta, rows: rows, columns: columns, c, stride: Int(ldc))
    unsafe partials.withUnsafeBufferPointer { partials in
      guard let partials = partials.baseAddress else { return }
      for chunk in 0..<blocks {
        for row in 0..<rows {
          unsafe T._axpy(access, Int32(columns), 1, partials + chunk * size + row * columns, c + row * Int(ldc))
        }
      }
    }
  }
}
