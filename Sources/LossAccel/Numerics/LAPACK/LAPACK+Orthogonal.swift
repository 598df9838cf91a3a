extension LAPACK {
  /// Replaces `a` (rows × columns) by its Householder QR: R in the upper triangle, the reflectors below it.
  ///
  /// - Returns: the reflectors' scalars, min(rows, columns) of them.
  /// - Complexity: O(2·rows·columns²)
  package static func qr<T: Scalar>(rows: Int, columns: Int, _ a: inout [T]) throws(LinearAlgebraError) -> [T] {
    let access = try BLASRuntime.ready()
    check("geqrf", "A", a, rows, columns)
    let (m, n) = (try dimension("geqrf", "the rows", rows), try dimension("geqrf", "the columns", columns))
    var tau = [T](repeating: 0, count: min(rows, columns))
    guard !tau.isEmpty else { return tau }
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe tau.withUnsafeMutableBufferPointer { tau in
        unsafe withWorkspace { work, size in
          unsafe T._geqrf(
            access, m, n, a.baseAddress.unsafelyUnwrapped, m, tau.baseAddress.unsafelyUnwrapped, work, size)
        }
      }
    }
    _ = checked("geqrf", info)
    return tau
  }

  /// As ``qr(rows:columns:_:)``, always taking next the column with the largest remaining norm.
  ///
  /// - Returns: the reflectors' scalars, and for every column of R the column of A that it came from.
  /// - Complexity: O(2·rows·columns²), half of it at the speed of memory
  package static func pivotedQR<T: Scalar>(
    rows: Int, columns: Int, _ a: inout [T]
  ) throws(LinearAlgebraError) -> (tau: [T], order: [Int]) {
    let access = try BLASRuntime.ready()
    check("geqp3", "A", a, rows, columns)
    let (m, n) = (try dimension("geqp3", "the rows", rows), try dimension("geqp3", "the columns", columns))
    var tau = [T](repeating: 0, count: min(rows, columns))
    guard !tau.isEmpty else { return (tau, Array(0..<columns)) }
    var pivots = [Int32](repeating: 0, count: columns)
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe tau.withUnsafeMutableBufferPointer { tau in
        unsafe pivots.withUnsafeMutableBufferPointer { pivots in
          unsafe withWorkspace { work, size in
            unsafe T._geqp3(
              access, m, n, a.baseAddress.unsafelyUnwrapped, m, pivots.baseAddress.unsafelyUnwrapped,
              tau.baseAddress.unsafelyUnwrapped, work, size)
          }
        }
      }
    }
    _ = checked("geqp3", info)
    return (tau, pivots.map { Int($0) - 1 })
  }

  /// C ← QC, or QᵀC with `transposed`, for the Q of a QR whose reflectors are the first `tau.count` columns of `a`.
  ///
  /// - Complexity: O(4·rows·columns·tau.count)
  package static func applyQ<T: Scalar>(
    transposed: Bool, rows: Int, columns: Int, reflectors a: [T], tau: [T], to c: inout [T]
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    precondition(a.count >= rows * tau.count, "ormqr: \(a.count) elements hold no \(tau.count) reflectors of \(rows)")
    check("ormqr", "C", c, rows, columns)
    let (m, n) = (try dimension("ormqr", "the rows", rows), try dimension("ormqr", "the columns", columns))
    guard !tau.isEmpty, columns > 0 else { return }
    let info = unsafe a.withUnsafeBufferPointer { a in
      unsafe tau.withUnsafeBufferPointer { tau in
        unsafe c.withUnsafeMutableBufferPointer { c in
          unsafe withWorkspace { work, size in
            unsafe T._ormqr(
              access, trans: ascii(transposed ? "T" : "N"), m, n, Int32(tau.count), a.baseAddress.unsafelyUnwrapped, m,
              tau.baseAddress.unsafelyUnwrapped, c.baseAddress.unsafelyUnwrapped, m, work, size)
          }
        }
      }
    }
    _ = checked("ormqr", info)
  }

  /// Replaces the upper trapezoid [R S] in `a` (rows × columns, rows ≤ columns) by T and the reflectors of Z with [R S] = [T 0]·Z.
  ///
  /// - Returns: the reflectors' scalars.
  /// - Complexity: O(4·rows²·(columns − rows))
  package static func completeOrthogonal<T: Scalar>(
    rows: Int, columns: Int, _ a: inout [T]
  ) throws(LinearAlgebraError) -> [T] {
    let access = try BLASRuntime.ready()
    precondition(rows <= columns, "tzrzf: \(rows) rows are more than \(columns) columns")
    check("tzrzf", "A", a, rows, columns)
    let (m, n) = (try dimension("tzrzf", "the rows", rows), try dimension("tzrzf", "the columns", columns))
    var tau = [T](repeating: 0, count: rows)
    guard rows > 0 else { return tau }
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe tau.withUnsafeMutableBufferPointer { tau in
        unsafe withWorkspace { work, size in
          unsafe T._tzrzf(
            access, m, n, a.baseAddress.unsafelyUnwrapped, m, tau.baseAddress.unsafelyUnwrapped, work, size)
        }
      }
    }
    _ = checked("tzrzf", info)
    return tau
  }

  /// C ← ZᵀC for the Z of ``completeOrthogonal(rows:columns:_:)``; C is `order` × `columns`, `a` is `rank` × `order`.
  ///
  /// - Complexity: O(4·columns·rank·(order − rank))
  package static func applyZTransposed<T: Scalar>(
    order: Int, columns: Int, rank: Int, reflectors a: [T], tau: [T], to c: inout [T]
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    check("ormrz", "A", a, rank, order)
    check("ormrz", "C", c, order, columns)
    let (m, n) = (try dimension("ormrz", "the order", order), try dimension("ormrz", "the columns", columns))
    guard rank > 0, rank < order, columns > 0 else { return }
    let k = Int32(rank)
    let info = unsafe a.withUnsafeBufferPointer { a in
      unsafe tau.withUnsafeBufferPointer { tau in
        unsafe c.withUnsafeMutableBufferPointer { c in
          unsafe withWorkspace { work, size in
            unsafe T._ormrz(
              access, trans: ascii("T"), m, n, k, m - k, a.baseAddress.unsafelyUnwrapped, k,
              tau.baseAddress.unsafelyUnwrapped, c.baseAddress.unsafelyUnwrapped, m, work, size)
          }
        }
      }
    }
    _ = checked("ormrz", info)
  }
}
