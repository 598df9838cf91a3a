import Foundation
import LossAccel

/// Makes tables of pieces of text: the wanted columns, each of numbers or of text.
struct RecordParser: Sendable {
  /// Names of all columns of the file.
  let names: [String]
  /// The wanted columns, in the order of the file, and whether each is text.
  let wanted: [(column: Int, isText: Bool)]
  let file: String
  let scanner: CSVScanner
  /// Records that lack a wanted cell are left out, otherwise they are a mistake.
  let dropsMissing: Bool
  /// Whether numbers keep what a double lacks of their decimals.
  let keepsRemainders: Bool
  private let slots: [Int32]
  private let numbers: Int

  init(
    names: [String], wanted: [(column: Int, isText: Bool)], file: String, dialect: CSVDialect, dropsMissing: Bool,
    keepsRemainders: Bool
  ) {
    (self.names, self.wanted, self.file, self.dropsMissing) = (names, wanted, file, dropsMissing)
    self.keepsRemainders = keepsRemainders
    scanner = CSVScanner(dialect: dialect)
    numbers = wanted.count { !$0.isText }
    var slots = [Int32](repeating: -1, count: names.count)
    var (number, text) = (Int32(0), Int32(wanted.count { !$0.isText }))
    for (column, isText) in wanted {
      slots[column] = isText ? text : number
      if isText { text += 1 } else { number += 1 }
    }
    self.slots = slots
  }

  /// What a piece holds.
  struct Block: Sendable {
    var table: DataTable
    var dropped: Int
  }

  func block(_ piece: CSVPiece) throws -> Block {
    let bytes = piece.bytes.span
    var columns = RecordColumns(
      numbers: numbers, texts: wanted.count - numbers, capacity: lineBreaks(in: bytes, before: bytes.count) + 1,
      keepsRemainders: keepsRemainders)
    // Texts that stand between quotes cannot be named by their place.
    var unusualTexts: [Int: [String]] = [:]
    var (row, position, dropped) = (0, 0, 0)
    while position < bytes.count {
      row += columns.readPlainRecords(
        bytes, at: &position, delimiter: scanner.dialect.delimiter, slots: slots, row: row)
      if position == bytes.count { break }
      if scanner.skipBlankLine(bytes, at: &position, isLastWindow: true) { continue }
      switch try record(piece, at: &position, into: &columns, row: row) {
      case .missing: dropped += 1
      case .texts(let texts):
        if !texts.isEmpty { unusualTexts[row] = texts }
        row += 1
      }
    }
    return Block(table: table(columns, rows: row, bytes, unusualTexts), dropped: dropped)
  }

  private enum Record {
    case missing
    case texts([String])
  }

  /// Reads one record by the whole grammar.
  private func record(
    _ piece: CSVPiece, at position: inout Int, into columns: inout RecordColumns, row: Int
  ) throws -> Record {
    let bytes = piece.bytes.span
    let start = position
    var (next, cellStart, column) = (start, start, 0)
    var (isMissing, texts, text) = (false, [String](), [UInt8]())
    func place(_ offset: Int) -> TextLocation {
      TextLocation(file: file, firstLine: piece.firstLine, in: bytes, offset: offset)
    }
    do throws(CSVScanner.Trouble) {
      var end = CSVScanner.End.cell
      while end == .cell {
        cellStart = next
        let slot = column < slots.count ? Int(slots[column]) : -1
        if slot < 0 {
          end = try scanner.skipCell(bytes, at: &next, isLastWindow: true)
        } else if slot < numbers {
          var (value, special) = (0.0, NumericCell?.none)
          end = try scanner.numericCell(bytes, at: &next, isLastWindow: true, into: &value, unusual: &special)
          let cell = special ?? .number(value)
          switch cell {
          case .number(let value) where value.isFinite:
            columns.values[slot * columns.capacity + row] = value
            if keepsRemainders { columns.remainders[slot * columns.capacity + row] = remainder(bytes, cellStart) }
          case .number(let value) where value.isNaN && dropsMissing: isMissing = true
          case .missing where dropsMissing: isMissing = true
          default: throw .refused(cell)
          }
        } else {
          end = try scanner.textCell(bytes, at: &next, isLastWindow: true, into: &text)
          let word = String(decoding: text, as: UTF8.self)
          if case .missing = NumericCell(word: word) {
            if !dropsMissing { throw .refused(.missing) }
            isMissing = true
          }
          texts.append(word)
        }
        column += 1
      }
    } catch {
      let offset = error == .textAfterQuote ? next : scanner.contentStart(bytes, of: cellStart)
      throw tableError(
        error, at: place(offset), columnName: column < names.count ? names[column] : "",
        cureForMissing: "Fill it in, or leave such records out: --missing drop")
    }
    if column != names.count { throw widthError(column, names.count, at: place(start)) }
    position = next
    return isMissing ? .missing : .texts(texts)
  }

  /// What the double of a decimal lacks of it.
  private func remainder(_ bytes: Span<UInt8>, _ cell: Int) -> Double {
    var (position, text) = (cell, [UInt8]())
    guard (try? scanner.textCell(bytes, at: &position, isLastWindow: true, into: &text)) != nil else { return 0 }
    let word = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    return parseWideDecimal(word)?.low ?? 0
  }

  private func table(
    _ columns: RecordColumns, rows: Int, _ bytes: Span<UInt8>, _ unusualTexts: [Int: [String]]
  ) -> DataTable {
    var table = DataTable()
    for (column, isText) in wanted {
      let slot = Int(slots[column])
      if isText {
        var builder = TextColumnBuilder()
        let text = slot - numbers
        for row in 0..<rows {
          if let texts = unusualTexts[row] {
            builder.append(texts[text])
            continue
          }
          let place = text * columns.capacity + row
          let start = Int(columns.starts[place])
          builder.append(utf8: bytes.extracting(start..<start + Int(columns.lengths[place])))
        }
        table.append(names[column], builder.column)
      } else {
        let range = slot * columns.capacity..<slot * columns.capacity + rows
        table.append(
          names[column],
          DataColumn(
            .real(Array(columns.values[range])), remainders: keepsRemainders ? Array(columns.remainders[range]) : nil))
      }
    }
    return table
  }
}

/// The sentence for a record with too few or too many cells.
func widthError(_ count: Int, _ columns: Int, at place: TextLocation) -> DataError {
  DataError(
    """
    \(place): this record has \(count) cell\(count == 1 ? "" : "s"), but the table has \(columns) column\(columns == 1 ? "" : "s"). \
    Look for a stray or missing delimiter, or put a cell that holds one between quotes.
    """)
}
