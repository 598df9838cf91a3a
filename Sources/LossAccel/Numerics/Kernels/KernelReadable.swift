// The requirements are documented; each conformance only repeats them.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CKernelInterface

/// An element type that the kernels can read and convert. An implementation detail of ``TargetElement``.
public protocol _KernelReadable: BitwiseCopyable {
  /// The kernels' number for this type.
  static var _kernelType: UInt8 { get }
}

extension _KernelReadable {
  /// The value as a `Double`, for messages.
  package var asDouble: Double {
    switch self {
    case let value as Double: value
    case let value as Bool: value ? 1 : 0
    case let value as any BinaryFloatingPoint: Double(value)
    case let value as any BinaryInteger: Double(value)
    default: .nan
    }
  }
}

extension Array where Element: _KernelReadable {
  /// The elements as `Double`s; 64-bit integers beyond 2⁵³ are rounded.
  package var asDoubles: [Double] {
    // Named one by one, since a conversion through the protocol asks every element for its type.
    switch self {
    case let elements as [Double]: elements
    case let elements as [Float]: elements.map { Double($0) }
    case let elements as [Bool]: elements.map { $0 ? 1 : 0 }
    case let elements as [Int]: elements.map { Double($0) }
    case let elements as [Int64]: elements.map { Double($0) }
    case let elements as [Int32]: elements.map { Double($0) }
    case let elements as [Int16]: elements.map { Double($0) }
    case let elements as [Int8]: elements.map { Double($0) }
    case let elements as [UInt8]: elements.map { Double($0) }
    case let elements as [UInt16]: elements.map { Double($0) }
    case let elements as [UInt32]: elements.map { Double($0) }
    default: map { $0.asDouble }
    }
  }
}

extension Float: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_F32) } }
extension Double: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_F64) } }
extension Int8: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_I8) } }
extension Int16: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_I16) } }
extension Int32: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_I32) } }
extension Int64: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_I64) } }
extension Int: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_I64) } }
extension UInt8: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_U8) } }
extension UInt16: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_U16) } }
extension UInt32: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_U32) } }
extension UInt64: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_U64) } }
extension UInt: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_U64) } }
// Swift stores a Bool in one byte that is 0 or 1.
extension Bool: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_U8) } }
#if !(os(macOS) && arch(x86_64))
  extension Float16: _KernelReadable { public static var _kernelType: UInt8 { UInt8(LA_TYPE_F16) } }
#endif
