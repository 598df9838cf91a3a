#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension DoubleDouble {
  static let logTwo = DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)
  private static let halfLogTwoPi = DoubleDouble(0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55)

  /// eˣ with a relative error near 10⁻²⁹; overflows and underflows as Double does.
  package static func exp(_ x: DoubleDouble) -> DoubleDouble {
    guard x.high > -800 else { return x.high.isNaN ? x : DoubleDouble(0) }
    guard x.high < 710 else { return DoubleDouble(x.high.isNaN ? .nan : .infinity) }
    let power = (x.high / logTwo.high).rounded()
    // |r| ≤ ln 2 / 1024: ten terms of the series leave less than 1e-38. Then eʳ − 1 is doubled in argument nine times.
    let r = (x - logTwo * power).scaled(by: 1.0 / 512)
    var term = r
    var sum = r
    for k in 2...10 {
      term = term * r / DoubleDouble(Double(k))
      sum += term
    }
    for _ in 0..<9 { sum = sum.scaled(by: 2) + sum * sum }
    let result = sum + 1
    // In two steps: 2^power itself may be subnormal where the result is not.
    let half = Double(sign: .plus, exponent: Int(power) / 2, significand: 1)
    let rest = Double(sign: .plus, exponent: Int(power) - Int(power) / 2, significand: 1)
    return result.scaled(by: half).scaled(by: rest)
  }

  /// ln x for x > 0, with an absolute error near 10⁻³⁰·max(1, |ln x|).
  package static func log(_ x: DoubleDouble) -> DoubleDouble {
    #if canImport(Glibc)
      let start = Glibc.log(x.high)
    #else
      let start = Darwin.log(x.high)
    #endif
    // One step of Newton's method squares the 1e-16 that the start is off by. Huge and tiny x go through a power of two.
    let exponent = Int(x.high.exponent)
    // In two steps: the reciprocal of a subnormal power of two is none.
    let half = Double(sign: .plus, exponent: -(exponent / 2), significand: 1)
    let rest = Double(sign: .plus, exponent: -(exponent - exponent / 2), significand: 1)
    let mantissa = x.scaled(by: half).scaled(by: rest)
    let shifted = DoubleDouble(start) - logTwo * Double(exponent)
    let residual = mantissa * exp(-shifted) - 1
    return DoubleDouble(start) + (residual - residual * residual.scaled(by: 0.5))
  }

  /// ln Γ(x) for x > 0, with an absolute error near 10⁻²⁸·max(1, |ln Γ(x)|): Stirling's series above 30, the recurrence below.
  package static func logGamma(_ x: DoubleDouble) -> DoubleDouble {
    var (shifted, product) = (x, DoubleDouble(1))
    while shifted.high < 30 {
      product = product * shifted
      shifted = shifted + 1
    }
    let reciprocal = DoubleDouble(1) / shifted
    let square = reciprocal * reciprocal
    var series = DoubleDouble(0)
    for (index, bernoulli) in bernoulliNumbers.enumerated().reversed() {
      let k = Double(2 * (index + 1))
      series = series * square + DoubleDouble(bernoulli.0) / DoubleDouble(bernoulli.1 * k * (k - 1))
    }
    let stirling = (shifted - 0.5) * log(shifted) - shifted + halfLogTwoPi + series * reciprocal
    return stirling - log(product)
  }

  /// B₂, B₄, …, B₂₆ as fractions.
  private static let bernoulliNumbers: [(Double, Double)] = [
    (1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510), (43867, 798), (-174_611, 330),
    (854_513, 138), (-236_364_091, 2730), (8_553_103, 6),
  ]
}
