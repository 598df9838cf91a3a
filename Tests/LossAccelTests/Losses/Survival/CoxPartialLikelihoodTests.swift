import LossAccel
import TestSupport
import Testing

@Suite("Cox partial likelihood")
struct CoxPartialLikelihoodTests {
  static let references: [ReferenceCase] = ReferenceCase.all("survival")

  static func times(_ reference: ReferenceCase) throws -> SurvivalTimes {
    let times: [Double] = reference.input("times")
    return try SurvivalTimes(times: times, events: reference.flags("events"), strata: reference.integers("strata"))
  }

  static func loss(_ reference: ReferenceCase) -> CoxPartialLikelihood {
    CoxPartialLikelihood(ties: reference.options["efron"] == 1 ? .efron : .breslow)
  }

  /// Errors are measured in ulp of what is added: a tied group's loss is a sum of logarithms and of scores, which cancel; a gradient the
  /// difference of the weight and its expectation, each at most a few times the largest weight.
  private func check<T: Scalar>(_ reference: ReferenceCase, _ type: T.Type) throws {
    let targets = try Self.times(reference), loss = Self.loss(reference)
    let scores: [T] = reference.input("predictions"), weights: [T] = reference.input("weights")
    var gradient = [T](repeating: .nan, count: scores.count), diagonal = gradient
    let value = try loss.sum(
      predictions: scores, targets: targets, weights: weights, gradient: &gradient, curvature: &diagonal)
    let curvature = try loss.curvature(of: .sum, predictions: scores, targets: targets, weights: weights)
    let direction: [T] = reference.input("direction")
    let product = curvature.product(with: direction)
    // The value is computed and returned in double precision.
    let spread = reference.name.contains("ties") ? 64.0 : 0
    reference.expect(value: value, ulps: GroupBound.survival.value, scale: spread)
    reference.expect(gradient, \.gradient, ulps: GroupBound.survival.gradient, scale: 8)
    reference.expect(product, \.product, ulps: GroupBound.survival.product, scale: 16)
    #expect(curvature.kind == .exact)
    for index in scores.indices {
      var unit = [T](repeating: 0, count: scores.count)
      unit[index] = 1
      #expect(abs(curvature.product(with: unit)[index] - diagonal[index]) <= 64 * T.ulpOfOne)
    }
  }

  @Test("agrees with its definition in 100 digits", arguments: references)
  func definition(_ reference: ReferenceCase) throws {
    try check(reference, Double.self)
    try check(reference, Float.self)
  }

  /// The definition, one risk set after the other.
  private func bruteForce(_ scores: [Double], _ times: [Double], _ events: [Bool]) -> (Double, [Double]) {
    var value = 0.0
    var gradient = [Double](repeating: 0, count: scores.count)
    for i in scores.indices where events[i] {
      let risk = scores.indices.filter { times[$0] >= times[i] }
      let largest = risk.map { scores[$0] }.max()!
      let sum = risk.reduce(0) { $0 + ElementaryFunctions.exp(scores[$1] - largest) }
      value += ElementaryFunctions.log(sum) + largest - scores[i]
      for j in risk { gradient[j] += ElementaryFunctions.exp(scores[j] - largest) / sum }
      gradient[i] -= 1
    }
    return (value, gradient)
  }

  @Test("is the O(n²) definition, for scores that rise, fall or jump by ±10⁴", arguments: [1, 50, 10_000.0])
  func bruteForce(scale: Double) throws {
    var random = SeededGenerator(seed: 31)
    for shape in 0..<3 {
      let count = 300
      let times = (0..<count).map { _ in Double(Int.random(in: 0..<80, using: &random)) }
      let events = (0..<count).map { _ in Bool.random(using: &random) }
      let scores = (0..<count).map { index in
        switch shape {
        case 0: Double.random(in: -scale...scale, using: &random)
        case 1: times[index] * scale / 80
        default: -times[index] * scale / 80
        }
      }
      var gradient = [Double](repeating: 0, count: count)
      let value = try CoxPartialLikelihood(ties: .breslow).sum(
        predictions: scores, targets: SurvivalTimes(times: times, events: events), gradient: &gradient)
      let (expected, slope) = bruteForce(scores, times, events)
      // Rounding score − largest changes an exponential by up to scale·ε relatively.
      #expect(abs(value - expected) <= 1e-13 * Double(count) * (1 + abs(expected) / Double(count)))
      for (actual, expected) in zip(gradient, slope) {
        #expect(abs(actual - expected) <= 1e-15 * scale * Double(count))
      }
    }
  }

