import LossAccel
import TestSupport

extension SeededGenerator {
  mutating func matrix<T: Scalar>(rows: Int, columns: Int, in range: ClosedRange<Double>) -> Matrix<T> {
    Matrix(rows: rows, columns: columns) { _, _ in T(Double.random(in: range, using: &self)) }
  }

  mutating func labels(_ count: Int, classes: Int) -> [Int] {
    (0..<count).map { _ in Int.random(in: 0..<classes, using: &self) }
  }

  /// Rows of positive numbers that sum to 1, up to rounding.
  mutating func distributions<T: Scalar>(rows: Int, columns: Int) -> Matrix<T> {
    var result: Matrix<T> = matrix(rows: rows, columns: columns, in: 0.01...1)
    for row in 0..<rows {
      let sum = result.row(row).reduce(0, +)
      for column in 0..<columns { result[row, column] /= sum }
    }
    return result
  }
}

/// Whether all elements are the same bits.
func sameBits<T: Scalar>(_ x: [T], _ y: [T]) -> Bool {
  x.count == y.count && zip(x, y).allSatisfy { $0 == $1 && $0.sign == $1.sign || $0.isNaN && $1.isNaN }
}
