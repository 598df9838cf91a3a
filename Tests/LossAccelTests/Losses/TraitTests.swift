import Foundation
import LossAccel
import TestSupport
import Testing

/// What the traits say of a loss as a statistic, held to the kernels: calibration, properness, what is elicited.
struct TraitTests {
<<<<<<< ours
=======
  /// Predictions and targets in all combinations: a fine grid near the targets, and predictions of all sizes.
  struct Samples {
    var p: [Double] = []
    var t: [Double] = []
    var value, gradient, curvature: [Double]
    /// Whether the prediction is one of the fine grid.
    var isNear: [Bool] = []

    init(_ loss: PointwiseLoss) throws {
      let (_, targets): ([Double], [Double]) = LossBatch.random(loss, count: 12, seed: 4)
      for target in targets {
        for near in Self.near(loss) {
          p.append(near)
          isNear.append(true)
        }
        for far in Self.far(loss) {
          p.append(far)
          isNear.append(false)
        }
        t += Array(repeating: target, count: p.count - t.count)
      }
      (value, gradient, curvature) = (p, p, p)
      try loss.values(
        predictions: p.span, targets: t.span, into: value.mutableSpan, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
    }

    static func near(_ loss: PointwiseLoss) -> [Double] {
      let domain = loss.predictionDomain ?? -8...8
      let low = Swift.max(domain.lowerBound, -8), high = Swift.min(domain.upperBound, 8)
      // Not at the ends of the domain, where values may be infinite.
      return (1..<400).map { low + (high - low) * (Double($0) + 0.013) / 400.5 }
    }

    static func far(_ loss: PointwiseLoss) -> [Double] {
      let sizes = (1...12).map { pow(10, Double($0) / 2) }
      let domain = loss.predictionDomain ?? -Double.infinity...Double.infinity
      let ends = [domain.lowerBound, domain.upperBound].filter { abs($0) < 1e3 }
      return
        (sizes.flatMap { [$0, -$0] }
        + ends.flatMap { end in sizes.map { end + (end == domain.lowerBound ? 1 : -1) / $0 } })
        .filter { domain.contains($0) }
    }
  }

