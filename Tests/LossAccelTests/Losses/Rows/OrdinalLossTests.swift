import LossAccel
import TestSupport
import Testing

@Suite("Ordinal losses")
struct OrdinalLossTests {
  /// The published bound, in units of the last place.
  static let bound = 6.0

  private static let folder = String(#filePath.dropLast("Rows/OrdinalLossTests.swift".count)) + "_"

  @Test("Values and derivatives for scores and cuts, within 6 ulp of 60 digits", arguments: OrdinalLoss.all)
  func references(loss: OrdinalLoss) throws {
    let lines = try reference("Rows/ordinal.txt", from: Self.folder).split(separator: "\n").map {
      $0.split(separator: " ")
    }
    var count = 0
    for at in stride(from: 0, to: lines.count, by: 4) where lines[at][0] == loss.name {
      let numbers = lines[at + 1...at + 3].map { $0.map { Double($0)! } }
      let (level, score) = (Int(lines[at][2])!, Double(lines[at][3])!)
      if lines[at][1] == "32" {
        try check(loss, Float(score), level, numbers)
      } else {
        try check(loss, score, level, numbers)
      }
      count += 1
    }
    #expect(count > 100)
  }

  private func check<T: Scalar>(_ loss: OrdinalLoss, _ score: T, _ level: Int, _ expected: [[Double]]) throws {
    let cuts = expected[0]
    var gradient: [T] = [7], curvature: [T] = [7], cutGradient = [Double](repeating: 7, count: cuts.count)
    let (scores, levels) = ([score], [level])
    let value = try loss.sum(
      scores: scores.span, levels: levels.span, cuts: cuts.span, gradient: gradient.mutableSpan,
      cutGradient: cutGradient.mutableSpan, curvature: curvature.mutableSpan)
    let place = "\(loss.name) \(T.self) level \(level) score \(score) cuts \(cuts)"
    #expect(ulpDistance(value, expected[1][0]) <= Self.bound, "value, \(place)")
    // A gradient is a difference of shares: its error counts at the largest of them.
    // Between cuts that touch, the gradients of the cuts are no shares, and these are about ½.
    let size = max(abs(expected[1][1]), expected[2].map { abs($0) }.filter { $0 <= 1 }.max() ?? 0.5)
    let slack = T(Self.bound) * max(T(size).ulp, T.leastNonzeroMagnitude)
    #expect(abs(gradient[0] - T(expected[1][1])) <= slack, "gradient, \(place)")
    #expect(ulpDistance(curvature[0], T(expected[1][2])) <= Self.bound, "curvature, \(place)")
    for k in cuts.indices { #expect(ulpDistance(cutGradient[k], expected[2][k]) <= Self.bound, "cut \(k), \(place)") }
  }

  private struct Batch {
    var scores: [Double], levels: [Int], weights: [Double], cuts: [Double]

    init(count: Int) {
      var random = SeededGenerator(seed: 51)
      scores = (0..<count).map { _ in Double.random(in: -4...4, using: &random) }
      levels = random.labels(count, classes: 4)
      weights = (0..<count).map { 0.5 + Double($0 % 3) }
      cuts = [-1.5, 0.25, 1.75]
    }

    func gradient(_ loss: OrdinalLoss) throws -> (scores: [Double], cuts: [Double]) {
      var result = (scores, cuts)
      _ = try loss.mean(
        scores: scores, levels: levels, cuts: cuts, weights: weights, gradient: &result.0, cutGradient: &result.1)
      return result
    }

    func moved(_ step: Double, _ vector: [Double], _ cutVector: [Double]) -> Batch {
      var result = self
      for i in scores.indices { result.scores[i] += step * vector[i] }
      for k in cuts.indices { result.cuts[k] += step * cutVector[k] }
      return result
    }
  }

  @Test("Gradient and Hessian of scores and cuts together are derivatives", arguments: OrdinalLoss.all)
  func differences(loss: OrdinalLoss) throws {
    let batch = Batch(count: 21), step = 1e-6
    var random = SeededGenerator(seed: 52)
    let vector = batch.scores.map { _ in Double.random(in: -1...1, using: &random) }
    let cutVector = batch.cuts.map { _ in Double.random(in: -1...1, using: &random) }
    let (above, below) = (batch.moved(step, vector, cutVector), batch.moved(-step, vector, cutVector))
    func mean(_ batch: Batch) throws -> Double {
      try loss.mean(scores: batch.scores, levels: batch.levels, cuts: batch.cuts, weights: batch.weights)
    }
    let gradient = try batch.gradient(loss), slope = try (mean(above) - mean(below)) / (2 * step)
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(dot(gradient.scores, vector) + dot(gradient.cuts, cutVector) - slope) < 1e-8)

    var product = vector, cutProduct = cutVector
    try loss.hessianProduct(
      of: .mean, scores: batch.scores.span, levels: batch.levels.span, cuts: batch.cuts.span,
      weights: batch.weights.span, vector: vector.span, cutVector: cutVector.span, into: product.mutableSpan,
      cuts: cutProduct.mutableSpan)
    let (up, down) = try (above.gradient(loss), below.gradient(loss))
    for i in product.indices { #expect(abs(product[i] - (up.scores[i] - down.scores[i]) / (2 * step)) < 1e-8) }
    for k in cutProduct.indices { #expect(abs(cutProduct[k] - (up.cuts[k] - down.cuts[k]) / (2 * step)) < 1e-8) }
    // Convex in scores and cuts together.
    #expect(dot(product, vector) + dot(cutProduct, cutVector) >= -1e-15)
  }

  @Test("Weights, the ignored level and threads", arguments: OrdinalLoss.all)
  func service(loss: OrdinalLoss) throws {
    let batch = Batch(count: 40_000)
    let results = try [1, 3].map { threads in try Parallelism.withThreads(threads) { try batch.gradient(loss) } }
    #expect(results[0].scores == results[1].scores && results[0].cuts == results[1].cuts)

    var small = Batch(count: 9)
    var without = small
    without.weights[3] = 0
    small.levels[3] = -100
    small.scores[3] = .nan
    let (ignoring, plain) = try (small.gradient(loss.ignoring(level: -100)), without.gradient(loss))
    #expect(ignoring.scores == plain.scores && ignoring.cuts == plain.cuts && ignoring.scores[3] == 0)
    let values = try loss.values(
      scores: without.scores, levels: without.levels, cuts: without.cuts, weights: without.weights)
    let sum = try loss.sum(
      scores: without.scores, levels: without.levels, cuts: without.cuts, weights: without.weights)
    #expect(abs(values.reduce(0, +) - sum) < 1e-13)
  }

  @Test("Errors say what and where, and leave NaN behind")
  func errors() throws {
    func check(_ expected: LossError, _ change: (inout Batch) -> Void) {
      var batch = Batch(count: 5)
      change(&batch)
      var gradient = batch.scores, cutGradient = batch.cuts
      #expect(throws: expected) {
        try OrdinalLoss.cumulativeLogit.mean(
          scores: batch.scores, levels: batch.levels, cuts: batch.cuts, weights: batch.weights, gradient: &gradient,
          cutGradient: &cutGradient)
      }
      #expect(gradient.allSatisfy { $0.isNaN } && cutGradient.allSatisfy { $0.isNaN })
    }
    check(.invalidCut(index: 2, value: 0.25)) { $0.cuts[2] = 0.25 }
    check(.invalidCut(index: 0, value: -.infinity)) { $0.cuts[0] = -.infinity }
    check(.labelOutOfRange(row: 4, label: 4, classes: 4)) { $0.levels[4] = 4 }
    check(.invalidWeight(index: 1, value: -1)) { $0.weights[1] = -1 }
    check(.nothingToAverage) { $0.weights = $0.weights.map { _ in 0 } }
    #expect(throws: LossError.nothingToAverage) {
      try OrdinalLoss.cumulativeLogit.ignoring(level: 9).sum(scores: [0.5], levels: [9], cuts: [0])
    }
    #expect(try OrdinalLoss.cumulativeLogit.sum(scores: [0.5], levels: [1], cuts: [0], weights: [0]) == 0)
  }
}
