/// An array of either precision, for algorithms that compute in Double whatever their data are stored in. An implementation detail.
public enum _ScalarArray: Sendable {
  /// Single precision.
  case single([Float])
  /// Double precision.
  case double([Double])
}

/// The ways into ``_ScalarArray`` and back from doubles. An implementation detail of ``Scalar``.
public protocol _ScalarErasure {
  /// The elements, not copied.
  static func _erase(_ elements: [Self]) -> _ScalarArray

  /// The numbers, rounded once; not copied where there is nothing to round.
  static func _rounding(_ numbers: [Double]) -> [Self]
}

extension Float: _ScalarErasure {
  /// The elements, not copied.
  public static func _erase(_ elements: [Float]) -> _ScalarArray { .single(elements) }

  /// The numbers, rounded once.
  public static func _rounding(_ numbers: [Double]) -> [Float] { numbers.map(Float.init) }
}

extension Double: _ScalarErasure {
  /// The elements, not copied.
  public static func _erase(_ elements: [Double]) -> _ScalarArray { .double(elements) }

  /// The numbers themselves.
  public static func _rounding(_ numbers: [Double]) -> [Double] { numbers }
}

extension _ScalarArray {
  package var count: Int {
    switch self {
    case .single(let elements): elements.count
    case .double(let elements): elements.count
    }
  }

  /// One element, widened exactly. Not for loops over many.
  package subscript(index: Int) -> Double {
    switch self {
    case .single(let elements): Double(elements[index])
    case .double(let elements): elements[index]
    }
  }

  /// The given rows and columns of a row-major matrix with `stride` columns.
  package func selecting(rows: [Int], columns: [Int], stride: Int) -> _ScalarArray {
    func pick<T>(_ elements: [T]) -> [T] {
      var picked: [T] = []
      picked.reserveCapacity(rows.count * columns.count)
      for row in rows { for column in columns { picked.append(elements[row * stride + column]) } }
      return picked
    }
    switch self {
    case .single(let elements): return .single(pick(elements))
    case .double(let elements): return .double(pick(elements))
    }
  }
}
