import LossAccel
import TestSupport
import Testing

/// The element (row, column) of op(A), for a stored A.
private func element<T>(_ a: [T], _ row: Int, _ column: Int, stride: Int, transposed: Bool) -> T {
  transposed ? a[column * stride + row] : a[row * stride + column]
}

@Suite struct BLASTests {
  struct Shape: Sendable, CustomStringConvertible {
    var rows: Int, columns: Int, inner: Int
    var description: String { "\(rows)x\(columns)x\(inner)" }
  }
  static let shapes = [
    (1, 1, 1), (3, 5, 7), (17, 1, 33), (1, 19, 8), (31, 29, 0), (37, 41, 43), (71, 69, 67), (301, 7, 51), (0, 4, 3),
  ].map { Shape(rows: $0.0, columns: $0.1, inner: $0.2) }

  /// Both precisions; as a whole, and cut into blocks of at most 13.
  @Test(arguments: shapes, [BLAS.dimensionLimit, 13]) func gemm(shape: Shape, limit: Int) throws {
    for transposes in 0..<4 {
      try checkGemm(Float.self, shape, transposeA: transposes & 1 != 0, transposeB: transposes & 2 != 0, limit: limit)
      try checkGemm(Double.self, shape, transposeA: transposes & 1 != 0, transposeB: transposes & 2 != 0, limit: limit)
    }
  }

  private func checkGemm<T: Scalar>(
    _: T.Type, _ shape: Shape, transposeA: Bool, transposeB: Bool, limit: Int
  ) throws {
    let (m, n, k) = (shape.rows, shape.columns, shape.inner)
    let (lda, ldb, ldc) = ((transposeA ? m : k) + 1, (transposeB ? k : n) + 2, n + 3)
    let a: [T] = smallIntegers((transposeA ? k : m) * lda, seed: 1)
    let b: [T] = smallIntegers((transposeB ? n : k) * ldb, seed: 2)
    let start: [T] = smallIntegers(m * ldc, seed: 3)
    var expected = start
    for i in 0..<m {
      for j in 0..<n {
        var sum: T = 0
        for l in 0..<k {
          sum +=
            element(a, i, l, stride: lda, transposed: transposeA)
            * element(b, l, j, stride: ldb, transposed: transposeB)
        }
        expected[i * ldc + j] = 2 * sum + 3 * expected[i * ldc + j]
      }
    }
    var c = start
    var output = c.mutableSpan
    try BLAS.gemm(
      rows: m, columns: n, inner: k, alpha: 2, a: a.span, aStride: lda, transposeA: transposeA,
      b: b.span, bStride: ldb, transposeB: transposeB, beta: 3, c: &output, cStride: ldc, limit: limit)
    #expect(c == expected)
  }

  @Test(arguments: shapes, [BLAS.dimensionLimit, 13]) func gemv(shape: Shape, limit: Int) throws {
    for transposed in [false, true] {
      try checkGemv(Float.self, rows: shape.rows, columns: shape.inner, transposed: transposed, limit: limit)
      try checkGemv(Double.self, rows: shape.rows, columns: shape.inner, transposed: transposed, limit: limit)
    }
  }

  /// One row may have any stride as far as memory goes, but not as far as 32-bit integers do.
  @Test(arguments: [1 << 31, 1 << 32, .max]) func stridesBeyond32BitsAreRefused(stride: Int) throws {
    let one = [1.0]
    var y = [7.0]
    var output = y.mutableSpan
    do throws(LinearAlgebraError) {
      try BLAS.gemv(rows: 1, columns: 1, a: one.span, aStride: stride, x: one.span, y: &output)
      Issue.record("a stride of \(stride) was taken for \(Int32(truncatingIfNeeded: stride))")
    } catch {
      let expected = LinearAlgebraError.dimensionTooLarge(
        operation: "gemv", dimension: "the row stride of A", value: stride, limit: Int(Int32.max))
      #expect(error == expected)
    }
    #expect(y == [7])
  }

  private func checkGemv<T: Scalar>(_: T.Type, rows: Int, columns: Int, transposed: Bool, limit: Int) throws {
    let stride = columns + 2
    let (inputs, outputs) = transposed ? (rows, columns) : (columns, rows)
    let a: [T] = smallIntegers(rows * stride, seed: 4)
    let x: [T] = smallIntegers(inputs, seed: 5)
    let start: [T] = smallIntegers(outputs, seed: 6)
    let expected = (0..<outputs).map { output in
      let sum = (0..<inputs).reduce(T(0)) {
        $0 + element(a, output, $1, stride: stride, transposed: transposed) * x[$1]
      }
      return 2 * sum - start[output]
    }
    var y = start
    var output = y.mutableSpan
    try BLAS.gemv(
      rows: rows, columns: columns, alpha: 2, a: a.span, aStride: stride, transposeA: transposed, x: x.span, beta: -1,
      y: &output, limit: limit)
    #expect(y == expected)
  }

  @Test(arguments: [(1, 1), (5, 0), (9, 40), (33, 17)], [BLAS.dimensionLimit, 35])
  func syrk(shape: (size: Int, inner: Int), limit: Int) throws {
    for transposed in [false, true] {
      for triangle in [BLAS.Triangle.upper, .lower] {
        try checkSyrk(Float.self, shape.size, shape.inner, transposed, triangle, limit)
        try checkSyrk(Double.self, shape.size, shape.inner, transposed, triangle, limit)
      }
    }
  }

