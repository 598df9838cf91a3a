extension LAPACK {
  /// The most singular values that one decomposition can have.
  package static let singularValueLimit = 20_000

  /// The thin singular value decomposition a = U·diag(s)·Vᵀ with k = min(rows, columns) singular values, largest first.
  ///
  /// - Returns: U (rows × k), s and Vᵀ (k × columns); nil where the iteration does not converge.
  /// - Complexity: O(rows·columns·k)
  package static func singularValues<T: Scalar>(
    rows: Int, columns: Int, _ matrix: [T]
  ) throws(LinearAlgebraError) -> (u: [T], s: [T], vt: [T])? {
    let access = try BLASRuntime.ready()
    check("gesdd", "A", matrix, rows, columns)
    let (m, n) = (try dimension("gesdd", "the rows", rows), try dimension("gesdd", "the columns", columns))
    let k = min(rows, columns)
    // LAPACK computes the size of its workspace, 4k² + 7k and more, in 32 bits.
    guard k <= singularValueLimit else {
      throw .dimensionTooLarge(operation: "gesdd", dimension: "the smaller side", value: k, limit: singularValueLimit)
    }
    var (a, s) = (matrix, [T](repeating: 0, count: k))
    var (u, vt) = ([T](repeating: 0, count: rows * k), [T](repeating: 0, count: k * columns))
    guard k > 0 else { return (u, s, vt) }
    var integers = [Int32](repeating: 0, count: 8 * k)
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe s.withUnsafeMutableBufferPointer { s in
        unsafe u.withUnsafeMutableBufferPointer { u in
          unsafe vt.withUnsafeMutableBufferPointer { vt in
            unsafe integers.withUnsafeMutableBufferPointer { integers in
              unsafe withWorkspace { work, size in
                unsafe T._gesdd(
                  access, m, n, a.baseAddress.unsafelyUnwrapped, m, s.baseAddress.unsafelyUnwrapped,
                  u.baseAddress.unsafelyUnwrapped, m, vt.baseAddress.unsafelyUnwrapped, Int32(k), work, size,
                  integers.baseAddress.unsafelyUnwrapped)
              }
            }
          }
        }
      }
    }
    return checked("gesdd", info) == 0 ? (u, s, vt) : nil
  }

  /// LAPACK's own least-squares driver: min ‖Ax − b‖ for `rows` ≥ `columns`, the minimum-norm solution otherwise.
  ///
  /// Destroys `a`. `b` holds max(rows, columns) × `targets` elements; the solution replaces its first `columns` rows.
  /// - Returns: nil on success, otherwise the index of the diagonal element of R that is exactly zero.
  /// - Complexity: O(2·rows·columns²)
  package static func gels<T: Scalar>(
    rows: Int, columns: Int, targets: Int, _ a: inout [T], _ b: inout [T]
  ) throws(LinearAlgebraError) -> Int? {
    let access = try BLASRuntime.ready()
    check("gels", "A", a, rows, columns)
    check("gels", "B", b, max(rows, columns), targets)
    let (m, n) = (try dimension("gels", "the rows", rows), try dimension("gels", "the columns", columns))
    let nrhs = try dimension("gels", "the right-hand sides", targets)
    guard rows > 0, columns > 0, targets > 0 else { return nil }
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe b.withUnsafeMutableBufferPointer { b in
        unsafe withWorkspace { work, size in
          unsafe T._gels(
            access, trans: ascii("N"), m, n, nrhs, a.baseAddress.unsafelyUnwrapped, m,
            b.baseAddress.unsafelyUnwrapped, max(m, n), work, size)
        }
      }
    }
    let failed = checked("gels", info)
    return failed == 0 ? nil : failed - 1
  }

  /// Which of the two conditions for a unique constrained solution does not hold.
  package enum ConstrainedFailure: Error {
    case constraintsDependent, matrixDeficient
  }

  /// The x that minimises ‖Ax − c‖ subject to Bx = d, where A is `rows` × `columns` and B is `constraints` × `columns`, with
  /// constraints ≤ columns ≤ rows + constraints. Destroys `a` and `b`; afterwards the leading triangle of `a`, of order
  /// columns − constraints, is the R of A on the null space of B.
  ///
  /// - Complexity: O(2·rows·columns²)
  package static func constrainedLeastSquares<T: Scalar>(
    rows: Int, columns: Int, constraints: Int, _ a: inout [T], _ b: inout [T], target: [T], constraintTarget: [T]
  ) throws(LinearAlgebraError) -> Result<[T], ConstrainedFailure> {
    let access = try BLASRuntime.ready()
    check("gglse", "A", a, rows, columns)
    check("gglse", "B", b, constraints, columns)
    check("gglse", "c", target, rows, 1)
    check("gglse", "d", constraintTarget, constraints, 1)
    let (m, n) = (try dimension("gglse", "the rows", rows), try dimension("gglse", "the columns", columns))
    let p = try dimension("gglse", "the constraints", constraints)
    var (c, d, x) = (target, constraintTarget, [T](repeating: 0, count: columns))
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe b.withUnsafeMutableBufferPointer { b in
        unsafe c.withUnsafeMutableBufferPointer { c in
          unsafe d.withUnsafeMutableBufferPointer { d in
            unsafe x.withUnsafeMutableBufferPointer { x in
              unsafe withWorkspace { work, size in
                unsafe T._gglse(
                  access, m, n, p, a.baseAddress.unsafelyUnwrapped, m, b.baseAddress.unsafelyUnwrapped, max(p, 1),
                  c.baseAddress.unsafelyUnwrapped, d.baseAddress.unsafelyUnwrapped, x.baseAddress.unsafelyUnwrapped,
                  work, size)
              }
            }
          }
        }
      }
    }
    switch checked("gglse", info) {
    case 0: return .success(x)
    case 1: return .failure(.constraintsDependent)
    default: return .failure(.matrixDeficient)
    }
  }
}
