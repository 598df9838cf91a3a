/// One column of a ``DataTable``: real or whole numbers, truth values or text, any of which may be missing in some rows.
///
/// ```swift
/// let weight = DataColumn([2.62, 2.875, nil, 3.215])    // real; row 2 is missing
/// let cylinders = DataColumn([6, 6, 4, 6])              // whole
/// let maker = DataColumn(["Mazda", "Mazda", "Datsun", "Hornet"])
/// ```
public struct DataColumn: Sendable {
  /// The elements. A missing element's place is held by NaN, 0, `false` or the code -1.
  public enum Values: Sendable, Equatable {
    /// Real numbers.
    case real([Double])
    /// Whole numbers.
    case integer([Int])
    /// Truth values.
    case boolean([Bool])
    /// Text: element i is `levels[codes[i]]`. Levels are distinct, in any order, and need not all occur.
    case text(codes: [Int32], levels: [String])
  }

  /// The elements.
  public let values: Values

  /// Whether an element is missing, for every row; nil where none is.
  public let isMissing: [Bool]?

  /// What real elements lack of the decimal numbers that they were read from: element i stands for `values[i] + remainders[i]`, which
  /// is accurate to about 30 digits; nil where every element is exactly a `Double`. A regression with a ``ModelFormula`` uses them.
  public let remainders: [Double]?

  /// A column of any kind.
  ///
  /// - Precondition: `isMissing` and `remainders`, where given, have an element for every row, only real columns have remainders, and
  ///   codes of elements that are not missing are indices of levels.
  public init(_ values: Values, isMissing: [Bool]? = nil, remainders: [Double]? = nil) {
    let count = values.count
    precondition(isMissing.map { $0.count == count } ?? true, "\(isMissing?.count ?? 0) marks for \(count) elements")
    if let remainders {
      guard case .real = values else { preconditionFailure("only real columns have remainders") }
      precondition(remainders.count == count, "\(remainders.count) remainders for \(count) elements")
    }
    if case .text(let codes, let levels) = values {
      for (row, code) in codes.enumerated() where !(isMissing?[row] ?? false) {
        precondition(
          code >= 0 && code < levels.count, "code \(code) in row \(row) of a column of \(levels.count) levels")
      }
    }
    self.values = values
    self.isMissing = isMissing.flatMap { $0.contains(true) ? $0 : nil }
    self.remainders = remainders.flatMap { $0.contains { $0 != 0 } ? $0 : nil }
  }

  /// The number of rows.
  public var count: Int { values.count }

  /// The number of missing elements.
  public var missingCount: Int { isMissing?.lazy.filter { $0 }.count ?? 0 }

  /// Whether the elements are numbers or truth values, which count as 0 and 1.
  public var isNumeric: Bool { if case .text = values { false } else { true } }

  /// The elements as real numbers; NaN where one is missing, and everywhere for text.
  public var doubles: [Double] {
    var doubles: [Double] =
      switch values {
      case .real(let elements): elements
      case .integer(let elements): elements.map(Double.init)
      case .boolean(let elements): elements.map { $0 ? 1 : 0 }
      case .text(let codes, _): codes.map { _ in .nan }
      }
    if let isMissing {
      for row in doubles.indices where isMissing[row] { doubles[row] = .nan }
    }
    return doubles
  }

  /// The rows in `range`, copied.
  public subscript(rows range: Range<Int>) -> DataColumn { selecting(rows: Array(range)) }

  /// The given rows, in the order given; a row may be given more than once.
  public func selecting(rows: [Int]) -> DataColumn {
    func picked<T>(_ elements: [T]) -> [T] { rows.map { elements[$0] } }
    let chosen: Values =
      switch values {
      case .real(let elements): .real(picked(elements))
      case .integer(let elements): .integer(picked(elements))
      case .boolean(let elements): .boolean(picked(elements))
      case .text(let codes, let levels): .text(codes: picked(codes), levels: levels)
      }
    return DataColumn(chosen, isMissing: isMissing.map(picked), remainders: remainders.map(picked))
  }
}

extension DataColumn.Values {
  /// The number of elements.
  public var count: Int {
    switch self {
    case .real(let elements): elements.count
    case .integer(let elements): elements.count
    case .boolean(let elements): elements.count
    case .text(let codes, _): codes.count
    }
  }
}
