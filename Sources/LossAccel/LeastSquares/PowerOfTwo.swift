/// Scaling by powers of two, which rounds nothing.
enum PowerOfTwo {
  /// 1/2ᵉ with 2ᵉ ≤ |value| < 2ᵉ⁺¹, so that value·result lies in 1..<2; 1 for zero and for what is not finite. The exponent is
  /// held within ±1000, so that the reciprocal exists, too.
  static func reciprocal(of value: Double) -> Double {
    guard value != 0, value.isFinite else { return 1 }
    return Double(sign: .plus, exponent: max(-1000, min(1000, -Int(value.exponent))), significand: 1)
  }

  /// A number that sums with all partial sums up to `bound` in magnitude stay in the binade of: 1.5·2ᵉ with 2ᵉ ≥ 2·bound.
  static func anchor(_ bound: Double) -> Double {
    Double(sign: .plus, exponent: Int(max(bound, 0x1p-400).exponent) + 2, significand: 1.5)
  }
}
