/// An unevaluated sum `high + low` of two doubles with |low| ≤ ulp(high)/2: about 106 significant bits.
///
/// Sums, differences and products have relative errors below 2⁻¹⁰³ (T. J. Dekker 1971; Joldes, Muller, Popescu, ACM TOMS 44, 2017).
/// The exponent range is that of Double, so products should stay above 2⁻⁹⁶⁰, where their low parts begin to underflow.
package struct DoubleDouble: Equatable, Sendable {
  package var high: Double
  package var low: Double

  package init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  /// The rounded value.
  package var value: Double { high + low }

  /// a + b exactly.
  package static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
    let s = a + b
    let part = s - a
    return DoubleDouble(s, (a - (s - part)) + (b - part))
  }

  /// a + b exactly, where |a| ≥ |b| or a = 0.
  static func quickSum(_ a: Double, _ b: Double) -> DoubleDouble {
    let s = a + b
    return DoubleDouble(s, b - (s - a))
  }

  /// a·b exactly, barring underflow.
  package static func product(_ a: Double, _ b: Double) -> DoubleDouble {
    let p = a * b
    return DoubleDouble(p, (-p).addingProduct(a, b))
  }

  package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let s = sum(a.high, b.high)
    let t = sum(a.low, b.low)
    let u = quickSum(s.high, s.low + t.high)
    return quickSum(u.high, u.low + t.low)
  }

  package static func + (a: DoubleDouble, b: Double) -> DoubleDouble {
    let s = sum(a.high, b)
    return quickSum(s.high, s.low + a.low)
  }

  package static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }
  package static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + (-b) }
  package static func - (a: DoubleDouble, b: Double) -> DoubleDouble { a + (-b) }
  package static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }
  package static func -= (a: inout DoubleDouble, b: DoubleDouble) { a = a - b }

  package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let p = product(a.high, b.high)
    let cross = (a.high * b.low).addingProduct(a.low, b.high)
    return quickSum(p.high, p.low + cross)
  }

  package static func * (a: DoubleDouble, b: Double) -> DoubleDouble {
    let p = product(a.high, b)
    return quickSum(p.high, p.low.addingProduct(a.low, b))
  }

  package static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let rest = a - b * first
    let second = rest.high / b.high
    let last = (rest - b * second).high / b.high
    return quickSum(first, second) + last
  }

  /// Times a power of two, which is exact.
  package func scaled(by power: Double) -> DoubleDouble { DoubleDouble(high * power, low * power) }
}
