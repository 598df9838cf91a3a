import LossAccel
import TestSupport
import Testing

@Suite struct BLASTests {
  struct Shape: Sendable, CustomStringConvertible {
    var rows: Int, columns: Int, inner: Int
    var description: String { "\(rows)x\(columns)x\(inner)" }
  }
  static let shapes = [
    (1, 1, 1), (3, 5, 7), (17, 1, 33), (1, 19, 8), (31, 29, 0), (37, 41, 43), (129, 131, 67), (301, 7, 513), (0, 4, 3),
  ].map { Shape(rows: $0.0, columns: $0.1, inner: $0.2) }

  private func checkGemm<T: Scalar>(_: T.Type, _ shape: Shape, transposeA: Bool, transposeB: Bool, limit: Int) throws {
    let (m, n, k) = (shape.rows, shape.columns, shape.inner)
    let (aRows, aColumns) = transposeA ? (k, m) : (m, k)
    let (bRows, bColumns) = transposeB ? (n, k) : (k, n)
    let (lda, ldb, ldc) = (aColumns + 1, bColumns + 2, n + 3)
    let a: [T] = smallIntegers(aRows * lda, seed: 1)
    let b: [T] = smallIntegers(bRows * ldb, seed: 2)
    let start: [T] = smallIntegers(m * ldc, seed: 3)
    var c = start
    var output = c.mutableSpan
    try BLAS.gemm(
      rows: m, columns: n, inner: k, alpha: 2, a: a.span, aStride: lda, transposeA: transposeA,
      b: b.span, bStride: ldb, transposeB: transposeB, beta: 3, c: &output, cStride: ldc, limit: limit)
    var wrong = 0
    for i in 0..<m {
      for j in 0..<ldc {
        var expected = start[i * ldc + j]
        if j < n {
          var sum: T = 0
          for l in 0..<k {
            sum += (transposeA ? a[l * lda + i] : a[i * lda + l]) * (transposeB ? b[j * ldb + l] : b[l * ldb + j])
          }
          expected = 2 * sum + 3 * expected
        }
        if c[i * ldc + j] != expected { wrong += 1 }
      }
    }
    #expect(wrong == 0, "\(T.self) transposeA \(transposeA) transposeB \(transposeB) limit \(limit)")
  }

  @Test(arguments: shapes) func gemmIsExactOnIntegers(_ shape: Shape) throws {
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        for limit in [BLAS.dimensionLimit, 13] {
          try checkGemm(Float.self, shape, transposeA: transposeA, transposeB: transposeB, limit: limit)
          try checkGemm(Double.self, shape, transposeA: transposeA, transposeB: transposeB, limit: limit)
        }
      }
    }
  }
}
