extension Matrix {
  /// The matrix whose rows are the given arrays; no arrays make a matrix of 0 × 0.
  ///
  /// - Precondition: all rows have the same number of elements.
  @inlinable
  public init(_ rows: [[Element]]) {
    let columns = rows.first?.count ?? 0
    var elements: [Element] = []
    elements.reserveCapacity(rows.count * columns)
    for (index, row) in rows.enumerated() {
      precondition(row.count == columns, "row \(index) has \(row.count) elements, row 0 has \(columns)")
      elements += row
    }
    self.init(rows: rows.count, columns: columns, elements: elements)
  }

  /// A matrix of copies of the elements in `elements`, which lie row after row.
  ///
  /// - Precondition: `elements.count == rows * columns`.
  @inlinable
  public init(rows: Int, columns: Int, copying elements: Span<Element>) {
    let copy = [Element](capacity: elements.count) { output in
      for index in elements.indices { output.append(elements[index]) }
    }
    self.init(rows: rows, columns: columns, elements: copy)
  }

  /// The matrix whose element (row, column) is `element(row, column)`; called row after row.
  @inlinable
  public init<Failure: Error>(
    rows: Int, columns: Int, _ element: (_ row: Int, _ column: Int) throws(Failure) -> Element
  ) throws(Failure) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) × \(columns)")
    var elements: [Element] = []
    elements.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { elements.append(try element(row, column)) }
    }
    self.init(rows: rows, columns: columns, elements: elements)
  }

  /// A matrix with `value` everywhere.
  @inlinable
  public init(repeating value: Element, rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) × \(columns)")
    self.init(rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// A matrix with one column, which holds `elements`.
  public init(column elements: [Element]) {
    self.init(rows: elements.count, columns: 1, elements: elements)
  }

  /// A matrix with one row, which holds `elements`.
  public init(row elements: [Element]) {
    self.init(rows: 1, columns: elements.count, elements: elements)
  }

  /// The same matrix in another precision; each element is rounded to nearest.
  public init<Other: Scalar>(_ other: Matrix<Other>) {
    let converted = [Element](capacity: other.elements.count) { output in
      Precision.append(other.elements.span, to: &output)
    }
    self.init(rows: other.rows, columns: other.columns, elements: converted)
  }

  /// A matrix with 0 everywhere.
  @inlinable
  public static func zeros(rows: Int, columns: Int) -> Matrix {
    Matrix(repeating: 0, rows: rows, columns: columns)
  }

  /// The `size` × `size` matrix with 1 on its diagonal and 0 elsewhere.
  public static func identity(_ size: Int) -> Matrix {
    var identity = zeros(rows: size, columns: size)
    for index in 0..<size { identity.elements[index * size + index] = 1 }
    return identity
  }
}

extension Matrix: ExpressibleByArrayLiteral {
  /// A literal of rows: `let a: Matrix<Double> = [[1, 2], [3, 4]]`.
  ///
  /// - Precondition: all rows have the same number of elements.
  @inlinable
  public init(arrayLiteral rows: [Element]...) {
    self.init(rows)
  }
}
