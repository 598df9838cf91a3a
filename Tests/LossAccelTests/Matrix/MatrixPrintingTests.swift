import LossAccel
import Testing

@Suite struct MatrixPrintingTests {
  @Test func columnsAreAlignedByTheirPoints() {
    let matrix: Matrix<Double> = [[1, 2.5, 1 / 3], [-10, 10, -1.5e-10], [0, .nan, 1_234_567]]
    #expect(
      matrix.description == """
        3 × 3 matrix
            1    2.5   0.333333
          -10   10    -1.5e-10
            0  nan     1.23457e+06
        """)
  }

  @Test func largeMatricesAreCut() {
    let matrix = Matrix<Float>(rows: 100, columns: 20) { Float($0 * 20 + $1) }
    let lines = matrix.description.split(separator: "\n")
    #expect(lines.count == 12)
    #expect(lines[0] == "100 × 20 matrix")
    #expect(lines[1].split(separator: " ") == ["0", "1", "2", "3", "…", "16", "17", "18", "19"])
    #expect(lines[6].split(separator: " ") == ["⋮", "⋮", "⋮", "⋮", "⋱", "⋮", "⋮", "⋮", "⋮"])
    #expect(lines[11].split(separator: " ").last == "1999")
    #expect(Matrix<Float>.zeros(rows: 3, columns: 0).description == "3 × 0 matrix")
  }

  @Test(
    arguments: [
      (1.0, "1"), (0.1, "0.1"), (1.0 / 3, "0.333333"), (-2.0 / 3, "-0.666667"), (999999.5, "1e+06"), (123456, "123456"),
      (1_234_567, "1.23457e+06"), (0.0001, "0.0001"), (0.00001, "1e-05"), (9.9999996, "10"), (0.099999999, "0.1"),
      (100, "100"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
      (.infinity, "inf"), (-0.0, "0"), (12.5, "12.5"),
    ]) func decimals(value: Double, text: String)
  {
    #expect(decimalText(value, significantDigits: 6) == text)
  }
}
