import LossAccelBenchmarks
import Testing

@Suite struct QuartilesTests {
  @Test(arguments: [
    ([3.0], [3.0, 3, 3]),
    ([4.0, 2], [2.5, 3, 3.5]),
    ([5.0, 1, 4, 2, 3], [2, 3, 4]),
    ([10.0, 1, 2, 4, 7, 8], [2.5, 5.5, 7.75]),  // as numpy.quantile gives them
  ])
  func agreesWithDefinition(sample: [Double], expected: [Double]) {
    let quartiles = Quartiles(of: sample)
    #expect([quartiles.lower, quartiles.median, quartiles.upper] == expected)
  }

  @Test func generatorIsSplitMix64() {
    // The first numbers from seed 1234567, from the algorithm's published reference implementation.
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
  }

  @Test func normalNumbersHaveMeanZeroAndVarianceOne() {
    var generator = SeededGenerator()
    let numbers: [Double] = generator.array(100_000) { $0.normal() }
    let mean = numbers.reduce(0, +) / 100_000
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / 100_000
    // Five standard deviations of the mean (1/√n) and of the variance (at most √2/√n).
    #expect(abs(mean) < 0.016 && abs(variance - 1) < 0.023)
  }
}
