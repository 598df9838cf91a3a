extension Matrix {
  /// Row `index`, without a copy. Its indices are those of ``elements``: start at `startIndex`, not at 0.
  @inlinable
  public func row(_ index: Int) -> ArraySlice<Element> {
    checkRow(index)
    return storage[index * columns..<(index + 1) * columns]
  }

  /// Column `index`, copied.
  /// - Complexity: O(`rows`)
  @inlinable
  public func column(_ index: Int) -> [Element] {
    precondition(index >= 0 && index < columns, "there is no column \(index) in a \(rows) × \(columns) matrix")
    return (0..<rows).map { storage[$0 * columns + index] }
  }

  /// Calls `body` with the elements of row `index`, without a copy.
  @inlinable
  public func withRow<Result, Failure: Error>(
    _ index: Int, _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    checkRow(index)
    return try body(elements.span.extracting(index * columns..<(index + 1) * columns))
  }

  /// Calls `body` with the elements of row `index`, to be changed in place.
  public mutating func withMutableRow<Result, Failure: Error>(
    _ index: Int, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    checkRow(index)
    let range = index * columns..<(index + 1) * columns
    var all = elements.mutableSpan
    return try all.withSlice(range, body)
  }

  /// The matrix of the rows in `range`, copied.
  /// - Complexity: O(elements copied)
  @inlinable
  public subscript(rows range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows, "there are no rows \(range) in a \(rows) × \(columns) matrix")
    return Matrix(
      rows: range.count, columns: columns,
      elements: Array(storage[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// The matrix of the named columns, in the order named; a column may be named more than once.
  /// - Complexity: O(elements copied)
  @inlinable
  public subscript(columns selection: [Int]) -> Matrix {
    for column in selection {
      precondition(column >= 0 && column < columns, "there is no column \(column) in a \(rows) × \(columns) matrix")
    }
    var selected: [Element] = []
    selected.reserveCapacity(rows * selection.count)
    for row in 0..<rows {
      for column in selection { selected.append(storage[row * columns + column]) }
    }
    return Matrix(rows: rows, columns: selection.count, elements: selected)
  }

  /// The transpose Aᵀ, copied.
  /// - Complexity: O(`rows` · `columns`)
  public func transposed() -> Matrix {
    Matrix(rows: columns, columns: rows, elements: transpose(elements, rows: rows, columns: columns))
  }

  @inlinable
  func checkRow(_ index: Int) {
    precondition(index >= 0 && index < rows, "there is no row \(index) in a \(rows) × \(columns) matrix")
  }
}

/// The transpose of a row-major matrix, in square tiles that fit the first cache, so that neither side is read in long
/// strides.
@specialized(where T == Double)
@specialized(where T == Float)
private func transpose<T: Scalar>(_ source: [T], rows: Int, columns: Int) -> [T] {
  let tile = 32
  var result = [T](repeating: 0, count: source.count)
  for top in stride(from: 0, to: rows, by: tile) {
    for left in stride(from: 0, to: columns, by: tile) {
      for row in top..<min(top + tile, rows) {
        for column in left..<min(left + tile, columns) { result[column * rows + row] = source[row * columns + column] }
      }
    }
  }
  return result
}
