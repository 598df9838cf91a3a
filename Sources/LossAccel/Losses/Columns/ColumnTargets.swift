/// A table's elements as the losses of its columns read them: checked, with levels as numbers. Made once, used for every evaluation.
public struct ColumnTargets: Sendable {
  /// The number of rows.
  public let rowCount: Int

  /// In the order of the losses' columns.
  let columns: [ColumnElements]

  /// The rows in `range`, copied: a mini-batch.
  public subscript(rows range: Range<Int>) -> ColumnTargets {
    precondition(range.lowerBound >= 0 && range.upperBound <= rowCount, "there are no rows \(range) among \(rowCount)")
    return ColumnTargets(rowCount: range.count, columns: columns.map { $0[range] })
  }
}

/// One column's elements.
enum ColumnElements: Sendable {
  /// NaN where one is missing.
  case numbers([Double], hasMissing: Bool)
  /// NaN where the time, or whether the event was seen, is missing.
  case times([Double], events: [Bool], hasMissing: Bool)
  /// The number of the level, −1 where one is missing.
  case levels([Int32])

  /// The label of a missing element.
  static let missing = -1

  fileprivate subscript(range: Range<Int>) -> ColumnElements {
    switch self {
    case .numbers(let values, let hasMissing): .numbers(Array(values[range]), hasMissing: hasMissing)
    case .times(let times, let events, let hasMissing):
      .times(Array(times[range]), events: Array(events[range]), hasMissing: hasMissing)
    case .levels(let codes): .levels(Array(codes[range]))
    }
  }

  /// Whether the element in that row is there.
  func isPresent(_ row: Int) -> Bool {
    switch self {
    case .numbers(let values, _), .times(let values, _, _): !values[row].isNaN
    case .levels(let codes): codes[row] >= 0
    }
  }
}

/// How a column is read from any table.
struct ColumnReader: Sendable {
  let name: String
  let kind: ColumnKind
  /// Of categorical and ordinal columns.
  let levels: [String]

  init(name: String, kind: ColumnKind, table: DataTable) throws(ColumnLossError) {
    self.name = name
    self.kind = kind
    switch kind {
    case .categorical: levels = try Self.column(name, of: table).levelsInOrder
    case .ordinal(let given):
      let column = try Self.column(name, of: table)
      if given == nil && !column.isNumeric { throw .orderNotGiven(column: name, levels: column.levelsInOrder) }
      levels = given ?? column.levelsInOrder
      precondition(Set(levels).count == levels.count, "the levels \(levels) of column \(name) are not all different")
    case .periodic(let period):
      precondition(period > 0 && period.isFinite, "a period of \(period) for column \(name)")
      levels = []
    default: levels = []
    }
  }

  func read(_ table: DataTable) throws(ColumnLossError) -> ColumnElements {
    let column = try Self.column(name, of: table)
    switch kind {
    case .categorical, .ordinal: return .levels(try codes(of: column))
    case .censored(let event):
      var times = try numbers(of: column)
      let seen = try ColumnReader(name: event, kind: .boolean, table: table).numbers(of: Self.column(event, of: table))
      for row in times.indices where seen[row].isNaN { times[row] = .nan }
      return .times(times, events: seen.map { $0 == 1 }, hasMissing: times.contains(where: \.isNaN))
    default:
      let values = try numbers(of: column)
      return .numbers(values, hasMissing: values.contains(where: \.isNaN))
    }
  }

  private static func column(_ name: String, of table: DataTable) throws(ColumnLossError) -> DataColumn {
    guard let column = table[name] else { throw .noColumn(name: name, known: table.names) }
    return column
  }

  private func numbers(of column: DataColumn) throws(ColumnLossError) -> [Double] {
    guard column.isNumeric else { throw .text(column: name, kind: kind) }
    let values = column.doubles
    if let row = values.firstIndex(where: { !($0.isNaN || kind.accepts($0)) }) {
      throw .wrongElement(column: name, kind: kind, row: row, element: "\(values[row])")
    }
    return values
  }

  private func codes(of column: DataColumn) throws(ColumnLossError) -> [Int32] {
    let codeOfLevel = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    switch column.values {
    case .text(let codes, let names):
      return try self.codes(codes, column) { codeOfLevel[names[Int($0)]] }
    case .integer(let elements):
      return try codes(elements, column) { codeOfLevel["\($0)"] }
    case .boolean(let elements):
      return try codes(elements, column) { codeOfLevel["\($0)"] }
    case .real(let elements):
      return try codes(elements, column) { codeOfLevel[LossTraits.text($0)] }
    }
  }

  /// The number of every element's level. Each distinct element is looked up once: the look-up makes a text of it.
  private func codes<Element: Hashable>(
    _ elements: [Element], _ column: DataColumn, _ lookUp: (Element) -> Int32?
  ) throws(ColumnLossError) -> [Int32] {
    var known: [Element: Int32] = [:]
    var result = [Int32](repeating: Int32(ColumnElements.missing), count: elements.count)
    for row in elements.indices where column.isPresent(row) {
      if let code = known[elements[row]] {
        result[row] = code
      } else if let code = lookUp(elements[row]) {
        known[elements[row]] = code
        result[row] = code
      } else {
        throw .unknownLevel(column: name, row: row, level: column.level(row), known: levels)
      }
    }
    return result
  }
}

extension DataColumn {
  /// Whether the element in that row is there; NaN is not.
  fileprivate func isPresent(_ row: Int) -> Bool {
    if isMissing?[row] == true { return false }
    if case .real(let elements) = values { return !elements[row].isNaN }
    return true
  }

  fileprivate func level(_ row: Int) -> String {
    switch values {
    case .text(let codes, let levels): levels[Int(codes[row])]
    case .integer(let elements): "\(elements[row])"
    case .boolean(let elements): "\(elements[row])"
    case .real(let elements): LossTraits.text(elements[row])
    }
  }

  /// What occurs: numbers in their order, text in the order of its levels, false before true.
  fileprivate var levelsInOrder: [String] {
    let rows = (0..<count).filter(isPresent)
    switch values {
    case .text(let codes, let levels):
      let used = Set(rows.map { codes[$0] })
      return levels.indices.filter { used.contains(Int32($0)) }.map { levels[$0] }
    case .integer(let elements): return Set(rows.map { elements[$0] }).sorted().map { "\($0)" }
    case .boolean(let elements): return [false, true].filter(Set(rows.map { elements[$0] }).contains).map { "\($0)" }
    case .real(let elements): return Set(rows.map { elements[$0] }).sorted().map(LossTraits.text)
    }
  }
}
