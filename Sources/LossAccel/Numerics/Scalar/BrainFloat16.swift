/// A floating-point number in 16 bits with the range of `Float` and 8 significant bits: its upper half. A storage type for
/// features; nothing is computed in it.
public struct BrainFloat16: Sendable, Hashable, BitwiseCopyable {
  /// Sign, 8 bits of exponent, 7 of significand.
  public var bitPattern: UInt16

  /// The number with these bits.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest number, ties to even; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    let quiet: UInt32 = 1 << 22
    let rounded = value.isNaN ? bits | quiet : bits &+ 0x7FFF &+ (bits >> 16 & 1)
    bitPattern = UInt16(truncatingIfNeeded: rounded >> 16)
  }
}

extension Float {
  /// The same number.
  public init(_ value: BrainFloat16) { self = Float(bitPattern: UInt32(value.bitPattern) << 16) }
}

extension Double {
  /// The same number.
  public init(_ value: BrainFloat16) { self = Double(Float(value)) }
}
