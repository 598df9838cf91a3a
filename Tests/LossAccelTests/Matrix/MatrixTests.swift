import Foundation
import LossAccel
import TestSupport
import Testing

@Suite struct MatrixTests {
  let a: Matrix<Double> = [[1, 2, 3], [4, 5, 6]]

  @Test func creation() {
    #expect(a.rows == 2 && a.columns == 3)
    #expect(a.elements == [1, 2, 3, 4, 5, 6])
    #expect(a == Matrix([[1, 2, 3], [4, 5, 6]]))
    #expect(a == Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6]))
    #expect(a == Matrix(rows: 2, columns: 3, copying: a.elements.span))
    #expect(a == Matrix(rows: 2, columns: 3) { row, column in Double(3 * row + column + 1) })
    #expect(Matrix<Float>.identity(2) == [[1, 0], [0, 1]])
    #expect(Matrix<Float>.zeros(rows: 1, columns: 2) == [[0, 0]])
    #expect(Matrix<Float>(column: [1, 2]) == [[1], [2]])
    #expect(Matrix<Float>(row: [1, 2]) == [[1, 2]])
    #expect(Matrix<Float>([[0.1]]) == Matrix(Matrix<Double>([[0.1]])))
    #expect(Matrix<Float>([]).rows == 0)
    #expect(Matrix(repeating: 7.0, rows: 0, columns: 3) != Matrix(repeating: 7, rows: 3, columns: 0))
  }

  @Test func rowsAndColumns() {
    #expect(a[1, 0] == 4)
    #expect(Array(a.row(1)) == [4, 5, 6])
    #expect(a.column(2) == [3, 6])
    #expect(a.withRow(1) { $0[2] } == 6)
    #expect(a[rows: 1..<2] == [[4, 5, 6]])
    #expect(a[rows: 2..<2].rows == 0)
    #expect(a[columns: [2, 0, 2]] == [[3, 1, 3], [6, 4, 6]])
    #expect(a.transposed() == [[1, 4], [2, 5], [3, 6]])
  }

  @Test(arguments: [(1, 1), (31, 33), (32, 64), (65, 1), (0, 5)]) func transposingMovesEveryElement(shape: (Int, Int)) {
    let matrix = Matrix<Float>(rows: shape.0, columns: shape.1) { Float($0 * 100 + $1) }
    let transposed = matrix.transposed()
    #expect(transposed == Matrix(rows: shape.1, columns: shape.0) { Float($1 * 100 + $0) })
    #expect(transposed.transposed() == matrix)
  }

  @Test func copiesAreIndependent() {
    var copy = a
    copy[0, 1] = 20
    copy.withMutableRow(1) { row in row[2] = 60 }
    copy.elements[0] = 10
    #expect(a == [[1, 2, 3], [4, 5, 6]])
    #expect(copy == [[10, 20, 3], [4, 5, 60]])
  }

  @Test func comparesAsIEEESays() {
    #expect(Matrix<Double>([[.nan]]) != Matrix<Double>([[.nan]]))
    #expect(Matrix<Double>([[-0.0]]) == Matrix<Double>([[0.0]]))
  }

  @Test func survivesCoding() throws {
    let data = try JSONEncoder().encode(a)
    #expect(try JSONDecoder().decode(Matrix<Double>.self, from: data) == a)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Matrix<Double>.self, from: Data(#"{"rows":2,"columns":2,"elements":[1,2,3]}"#.utf8))
    }
    // 2⁶⁴ elements are not none.
    let huge = #"{"rows":8589934592,"columns":2147483648,"elements":[]}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Matrix<Double>.self, from: Data(huge.utf8)) }
  }

  @Test func mistakesStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>([[1, 2], [3]]) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>(rows: 2, columns: 2, elements: [1]) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>(rows: 1 << 33, columns: 1 << 31, elements: []) }
    await #expect(processExitsWith: .failure) { _ = Matrix<Double>([[1, 2]])[0, 2] }
    await #expect(processExitsWith: .failure) { _ = try Matrix<Double>([[1, 2]]) * Matrix<Double>([[1, 2]]) }
    await #expect(processExitsWith: .failure) {
      var matrix = Matrix<Double>([[1, 2]])
      matrix.elements.append(3)
    }
  }
}
