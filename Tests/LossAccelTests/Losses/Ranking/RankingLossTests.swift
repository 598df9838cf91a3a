import LossAccel
import TestSupport
import Testing

@Suite("Ranking losses")
struct RankingLossTests {
  static let references: [ReferenceCase] = ReferenceCase.all("ranking")

  static func loss(_ reference: ReferenceCase) -> RankingLoss {
    let parameter = reference.options["parameter"] ?? 1
    return switch reference.name.prefix(while: { $0 != "," }) {
    case "logistic": .logistic
    case "lambda": .lambda
    case "hinge": .hinge(margin: parameter)
    case "squared_hinge": .squaredHinge(margin: parameter)
    case "softmax": .listwiseSoftmax
    case "likelihood": .orderLikelihood(top: Int(parameter))
    default: .approximateNDCG(temperature: parameter)
    }
  }

  static let all: [RankingLoss] = [
    .logistic, .lambda, .hinge(margin: 0.7), .squaredHinge(), .listwiseSoftmax, .orderLikelihood(),
    .orderLikelihood(top: 3), .approximateNDCG(temperature: 0.5),
  ]

  /// Errors are measured in ulp of what is added: in a list of up to 11 items with scores s up to |s|, gradients are sums of up to 10 shares (or
  /// slacks, up to 2·|s|), and products those times directions of about 1.
  private func check<T: Scalar>(_ reference: ReferenceCase, _ type: T.Type) throws {
    let loss = Self.loss(reference)
    let scores: [T] = reference.input("predictions"), weights: [T] = reference.input("weights")
    let relevance = reference.integers("relevance"), lists = reference.integers("lists"), mask = reference.flags("mask")
    var gradient = [T](repeating: .nan, count: scores.count)
    let value = try loss.sum(
      predictions: scores, targets: relevance, lists: lists, weights: weights, mask: mask, gradient: &gradient)
    let curvature = try loss.curvature(
      of: .sum, predictions: scores, targets: relevance, lists: lists, weights: weights, mask: mask)
    let direction: [T] = reference.input("direction")
    let product = curvature.product(with: direction)
    let slack = reference.name.contains("hinge") ? 20 * Double(scores.map { abs($0) }.max()!) : 0
    reference.expect(value: value, ulps: GroupBound.ranking.value, scale: max(slack, 1))
    reference.expect(gradient, \.gradient, ulps: GroupBound.ranking.gradient, scale: 10 + slack)
    reference.expect(product, \.product, ulps: GroupBound.ranking.product, scale: 40)
  }

  @Test("agree with their definitions in 100 digits", arguments: references)
  func definition(_ reference: ReferenceCase) throws {
    try check(reference, Double.self)
    try check(reference, Float.self)
  }

  @Test("The O(n log n) sums are those over all pairs, with ties and several levels", arguments: [2, 5, 400])
  func allPairs(levels: Int) throws {
    var random = SeededGenerator(seed: 41)
    let count = 400
    let scores = (0..<count).map { _ in Double(Int.random(in: -64...64, using: &random)) / 16 }
    let relevance = (0..<count).map { _ in Int.random(in: 0..<levels, using: &random) }
    let direction = (0..<count).map { _ in Double(Int.random(in: -8...8, using: &random)) }
    var hinge = 0.0, squared = 0.0
    var hingeSlope = [Double](repeating: 0, count: count), squaredSlope = hingeSlope, product = hingeSlope
    for i in 0..<count {
      for j in 0..<count where relevance[i] > relevance[j] {
        let slack = 0.75 - scores[i] + scores[j]
        guard slack > 0 else { continue }
        hinge += slack
        squared += slack * slack
        hingeSlope[i] -= 1
        hingeSlope[j] += 1
        squaredSlope[i] -= 2 * slack
        squaredSlope[j] += 2 * slack
        product[i] += 2 * (direction[i] - direction[j])
        product[j] += 2 * (direction[j] - direction[i])
      }
    }
    // Everything is a multiple of 2⁻⁸ and far below 2⁴⁵: exact in both.
    var gradient = [Double](repeating: .nan, count: count)
    var value = try RankingLoss.hinge(margin: 0.75).sum(predictions: scores, targets: relevance, gradient: &gradient)
    #expect(value == hinge && gradient == hingeSlope)
    let loss = RankingLoss.squaredHinge(margin: 0.75)
    value = try loss.sum(predictions: scores, targets: relevance, gradient: &gradient)
    #expect(value == squared && gradient == squaredSlope)
    let curvature = try loss.curvature(of: .sum, predictions: scores, targets: relevance)
    #expect(curvature.product(with: direction) == product)
  }

