#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Student's t distribution with a positive number of degrees of freedom, not necessarily whole; ∞ is the normal distribution.
package struct StudentT: Sendable {
  package let degreesOfFreedom: Double

  package init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "degrees of freedom must be positive, not \(degreesOfFreedom)")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(|T| > |t|): the p value of a two-sided test, with a relative error below 10⁻¹³ in the far tail, too. NaN for NaN.
  package func twoSidedTail(_ t: Double) -> Double { areas(t).tail }

  /// P(T > t).
  package func survival(_ t: Double) -> Double { t >= 0 ? areas(t).tail / 2 : 0.5 + areas(t).center / 2 }

  /// P(|T| ≤ |t|).
  package func central(_ t: Double) -> Double { areas(t).center }

  /// The t with P(T ≤ t) = probability; ±∞ at 0 and 1.
  package func quantile(_ probability: Double) -> Double {
    symmetricQuantile(probability, tail: twoSidedTail, center: central, density: density)
  }

  private func density(_ t: Double) -> Double {
    guard degreesOfFreedom.isFinite else { return exp(-t * t / 2) * 0.398_942_280_401_432_7 }
    let half = degreesOfFreedom / 2
    let logBeta =
      DoubleDouble.logGamma(DoubleDouble(half)) + DoubleDouble.logGamma(DoubleDouble(0.5))
      - DoubleDouble.logGamma(DoubleDouble.sum(half, 0.5))
    return exp(-logBeta.value - (half + 0.5) * log1p(t * t / degreesOfFreedom)) / degreesOfFreedom.squareRoot()
  }

  private func areas(_ t: Double) -> (tail: Double, center: Double) {
    if t.isNaN { return (.nan, .nan) }
    guard degreesOfFreedom.isFinite else {
      return (StandardNormal.twoSidedTail(t), erf(abs(t) * 0.707_106_781_186_547_6))
    }
    if t == 0 { return (1, 0) }
    if t.isInfinite { return (0, 1) }
    // t²/ν as a double-double; taken from logarithms where it would overflow or underflow.
    let freedom = DoubleDouble(degreesOfFreedom)
    let logRatio = (DoubleDouble.log(DoubleDouble(abs(t))).scaled(by: 2)) - DoubleDouble.log(freedom)
    let logX: DoubleDouble  // of ν/(ν + t²)
    let logY: DoubleDouble  // of t²/(ν + t²)
    if abs(logRatio.high) < 200 {
      let ratio = DoubleDouble.product(t, t) / freedom
      logX = -DoubleDouble.log(ratio + 1)
      logY = logRatio + logX
    } else {
      logX = logRatio.high > 0 ? -logRatio : DoubleDouble(0)
      logY = logRatio.high > 0 ? DoubleDouble(0) : logRatio
    }
    let areas = IncompleteBeta.regularized(
      logX: logX, logY: logY, a: degreesOfFreedom / 2, b: 0.5)
    return (areas.lower, areas.upper)
  }
}

/// The quantile of a distribution that is symmetric around zero, from its two-sided tail, the area between −t and t, and its density.
func symmetricQuantile(
  _ probability: Double, tail: (Double) -> Double, center: (Double) -> Double, density: (Double) -> Double
) -> Double {
  precondition(probability >= 0 && probability <= 1, "a probability lies in 0...1, not at \(probability)")
  if probability == 0.5 { return 0 }
  let sign: Double = probability < 0.5 ? -1 : 1
  let outer = 2 * min(probability, 1 - probability)
  if outer == 0 { return sign * .infinity }
  // Near the middle the tail says little about t, and 1 − outer is exact: solve for the central area there.
  let excess: (Double) -> Double =
    outer > 0.5 ? { center($0) / abs(2 * probability - 1) - 1 } : { 1 - tail($0) / outer }
  let slopeScale = 2 / (outer > 0.5 ? abs(2 * probability - 1) : outer)
  return sign * increasingRoot(of: excess, slope: { slopeScale * density($0) })
}

/// The positive root of an increasing function that is negative at 0: Newton's method inside a bracket that it may not leave.
func increasingRoot(of function: (Double) -> Double, slope: (Double) -> Double) -> Double {
  var (low, high) = (0.0, 1.0)
  while function(high) < 0 {
    low = high
    high *= high < 1e10 ? 2 : 1e10
    if high.isInfinite { return .infinity }
  }
  var point = (low + high) / 2
  for _ in 0..<400 {
    let value = function(point)
    if value == 0 { return point }
    if value < 0 { low = point } else { high = point }
    var next = point - value / slope(point)
    // In a heavy tail both ends may differ by orders of magnitude: halve the exponent there, not the interval.
    if !(next > low && next < high) {
      next = low > 0 && high > 4 * low ? (low * high).squareRoot() : low + (high - low) / 2
    }
    if abs(next - point) <= point.ulp || high - low <= low.ulp { return next }
    point = next
  }
  return point
}
