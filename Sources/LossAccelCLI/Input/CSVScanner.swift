import Foundation
import LossAccel

/// Reads single cells of comma-separated text out of a window of bytes.
///
/// The grammar is RFC 4180's with what files in the wild need: any of LF, CRLF and CR ends a record; a cell may have blanks
/// around it; a cell that begins with a quote runs to the closing quote, may hold delimiters and line breaks, and writes a
/// quote as two; a quote inside a cell that does not begin with one is an ordinary character.
///
/// Every function starts at `position`, leaves it behind what it read, and answers `.incomplete` (with `position` anywhere)
/// when the window ends before the cell certainly does; the caller then widens the window and repeats the record.
struct CSVScanner {
  /// What stands behind a cell.
  enum End {
    case cell
    case record
    case incomplete
  }

  /// Why a cell cannot be read; the position of the trouble is where the scanner stopped.
  enum Trouble: Error, Equatable {
    case unclosedQuote
    case textAfterQuote
    /// The cell could be read, but its reader has no use for it.
    case refused(NumericCell)
  }

  let dialect: CSVDialect

  /// Reads a number. The common case, a plain number between delimiters, is parsed where it stands without a search for its
  /// end; anything else is stored in `unusual`, which a plain number leaves alone.
  @inline(__always)
  func numericCell(
    _ bytes: Span<UInt8>, at position: inout Int, isLastWindow: Bool,
    into value: inout Double, unusual: inout NumericCell?
  ) throws(Trouble) -> End {
    var next = position
    while next < bytes.count && dialect.isBlank(bytes[next]) { next += 1 }
    let numberEnd = parseDecimal(bytes, from: next, into: &value)
    if numberEnd > next {
      next = numberEnd
      while next < bytes.count && dialect.isBlank(bytes[next]) { next += 1 }
      if next < bytes.count && (bytes[next] == dialect.delimiter || dialect.isLineBreak(bytes[next])) {
        position = next
        return end(bytes, at: &position, isLastWindow: isLastWindow)
      }
    }
    return try unusualNumericCell(bytes, at: &position, isLastWindow: isLastWindow, into: &unusual)
  }

  /// Reads any cell as text, without quotes and without the blanks around it.
  func textCell(
    _ bytes: Span<UInt8>, at position: inout Int, isLastWindow: Bool, into text: inout [UInt8]
  ) throws(Trouble) -> End {
    text.removeAll(keepingCapacity: true)
    while position < bytes.count && dialect.isBlank(bytes[position]) { position += 1 }
    if position < bytes.count && bytes[position] == UInt8(ascii: "\"") {
      guard let range = try quoted(bytes, at: &position, isLastWindow: isLastWindow) else { return .incomplete }
      var index = range.lowerBound
      while index < range.upperBound {
        text.append(bytes[index])
        index += bytes[index] == UInt8(ascii: "\"") ? 2 : 1
      }
      return end(bytes, at: &position, isLastWindow: isLastWindow)
    }
    let start = position
    skipUnquoted(bytes, at: &position)
    var stop = position
    while stop > start && dialect.isBlank(bytes[stop - 1]) { stop -= 1 }
    for index in start..<stop { text.append(bytes[index]) }
    return end(bytes, at: &position, isLastWindow: isLastWindow)
  }

  /// Passes over a cell whose content nobody needs.
  @inline(__always)
  func skipCell(_ bytes: Span<UInt8>, at position: inout Int, isLastWindow: Bool) throws(Trouble) -> End {
    while position < bytes.count && dialect.isBlank(bytes[position]) { position += 1 }
    if position < bytes.count && bytes[position] == UInt8(ascii: "\"") {
      guard try quoted(bytes, at: &position, isLastWindow: isLastWindow) != nil else { return .incomplete }
    } else {
      skipUnquoted(bytes, at: &position)
    }
    return end(bytes, at: &position, isLastWindow: isLastWindow)
  }

  /// Where the content of a cell begins, behind the blanks before it.
  func contentStart(_ bytes: Span<UInt8>, of cellStart: Int) -> Int {
    var start = cellStart
    while start < bytes.count && dialect.isBlank(bytes[start]) { start += 1 }
    return start
  }

  /// Passes over a line that holds nothing but blanks; false, with `position` where it was, when there is none.
  func skipBlankLine(_ bytes: Span<UInt8>, at position: inout Int, isLastWindow: Bool) -> Bool {
    var next = position
    while next < bytes.count && dialect.isBlank(bytes[next]) { next += 1 }
    guard next < bytes.count ? dialect.isLineBreak(bytes[next]) : isLastWindow && next > position else { return false }
    guard end(bytes, at: &next, isLastWindow: isLastWindow) == .record else { return false }
    position = next
    return true
  }

  @inline(never)
  private func unusualNumericCell(
    _ bytes: Span<UInt8>, at position: inout Int, isLastWindow: Bool, into cell: inout NumericCell?
  ) throws(Trouble) -> End {
    var text: [UInt8] = []
    let end = try textCell(bytes, at: &position, isLastWindow: isLastWindow, into: &text)
    if end == .incomplete { return end }
    let word = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    cell = parseDecimal(word).map(NumericCell.number) ?? NumericCell(word: word)
    return end
  }

  @inline(__always)
  private func skipUnquoted(_ bytes: Span<UInt8>, at position: inout Int) {
    var next = position
    while next < bytes.count && bytes[next] != dialect.delimiter && !dialect.isLineBreak(bytes[next]) { next += 1 }
    position = next
  }

  /// The range between the quotes; nil when the window ends too early. `position` is left behind the blanks that follow.
  private func quoted(
    _ bytes: Span<UInt8>, at position: inout Int, isLastWindow: Bool
  ) throws(Trouble) -> Range<Int>? {
    let start = position + 1
    var next = start
    while true {
      while next < bytes.count && bytes[next] != UInt8(ascii: "\"") { next += 1 }
      if next == bytes.count {
        if isLastWindow { throw .unclosedQuote }
        return nil
      }
      if next + 1 == bytes.count && !isLastWindow { return nil }
      if next + 1 == bytes.count || bytes[next + 1] != UInt8(ascii: "\"") { break }
      next += 2
    }
    position = next + 1
    while position < bytes.count && dialect.isBlank(bytes[position]) { position += 1 }
    if position < bytes.count && bytes[position] != dialect.delimiter && !dialect.isLineBreak(bytes[position]) {
      throw .textAfterQuote
    }
    return start..<next
  }

  /// Steps over the delimiter or the line break at `position`.
  @inline(__always)
  private func end(_ bytes: Span<UInt8>, at position: inout Int, isLastWindow: Bool) -> End {
    if position == bytes.count { return isLastWindow ? .record : .incomplete }
    let byte = bytes[position]
    position += 1
    if byte == dialect.delimiter { return .cell }
    guard byte == UInt8(ascii: "\r") else { return .record }
    if position == bytes.count { return isLastWindow ? .record : .incomplete }
    if bytes[position] == UInt8(ascii: "\n") { position += 1 }
    return .record
  }
}