  @Test("Weight 2 is the list twice; a mean over lists; values by list", arguments: all)
  func weights(_ loss: RankingLoss) throws {
    let scores = [0.5, -1, 2, 0.25, 1, 0], relevance = [1, 0, 2, 0, 1, 3]
    var gradient = [Double](repeating: 0, count: 6), twice = [Double](repeating: 0, count: 9)
    let weighted = try loss.mean(
      predictions: scores, targets: relevance, lists: [3, 3], weights: [2, 1], gradient: &gradient)
    let repeated = try loss.mean(
      predictions: scores.prefix(3) + scores, targets: relevance.prefix(3) + relevance, lists: [3, 3, 3],
      gradient: &twice)
    #expect(abs(weighted - repeated) <= 4e-16 * abs(repeated))
    for index in 0..<6 {
      let expected = twice[index + 3] + (index < 3 ? twice[index] : 0)
      #expect(abs(gradient[index] - expected) <= 1e-15)
    }
    let values = try loss.values(predictions: scores, targets: relevance, lists: [3, 3], weights: [2, 1])
    #expect(abs((values[0] + values[1]) / 3 - weighted) <= 4e-16 * abs(weighted))
  }

  @Test("The order of items does not matter; a constant added to all scores does not, either", arguments: all)
  func invariance(_ loss: RankingLoss) throws {
    let scores = [0.5, -1, 2, 0.25, 1, 0], relevance = [1, 0, 2, 4, 3, 5]
    var gradient = [Double](repeating: 0, count: 6), backwards = gradient, moved = gradient
    let value = try loss.sum(predictions: scores, targets: relevance, gradient: &gradient)
    let reversed = try loss.sum(
      predictions: scores.reversed(), targets: relevance.reversed(), gradient: &backwards)
    let shifted = try loss.sum(predictions: scores.map { $0 + 8 }, targets: relevance, gradient: &moved)
    #expect(abs(value - reversed) <= 1e-15 * value && abs(value - shifted) <= 1e-15 * value)
    for index in 0..<6 {
      #expect(abs(gradient[index] - backwards[5 - index]) <= 2e-15)
      #expect(abs(gradient[index] - moved[index]) <= 2e-15)
    }
  }

  @Test("Items without mask and lists of weight 0 are nowhere, even with NaN", arguments: all)
  func leftOut(_ loss: RankingLoss) throws {
    var gradient = [Double](repeating: 7, count: 6), expected = [Double](repeating: 7, count: 3)
    let plain = try loss.mean(predictions: [0.5, -1, 2], targets: [1, 0, 2], gradient: &expected)
    let value = try loss.mean(
      predictions: [0.5, .nan, -1, 2, .nan, .infinity], targets: [1, .nan, 0, 2, .nan, .infinity], lists: [4, 1, 1],
      weights: [1, 1, 0], mask: [true, false, true, true, false, true], gradient: &gradient)
    #expect(value == plain)
    #expect(gradient == [expected[0], 0, expected[1], expected[2], 0, 0])
    let undefined = try loss.mean(predictions: [0.5, .nan, 2], targets: [1, 0, 2], gradient: &expected)
    #expect(undefined.isNaN)
  }

