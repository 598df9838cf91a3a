extension BLAS {
  /// y ← alpha·op(A)·x + beta·y, where A is stored `rows` × `columns`; with `transposeA`, x has `rows` and y `columns`
  /// elements.
  ///
  /// With beta = 0, y is not read, so it may hold NaN.
  /// - Complexity: O(rows · columns)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func gemv<T: Scalar>(
    rows: Int, columns: Int, alpha: T = 1, a: Span<T>, aStride: Int? = nil, transposeA: Bool = false,
    x: Span<T>, beta: T = 0, y: inout MutableSpan<T>, limit: Int = dimensionLimit
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension("gemv", "A", rows: rows, columns: columns, stride: aStride, count: a.count)
    let (inputs, outputs) = transposeA ? (rows, columns) : (columns, rows)
    precondition(x.count == inputs, "gemv: x has \(x.count) elements instead of \(inputs)")
    precondition(y.count == outputs, "gemv: y has \(y.count) elements instead of \(outputs)")
    if outputs == 0 { return }
    if inputs == 0 { return scale(by: beta, rows: 1, columns: outputs, c: &y, stride: outputs) }

    let rowBlock = ProductPlan.gemv(rows: rows, columns: columns, transposed: transposeA)
    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe a.withUnsafeBufferPointer { a in
        unsafe x.withUnsafeBufferPointer { x in
          guard let a = a.baseAddress, let x = x.baseAddress, let y = y.baseAddress else { return }
          let product = unsafe Gemv(
            access: access, alpha: alpha, a: a, lda: lda, columns: columns, x: x, limit: limit)
          if rowBlock >= rows {
            unsafe product.block(0..<rows, transposed: transposeA, beta: beta, y: y)
          } else if transposeA {
            unsafe product.sumOfPartials(rows: rows, rowBlock: rowBlock, beta: beta, y: y)
          } else {
            let output = unsafe SharedPointer(y)
            Parallelism.forEachRange(of: rows, chunkSize: rowBlock) { _, range in
              unsafe product.block(range, transposed: false, beta: beta, y: output.base + range.lowerBound)
            }
          }
        }
      }
    }
  }
}

/// The operands of a gemv. They outlive every thread that uses them.
@unsafe private struct Gemv<T: Scalar>: @unchecked Sendable {
  let access: _BLASAccess
  let alpha: T
  let a: UnsafePointer<T>
  let lda: Int32
  let columns: Int
  let x: UnsafePointer<T>
  let limit: Int

  /// The product with these rows of A: one element of y for each of them, or, transposed, one for each column.
  func block(_ rows: Range<Int>, transposed: Bool, beta: T, y: UnsafeMutablePointer<T>) {
    unsafe BLAS.forEachBlock(of: rows.count, limit: limit) { i in
      unsafe BLAS.forEachBlock(of: columns, limit: limit) { j in
        let row = rows.lowerBound + i.lowerBound
        let isFirst = transposed ? i.lowerBound == 0 : j.lowerBound == 0
        unsafe T._gemv(
          access, transposeA: transposed, Int32(i.count), Int32(j.count),
          alpha, a + row * Int(lda) + j.lowerBound, lda, x + (transposed ? row : j.lowerBound),
          isFirst ? beta : 1, y + (transposed ? j.lowerBound : i.lowerBound))
      }
    }
  }

  func sumOfPartials(rows: Int, rowBlock: Int, beta: T, y: UnsafeMutablePointer<T>) {
    let (product, columns) = unsafe (self, self.columns)
    let blocks = Parallelism.chunkCount(of: rows, chunkSize: rowBlock)
    var partials = [T](repeating: 0, count: blocks * columns)
    var output = partials.mutableSpan
    Parallelism.mapRows(blocks, rowsPerChunk: 1, &output, width: columns) { chunk, _, partial in
      let range = Parallelism.range(ofChunk: chunk, of: rows, chunkSize: rowBlock)
      unsafe partial.withUnsafeMutableBufferPointer { partial in
        guard let partial = partial.baseAddress else { return }
        unsafe product.block(range, transposed: true, beta: 0, y: partial)
      }
    }
    unsafe BLAS.scale(by: beta, rows: 1, columns: columns, y, stride: columns)
    unsafe partials.withUnsafeBufferPointer { partials in
      guard let partials = partials.baseAddress else { return }
      for chunk in 0..<blocks {
        unsafe BLAS.forEachBlock(of: columns, limit: limit) { j in
          unsafe T._axpy(access, Int32(j.count), 1, partials + chunk * columns + j.lowerBound, y + j.lowerBound)
        }
      }
    }
  }
}
