#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Fisher's F distribution with positive, not necessarily whole, degrees of freedom of numerator and denominator.
package struct FDistribution: Sendable {
  package let numerator: Double
  package let denominator: Double

  package init(numerator: Double, denominator: Double) {
    precondition(
      numerator > 0 && denominator > 0, "degrees of freedom must be positive, not \(numerator) and \(denominator)")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// P(F > f), with a relative error below 10⁻¹³ in the far tail, too; 1 for f ≤ 0, NaN for NaN.
  package func survival(_ f: Double) -> Double { areas(f).upper }

  /// P(F ≤ f).
  package func cumulative(_ f: Double) -> Double { areas(f).lower }

  /// The f with P(F ≤ f) = probability; 0 and ∞ at 0 and 1.
  package func quantile(_ probability: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "a probability lies in 0...1, not at \(probability)")
    if probability == 0 { return 0 }
    if probability == 1 { return .infinity }
    // Relative to the smaller side, so that neither a tiny nor a nearly full probability loses digits.
    let excess: (Double) -> Double =
      probability < 0.5
      ? { self.cumulative($0) / probability - 1 } : { 1 - self.survival($0) / (1 - probability) }
    let scale = 1 / min(probability, 1 - probability)
    return increasingRoot(of: excess, slope: { scale * self.density($0) })
  }

  private func density(_ f: Double) -> Double {
    let (a, b) = (numerator / 2, denominator / 2)
    let logBeta =
      DoubleDouble.logGamma(DoubleDouble(a)) + DoubleDouble.logGamma(DoubleDouble(b))
      - DoubleDouble.logGamma(DoubleDouble.sum(a, b))
    let ratio = f * numerator / denominator
    return exp(a * log(ratio) - (a + b) * log1p(ratio) - logBeta.value) / f
  }

  private func areas(_ f: Double) -> (lower: Double, upper: Double) {
    if f.isNaN { return (.nan, .nan) }
    if f <= 0 { return (0, 1) }
    if f.isInfinite { return (1, 0) }
    let logRatio =
      DoubleDouble.log(DoubleDouble(f)) + DoubleDouble.log(DoubleDouble(numerator))
      - DoubleDouble.log(DoubleDouble(denominator))
    // x = d₁f/(d₁f + d₂) and y = 1 − x; from logarithms alone where the ratio is far from one.
    let logX: DoubleDouble
    let logY: DoubleDouble
    if abs(logRatio.high) < 200 {
      let ratio = DoubleDouble.product(f, numerator) / DoubleDouble(denominator)
      logY = -DoubleDouble.log(ratio + 1)
      logX = logRatio + logY
    } else {
      logX = logRatio.high > 0 ? DoubleDouble(0) : logRatio
      logY = logRatio.high > 0 ? -logRatio : DoubleDouble(0)
    }
    return IncompleteBeta.regularized(
      logX: logX, logY: logY, a: numerator / 2, b: denominator / 2)
  }
}
