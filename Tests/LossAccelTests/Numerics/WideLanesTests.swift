import LossAccel
import Testing

/// The functions of two words that the vector kernels compute, against constants and against ``DoubleDouble``, which computes
/// them in other ways.
@Suite struct WideLanesTests {
  /// Values of both signs and all sizes whose results are numbers, with second words.
  private static let numbers: [DoubleDouble] = [
    -700, -40, -5.25, -0.7, -0.3466, -1e-3, -1e-9, 0, 1e-300, 1e-9, 1e-3, 0.3466, 0.7, 1, 5.25, 40, 700,
  ]
  .enumerated().map { DoubleDouble($1, $1 * 0x1p-55 * ($0 % 2 == 0 ? 1 : -0.7)) }

  private func lanes(_ numbers: [DoubleDouble]) -> WideLanes {
    WideLanes(numbers.map(\.high), numbers.map(\.low), rows: 0..<numbers.count)
  }

  /// |actual − expected| relative to the expected, or to 1 where `floor` says so.
  private func error(_ actual: DoubleDouble, _ expected: DoubleDouble, floor: Double = 0) -> Double {
    let size = max(abs(expected.high), floor)
    return size == 0 ? abs(actual.high) : abs((actual - expected).value) / size
  }

  @Test func exponentialsKeepTwoWords() {
    let (powers, less) = (lanes(Self.numbers).exponential(), lanes(Self.numbers).exponentialMinusOne())
    for (lane, x) in Self.numbers.enumerated() {
      // What the scalar function loses in the multiple of log 2 is 710·2⁻¹⁰³ at most.
      #expect(error(powers[lane], .exp(x)) < 0x1p-93, "exp at \(x.high)")
      if abs(x.high) > 1e-2 { #expect(error(less[lane], .exp(x) - 1) < 0x1p-85, "exp − 1 at \(x.high)") }
    }
    // e and e − 1 to 32 digits.
    let e = DoubleDouble(2.718281828459045, 1.4456468917292502e-16)
    #expect(error(lanes([DoubleDouble(1)]).exponential()[0], e) < 0x1p-98)
    #expect(error(lanes([DoubleDouble(1)]).exponentialMinusOne()[0], e - 1) < 0x1p-98)
    // x + x²/2 + x³/6 + …
    let x = DoubleDouble(0x1p-30)
    let series = x + x * x * 0.5 + x * x * x / DoubleDouble(6) + DoubleDouble(0x1p-120 / 24)
    #expect(error(lanes([x]).exponentialMinusOne()[0], series) < 0x1p-98)
    #expect(lanes([DoubleDouble(1e-300)]).exponentialMinusOne()[0] == DoubleDouble(1e-300))
  }

  @Test func logarithmsAndRootsKeepTwoWords() {
    let numbers = [1e-305, 1e-200, 0.2, 0.75, 1 - 0x1p-50, 1, 1 + 0x1p-50, 1.4, 1.6, 10, 1e200, 1.7e308]
      .map { DoubleDouble($0, $0 > 1e-100 ? $0 * 0x1p-56 : 0) }
    let (logarithms, roots) = (lanes(numbers).logarithm(), lanes(numbers).squareRoot())
    for (lane, x) in numbers.enumerated() {
      #expect(error(logarithms[lane], .log(x), floor: 1) < 0x1p-93, "log at \(x.high)")
      if x.high > 1e-100 && x.high < 1e300 {
        let root = roots[lane]
        #expect(error(root * root, x) < 0x1p-98, "root of \(x.high)")
      }
    }
    let ten = lanes([DoubleDouble(10)]).logarithm()[0]
    #expect(error(ten, DoubleDouble(2.302585092994046, -2.1707562233822494e-16)) < 0x1p-98)
  }

  @Test func arithmeticKeepsTwoWords() {
    let (a, b) = (lanes([DoubleDouble(1)]), lanes([DoubleDouble(3)]))
    #expect(abs(((a / b) * b - a)[0].value) < 0x1p-100)
    #expect((a + WideLanes(0x1p-80) - a)[0].value == 0x1p-80)
    #expect((-b)[0] == DoubleDouble(-3))
    #expect(lanes([1, 0x1p-80, -1].map { DoubleDouble($0) }).total.value == 0x1p-80)
  }

  @Test func edgesAreThoseOfDouble() {
    let edges = [Double.infinity, -.infinity, .nan, 0, -800, 800, -745.2]
    let numbers = lanes(edges.map { DoubleDouble($0) })
    let (powers, less, logarithms) = (numbers.exponential(), numbers.exponentialMinusOne(), numbers.logarithm())
    #expect(powers[0].value == .infinity && less[0].value == .infinity && logarithms[0].value == .infinity)
    #expect(powers[1].value == 0 && less[1].value == -1 && logarithms[1].value.isNaN)
    #expect(powers[2].value.isNaN && less[2].value.isNaN && logarithms[2].value.isNaN)
    #expect(powers[3].value == 1 && less[3].value == 0 && logarithms[3].value == -.infinity)
    #expect(powers[4].value == 0 && less[4].value == -1 && logarithms[4].value.isNaN)
    #expect(powers[5].value == .infinity && less[5].value == .infinity)
    #expect(powers[6].value == 0 || powers[6].value == .leastNonzeroMagnitude)
    let chosen = WideLanes(1).wherePositive(numbers, else: WideLanes(2))
    #expect((0..<7).map { chosen[$0].value } == [1, 2, 2, 2, 2, 1, 2])
  }
}
