/// A dense matrix of floating-point numbers, stored by rows: one row is one sample.
///
/// ```swift
/// let design: Matrix<Double> = [
///   [1, 2.5],
///   [1, 3.5],
///   [1, 7.0],
/// ]
/// design.rows            // 3
/// design[2, 1]           // 7
/// design.row(1)          // [1, 3.5], without a copy
/// try design.gram()      // AᵀA, 2 × 2
/// ```
///
/// A matrix is a value: it owns its elements, copies share them until one is changed. Element (i, j) is
/// `elements[i * columns + j]`, so `matrix.elements.span` gives all of them to a `Span`-based call without a copy.
/// A matrix may have no rows or no columns.
public struct Matrix<Element: Scalar>: Sendable {
  /// The number of rows (samples).
  public let rows: Int
  /// The number of columns (features).
  public let columns: Int

  @usableFromInline
  var storage: [Element]

  /// All elements, row after row: `rows * columns` of them. They may be changed, their number may not.
  @inlinable
  public var elements: [Element] {
    get { storage }
    _modify {
      yield &storage
      checkCount()
    }
  }

  /// Takes over `elements`, which lie row after row.
  ///
  /// - Precondition: `elements.count == rows * columns`.
  @inlinable
  public init(rows: Int, columns: Int, elements: [Element]) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) × \(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(
      !overflow && elements.count == count, "a \(rows) × \(columns) matrix was given \(elements.count) elements")
    self.rows = rows
    self.columns = columns
    storage = elements
  }

  /// The element in row `row` and column `column`, both counted from 0.
  @inlinable
  public subscript(row: Int, column: Int) -> Element {
    get {
      checkPosition(row, column)
      return storage[row * columns + column]
    }
    set {
      checkPosition(row, column)
      storage[row * columns + column] = newValue
    }
  }

  @inlinable
  func checkPosition(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "there is no element [\(row), \(column)] in a \(rows) × \(columns) matrix")
  }

  @inlinable
  func checkCount() {
    precondition(storage.count == rows * columns, "a \(rows) × \(columns) matrix was given \(storage.count) elements")
  }
}

/// Equal shape and equal elements, compared as IEEE 754 says: a matrix with NaN does not equal itself, and -0 equals 0.
extension Matrix: Equatable {}
