import LossAccel
import TestSupport
import Testing

/// Against references of 25 digits (References/Distributions), to the far tails.
@Suite struct DistributionTests {
  struct Line {
    var name: String
    var first: Double
    var second: Double
    var argument: Double
    var value: Double
  }

  let lines: [Line]

  init() throws {
    lines = try reference("Distributions/distributions.csv").split(separator: "\n").map { line in
      let fields = line.split(separator: ",")
      let numbers = try fields.dropFirst().map { try #require(Double($0)) }
      return Line(
        name: String(fields[0]), first: numbers[0], second: numbers[1], argument: numbers[2], value: numbers[3])
    }
  }

  private func check(_ name: String, atLeast count: Int, within bound: Double, _ function: (Line) -> Double) {
    let relevant = lines.filter { $0.name == name }
    #expect(relevant.count >= count)
    for line in relevant {
      let actual = function(line)
      let error = abs(actual - line.value) / line.value
      #expect(error <= bound, "\(line): \(actual), relative error \(error)")
    }
  }

  @Test func studentTails() {
    check("t", atLeast: 90, within: 1e-13) { StudentT(degreesOfFreedom: $0.first).twoSidedTail($0.argument) }
    check("t", atLeast: 90, within: 1e-13) { 2 * StudentT(degreesOfFreedom: $0.first).survival($0.argument) }
  }

  @Test func fisherTails() {
    check("F", atLeast: 70, within: 1e-13) {
      FDistribution(numerator: $0.first, denominator: $0.second).survival($0.argument)
    }
  }

  @Test func normalTails() {
    check("normal", atLeast: 13, within: 1e-14) { StandardNormal.survival($0.argument) }
  }

  @Test func quantiles() {
    check("tq", atLeast: 30, within: 1e-13) { StudentT(degreesOfFreedom: $0.first).quantile($0.argument) }
    check("normalq", atLeast: 6, within: 1e-13) { StandardNormal.quantile($0.argument) }
    check("Fq", atLeast: 20, within: 1e-13) {
      FDistribution(numerator: $0.first, denominator: $0.second).quantile($0.argument)
    }
  }

  @Test func edges() {
    let t = StudentT(degreesOfFreedom: 5)
    #expect(t.twoSidedTail(0) == 1)
    #expect(t.twoSidedTail(.infinity) == 0)
    #expect(t.twoSidedTail(.nan).isNaN)
    #expect(t.survival(-.infinity) == 1)
    #expect(t.quantile(0.5) == 0)
    #expect(t.quantile(0) == -.infinity)
    #expect(t.quantile(0.25) == -t.quantile(0.75))
    // Beyond the range in which t² exists.
    #expect(abs(StudentT(degreesOfFreedom: 1).twoSidedTail(1e200) / (2 / Double.pi * 1e-200) - 1) < 1e-13)
    #expect(StudentT(degreesOfFreedom: 30).twoSidedTail(1e200) == 0)
    #expect(StudentT(degreesOfFreedom: .infinity).twoSidedTail(1.25) == StandardNormal.twoSidedTail(1.25))
    let f = FDistribution(numerator: 3, denominator: 4)
    #expect(f.survival(0) == 1)
    #expect(f.survival(.infinity) == 0)
    #expect(f.survival(.nan).isNaN)
    #expect(f.quantile(0) == 0)
    #expect(f.quantile(1) == .infinity)
    #expect(StandardNormal.survival(.infinity) == 0)
    #expect(StandardNormal.survival(-.infinity) == 1)
    #expect(StandardNormal.survival(.nan).isNaN)
  }

  /// t² with ν degrees of freedom is F with 1 and ν.
  @Test func studentSquaredIsFisher() {
    for nu in [1.0, 7, 40.5] {
      for t in [0.3, 1.7, 25] {
        let student = StudentT(degreesOfFreedom: nu).twoSidedTail(t)
        let fisher = FDistribution(numerator: 1, denominator: nu).survival(t * t)
        #expect(abs(student / fisher - 1) < 1e-13)
      }
    }
  }
}