  private func checkSyrk<T: Scalar>(
    _: T.Type, _ size: Int, _ inner: Int, _ transposed: Bool, _ triangle: BLAS.Triangle, _ limit: Int
  ) throws {
    let stride = (transposed ? size : inner) + 1
    let a: [T] = smallIntegers((transposed ? inner : size) * stride, seed: 7)
    let start: [T] = smallIntegers(size * size, seed: 8)
    var expected = start
    for i in 0..<size {
      for j in triangle == .upper ? i..<size : 0..<i + 1 {
        let sum = (0..<inner).reduce(T(0)) {
          $0 + element(a, i, $1, stride: stride, transposed: transposed)
            * element(a, j, $1, stride: stride, transposed: transposed)
        }
        expected[i * size + j] = sum + 2 * start[i * size + j]
      }
    }
    var c = start
    var output = c.mutableSpan
    try BLAS.syrk(
      size: size, inner: inner, a: a.span, aStride: stride, transposeA: transposed, beta: 2, c: &output,
      triangle: triangle, limit: limit)
    #expect(c == expected)
    var whole = c.mutableSpan
    BLAS.mirror(triangle, size: size, c: &whole)
    #expect((0..<size * size).allSatisfy { c[$0] == c[$0 % size * size + $0 / size] })
  }

  @Test(arguments: [BLAS.Side.left, .right], [BLAS.Triangle.upper, .lower])
  func trsm(side: BLAS.Side, triangle: BLAS.Triangle) throws {
    for transposed in [false, true] {
      for unit in [false, true] {
        try checkTrsm(Float.self, side, triangle, transposed, unit)
        try checkTrsm(Double.self, side, triangle, transposed, unit)
      }
    }
  }

  /// A is triangular with ones on its diagonal (or, not to be read, other numbers), so the integers stay integers.
  private func checkTrsm<T: Scalar>(
    _: T.Type, _ side: BLAS.Side, _ triangle: BLAS.Triangle, _ transposed: Bool, _ unit: Bool
  ) throws {
    let (rows, columns) = side == .left ? (5, 23) : (23, 5)
    var a: [T] = smallIntegers(25, seed: 9)
    for index in 0..<5 { a[index * 6] = unit ? 100 : 1 }
    func coefficient(_ i: Int, _ j: Int) -> T {
      let (row, column) = transposed ? (j, i) : (i, j)
      if row == column { return 1 }
      return (triangle == .upper) == (row < column) ? a[row * 5 + column] : 0
    }
    let x: [T] = smallIntegers(rows * columns, seed: 10)
    var b = (0..<rows * columns).map { index -> T in
      let (row, column) = (index / columns, index % columns)
      return (0..<5).reduce(T(0)) {
        $0
          + (side == .left
            ? coefficient(row, $1) * x[$1 * columns + column] : x[row * columns + $1] * coefficient($1, column))
      }
    }
    var output = b.mutableSpan
    try BLAS.trsm(
      side: side, triangle: triangle, transposeA: transposed, unitDiagonal: unit, rows: rows, columns: columns,
      alpha: 2, a: a.span, b: &output, limit: 7)
    #expect(b == x.map { 2 * $0 })

    if side == .left {
      var single = (0..<5).map { row in (0..<5).reduce(T(0)) { $0 + coefficient(row, $1) * x[$1 * columns] } }
      var vector = single.mutableSpan
      try BLAS.trsv(
        triangle: triangle, transposeA: transposed, unitDiagonal: unit, size: 5, a: a.span, x: &vector)
      #expect(single == (0..<5).map { x[$0 * columns] })
    }
  }

  @Test(arguments: [0, 1, 7, 100], [BLAS.dimensionLimit, 13]) func vectors(count: Int, limit: Int) throws {
    let x: [Double] = smallIntegers(count, seed: 11)
    let y: [Double] = smallIntegers(count, seed: 12)
    #expect(try BLAS.dot(x.span, y.span, limit: limit) == zip(x, y).reduce(0) { $0 + $1.0 * $1.1 })
    var sum = y
    var output = sum.mutableSpan
    try BLAS.axpy(alpha: 3, x.span, into: &output, limit: limit)
    #expect(sum == zip(x, y).map { 3 * $0 + $1 })
    let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(ulpDistance(try BLAS.nrm2(x.span, limit: limit), norm) <= 8)
    let huge = x.map { $0 * 1e300 }
    #expect(ulpDistance(try BLAS.nrm2(huge.span, limit: limit), norm * 1e300) <= 16)
  }

  @Test func betaZeroDoesNotReadTheOutput() throws {
    let a: [Double] = [1, 2, 3, 4]
    let none: [Double] = []
    var c = [Double](repeating: .nan, count: 4)
    var output = c.mutableSpan
    try BLAS.gemm(rows: 2, columns: 2, inner: 2, a: a.span, b: a.span, c: &output)
    #expect(c == [7, 10, 15, 22])

    c = [Double](repeating: .nan, count: 4)
    var emptied = c.mutableSpan
    try BLAS.gemm(rows: 2, columns: 2, inner: 0, a: none.span, b: none.span, c: &emptied)
    #expect(c == [0, 0, 0, 0])
  }
}