  @Test("Errors say what is wrong, and leave NaN", arguments: all)
  func errors(_ loss: RankingLoss) throws {
    var gradient = [1.0, 1]
    let scores = [0.0, 1]
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(predictions: scores, targets: [0, 1], mask: [false, false], gradient: &gradient)
    }
    #expect(gradient.allSatisfy { $0.isNaN })
    #expect(throws: LossError.nothingToAverage) {
      try loss.sum(predictions: scores, targets: [0, 1], mask: [false, false], gradient: &gradient)
    }
    let none = try loss.sum(predictions: scores, targets: [0, 1], weights: [0], gradient: &gradient)
    #expect(none == 0 && gradient == [0, 0])
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(predictions: scores, targets: [0, 1], weights: [0])
    }
    #expect(throws: LossError.invalidWeight(index: 1, value: -1)) {
      try loss.mean(predictions: scores, targets: [0, 1], lists: [1, 1], weights: [1, -1])
    }
    #expect(throws: LossError.emptyBatch) { try loss.mean(predictions: [Double](), targets: [Int]()) }
    #expect(throws: LossError.self) { try loss.mean(predictions: scores, targets: [0, Float.nan]) }
  }

  @Test("Same bits for any number of threads", arguments: all)
  func threads(_ loss: RankingLoss) throws {
    var random = SeededGenerator(seed: 42)
    let lists = (0..<1200).map { _ in Int.random(in: 0...15, using: &random) }
    let count = lists.reduce(0, +)
    let relevance = (0..<count).map { _ in Int8.random(in: 0...4, using: &random) }
    let scores = (0..<count).map { _ in Float.random(in: -3...3, using: &random) }
    let results = try [1, 2, 3].map { threads in
      try Parallelism.withThreads(threads) {
        var gradient = [Float](repeating: 0, count: count)
        let value = try loss.mean(predictions: scores, targets: relevance, lists: lists, gradient: &gradient)
        return gradient + [Float(value)]
      }
    }
    #expect(sameBits(results[0], results[1]) && sameBits(results[0], results[2]))
    #expect(results[0].allSatisfy { $0.isFinite })
  }

  @Test("Convexity and constants hold", arguments: all)
  func traits(_ loss: RankingLoss) throws {
    var random = SeededGenerator(seed: 43)
    let relevance = (0..<12).map { _ in Int.random(in: 0...3, using: &random) }
    func vector(_ size: Double) -> [Double] { (0..<12).map { _ in Double.random(in: -size...size, using: &random) } }
    func value(_ scores: [Double]) throws -> Double { try loss.sum(predictions: scores, targets: relevance) }
    for round in 0..<40 {
      let size = [0.5, 3, 30][round % 3]
      let x = vector(size), y = vector(size), v = vector(1)
      var slope = x
      _ = try loss.sum(predictions: x, targets: relevance, gradient: &slope)
      let product = try loss.curvature(of: .sum, predictions: x, targets: relevance).product(with: v)
      let square = v.reduce(0) { $0 + $1 * $1 }, along = zip(v, product).reduce(0) { $0 + $1.0 * $1.1 }
      if loss.traits.convexity.isConvex {
        let middle = try value(zip(x, y).map { ($0 + $1) / 2 }), chord = try (value(x) + value(y)) / 2
        #expect(middle <= chord * (1 + 1e-13) && along >= -1e-12)
      }
      if let constant = loss.traits.lipschitzConstant {
        #expect(slope.reduce(0) { $0 + $1 * $1 }.squareRoot() <= constant * (1 + 1e-14))
      }
      if let constant = loss.traits.smoothness { #expect(along <= constant * square * (1 + 1e-14)) }
    }
  }

  @Test("The margin ranking loss is the hinge loss of lists of two")
  func marginRanking() throws {
    let scores = [0.5, 0.25, -1, 2, 3, 3], order = [1.0, -1, 1], relevance = [1, 0, 0, 1, 1, 0]
    var gradient = [Double](repeating: .nan, count: 6), expected = gradient
    let value = try JointLoss.marginRanking(margin: 0.5).mean(predictions: scores, targets: order, gradient: &gradient)
    let hinge = try RankingLoss.hinge(margin: 0.5).mean(
      predictions: scores, targets: relevance, lists: [2, 2, 2], gradient: &expected)
    #expect(value == 0.25 && hinge == value && gradient == expected)
  }
}