  @Test("weight 2 is the subject twice (Breslow); the order of subjects does not matter")
  func duplicates() throws {
    let loss = CoxPartialLikelihood(ties: .breslow)
    let scores = [0.5, -1, 2, 0.25, 1], times = [3.0, 1, 2, 2, 5], events = [true, true, false, true, true]
    var gradient = [Double](repeating: 0, count: 5), twice = [Double](repeating: 0, count: 6)
    let weighted = try loss.sum(
      predictions: scores, targets: SurvivalTimes(times: times, events: events), weights: [1, 1, 1, 2, 1],
      gradient: &gradient)
    let repeated = try loss.sum(
      predictions: scores + [0.25], targets: SurvivalTimes(times: times + [2], events: events + [true]),
      gradient: &twice
    )
    #expect(abs(weighted - repeated) < 1e-14)
    for index in 0..<5 {
      #expect(abs(gradient[index] - twice[index] - (index == 3 ? twice[5] : 0)) < 1e-14)
    }

    var reversed = gradient
    let backwards = try loss.sum(
      predictions: scores.reversed(), targets: SurvivalTimes(times: times.reversed(), events: events.reversed()),
      weights: [1, 2, 1, 1, 1], gradient: &reversed)
    #expect(abs(backwards - weighted) < 1e-14)
    for index in 0..<5 { #expect(abs(reversed[4 - index] - gradient[index]) < 1e-14) }
  }

  @Test("Subjects of weight 0 or without mask are nowhere at risk, even with NaN")
  func leftOut() throws {
    let loss = CoxPartialLikelihood()
    let targets = try SurvivalTimes(times: [3.0, 1, 2, 2, 5], events: [true, true, true, true, true])
    let fewer = try SurvivalTimes(times: [3.0, 1, 2], events: [true, true, true])
    let scores: [Double] = [0.5, -1, 2, .nan, .infinity]
    var gradient = [Double](repeating: 7, count: 5), expected = [Double](repeating: 7, count: 3)
    let plain = try loss.mean(predictions: [0.5, -1, 2], targets: fewer, gradient: &expected)
    for (weights, mask) in [([1, 1, 1, 0, 0.0], nil), (nil, [true, true, true, false, false])] {
      let value = try loss.mean(
        predictions: scores, targets: targets, weights: weights, mask: mask, gradient: &gradient)
      #expect(value == plain && gradient == expected + [0, 0])
    }
    let undefined = try loss.mean(predictions: scores, targets: targets)
    #expect(undefined.isNaN)
  }

  @Test("Errors say what is wrong, and leave NaN")
  func errors() throws {
    let loss = CoxPartialLikelihood()
    var gradient = [1.0, 1]
    let censored = try SurvivalTimes(times: [1, 2], events: [false, false])
    let scores = [0.0, 1]
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(predictions: scores, targets: censored, gradient: &gradient)
    }
    #expect(gradient.allSatisfy { $0.isNaN })
    let none = try loss.sum(predictions: scores, targets: censored, gradient: &gradient)
    #expect(none == 0)
    #expect(gradient == [0, 0])
    let targets = try SurvivalTimes(times: [1, 2], events: [true, true])
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(predictions: scores, targets: targets, mask: [false, false])
    }
    #expect(throws: LossError.invalidWeight(index: 1, value: -1)) {
      try loss.mean(predictions: scores, targets: targets, weights: [1, -1])
    }
    #expect(throws: LossError.emptyBatch) {
      try loss.mean(predictions: [Double](), targets: SurvivalTimes(times: [Double](), events: []))
    }
    #expect(throws: LossError.self) { try SurvivalTimes(times: [1, Double.nan], events: [true, true]) }
  }

  @Test("Same bits for any number of threads; times of any type")
  func threads() throws {
    var random = SeededGenerator(seed: 32)
    let count = 2000
    let times = (0..<count).map { _ in Int16.random(in: 0..<300, using: &random) }
    let events = times.map { $0 % 3 != 0 }
    let targets = try SurvivalTimes(times: times, events: events, strata: times.indices.map { $0 % 7 - 3 })
    let scores = (0..<count).map { _ in Float.random(in: -3...3, using: &random) }
    let results = try [1, 2, 3].map { threads in
      try Parallelism.withThreads(threads) {
        var gradient = [Float](repeating: 0, count: count)
        let value = try CoxPartialLikelihood().mean(predictions: scores, targets: targets, gradient: &gradient)
        return gradient + [Float(value)]
      }
    }
    #expect(sameBits(results[0], results[1]) && sameBits(results[0], results[2]))
    #expect(results[0].allSatisfy { $0.isFinite })
  }
}
