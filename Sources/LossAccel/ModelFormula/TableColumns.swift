/// The columns of a table as formulas see them: numbers in two words, or levels.
package struct TableColumns: Sendable {
  let table: DataTable
  private let places: [String: Int]

  package init(_ table: DataTable) {
    self.table = table
    places = Dictionary(uniqueKeysWithValues: table.names.enumerated().map { ($1, $0) })
  }

  private func column(_ name: String) -> DataColumn? { places[name].map { table.columns[$0] } }

  /// A column of numbers; truth values count as 1 and 0. NaN where an element is missing.
  func numbers(_ name: String) throws(ModelFormulaError) -> WideVector {
    guard let column = column(name) else { preconditionFailure("the table has no column \(name)") }
    switch column.values {
    case .text:
      throw .unusable(term: name, problem: "is a column of text. As a factor it can stand by itself: C(\(name)).")
    case .integer(let elements):
      // Beyond 2⁵³ a double does not hold every whole number.
      let high = column.doubles
      guard elements.contains(where: { $0.magnitude > 1 << 53 }) else { return WideVector(high) }
      return WideVector(high, zip(elements, high).map { $1.isNaN ? 0 : Double($0 - (Int(exactly: $1) ?? $0)) })
    case .real, .boolean: return WideVector(column.doubles, column.remainders)
    }
  }

  /// The level of every row, nil where it is missing: distinct values as texts, in ascending order (texts by their Unicode scalars), and
  /// their places.
  func levels(_ name: String) -> (codes: [Int?], levels: [String]) {
    guard let column = column(name) else { preconditionFailure("the table has no column \(name)") }
    func isMissing(_ row: Int) -> Bool { column.isMissing?[row] ?? false }
    switch column.values {
    case .text(let codes, let texts):
      var used = [Bool](repeating: false, count: texts.count)
      for (row, code) in codes.enumerated() where !isMissing(row) { used[Int(code)] = true }
      let order = texts.indices.filter { used[$0] }.sorted { TableColumns.precedes(texts[$0], texts[$1]) }
      var places = [Int](repeating: -1, count: texts.count)
      for (place, code) in order.enumerated() { places[code] = place }
      return (codes.indices.map { isMissing($0) ? nil : places[Int(codes[$0])] }, order.map { texts[$0] })
    case .boolean(let elements):
      let used = [false, true].filter { value in elements.indices.contains { elements[$0] == value && !isMissing($0) } }
      return (
        elements.indices.map { isMissing($0) ? nil : used.firstIndex(of: elements[$0]) },
        used.map { $0 ? "TRUE" : "FALSE" }
      )
    case .real, .integer:
      let values = column.doubles
      let distinct = Set(values.filter { !$0.isNaN }).sorted()
      var places: [Double: Int] = [:]
      for (place, value) in distinct.enumerated() { places[value] = place }
      return (values.map { places[$0] }, distinct.map(levelText))
    }
  }

  /// Texts by their scalars, as R sorts in the C locale.
  static func precedes(_ first: String, _ second: String) -> Bool {
    first.unicodeScalars.lexicographicallyPrecedes(second.unicodeScalars)
  }

  /// Whether a column holds text or truth values, and so is a factor by itself.
  func isFactor(_ name: String) -> Bool {
    switch column(name)?.values {
    case .text, .boolean: true
    default: false
    }
  }

  /// The first missing element of a column.
  func firstMissing(_ name: String) -> Int? {
    guard let column = column(name) else { return nil }
    let marked = column.isMissing?.firstIndex(of: true)
    guard case .real(let elements) = column.values, let nan = elements.firstIndex(where: \.isNaN) else { return marked }
    return marked.map { min($0, nan) } ?? nan
  }

  /// The rows in which none of the columns lacks an element; nil if that is all of them.
  func completeRows(_ names: [String]) -> [Int]? {
    guard names.contains(where: { firstMissing($0) != nil }) else { return nil }
    var isComplete = [Bool](repeating: true, count: table.rowCount)
    for name in names {
      guard let column = column(name) else { continue }
      for row in isComplete.indices where column.isMissing?[row] ?? false { isComplete[row] = false }
      if case .real(let elements) = column.values {
        for row in isComplete.indices where elements[row].isNaN { isComplete[row] = false }
      }
    }
    return isComplete.indices.filter { isComplete[$0] }
  }
}
