/// A millisecond of problems with known answers, put to the BLAS and LAPACK of this process before
/// anything else.
///
/// Wrong kernels have shipped more than once (AVX-512 dgemm of OpenBLAS 0.3.4 to 0.3.6, for example), and a repaired
/// core choice must prove itself. The data are small integers, so every product has one right answer, to the last bit,
/// in both precisions. Odd sizes reach the edge code of the kernels; sizes below and above 10⁶ multiplications reach
/// both of OpenBLAS's gemm paths.
package struct BLASSelfTest {
  /// Changes a result before it is checked. Only tests of this test give one.
  package typealias Tampering = (_ operation: String, _ result: inout [Double]) -> Void

  private let access: _BLASAccess
  private let tamper: Tampering?

  package init(_ access: _BLASAccess, tamper: Tampering? = nil) {
    self.access = access
    self.tamper = tamper
  }

  /// The name of the first operation that gave a wrong answer, nil where all are right.
  package func firstWrongOperation() -> String? {
    firstWrongOperation(Double.self, prefix: "d") ?? firstWrongOperation(Float.self, prefix: "s")
  }

  private func firstWrongOperation<T: Scalar>(_: T.Type, prefix: String) -> String? {
    let orders = [(false, false), (true, false), (false, true), (true, true)]
    for (rows, columns, inner, orders) in [
      (13, 11, 17, orders), (33, 18, 35, orders), (131, 67, 129, [orders[0], orders[3]]),
    ] {
      let (a, b) = (Integers(rows, inner, seed: 1), Integers(inner, columns, seed: 2))
      for (transposeA, transposeB) in orders where !gemm(T.self, "\(prefix)gemm", a, transposeA, b, transposeB) {
        return "\(prefix)gemm"
      }
    }
    for transposed in [false, true] {
      if !gemv(T.self, "\(prefix)gemv", 37, 29, transposed) { return "\(prefix)gemv" }
      for (size, inner) in [(11, 37), (45, 131)] {
        for lower in [false, true] {
          if !syrk(T.self, "\(prefix)syrk", size, inner, lower, transposed) { return "\(prefix)syrk" }
        }
      }
    }
    for size in [5, 45] where !potrf(T.self, "\(prefix)potrf", size) { return "\(prefix)potrf" }
    return nil
  }

  /// A product is right when C·v = A·(B·v) for integers v that differ from column to column: n² operations instead of
  /// n³.
  private func gemm<T: Scalar>(
    _: T.Type, _ name: String, _ a: Integers, _ transposeA: Bool, _ b: Integers, _ transposeB: Bool
  ) -> Bool {
    let (rows, columns, inner) = (a.rows, b.columns, a.columns)
    var c = [T](repeating: .nan, count: rows * columns)
    unsafe T._gemm(
      access, transposeA: transposeA, transposeB: transposeB, Int32(rows), Int32(columns), Int32(inner),
      1, a.stored(transposed: transposeA), Int32(transposeA ? rows : inner),
      b.stored(transposed: transposeB), Int32(transposeB ? inner : columns), 0, &c, Int32(columns))
    let v = Integers(columns, 1, seed: 3).values
    return Integers(rows, columns, observed(name, c)).times(v) == a.times(b.times(v))
  }

  private func gemv<T: Scalar>(_: T.Type, _ name: String, _ rows: Int, _ columns: Int, _ transposed: Bool) -> Bool {
    let a = Integers(rows, columns, seed: 4)
    let x = Integers(transposed ? rows : columns, 1, seed: 5)
    var y = [T](repeating: .nan, count: transposed ? columns : rows)
    unsafe T._gemv(
      access, transposeA: transposed, Int32(rows), Int32(columns), 1, a.stored(), Int32(columns), x.stored(), 0, &y)
    return observed(name, y) == (transposed ? a.transposed : a).times(x.values)
  }

  private func syrk<T: Scalar>(
    _: T.Type, _ name: String, _ size: Int, _ inner: Int, _ lower: Bool, _ transposed: Bool
  ) -> Bool {
    let a = Integers(size, inner, seed: 6)
    var c = [T](repeating: 0, count: size * size)
    unsafe T._syrk(
      access, lower: lower, transposeA: transposed, Int32(size), Int32(inner), 1, a.stored(transposed: transposed),
      Int32(transposed ? size : inner), 0, &c, Int32(size))
    for row in 0..<size {
      for column in 0..<row {
        let (from, to) = lower ? (row * size + column, column * size + row) : (column * size + row, row * size + column)
        if c[to] != 0 { return false }
        c[to] = c[from]
      }
    }
    let v = Integers(size, 1, seed: 7).values
    return Integers(size, size, observed(name, c)).times(v) == a.times(a.transposed.times(v))
  }

  /// The factor of L·Lᵀ is L: integers with 64 on the diagonal and small ones below, so well conditioned that the
  /// errors of rounding stay within a few units in the last place of 64.
  private func potrf<T: Scalar>(_: T.Type, _ name: String, _ size: Int) -> Bool {
    var factor = Integers(size, size, seed: 8)
    for row in 0..<size {
      for column in row..<size { factor.values[row * size + column] = row == column ? 64 : 0 }
    }
    var product: [T] = []
    for row in 0..<size { product += factor.times(Array(factor.values[row * size..<(row + 1) * size])).map { T($0) } }
    let info = unsafe T._potrf(access, uplo: CChar(UInt8(ascii: "L")), Int32(size), &product, Int32(size))
    guard info == 0 else { return false }
    let result = observed(name, product)
    // The result is column-major: its lower triangle is the upper one here.
    for row in 0..<size {
      for column in 0...row {
        let error = abs(result[column * size + row] - factor.values[row * size + column])
        guard error <= 32 * Double(T.ulpOfOne) * 64 else { return false }
      }
    }
    return true
  }

  private func observed<T: Scalar>(_ operation: String, _ result: [T]) -> [Double] {
    var result = result.map { Double($0) }
    tamper?(operation, &result)
    return result
  }
}

/// A row-major matrix of integers, kept as `Double`, in which all sums here are exact: the plain loops that the library
/// is compared with.
private struct Integers {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// Reproducible numbers from -4 to 3.
  init(_ rows: Int, _ columns: Int, seed: Int) {
    var state = UInt32(truncatingIfNeeded: seed &* 104_729)
    let values = (0..<rows * columns).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state >> 29) - 4
    }
    self.init(rows, columns, values)
  }

  var transposed: Integers {
    var result = Integers(columns, rows, values)
    for row in 0..<rows {
      for column in 0..<columns { result.values[column * rows + row] = values[row * columns + column] }
    }
    return result
  }

  func times(_ vector: [Double]) -> [Double] {
    (0..<rows).map { row in
      var sum = 0.0
      for column in 0..<columns { sum += values[row * columns + column] * vector[column] }
      return sum
    }
  }

  func stored<T: Scalar>(transposed isTransposed: Bool = false) -> [T] {
    (isTransposed ? transposed : self).values.map { T($0) }
  }
}
