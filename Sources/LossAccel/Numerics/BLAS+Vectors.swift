extension BLAS {
  /// Σ xᵢ·yᵢ, accumulated in the precision of the elements; 0 for empty vectors.
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
}
