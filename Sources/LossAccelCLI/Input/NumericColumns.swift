/// What to do about wanted cells that are not plainly a finite number.
enum UnusualCells {
  /// A missing cell or NaN is a mistake, an infinity too.
  case refused
  /// Records with a missing cell or NaN are left out and counted; an infinity is a mistake.
  case dropped
  /// NaN and infinities are values; a missing cell is a mistake.
  case numbersOnly
  /// NaN and infinities are values; a missing cell is NaN.
  case anyNumber

  /// What to do about a missing cell, for the end of a message.
  var cureForMissing: String {
    self == .numbersOnly ? "Fill it in." : "Fill it in, or leave such records out: --missing drop"
  }
}

/// The wanted columns of a table, collected record by record into row-major groups (say: features, target, weights).
struct NumericColumns {
  /// Names of all columns of the file.
  let names: [String]
  /// One array per group: its columns side by side, record after record.
  private(set) var groups: [[Double]]
  private(set) var rowCount = 0
  private(set) var droppedCount = 0

  private let widths: [Int]
  private let unusual: UnusualCells
  /// For every column of the file the place of its cell in `row`, or -1.
  private let slots: [Int]
  /// The wanted cells of the record at hand, group by group.
  private var row: [Double]

  /// - Parameters:
  ///   - names: The names of all columns.
  ///   - groups: Which columns to collect, by index. No column may be in two groups.
  ///   - unusual: What to do about cells that are not plainly a finite number.
  init(names: [String], groups: [[Int]], unusual: UnusualCells) {
    self.names = names
    self.unusual = unusual
    widths = groups.map(\.count)
    let order = groups.joined()
    var slots = [Int](repeating: -1, count: names.count)
    for (slot, column) in order.enumerated() {
      precondition(slots[column] < 0, "column \(column) is wanted twice")
      slots[column] = slot
    }
    self.slots = slots
    row = Array(repeating: 0, count: order.count)
    self.groups = groups.map { _ in [] }
  }

  /// Collects all records that end within the window, and leaves `position` at the first that does not.
  mutating func appendRecords(_ bytes: Span<UInt8>, of window: CSVWindow, from position: inout Int) throws {
    while true {
      if window.scanner.skipBlankLine(bytes, at: &position, isLastWindow: window.isLast) { continue }
      if position == bytes.count { return }
      guard let end = try readRecord(bytes, of: window, from: position) else { return }
      position = end
    }
  }

  /// Reads one record and stores it unless a cell is missing; returns its end, or nil when it reaches beyond the window.
  private mutating func readRecord(_ bytes: Span<UInt8>, of window: CSVWindow, from start: Int) throws -> Int? {
    let scanner = window.scanner
    var next = start, cellStart = start
    var column = 0
    var isDropped = false
    do throws(CSVScanner.Trouble) {
      var end = CSVScanner.End.cell
      while end == .cell {
        cellStart = next
        let slot = column < slots.count ? slots[column] : -1
        if slot < 0 {
          end = try scanner.skipCell(bytes, at: &next, isLastWindow: window.isLast)
        } else {
          var special: NumericCell?
          end = try scanner.numericCell(
            bytes, at: &next, isLastWindow: window.isLast, into: &row[slot], unusual: &special)
          if end == .incomplete { return nil }
          if special != nil || !row[slot].isFinite {
            let cell = special ?? .number(row[slot])
            guard let value = value(of: cell, isDropped: &isDropped) else {
              throw .refused(cell)
            }
            row[slot] = value
          }
        }
        column += 1
      }
      if end == .incomplete { return nil }
    } catch {
      let offset = error == .textAfterQuote ? next : scanner.contentStart(bytes, of: cellStart)
      let columnName = column < names.count ? names[column] : ""
      throw tableError(
        error, at: window.location(of: offset, in: bytes), columnName: columnName,
        cureForMissing: unusual.cureForMissing)
    }
    if column != names.count { throw widthError(column, names.count, at: window.location(of: start, in: bytes)) }
    if isDropped { droppedCount += 1 } else { storeRow() }
    return next
  }

  /// The number to store for a cell that is not plainly a finite number; nil when the cell must be refused.
  private func value(of cell: NumericCell, isDropped: inout Bool) -> Double? {
    switch cell {
    case .number(let value) where value.isFinite || unusual == .numbersOnly || unusual == .anyNumber:
      return value
    case .missing where unusual == .anyNumber:
      return .nan
    case .number(let value) where !value.isNaN:
      return nil
    case .number, .missing:
      guard unusual == .dropped else { return nil }
      isDropped = true
      return .nan
    case .text:
      return nil
    }
  }

  private mutating func storeRow() {
    var slot = 0
    for group in groups.indices {
      for _ in 0..<widths[group] {
        groups[group].append(row[slot])
        slot += 1
      }
    }
    rowCount += 1
  }
}
