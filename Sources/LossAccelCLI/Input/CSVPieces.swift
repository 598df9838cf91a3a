import Foundation
import LossAccel

/// Whole records of a text table, as many as fit into about a megabyte.
struct CSVPiece: Sendable {
  let bytes: [UInt8]
  /// The line on which it begins, counted from 1.
  let firstLine: Int
}

extension CSVReader {
  /// The next piece; nil at the end. Where pieces end depends on the text alone.
  mutating func nextPiece(size: Int = 1 << 20) throws -> CSVPiece? {
    while true {
      while unread < size && !isLastWindow { try widen() }
      if unread == 0 { return nil }
      if let end = endOfRecords() { return takePiece(end) }
      // One record, longer than a piece.
      try widen()
    }
  }

  /// The place behind the last record that is certainly complete; nil if there is none.
  private func endOfRecords() -> Int? {
    if isLastWindow { return buffer.count }
    let bytes = buffer.span
    if countBytes(bytes.extracting(position...), equalTo: UInt8(ascii: "\"")) == 0 {
      // Line breaks are ends of records. A CR that comes last may be half of one.
      for index in stride(from: bytes.count - 1, through: position, by: -1) {
        if bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") && index + 1 < bytes.count {
          return index + 1
        }
      }
      return nil
    }
    var (next, end) = (position, position)
    do throws(CSVScanner.Trouble) {
      while next < bytes.count {
        var cell = CSVScanner.End.cell
        while cell == .cell { cell = try scanner.skipCell(bytes, at: &next, isLastWindow: false) }
        if cell == .incomplete { break }
        end = next
      }
    } catch {
      // Who reads the piece meets the trouble, too, and says where it is.
      return bytes.count
    }
    return end > position ? end : nil
  }
}