  @Test(arguments: LossCatalogue.all) func constantsHoldAndAreReached(_ loss: PointwiseLoss) throws {
    let traits = try #require(loss.traits, "\(loss.name) states no traits")
    let samples = try Samples(loss)
    let gradients = samples.gradient.filter { $0.isFinite }.map { abs($0) }
    let steepest = gradients.max()!
    // A sample of the negative binomial loss pulls and bends by at most its own target (or θ), of which there is no greatest.
    if loss.name == "negative-binomial" { return }
    if let bound = traits.lipschitzConstant {
      #expect(steepest <= bound * (1 + 1e-9) && steepest > 0.98 * bound, "\(steepest), stated \(bound)")
    } else {
      #expect(steepest > 10 || samples.gradient.contains { $0.isInfinite }, "bounded by \(steepest)?")
    }
    let bends = samples.curvature.filter { $0.isFinite }
    if let bound = traits.smoothness {
      #expect(bends.max()! <= bound * (1 + 1e-9) && bends.max()! > 0.98 * bound, "\(bends.max()!), stated \(bound)")
      #expect(traits.differentiability != LossTraits.Differentiability.none)
    } else {
      let hasKinks = traits.differentiability == LossTraits.Differentiability.none
      #expect(hasKinks || bends.max()! > 100 || samples.curvature.contains { $0.isInfinite }, "\(bends.max()!)")
    }
    if traits.robustness == .redescending || traits.robustness == .bounded { #expect(traits.lipschitzConstant != nil) }
  }

  @Test(arguments: LossCatalogue.all) func bendsAsItSays(_ loss: PointwiseLoss) throws {
    let traits = try #require(loss.traits)
    let samples = try Samples(loss)
    let near = samples.p.indices.filter { samples.isNear[$0] && samples.curvature[$0].isFinite }
    let least = near.map { samples.curvature[$0] }.min()!
    // The middle of a chord, for losses that bend in their kinks.
    var lowestChord = 0.0
    var strictlyAbove = true
    for start in stride(from: 0, to: samples.p.count, by: 7) {
      let end = start + 40
      guard end < samples.p.count, samples.isNear[start], samples.isNear[end], samples.t[start] == samples.t[end] else {
        continue
      }
      let middle = loss.value(prediction: 0.5 * (samples.p[start] + samples.p[end]), target: samples.t[start])
      let chord = 0.5 * samples.value[start] + 0.5 * samples.value[end]
      guard chord.isFinite, middle.isFinite else { continue }
      let scale = 1e-13 * (abs(samples.value[start]) + abs(samples.value[end]) + 1)
      lowestChord = min(lowestChord, chord - middle + scale)
      if chord - middle <= 0 { strictlyAbove = false }
    }
    switch traits.convexity {
    case .unknown: Issue.record("\(loss.name) does not say how it bends")
    case .none: #expect(least < 0 || lowestChord < 0)
    case .convex: #expect(least >= 0 && lowestChord >= 0 && !(least > 0 && strictlyAbove))
    case .strict: #expect(least > 0 && lowestChord >= 0)
    case .strong(let constant): #expect(least >= constant * (1 - 1e-12) && least <= 1.02 * constant)
    }
  }

  /// Whether `function` of the prediction jumps anywhere: where neighbours on a grid differ most, halving finds a jump, which does
  /// not shrink, or none.
  private func jumps(_ loss: PointwiseLoss, _ function: (Double, Double) -> Double) -> Bool {
    let (_, targets): ([Double], [Double]) = LossBatch.random(loss, count: 6, seed: 5)
    let grid = Samples.near(loss)
    for target in targets {
      let values = grid.map { function($0, target) }
      let steps = (1..<grid.count).map { abs(values[$0] - values[$0 - 1]) }
      let bends = (1..<grid.count - 1).map { abs(values[$0 + 1] - 2 * values[$0] + values[$0 - 1]) } + [0]
      let scale = 1e-3 * min(1, values.filter { $0.isFinite }.map { abs($0) }.max() ?? 1)
      let suspects = Set(
        steps.indices.sorted { steps[$0] > steps[$1] }.prefix(4)
          + steps.indices.sorted { bends[$0] > bends[$1] }.prefix(4)
          .flatMap { [$0, $0 + 1] })
      for suspect in suspects where suspect < steps.count {
        var (low, high) = (grid[suspect], grid[suspect + 1])
        for _ in 0..<45 {
          let middle = 0.5 * (low + high)
          let (a, b, c) = (function(low, target), function(middle, target), function(high, target))
          if abs(b - a) > abs(c - b) { high = middle } else { low = middle }
        }
        if abs(function(high, target) - function(low, target)) > scale { return true }
      }
    }
    return false
  }

  @Test(arguments: LossCatalogue.all) func isAsSmoothAsItSays(_ loss: PointwiseLoss) throws {
    let differentiability = try #require(loss.traits?.differentiability, "\(loss.name) does not say how smooth it is")
    let gradientJumps = jumps(loss) { loss.gradient(prediction: $0, target: $1) }
    #expect(gradientJumps == (differentiability == .none))
    if !gradientJumps {
      let curvatureJumps = jumps(loss) { loss.curvature(prediction: $0, target: $1) }
      #expect(curvatureJumps == (differentiability == .once))
    }
  }

  @Test(arguments: LossCatalogue.all) func isAsRobustAsItSays(_ loss: PointwiseLoss) throws {
    let robustness = try #require(loss.traits?.robustness, "\(loss.name) does not say how robust it is")
    let samples = try Samples(loss)
    let steepest = samples.gradient.filter { $0.isFinite }.map { abs($0) }.max()!
    let isPeriodic = loss.traits?.elicits == .circularMean
    switch robustness {
    case .none: #expect(loss.traits?.lipschitzConstant == nil)
    case .bounded:
      if isPeriodic { break }
      let far = samples.p.indices.filter { !samples.isNear[$0] }.map { abs(samples.gradient[$0]) }.max() ?? steepest
      #expect(far > 0.01 * steepest)
    case .redescending:
      let farthest = samples.p.indices.filter { abs(samples.p[$0]) >= 1e5 }.map { abs(samples.gradient[$0]) }.max() ?? 0
      #expect(farthest < 0.01 * steepest)
    }
  }

>>>>>>> theirs
  /// p·ℓ(z, 1) + (1 − p)·ℓ(z, 0) over a grid of predictions.
  private func expected(_ loss: PointwiseLoss, _ z: [Double]) throws -> (of0: [Double], of1: [Double]) {
    (
      try loss.values(predictions: z, targets: z.map { _ in 0.0 }),
      try loss.values(predictions: z, targets: z.map { _ in 1.0 })
    )
  }

  private func binaryGrid(_ loss: PointwiseLoss) -> (z: [Double], threshold: Double) {
    let domain = loss.predictionDomain ?? -12...12
    let low = max(domain.lowerBound, -12), high = min(domain.upperBound, 12)
    let inner = (0...480).map { low + (high - low) * Double($0) / 480 }
    return (inner, loss.predictionDomain == nil ? 0 : 0.5 * (low + high))
  }

  @Test(arguments: LossCatalogue.all.filter { $0.traits?.classificationCalibrated != nil })
  func isCalibratedAsItSays(_ loss: PointwiseLoss) throws {
    let (z, threshold) = binaryGrid(loss)
    let (of0, of1) = try expected(loss, z)
    var isCalibrated = true
    for p in [0.05, 0.2, 0.35, 0.45, 0.55, 0.7, 0.9] {
      let cost = z.indices.map { (1 - p) * of0[$0] + p * of1[$0] }
      let best = cost.filter { !$0.isNaN }.min()!
      let wrong = z.indices.filter { (z[$0] - threshold) * (p - 0.5) <= 0 && !cost[$0].isNaN }.map { cost[$0] }.min()!
      if wrong - best <= 1e-9 { isCalibrated = false }
    }
    #expect(isCalibrated == loss.traits?.classificationCalibrated)
  }

  @Test(
    arguments: LossCatalogue.all.filter {
      $0.traits?.properness != nil && $0.targetDomain == 0...1 && $0.traits?.elicits == .mean
    })
  func isProperAsItSays(_ loss: PointwiseLoss) throws {
    let z = binaryGrid(loss).z
    let (of0, of1) = try expected(loss, z)
    let link = loss.traits!.link
    for index in stride(from: 160, through: 320, by: 16) {
      let p = link.mean(.input(.prediction(0))).evaluate { _ in z[index] }
      // Nearly certain classes cannot be told from certain ones.
      guard p > 1e-6 && p < 1 - 1e-6 else { continue }
      let cost = z.indices.map { (1 - p) * of0[$0] + p * of1[$0] }
      for other in z.indices where other != index && !cost[other].isNaN {
        if loss.traits?.properness == .strictlyProper {
          #expect(cost[other] > cost[index])
        } else {
          #expect(cost[other] >= cost[index] - 1e-12)
        }
      }
    }
  }

  @Test(arguments: LossCatalogue.all.filter { $0.traits?.elicits != nil })
  func elicitsWhatItSays(_ loss: PointwiseLoss) throws {
    let traits = try #require(loss.traits)
    let isBinary = loss.targetDomain == 0...1
    let isPositive = (loss.targetDomain?.lowerBound ?? -1) >= 0
    // A small distribution; not symmetric, and no two cumulative probabilities near ½.
    let y = isBinary ? [0.0, 1] : isPositive ? [0.25, 0.5, 1.25, 3.5] : [-2.0, -0.5, 0.25, 1.5]
    let q = isBinary ? [0.3, 0.7] : [0.2, 0.35, 0.3, 0.15]
    let wanted: Double
    switch traits.elicits! {
    case .mean: wanted = zip(y, q).map(*).reduce(0, +)
    case .median: wanted = quantile(0.5, y, q)
    case .quantile(let level): wanted = quantile(level, y, q)
    case .expectile(let level): wanted = expectile(level, y, q)
    case .circularMean:
      let period = loss.parameters.first { $0.name == "period" }?.value ?? 2 * .pi
      let k = 2 * Double.pi / period
      wanted =
        atan2(zip(y, q).map { sin(k * $0) * $1 }.reduce(0, +), zip(y, q).map { cos(k * $0) * $1 }.reduce(0, +)) / k
    case .mode, .distribution, .named: return
    }
    let domain = loss.predictionDomain ?? -6...6
    let low = max(domain.lowerBound, -6), high = min(domain.upperBound, 6)
    let z = (1..<6000).map { low + (high - low) * Double($0) / 6000 }
    var cost = [Double](repeating: 0, count: z.count)
    for (target, share) in zip(y, q) {
      let values = try loss.values(predictions: z, targets: z.map { _ in target })
      for index in z.indices { cost[index] += share * values[index] }
    }
    let best = z[z.indices.min { cost[$0] < cost[$1] }!]
    let mean = traits.link.mean(.input(.prediction(0)))
    // The grid's step, times the link's slope.
    let step = (high - low) / 6000
    let found = mean.evaluate { _ in best }
    let slack = abs(mean.evaluate { _ in best + step } - mean.evaluate { _ in best - step }) + 1e-9
    #expect(abs(found - wanted) <= slack, "\(found), not \(wanted)")
  }

  private func quantile(_ level: Double, _ y: [Double], _ q: [Double]) -> Double {
    var below = 0.0
    for (value, share) in zip(y, q) {
      below += share
      if below >= level { return value }
    }
    return y.last!
  }

  private func expectile(_ level: Double, _ y: [Double], _ q: [Double]) -> Double {
    var (low, high) = (y.first!, y.last!)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      let balance = zip(y, q).map { ($0 > middle ? level : 1 - level) * ($0 - middle) * $1 }.reduce(0, +)
      if balance > 0 { low = middle } else { high = middle }
    }
    return low
  }

  @Test(arguments: LossCatalogue.all) func traitsSurviveCoding(_ loss: PointwiseLoss) throws {
    let traits = try #require(loss.traits)
    let data = try JSONEncoder().encode(traits)
    #expect(try JSONDecoder().decode(LossTraits.self, from: data) == traits)
  }

  @Test func traitsAreFlatAndReadable() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(PointwiseLoss.squaredError.traits), as: UTF8.self)
    #expect(text.contains("\"convexity\":\"strong\"") && text.contains("\"strongConvexity\":2"))
    #expect(text.contains("\"elicits\":\"mean\"") && text.contains("\"link\":\"identity\""))
    let quantile = LossTraits(convexity: .convex, elicits: .quantile(0.9))
    #expect("\(quantile)" == "convex, elicits the 0.9 quantile")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(LossTraits.self, from: Data(#"{"convexity": "round"}"#.utf8))
    }
  }
}
