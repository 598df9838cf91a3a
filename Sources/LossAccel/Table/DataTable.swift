/// A table of named columns of equal length and any kind: what a ``ModelFormula`` speaks about.
///
/// ```swift
/// let cars: DataTable = [
///   "mpg": DataColumn([21.0, 22.8, 21.4, 18.7]),
///   "cyl": DataColumn([6, 4, 6, 8]),
///   "gear": DataColumn(["manual", "manual", "automatic", "automatic"]),
/// ]
/// cars.rowCount            // 4
/// cars["cyl"]?.isNumeric   // true
/// ```
public struct DataTable: Sendable {
  /// The names of the columns, in their order; no name occurs twice.
  public private(set) var names: [String]

  /// The columns, in their order.
  public private(set) var columns: [DataColumn]

  /// The number of rows; 0 without columns.
  public var rowCount: Int { columns.first?.count ?? 0 }

  /// A table of no columns.
  public init() { (names, columns) = ([], []) }

  /// A table of the given columns, in their order.
  ///
  /// - Precondition: names are distinct, columns equally long.
  public init(_ columns: [(name: String, column: DataColumn)]) {
    self.init()
    for (name, column) in columns { append(name, column) }
  }

  /// Adds a column behind the others.
  ///
  /// - Precondition: no other column has its name, and it is as long as the others.
  public mutating func append(_ name: String, _ column: DataColumn) {
    precondition(!names.contains(name), "two columns are called \(name)")
    precondition(
      columns.isEmpty || column.count == rowCount,
      "column \(name) has \(column.count) rows, the others have \(rowCount)")
    names.append(name)
    columns.append(column)
  }

  /// The column of that name; nil if there is none. Assigning replaces, appends, or, for nil, removes it.
  ///
  /// - Precondition: an assigned column is as long as the others.
  public subscript(name: String) -> DataColumn? {
    get { names.firstIndex(of: name).map { columns[$0] } }
    set {
      switch (names.firstIndex(of: name), newValue) {
      case (let index?, let column?):
        precondition(
          columns.count == 1 || column.count == rowCount,
          "column \(name) has \(column.count) rows, the others have \(rowCount)")
        columns[index] = column
      case (let index?, nil):
        names.remove(at: index)
        columns.remove(at: index)
      case (nil, let column?): append(name, column)
      case (nil, nil): break
      }
    }
  }

  /// The table of the rows in `range`, copied.
  public subscript(rows range: Range<Int>) -> DataTable { selecting(rows: Array(range)) }

  /// The table of the given rows, in the order given; a row may be given more than once.
  public func selecting(rows: [Int]) -> DataTable {
    DataTable(zip(names, columns).map { ($0, $1.selecting(rows: rows)) })
  }
}

extension DataTable {
  /// The rows of all tables, one behind the other.
  ///
  /// - Precondition: all have the same columns, of the same kinds, in the same order.
  public init(concatenating tables: [DataTable]) {
    self.init()
    guard let first = tables.first else { return }
    for (index, name) in first.names.enumerated() {
      append(
        name,
        DataColumn(
          concatenating: tables.map { table in
            precondition(table.names == first.names, "tables of the columns \(table.names) and \(first.names)")
            return table.columns[index]
          }))
    }
  }
}

extension DataColumn {
  /// The elements of all columns, which are of one kind, one behind the other.
  init(concatenating columns: [DataColumn]) {
    func marks<T>(_ marks: (DataColumn) -> [T]?, _ none: T) -> [T]? {
      guard columns.contains(where: { marks($0) != nil }) else { return nil }
      return columns.flatMap { marks($0) ?? [T](repeating: none, count: $0.count) }
    }
    let values: Values
    switch columns.first?.values {
    case .integer:
      values = .integer(columns.flatMap { if case .integer(let elements) = $0.values { elements } else { [Int]() } })
    case .boolean:
      values = .boolean(columns.flatMap { if case .boolean(let elements) = $0.values { elements } else { [Bool]() } })
    case .text:
      var (codes, levels, places) = ([Int32](), [String](), [String: Int32]())
      for case .text(let own, let names) in columns.map(\.values) {
        let mapped = names.map { name -> Int32 in
          if let place = places[name] { return place }
          places[name] = Int32(levels.count)
          levels.append(name)
          return Int32(levels.count - 1)
        }
        codes += own.map { $0 < 0 ? $0 : mapped[Int($0)] }
      }
      values = .text(codes: codes, levels: levels)
    default:
      values = .real(columns.flatMap { if case .real(let elements) = $0.values { elements } else { [Double]() } })
    }
    precondition(values.count == columns.reduce(0) { $0 + $1.count }, "columns of different kinds")
    self.init(values, isMissing: marks(\.isMissing, false), remainders: marks(\.remainders, 0))
  }
}

extension DataTable: ExpressibleByDictionaryLiteral {
  /// A literal of names and columns, which keep their order.
  public init(dictionaryLiteral elements: (String, DataColumn)...) {
    self.init(elements.map { ($0.0, $0.1) })
  }
}
