import LossAccel
import Testing

@Suite struct DoubleDoubleTests {
  /// |actual − (high + low)| relative to high, for a truth given to 32 digits.
  private func error(_ actual: DoubleDouble, _ high: Double, _ low: Double) -> Double {
    abs((actual - DoubleDouble(high, low)).value / high)
  }

  @Test func arithmeticKeeps106Bits() {
    let third = DoubleDouble(1) / DoubleDouble(3)
    #expect(abs((third * 3 - 1).value) < 0x1p-103)
    #expect((DoubleDouble.sum(1, 0x1p-80) - 1).value == 0x1p-80)
    #expect(DoubleDouble.product(1 + 0x1p-40, 1 + 0x1p-40).low != 0)
    let root = DoubleDouble(2) * DoubleDouble(0.5) + 0x1p-70
    #expect((root - 1).value == 0x1p-70)
  }

  @Test func functionsKeepThirtyDigits() {
    // e and ln 10, as sums of two doubles.
    #expect(error(.exp(DoubleDouble(1)), 2.718281828459045, 1.4456468917292502e-16) < 1e-29)
    #expect(error(.log(DoubleDouble(10)), 2.302585092994046, -2.1707562233822494e-16) < 1e-29)
    // 2⁻¹⁰⁷⁴, whose reciprocal overflows.
    #expect(error(.log(DoubleDouble(.leastNonzeroMagnitude)), -744.4400719213812, -4.422444340918698e-14) < 1e-29)
    #expect(DoubleDouble.exp(DoubleDouble(-800)).value == 0)
    #expect(DoubleDouble.exp(DoubleDouble(710)).value == .infinity)
    #expect(DoubleDouble.exp(DoubleDouble(-740)).value == 85 * Double.leastNonzeroMagnitude)
    // Γ(10) = 9!, Γ(½)² = π.
    #expect(abs((DoubleDouble.exp(.logGamma(DoubleDouble(10))) - 362_880).value) < 1e-21)
    let half = DoubleDouble.logGamma(DoubleDouble(0.5)) * 2
    #expect(error(.exp(half), 3.141592653589793, 1.2246467991473532e-16) < 1e-28)
  }

  @Test func longSumsSurviveCancellation() {
    var sum = LongSum()
    for term in [1.0, 0x1p-90, 0x1p-140, -1, 0x1p60, -0x1p-90, -0x1p60] { sum += term }
    #expect(sum.value == 0x1p-140)
    var other = LongSum(DoubleDouble(3, 0x1p-60))
    other -= (LongSum(DoubleDouble(1.5, 0x1p-61)), 2)
    #expect(other.value == 0)
  }
}
