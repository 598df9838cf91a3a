/// A matrix most of whose elements are 0: the others, row after row, with their columns (compressed sparse rows, CSR).
///
/// ```swift
/// let words = try SparseMatrix<Float>(rows: 3, columns: 5, rowStarts: [0, 2, 2, 3], columnIndices: [0, 3, 4], values: [1, 2, 1])
/// let objective = try LinearObjective(features: FeatureMatrix(words), targets: [1, 0, 1], loss: .logCosh)
/// ```
///
/// The arrays are those of SciPy's `csr_matrix` (`indptr`, `indices`, `data`), shared and not copied. They are checked once, when the matrix is
/// made.
public struct SparseMatrix<Element: Scalar>: Sendable, Equatable {
  /// The number of rows (samples).
  public let rows: Int
  /// The number of columns (features).
  public let columns: Int
  /// Where each row's elements begin among all, and at the end the number of all: `rows + 1` numbers that never fall.
  public let rowStarts: [Int]
  /// The column of every element; within a row they rise.
  public let columnIndices: [Int32]
  /// The elements; zeros may be among them.
  public let values: [Element]

  /// The matrix with these arrays.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns, at most 2³¹ − 1.
  ///   - rowStarts: Where each row's elements begin, and at the end the number of all.
  ///   - columnIndices: The column of every element, rising within a row.
  ///   - values: The elements.
  /// - Throws: ``SparseMatrixError`` for arrays that are not of that form.
  /// - Complexity: O(rows + elements)
  public init(
    rows: Int, columns: Int, rowStarts: [Int], columnIndices: [Int32], values: [Element]
  ) throws(SparseMatrixError) {
    precondition(
      rows >= 0 && (0...Int(Int32.max)).contains(columns), "a sparse matrix cannot be \(rows) × \(columns)")
    precondition(
      columnIndices.count == values.count, "\(columnIndices.count) columns for \(values.count) elements")
    guard rowStarts.count == rows + 1, rowStarts[0] == 0, rowStarts[rows] == values.count else {
      throw .rowStarts(
        count: rowStarts.count, expected: rows + 1, first: rowStarts.first ?? 0, last: rowStarts.last ?? 0,
        elements: values.count)
    }
    for row in 0..<rows {
      guard rowStarts[row] <= rowStarts[row + 1], rowStarts[row + 1] <= values.count else {
        throw .rowStartsFall(row: row, start: rowStarts[row], end: rowStarts[row + 1])
      }
      var last: Int32 = -1
      for place in rowStarts[row]..<rowStarts[row + 1] {
        let column = columnIndices[place]
        guard column >= 0, Int(column) < columns else {
          throw .columnOutOfRange(row: row, place: place, column: Int(column), columns: columns)
        }
        guard column > last else {
          throw .columnsNotRising(row: row, place: place, column: Int(column), after: Int(last))
        }
        last = column
      }
    }
    self.rows = rows
    self.columns = columns
    self.rowStarts = rowStarts
    self.columnIndices = columnIndices
    self.values = values
  }

  /// The elements of a dense matrix that are not 0.
  public init(_ matrix: Matrix<Element>) {
    var (starts, indices, values) = ([0], [Int32](), [Element]())
    for row in 0..<matrix.rows {
      for (column, value) in matrix.row(row).enumerated() where value != 0 {
        indices.append(Int32(column))
        values.append(value)
      }
      starts.append(values.count)
    }
    (rows, columns, rowStarts, columnIndices, self.values) = (matrix.rows, matrix.columns, starts, indices, values)
  }

  /// One element; 0 where none is stored.
  /// - Complexity: O(log elements of the row)
  public subscript(row: Int, column: Int) -> Element {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "no element [\(row), \(column)] in \(rows) × \(columns)")
    var (low, high) = (rowStarts[row], rowStarts[row + 1])
    while low < high {
      let middle = (low + high) / 2
      if columnIndices[middle] < Int32(column) { low = middle + 1 } else { high = middle }
    }
    return low < rowStarts[row + 1] && columnIndices[low] == Int32(column) ? values[low] : 0
  }
}

/// Why arrays are no sparse matrix. Every case says what is wrong, where, and the cure.
public enum SparseMatrixError: Error, Hashable, Sendable {
  /// The row starts are not one more than the rows, or do not reach from 0 to the number of elements.
  case rowStarts(count: Int, expected: Int, first: Int, last: Int, elements: Int)
  /// A row ends before it begins, or beyond the last element.
  case rowStartsFall(row: Int, start: Int, end: Int)
  /// A column is not one of the matrix.
  case columnOutOfRange(row: Int, place: Int, column: Int, columns: Int)
  /// A row's columns do not rise: one is given twice, or they are not sorted.
  case columnsNotRising(row: Int, place: Int, column: Int, after: Int)
}

extension SparseMatrixError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .rowStarts(let count, let expected, let first, let last, let elements):
      "There are \(count) row starts from \(first) to \(last). Pass \(expected), from 0 to the number of elements, \(elements)."
    case .rowStartsFall(let row, let start, let end):
      "Row \(row) begins at element \(start) and ends at \(end). Row starts must not fall, nor exceed the number of elements."
    case .columnOutOfRange(let row, let place, let column, let columns):
      "Element \(place), in row \(row), is in column \(column), but columns run from 0 to \(columns - 1). Count columns from 0."
    case .columnsNotRising(let row, let place, let column, let after):
      "Element \(place), in row \(row), is in column \(column), after one in column \(after). Sort each row by column, and add up elements of the same place."
    }
  }
}
