extension BLAS {
  /// Σ xᵢ·yᵢ, accumulated in the precision of the elements; 0 for empty vectors.
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func dot<T: Scalar>(_ x: Span<T>, _ y: Span<T>, limit: Int = dimensionLimit) throws(LinearAlgebraError)
    -> T
  {
    let access = try BLASRuntime.ready()
    precondition(x.count == y.count, "dot: the vectors have \(x.count) and \(y.count) elements")
    return unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeBufferPointer { y in
        var sum: T = 0
        guard let xs = x.baseAddress, let ys = y.baseAddress else { return sum }
        forEachBlock(of: x.count, limit: limit) { block in
          sum += unsafe T._dot(access, Int32(block.count), xs + block.lowerBound, ys + block.lowerBound)
        }
        return sum
      }
    }
  }

  /// y ← y + alpha·x.
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func axpy<T: Scalar>(
    alpha: T, _ x: Span<T>, into y: inout MutableSpan<T>, limit: Int = dimensionLimit
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    precondition(x.count == y.count, "axpy: the vectors have \(x.count) and \(y.count) elements")
    unsafe y.withUnsafeMutableBufferPointer { y in
      unsafe x.withUnsafeBufferPointer { x in
        guard let xs = x.baseAddress, let ys = y.baseAddress else { return }
        forEachBlock(of: x.count, limit: limit) { block in
          unsafe T._axpy(access, Int32(block.count), alpha, xs + block.lowerBound, ys + block.lowerBound)
        }
      }
    }
  }

  /// The Euclidean norm √Σxᵢ², without overflow or underflow on the way.
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func nrm2<T: Scalar>(_ x: Span<T>, limit: Int = dimensionLimit) throws(LinearAlgebraError) -> T {
    let access = try BLASRuntime.ready()
    return unsafe x.withUnsafeBufferPointer { x in
      var norm: T = 0
      guard let xs = x.baseAddress else { return norm }
      forEachBlock(of: x.count, limit: limit) { block in
        let part = unsafe T._nrm2(access, Int32(block.count), xs + block.lowerBound)
        let (small, large) = norm < part ? (norm, part) : (part, norm)
        norm =
          large == 0 || !large.isFinite ? small + large : large * (1 + (small / large) * (small / large)).squareRoot()
      }
      return norm
    }
  }

  /// C ← beta·C as BLAS understands it: zero times NaN is zero here.
  static func scale<T: Scalar>(by beta: T, rows: Int, columns: Int, c: inout MutableSpan<T>, stride: Int) {
    unsafe c.withUnsafeMutableBufferPointer { c in
      guard let c = c.baseAddress else { return }
      unsafe scale(by: beta, rows: rows, columns: columns, c, stride: stride)
    }
  }

  /// The same for memory.
  static func scale<T: Scalar>(by beta: T, rows: Int, columns: Int, _ c: UnsafeMutablePointer<T>, stride: Int) {
    if beta == 1 { return }
    for row in 0..<rows {
      let target = unsafe UnsafeMutableBufferPointer(start: c + row * stride, count: columns)
      if beta == 0 {
        unsafe target.update(repeating: 0)
      } else {
        for column in 0..<columns { unsafe target[column] *= beta }
      }
    }
  }

  /// Adds consecutive blocks of `partials`, each as long as `sum`, to `sum`, first block first.
  static func addBlocks<T: Scalar>(_ partials: Span<T>, to sum: inout MutableSpan<T>, _ access: _BLASAccess) {
    let size = sum.count
    unsafe sum.withUnsafeMutableBufferPointer { sum in
      unsafe partials.withUnsafeBufferPointer { partials in
        guard let from = partials.baseAddress, let to = sum.baseAddress else { return }
        for start in stride(from: 0, to: partials.count, by: size) {
          forEachBlock(of: size, limit: dimensionLimit) { block in
            unsafe T._axpy(access, Int32(block.count), 1, from + start + block.lowerBound, to + block.lowerBound)
          }
        }
      }
    }
  }
}
