package import LossAccel

// Tests are compiled without optimisation: what they make many numbers with is here, compiled for both types.
extension SeededGenerator {
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package mutating func numbers<T: Scalar>(_ count: Int, in range: ClosedRange<Double>) -> [T] {
    (0..<count).map { _ in T(Double.random(in: range, using: &self)) }
  }

  package mutating func matrix<T: Scalar>(rows: Int, columns: Int, in range: ClosedRange<Double>) -> Matrix<T> {
    Matrix(rows: rows, columns: columns, elements: numbers(rows * columns, in: range))
  }

  package mutating func labels(_ count: Int, classes: Int) -> [Int] {
    (0..<count).map { _ in Int.random(in: 0..<classes, using: &self) }
  }

  /// Rows of positive numbers that sum to 1, up to rounding.
  package mutating func distributions<T: Scalar>(rows: Int, columns: Int) -> Matrix<T> {
    var elements: [T] = numbers(rows * columns, in: 0.01...1)
    divideBySums(&elements, columns: columns)
    return Matrix(rows: rows, columns: columns, elements: elements)
  }
}

@_specialize(where T == Float)
@_specialize(where T == Double)
private func divideBySums<T: Scalar>(_ elements: inout [T], columns: Int) {
  for start in stride(from: 0, to: elements.count, by: columns) {
    let row = start..<start + columns
    let sum = elements[row].reduce(0, +)
    for index in row { elements[index] /= sum }
  }
}

/// Whether all elements are the same bits.
@_specialize(where T == Float)
@_specialize(where T == Double)
package func sameBits<T: Scalar>(_ x: [T], _ y: [T]) -> Bool {
  x.count == y.count && zip(x, y).allSatisfy { $0 == $1 && $0.sign == $1.sign || $0.isNaN && $1.isNaN }
}
