import CKernelInterface

/// Numbers in a file, as they are stored there: in this machine's order of bytes.
package struct MappedElements: Sendable {
  package let file: MappedFile
  /// Where the first stands; a multiple of their size, since memory is read as whole elements.
  package let offset: Int
  package let count: Int
  /// The kernels' number for the type.
  package let type: UInt8

  /// The size of an element.
  var size: Int { Self.size(of: type) }

  /// - Precondition: the file has them all, and the offset is a multiple of their size.
  package init(_ file: MappedFile, offset: Int, count: Int, type: UInt8) {
    let size = Self.size(of: type)
    precondition(offset >= 0 && offset % size == 0, "elements of \(size) bytes from byte \(offset) on")
    precondition(
      count >= 0 && count <= (file.count - offset) / size, "\(count) elements of \(size) bytes in \(file.count)")
    (self.file, self.offset, self.count, self.type) = (file, offset, count, type)
  }

  /// The size of the elements of a type.
  package static func size(of type: UInt8) -> Int {
    switch Int(type) {
    case Int(LA_TYPE_F32): 4
    case Int(LA_TYPE_F64): 8
    default: 2
    }
  }

  /// The type of a NumPy array's elements; `nil` if it is none that features are computed with.
  package static func type(npyCode code: String) -> UInt8? {
    switch code {
    case "f4": UInt8(LA_TYPE_F32)
    case "f8": UInt8(LA_TYPE_F64)
    case "f2": UInt8(LA_TYPE_F16)
    default: nil
    }
  }

  /// One element, widened exactly.
  subscript(index: Int) -> Double {
    precondition(index >= 0 && index < count, "element \(index) of \(count)")
    return unsafe file.withBytes(from: offset + index * size) { bytes in
      switch Int(type) {
      case Int(LA_TYPE_F32): return Double(unsafe bytes.load(as: Float.self))
      case Int(LA_TYPE_F64): return unsafe bytes.load(as: Double.self)
      case Int(LA_TYPE_BF16): return Double(BrainFloat16(bitPattern: unsafe bytes.load(as: UInt16.self)))
      default: return Self.widened(half: unsafe bytes.load(as: UInt16.self))
      }
    }
  }

  /// The value of a half-precision number by its bits: not every platform has the type.
  static func widened(half bits: UInt16) -> Double {
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Double(bits & 0x3FF))
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
      }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }
}
