// The requirements are documented; each conformance only repeats them.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CKernelInterface

/// A type that numbers may be stored in, and the one that is computed in where they are: `Float` for `Float16`, ``BrainFloat16`` and
/// `Float`, `Double` for `Double`. Conformances for other types are not supported.
public protocol StoredElement: Sendable, BitwiseCopyable {
  /// The type that is computed in.
  associatedtype Arithmetic: Scalar

  /// The kernels' number for the type.
  static var _storageType: UInt8 { get }
}

extension Float: StoredElement {
  /// The type that is computed in.
  public typealias Arithmetic = Float
  public static var _storageType: UInt8 { UInt8(LA_TYPE_F32) }
}

extension Double: StoredElement {
  /// The type that is computed in.
  public typealias Arithmetic = Double
  public static var _storageType: UInt8 { UInt8(LA_TYPE_F64) }
}

extension BrainFloat16: StoredElement {
  /// The type that is computed in.
  public typealias Arithmetic = Float
  public static var _storageType: UInt8 { UInt8(LA_TYPE_BF16) }
}

#if !(os(macOS) && arch(x86_64))
  extension Float16: StoredElement {
    /// The type that is computed in.
    public typealias Arithmetic = Float
    public static var _storageType: UInt8 { UInt8(LA_TYPE_F16) }
  }
#endif
