extension LAPACK {
  /// Replaces the upper triangle of the symmetric matrix `a` by R with RᵀR = a; the lower triangle is neither read nor written.
  ///
  /// - Returns: nil on success, otherwise the index of the first pivot that is not positive.
  /// - Complexity: O(order³/3)
  package static func cholesky<T: Scalar>(order: Int, _ a: inout [T]) throws(LinearAlgebraError) -> Int? {
    let access = try BLASRuntime.ready()
    check("potrf", "A", a, order, order)
    let n = try dimension("potrf", "the order", order)
    guard order > 0 else { return nil }
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe T._potrf(access, uplo: ascii("U"), n, a.baseAddress.unsafelyUnwrapped, n)
    }
    let failed = checked("potrf", info)
    return failed == 0 ? nil : failed - 1
  }

  /// Replaces the upper triangular matrix `r` by its inverse. The strict lower triangle is neither read nor written.
  ///
  /// - Returns: nil on success, otherwise the index of the first diagonal element that is zero; then `r` is unchanged.
  /// - Complexity: O(order³/3)
  package static func triangularInverse<T: Scalar>(order: Int, _ r: inout [T]) throws(LinearAlgebraError) -> Int? {
    let access = try BLASRuntime.ready()
    check("trtri", "R", r, order, order)
    let n = try dimension("trtri", "the order", order)
    guard order > 0 else { return nil }
    let info = unsafe r.withUnsafeMutableBufferPointer { r in
      unsafe T._trtri(access, uplo: ascii("U"), n, r.baseAddress.unsafelyUnwrapped, n)
    }
    let failed = checked("trtri", info)
    return failed == 0 ? nil : failed - 1
  }

  /// An estimate of the condition number ‖R‖₁·‖R⁻¹‖₁ of an upper triangular matrix: a lower bound, seldom below a third of the
  /// truth; ∞ where R is singular, 1 for order 0.
  ///
  /// - Complexity: O(order²)
  package static func conditionEstimate<T: Scalar>(order: Int, _ r: [T]) throws(LinearAlgebraError) -> T {
    let access = try BLASRuntime.ready()
    check("trcon", "R", r, order, order)
    let n = try dimension("trcon", "the order", order)
    guard order > 0 else { return 1 }
    var reciprocal: T = 0
    var work = [T](repeating: 0, count: 3 * order)
    var integers = [Int32](repeating: 0, count: order)
    let info = unsafe r.withUnsafeBufferPointer { r in
      unsafe work.withUnsafeMutableBufferPointer { work in
        unsafe integers.withUnsafeMutableBufferPointer { integers in
          unsafe T._trcon(
            access, n, r.baseAddress.unsafelyUnwrapped, n, &reciprocal, work.baseAddress.unsafelyUnwrapped,
            integers.baseAddress.unsafelyUnwrapped)
        }
      }
    }
    _ = checked("trcon", info)
    return reciprocal > 0 ? 1 / reciprocal : .infinity
  }
}
