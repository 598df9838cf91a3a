import LossAccel
import TestSupport
import Testing

@Suite struct MatrixProductTests {
  private func checkProducts<T: Scalar>(_: T.Type) throws {
    for (m, n, k) in [(1, 1, 1), (3, 4, 5), (33, 17, 129), (40, 3, 0)] {
      let a = Matrix<T>(rows: m, columns: k, elements: smallIntegers(m * k, seed: 1))
      let b = Matrix<T>(rows: k, columns: n, elements: smallIntegers(k * n, seed: 2))
      let expected = Matrix<T>(rows: m, columns: n) { row, column in
        (0..<k).reduce(T(0)) { $0 + a[row, $1] * b[$1, column] }
      }
      #expect(try a * b == expected)
      #expect(try a.transposed().transposeMultiplied(by: b) == expected)
      #expect(try a * b.column(0) == expected.column(0))
      #expect(try a.transposed().transposeMultiplied(by: b.column(0)) == expected.column(0))
      #expect(try a.gram() == a.transposed() * a)
    }
  }

  @Test func productsAreExactOnIntegers() throws {
    try checkProducts(Float.self)
    try checkProducts(Double.self)
  }

  @Test func singlePrecisionGramKeepsItsDigits() throws {
    // 4096² + 1 + 1 is 2²⁴ + 2; adding the ones singly in single precision would give 2²⁴.
    let a = Matrix<Float>(rows: 3, columns: 1, elements: [4096, 1, 1])
    #expect(try a.gram()[0, 0] == 16_777_218)
  }
}
