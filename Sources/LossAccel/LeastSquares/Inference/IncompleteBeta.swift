/// The regularised incomplete beta function I_x(a, b) and its complement I_y(b, a), y = 1 − x, both without cancellation.
///
/// I_x(a, b) = xᵃyᵇ/(a·B(a, b)) times Legendre's continued fraction (NIST DLMF 8.17.22), which converges in about √max(a, b) steps on
/// the side of the mean where it is used. Both factors are computed in double-double: the exponent of the first reaches −745 in the
/// far tail, where one rounding of a plain logarithm would cost three digits, and the second amplifies an error of x by a.
package enum IncompleteBeta {
  /// I_x(a, b) and 1 − I_x(a, b) for a, b > 0, from the logarithms of x and of 1 − x, so that neither is a difference.
  static func regularized(
    logX: DoubleDouble, logY: DoubleDouble, a: Double, b: Double
  ) -> (lower: Double, upper: Double) {
    let logBeta =
      DoubleDouble.logGamma(DoubleDouble(a)) + DoubleDouble.logGamma(DoubleDouble(b))
      - DoubleDouble.logGamma(DoubleDouble.sum(a, b))
    let front = DoubleDouble.exp(logX * a + logY * b - logBeta).value
    let (x, y) = (DoubleDouble.exp(logX), DoubleDouble.exp(logY))
    if x.high * (a + b + 2) < a + 1 {
      let lower = front / a * continuedFraction(x: x, a: a, b: b)
      return (lower, 1 - lower)
    }
    let upper = front / b * continuedFraction(x: y, a: b, b: a)
    return (1 - upper, upper)
  }

  /// The continued fraction by the modified method of Lentz.
  private static func continuedFraction(x: DoubleDouble, a: Double, b: Double) -> Double {
    let (wideA, sum, one) = (DoubleDouble(a), DoubleDouble.sum(a, b), DoubleDouble(1))
    func nonZero(_ value: DoubleDouble) -> DoubleDouble { abs(value.high) < 1e-300 ? DoubleDouble(1e-300) : value }
    var c = one
    var d = one / nonZero(one - sum * x / (wideA + 1))
    var fraction = d
    // At x on the mean of the distribution about 5·√max(a, b) steps are needed.
    let limit = 1000 + Int(10 * max(a, b).squareRoot())
    for step in 1...limit {
      let m = Double(step)
      let shifted = wideA + 2 * m
      let even = (DoubleDouble(b) - m) * x * m / ((shifted - 1) * shifted)
      d = one / nonZero(one + even * d)
      c = nonZero(one + even / c)
      fraction = fraction * d * c
      let odd = -((wideA + m) * (sum + m) * x / (shifted * (shifted + 1)))
      d = one / nonZero(one + odd * d)
      c = nonZero(one + odd / c)
      let factor = d * c
      fraction = fraction * factor
      if abs((factor - 1).high) <= Double.ulpOfOne / 16 { break }
    }
    return fraction.value
  }
}
