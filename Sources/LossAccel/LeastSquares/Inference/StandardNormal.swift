#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The standard normal distribution.
package enum StandardNormal {
  /// P(Z > z), with a relative error near 10⁻¹⁵ down to the smallest normal number. NaN for NaN.
  package static func survival(_ z: Double) -> Double {
    // erfc multiplies a relative error of its argument by about 2w², so the rounding of w = z/√2 is taken out again to first order.
    let w = DoubleDouble(0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55) * z
    guard w.high.isFinite else { return z.isNaN ? .nan : z > 0 ? 0 : 1 }
    let tail = erfc(w.high)
    let density = exp(-w.high * w.high) * 1.128_379_167_095_512_6  // 2/√π
    return (tail - density * w.low) / 2
  }

  /// P(Z > z) + P(Z < −z) for z ≥ 0.
  package static func twoSidedTail(_ z: Double) -> Double { 2 * survival(abs(z)) }

  /// The z with P(Z ≤ z) = probability; ±∞ at 0 and 1.
  package static func quantile(_ probability: Double) -> Double {
    symmetricQuantile(
      probability, tail: twoSidedTail, center: { erf($0 * 0.707_106_781_186_547_6) },
      density: { exp(-$0 * $0 / 2) * 0.398_942_280_401_432_7 })
  }
}
