import Foundation
import LossAccel
import Synchronization

/// A text table that is read in passes, piece by piece on all cores, and never held as a whole.
struct TableStream: Sendable {
  let path: String
  let format: TableFormat
  let header: TableHeader
  let parser: RecordParser
  /// In bytes.
  let size: Int
  /// About how many records there are, from the first piece.
  let estimatedRecords: Int

  /// - Parameter wanted: from the names of the columns to those that are wanted, and whether a column must hold numbers.
  init(
    _ input: RereadableInput, format: TableFormat, wanted: (TableHeader) throws -> (columns: [Int], numbersOnly: Bool)
  ) throws {
    var reader = try CSVReader(source: input.open(), dialect: format.dialect)
    let header = try readHeader(&reader, kind: format.dialect.header)
    let (columns, numbersOnly) = try wanted(header)
    guard let first = try reader.nextPiece() else { throw noData(header.file, droppedCount: 0) }
    let scanner = CSVScanner(dialect: format.dialect)
    let texts = numbersOnly ? [] : TableStream.textColumns(first, scanner, count: header.names.count)
    (path, self.format, self.header, size) = (input.path, format, header, input.size)
    parser = RecordParser(
      names: header.names, wanted: columns.sorted().map { ($0, texts.contains($0)) }, file: header.file,
      dialect: format.dialect, dropsMissing: format.unusual == .dropped, keepsRemainders: !numbersOnly)
    let lines = lineBreaks(in: first.bytes.span, before: first.bytes.count)
    estimatedRecords = input.size / max(1, first.bytes.count / max(1, lines))
    self.input = input
    firstPiece = first
  }

  private let input: RereadableInput
  private let firstPiece: CSVPiece

  /// What the first piece holds.
  func firstTable() throws -> DataTable { try parser.block(firstPiece).table }

  /// An error of a formula about a row of the whole table, with the line where the row stands.
  func failure(_ error: ModelFormulaError) -> any Error {
    func place(_ row: Int) -> String {
      let lines = RecordLines(path: path, dialect: format.dialect, hasHeader: !header.isNumbered)
      return lines.line(ofRecord: row).map { "\(header.file):\($0)" } ?? "\(header.file), row \(row + 1)"
    }
    return rowFailure(error, file: header.file, place: place)
  }

  /// The columns whose first cell that is not missing is not a number, among the first hundred records.
  private static func textColumns(_ piece: CSVPiece, _ scanner: CSVScanner, count: Int) -> Set<Int> {
    let bytes = piece.bytes.span
    var (open, texts) = (Set(0..<count), Set<Int>())
    var (position, text) = (0, [UInt8]())
    for _ in 0..<100 where !open.isEmpty && position < bytes.count {
      if scanner.skipBlankLine(bytes, at: &position, isLastWindow: true) { continue }
      var (column, end) = (0, CSVScanner.End.cell)
      while end == .cell {
        guard let next = try? scanner.textCell(bytes, at: &position, isLastWindow: true, into: &text) else {
          return texts
        }
        end = next
        let word = String(decoding: text, as: UTF8.self)
        if open.contains(column) {
          switch parseDecimal(word).map(NumericCell.number) ?? NumericCell(word: word) {
          case .missing: break
          case .number: open.remove(column)
          case .text:
            open.remove(column)
            texts.insert(column)
          }
        }
        column += 1
      }
    }
    return texts
  }

  /// Reads the table once. `work` makes something of every piece, on several threads at once; `merge` gets that in the order of the pieces.
  ///
  /// - Returns: how many records there were, and how many lacked a cell and were left out.
  func pass<Part: Sendable>(
    _ work: @escaping @Sendable (DataTable) throws -> Part, merge: (Part) throws -> Void
  ) throws -> (records: Int, dropped: Int) {
    var first = try CSVReader(source: input.open(), dialect: format.dialect)
    _ = try readHeader(&first, kind: format.dialect.header)
    let progress = ReadingProgress(size: size)
    let reader = Mutex(first)
    let batch = 2 * Parallelism.threadCount
    @Sendable func read() throws -> ([CSVPiece], Int) {
      try reader.withLock { reader in
        var pieces: [CSVPiece] = []
        while pieces.count < batch, let piece = try reader.nextPiece() { pieces.append(piece) }
        return (pieces, reader.source.bytesRead)
      }
    }
    var (pieces, bytesRead) = try read()
    var (records, dropped) = (0, 0)
    while !pieces.isEmpty {
      let current = pieces
      let next = Mutex<Result<([CSVPiece], Int), any Error>>(.success(([], 0)))
      // One more chunk reads ahead, while the others work.
      let parts = try Parallelism.mapChunks(count: current.count + 1) {
        index -> (part: Part, records: Int, dropped: Int)? in
        if index == 0 {
          let result = Result { try read() }
          next.withLock { $0 = result }
          return nil
        }
        let block = try parser.block(current[index - 1])
        do {
          return (try work(block.table), block.table.rowCount, block.dropped)
        } catch let error as ModelFormulaError {
          throw parser.failure(error, in: current[index - 1])
        }
      }
      for case .some(let part) in parts {
        try merge(part.part)
        records += part.records
        dropped += part.dropped
      }
      progress.update(bytesRead: bytesRead)
      (pieces, bytesRead) = try next.withLock { $0 }.get()
    }
    progress.finish()
    if records == 0 { throw noData(header.file, droppedCount: dropped) }
    return (records, dropped)
  }

  /// All of it.
  func wholeTable() throws -> (table: DataTable, dropped: Int) {
    var blocks: [DataTable] = []
    let counts = try pass({ $0 }, merge: { blocks.append($0) })
    return (DataTable(concatenating: blocks), counts.dropped)
  }
}

/// The error for a table without a record that can be used.
func noData(_ file: String, droppedCount: Int) -> DataError {
  let reason = droppedCount > 0 ? "every record has a missing cell" : "there is no record behind the header"
  return DataError("\(file) holds no data: \(reason).")
}
