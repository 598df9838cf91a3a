/// A sum of doubles that keeps what its roundings lose, and what the roundings of that lose: about three times the working
/// precision, relative to the largest intermediate sum (K-fold summation: T. Ogita, S. M. Rump, S. Oishi, SIAM J. Sci. Comput. 26,
/// 2005). For sums that nearly cancel.
package struct LongSum: Sendable {
  private var high = 0.0
  private var low = 0.0
  private var rest = 0.0

  package init() {}

  package init(_ value: DoubleDouble) { (high, low) = (value.high, value.low) }

  /// The sum high + low + rest.
  package init(_ high: Double, _ low: Double, _ rest: Double) { (self.high, self.low, self.rest) = (high, low, rest) }

  /// Three numbers whose sum this is.
  package var words: (high: Double, low: Double, rest: Double) { (high, low, rest) }

  package static func += (sum: inout LongSum, term: Double) {
    let first = DoubleDouble.sum(sum.high, term)
    let second = DoubleDouble.sum(sum.low, first.low)
    (sum.high, sum.low) = (first.high, second.high)
    sum.rest += second.low
  }

  package static func += (sum: inout LongSum, other: LongSum) {
    sum += other.high
    sum += other.low
    sum.rest += other.rest
  }

  package static func -= (sum: inout LongSum, product: (LongSum, Double)) {
    for part in [product.0.high, product.0.low] {
      let exact = DoubleDouble.product(part, -product.1)
      sum += exact.high
      sum += exact.low
    }
    sum.rest -= product.0.rest * product.1
  }

  /// Times a power of two, which is exact.
  func scaled(by power: Double) -> LongSum {
    var result = LongSum()
    (result.high, result.low, result.rest) = (high * power, low * power, rest * power)
    return result
  }

  /// The sum, rounded to two words.
  package var wide: DoubleDouble {
    let first = DoubleDouble.sum(high, low)
    return DoubleDouble.quickSum(first.high, first.low + rest)
  }

  /// The sum, rounded once (or, at worst, a little more than once).
  package var value: Double { wide.value }
}
