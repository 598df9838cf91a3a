extension LAPACK {
  /// Triangular factors of a square matrix, PA = LU, by partial pivoting.
  package struct LU<T: Scalar>: Sendable {
    package let order: Int
    private let elements: [T]
    private let pivots: [Int32]

    /// Factors a column-major matrix, which it takes and leaves empty; nil where it is exactly singular.
    ///
    /// - Complexity: O(⅔·order³)
    package init?(order: Int, taking a: inout [T]) throws(LinearAlgebraError) {
      let access = try BLASRuntime.ready()
      check("getrf", "A", a, order, order)
      let n = try dimension("getrf", "the order", order)
      guard order > 0 else { return nil }
      var (factors, pivots) = ([T](), [Int32](repeating: 0, count: order))
      swap(&factors, &a)
      let info = unsafe factors.withUnsafeMutableBufferPointer { a in
        unsafe pivots.withUnsafeMutableBufferPointer { pivots in
          unsafe T._getrf(access, n, a.baseAddress.unsafelyUnwrapped, n, pivots.baseAddress.unsafelyUnwrapped)
        }
      }
      guard checked("getrf", info) == 0 else { return nil }
      (self.order, elements, self.pivots) = (order, factors, pivots)
    }

    /// b ← A⁻¹b, or A⁻ᵀb with `transposed`.
    ///
    /// - Complexity: O(2·order²)
    package func solve(_ b: inout [T], transposed: Bool) throws(LinearAlgebraError) {
      let access = try BLASRuntime.ready()
      check("getrs", "B", b, order, 1)
      let n = try dimension("getrs", "the order", order)
      let info = unsafe elements.withUnsafeBufferPointer { a in
        unsafe pivots.withUnsafeBufferPointer { pivots in
          unsafe b.withUnsafeMutableBufferPointer { b in
            unsafe T._getrs(
              access, trans: ascii(transposed ? "T" : "N"), n, 1, a.baseAddress.unsafelyUnwrapped, n,
              pivots.baseAddress.unsafelyUnwrapped, b.baseAddress.unsafelyUnwrapped, n)
          }
        }
      }
      _ = checked("getrs", info)
    }

    /// An estimate of ‖A‖·‖A⁻¹‖ in the ∞-norm, from `norm` = ‖A‖: a lower bound, seldom below a third of the truth.
    ///
    /// - Complexity: O(order²)
    package func conditionEstimate(norm: T) throws(LinearAlgebraError) -> T {
      let access = try BLASRuntime.ready()
      let n = try dimension("gecon", "the order", order)
      var reciprocal: T = 0
      var work = [T](repeating: 0, count: 4 * order)
      var integers = [Int32](repeating: 0, count: order)
      let info = unsafe elements.withUnsafeBufferPointer { a in
        unsafe work.withUnsafeMutableBufferPointer { work in
          unsafe integers.withUnsafeMutableBufferPointer { integers in
            unsafe T._gecon(
              access, n, a.baseAddress.unsafelyUnwrapped, n, norm: norm, &reciprocal,
              work.baseAddress.unsafelyUnwrapped, integers.baseAddress.unsafelyUnwrapped)
          }
        }
      }
      _ = checked("gecon", info)
      return reciprocal > 0 ? 1 / reciprocal : .infinity
    }
  }
}
