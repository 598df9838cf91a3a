import Foundation
import LossAccel

/// Reads NumPy array files (.npy) piece by piece.
struct NpyReader {
  private static let pieceSize = 1 << 20

  private var source: ByteSource
  private let header: NpyHeader

  init(source: ByteSource) throws {
    self.source = source
    let start = try self.source.read(exactly: NpyHeader.magic.count + 2)
    guard start.starts(with: NpyHeader.magic), start.count == NpyHeader.magic.count + 2 else {
      throw DataError("\(source.name) is not a NumPy array: it does not begin with \\x93NUMPY. Write it with np.save.")
    }
    let version = start[start.count - 2]
    guard let lengthSize = NpyHeader.lengthBytes(version: version) else {
      throw DataError("\(source.name) has npy format version \(version); versions 1 to 3 can be read.")
    }
    let lengthBytes = try self.source.read(exactly: lengthSize)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    let text = length <= 1 << 20 ? try self.source.read(exactly: length) : []
    guard !lengthBytes.isEmpty, text.count == length else {
      throw DataError("\(source.name) ends within its header. Save the array again with np.save.")
    }
    do throws(NpyHeader.Problem) { header = try NpyHeader(dictionary: String(decoding: text, as: UTF8.self)) } catch {
      throw DataError("\(source.name) \(error)")
    }
  }

  /// Reads the whole array, its rows behind one another whatever the order in the file.
  mutating func read() throws -> NumericArray {
    let elements: any NumericElements =
      switch header.code {
      case "f4": try read(Float.self)
      case "f8": try read(Double.self)
      case "i1": try read(Int8.self)
      case "i2": try read(Int16.self)
      case "i4": try read(Int32.self)
      case "i8": try read(Int64.self)
      case "u2": try read(UInt16.self)
      case "u4": try read(UInt32.self)
      case "u8": try read(UInt64.self)
      default: try read(UInt8.self)  // u1, and b1: a bool is a byte that holds 0 or 1
      }
    return NumericArray(name: source.name, shape: header.shape, elements: elements)
  }

  private mutating func read<Element: NumericElement>(_ type: Element.Type) throws -> Elements<Element> {
    let count = header.shape.reduce(1, *)
    let size = MemoryLayout<Element>.stride
    var values: [Element] = []
    // The header is not to be trusted with memory unless the file is as long as it says.
    if let fileSize = source.size, fileSize >= count * size { values.reserveCapacity(count) }
    while values.count < count {
      let wanted = min(Self.pieceSize, (count - values.count) * size)
      var piece = try source.read(exactly: wanted)
      if piece.count < wanted {
        let read = values.count + piece.count / size
        throw DataError(
          "\(source.name) ends after \(read) of \(count) elements. It is cut off; save it again with np.save.")
      }
      if header.isBigEndian { reverseBytes(inElementsOf: size, of: &piece) }
      appendElements(fromBytes: piece.span, to: &values)
    }
    return Elements(values: header.isFortranOrder ? inRows(values) : values)
  }

  private func reverseBytes(inElementsOf size: Int, of bytes: inout [UInt8]) {
    for start in stride(from: 0, to: bytes.count, by: size) { bytes[start..<(start + size)].reverse() }
  }

  /// The elements of an array that is stored column by column, row by row.
  private func inRows<Element>(_ values: [Element]) -> [Element] {
    guard header.shape.count == 2 else { return values }
    let (rows, columns) = (header.shape[0], header.shape[1])
    var result: [Element] = []
    result.reserveCapacity(values.count)
    for row in 0..<rows {
      for column in 0..<columns { result.append(values[column * rows + row]) }
    }
    return result
  }
}
