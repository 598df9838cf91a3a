import LossAccel
import TestSupport
import Testing

/// Masks, offsets and missing targets of losses of several predictions or targets.
struct JointServiceTests {
  private struct Results: Equatable {
    var value: Double
    var gradient, curvature: [Double]
  }

  private static func results(
    _ loss: JointLoss, _ p: [Double], _ t: [Double], weights: [Double]? = nil, mask: [Bool]? = nil,
    offsets: [Double]? = nil, missingTargets: Double? = nil
  ) throws -> Results {
    var results = Results(
      value: 0, gradient: p,
      curvature: [Double](repeating: 7, count: t.count / loss.targets.count * loss.curvatureCount))
    results.value = try loss.mean(
      predictions: p, targets: t, weights: weights, mask: mask, offsets: offsets, missingTargets: missingTargets,
      gradient: &results.gradient, curvature: &results.curvature)
    return results
  }

  @Test(arguments: JointLossCatalogue.all) func masksAndMissingTargetsAreWeightsOfZero(_ loss: JointLoss) throws {
    let count = 60
    let (p, t) = JointPropertyTests.batch(loss, count: count, as: Double.self)
    let (width, m) = (loss.predictions.count, loss.targets.count)
    let weights = (0..<count).map { 0.5 + Double($0 % 3) }
    let isOut = (0..<count).map { $0 % 4 == 1 }
    let expected = try Self.results(loss, p, t, weights: zip(weights, isOut).map { $1 ? 0 : $0 })
    #expect(try Self.results(loss, p, t, weights: weights, mask: isOut.map { !$0 }) == expected)
    // Whichever of its targets a sample lacks, and whatever its predictions are.
    var (gaps, wild) = (t, p)
    for row in 0..<count where isOut[row] {
      gaps[row * m + row / 4 % m] = -99
      for k in 0..<width { wild[row * width + k] = .nan }
    }
    #expect(try Self.results(loss, wild, gaps, weights: weights, missingTargets: -99) == expected)
    for index in gaps.indices where gaps[index] == -99 { gaps[index] = .nan }
    #expect(try Self.results(loss, wild, gaps, weights: weights, missingTargets: .nan) == expected)
    if m == 2 {
      let columns = (0..<2).map { k in (0..<count).map { gaps[$0 * 2 + k] } }
      let value = try loss.mean(
        predictions: wild, targets: columns[0], columns[1], weights: weights, missingTargets: .nan)
      #expect(value == expected.value)
    }
  }

  @Test(arguments: JointLossCatalogue.all.filter { $0.predictions[0].domain == nil })
  func offsetsAreAddedToTheFirstPrediction(_ loss: JointLoss) throws {
    let count = 50, width = loss.predictions.count
    let (p, t) = JointPropertyTests.batch(loss, count: count, as: Double.self)
    // Sixty-fourths: sums with them are exact where predictions are cut to a few digits.
    let offsets = (0..<count).map { Double($0 % 9 - 4) / 64 }
    let base = p.enumerated().map { $0 % width == 0 ? ($1 * 1024).rounded() / 1024 : $1 }
    let moved = base.enumerated().map { $0 % width == 0 ? $1 + offsets[$0 / width] : $1 }
    let mask = (0..<count).map { $0 % 5 != 2 }
    let shifted = try Self.results(loss, base, t, mask: mask, offsets: offsets)
    #expect(try Self.results(loss, moved, t, mask: mask) == shifted)
  }

  @Test(arguments: JointLossCatalogue.all) func nothingIsAnError(_ loss: JointLoss) throws {
    let (p, t) = JointPropertyTests.batch(loss, count: 3, as: Double.self)
    var gradient = p
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(predictions: p, targets: t, mask: [false, false, false], gradient: &gradient)
    }
    #expect(gradient.allSatisfy { $0.isNaN })
    let gaps = t.map { _ in Double.nan }, mask = [false, false, false], zeros = [0.0, 0, 0]
    #expect(throws: LossError.nothingToAverage) { try loss.mean(predictions: p, targets: gaps, missingTargets: .nan) }
    #expect(throws: LossError.nothingToAverage) {
      try loss.sum(predictions: p.span, targets: t.span, mask: mask.span)
    }
    #expect(throws: LossError.nothingToAverage) { try loss.mean(predictions: p, targets: t, weights: zeros) }
    #expect(try loss.sum(predictions: p.span, targets: t.span, weights: zeros.span) == 0)
  }

  /// A kink is a jump of the gradient along a line.
  @Test(arguments: JointLossCatalogue.all) func differentiabilityAndRobustnessAreSaidAndTrue(_ loss: JointLoss) throws {
    let traits = try #require(loss.traits)
    let differentiability = try #require(traits.differentiability, "\(loss.name) does not say how smooth it is")
    let robustness = try #require(traits.robustness, "\(loss.name) does not say how robust it is")
    let steps = 8000, width = loss.predictions.count, m = loss.targets.count
    let (ends, t) = JointPropertyTests.batch(loss, count: 8, seed: 3, as: Double.self)
    var largest = 0.0
    for line in 0..<4 {
      let from = Array(ends[2 * line * width..<(2 * line + 1) * width])
      let to = Array(ends[(2 * line + 1) * width..<(2 * line + 2) * width])
      var points: [Double] = []
      for step in 0...steps {
        let s = Double(step) / Double(steps)
        for k in 0..<width {
          // The first prediction goes far enough to both sides to meet the target.
          let room = k == 0 && loss.predictions[0].domain == nil ? 6.0 : 0
          points.append(from[k] - room + s * (to[k] - from[k] + 2 * room))
        }
      }
      var gradient = points
      let targets = (0...steps).flatMap { _ in t[line * m..<(line + 1) * m] }
      _ = try loss.sum(predictions: points.span, targets: targets.span, gradient: gradient.mutableSpan)
      for index in width..<gradient.count {
        // Relative to the gradient, which may be large where the scale is small.
        let size = 1 + max(abs(gradient[index]), abs(gradient[index - width]))
        largest = max(largest, abs(gradient[index] - gradient[index - width]) / size)
      }
    }
    // A step moves a smooth gradient by some thousandths of its size, a kink by a good part of it.
    #expect(differentiability == .none ? largest > 0.1 : largest < 0.03, "\(largest)")
    #expect((robustness != .none) == (traits.lipschitzConstant != nil))
  }
}
