/// An integer of any size, for oracles: sums and products, and a quotient rounded to about 106 bits. Nothing is clever here.
package struct BigInteger: Equatable, Sendable {
  /// Sixty-four bits to a limb, the lowest first; none is left zero at the top, so zero has no limbs.
  private var limbs: [UInt64]
  private var isNegative: Bool

  private init(_ limbs: [UInt64], isNegative: Bool) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
    self.isNegative = isNegative && !self.limbs.isEmpty
  }

  package static let zero = BigInteger([], isNegative: false)

  package init(_ value: Int) { self.init([UInt64(value.magnitude)], isNegative: value < 0) }

  package var isZero: Bool { limbs.isEmpty }
  package var signum: Int { limbs.isEmpty ? 0 : (isNegative ? -1 : 1) }
  package var bitWidth: Int { limbs.isEmpty ? 0 : limbs.count * 64 - limbs[limbs.count - 1].leadingZeroBitCount }

  package static prefix func - (a: BigInteger) -> BigInteger { BigInteger(a.limbs, isNegative: !a.isNegative) }
  package static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + -b }

  package static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative { return BigInteger(sum(a.limbs, b.limbs), isNegative: a.isNegative) }
    return isLess(a.limbs, b.limbs)
      ? BigInteger(difference(b.limbs, a.limbs), isNegative: b.isNegative)
      : BigInteger(difference(a.limbs, b.limbs), isNegative: a.isNegative)
  }

  package static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    var product = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
    for (i, x) in a.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, y) in b.limbs.enumerated() {
        let (high, low) = x.multipliedFullWidth(by: y)
        let (first, overflow) = product[i + j].addingReportingOverflow(low)
        let (second, again) = first.addingReportingOverflow(carry)
        product[i + j] = second
        carry = high &+ (overflow ? 1 : 0) &+ (again ? 1 : 0)
      }
      product[i + b.limbs.count] = carry
    }
    return BigInteger(product, isNegative: a.isNegative != b.isNegative)
  }

  package static func << (a: BigInteger, count: Int) -> BigInteger {
    let (words, bits) = (count / 64, UInt64(count % 64))
    var shifted = [UInt64](repeating: 0, count: words) + a.limbs + [0]
    guard bits > 0 else { return BigInteger(shifted, isNegative: a.isNegative) }
    for index in (words..<shifted.count).reversed() {
      shifted[index] = shifted[index] << bits | (index > words ? shifted[index - 1] >> (64 - bits) : 0)
    }
    return BigInteger(shifted, isNegative: a.isNegative)
  }

  private static func isLess(_ a: [UInt64], _ b: [UInt64]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for index in a.indices.reversed() where a[index] != b[index] { return a[index] < b[index] }
    return false
  }

  private static func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var result: [UInt64] = []
    var carry: UInt64 = 0
    for index in 0..<max(a.count, b.count) {
      let (x, y) = (index < a.count ? a[index] : 0, index < b.count ? b[index] : 0)
      let (first, overflow) = x.addingReportingOverflow(y)
      let (second, again) = first.addingReportingOverflow(carry)
      result.append(second)
      carry = (overflow ? 1 : 0) + (again ? 1 : 0)
    }
    return result + [carry]
  }

  /// a − b for a ≥ b.
  private static func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var result = a
    var borrow: UInt64 = 0
    for index in a.indices {
      let y = index < b.count ? b[index] : 0
      let (first, underflow) = a[index].subtractingReportingOverflow(y)
      let (second, again) = first.subtractingReportingOverflow(borrow)
      result[index] = second
      borrow = (underflow ? 1 : 0) + (again ? 1 : 0)
    }
    return result
  }

  /// The magnitude as m·2ᵉ with 1 ≤ m < 2 to 106 bits (the rest cut off).
  private var mantissa: (high: Double, low: Double, exponent: Int) {
    let width = bitWidth
    func bits(_ from: Int) -> Double {
      // Fifty-three bits below and including bit `from`.
      var value: UInt64 = 0
      for bit in stride(from: from, to: from - 53, by: -1) {
        value <<= 1
        if bit >= 0 { value |= limbs[bit / 64] >> UInt64(bit % 64) & 1 }
      }
      return Double(value)
    }
    return (bits(width - 1) * 0x1p-52, bits(width - 54) * 0x1p-105, width - 1)
  }

  /// numerator / denominator as mantissa·2ᵉ, with a relative error below 2⁻¹⁰⁰.
  package static func quotient(_ numerator: BigInteger, _ denominator: BigInteger) -> ScaledQuotient {
    precondition(!denominator.isZero, "division by zero")
    guard !numerator.isZero else { return ScaledQuotient(high: 0, low: 0, exponent: 0) }
    let (n, d) = (numerator.mantissa, denominator.mantissa)
    let high = n.high / d.high
    // n − high·d, exactly but for terms of 2⁻¹⁵⁸.
    let rest = n.high.addingProduct(-high, d.high) + n.low - high * d.low
    let sign: Double = numerator.isNegative == denominator.isNegative ? 1 : -1
    return ScaledQuotient(high: sign * high, low: sign * (rest / d.high), exponent: n.exponent - d.exponent)
  }
}

/// (high + low)·2ᵉ.
package struct ScaledQuotient: Sendable {
  package var high: Double
  package var low: Double
  package var exponent: Int

  package func scaled(byPower power: Int) -> ScaledQuotient {
    ScaledQuotient(high: high, low: low, exponent: exponent + power)
  }

  /// Rounded to Double; exact as far as 106 bits go.
  package var value: Double { ScaledQuotient.times(high + low, power: exponent) }

  /// (value − this)/|this|: the relative error of an approximation; ∞ where this is zero and the value is not.
  package func relativeError(of value: Double) -> Double {
    guard high != 0 else { return value == 0 ? 0 : .infinity }
    // In two steps: the exponents may differ by more than a double's range.
    let scaled = ScaledQuotient.times(value, power: -exponent)
    return abs((scaled - high) - low) / abs(high)
  }

  private static func times(_ value: Double, power: Int) -> Double {
    let half = power / 2
    let rest = Double(sign: .plus, exponent: power - half, significand: 1)
    return Double(sign: .plus, exponent: half, significand: 1) * (rest * value)
  }
}
