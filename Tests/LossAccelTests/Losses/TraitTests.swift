import Foundation
import LossAccel
import TestSupport
import Testing

/// What the traits say of a loss as a statistic, held to the kernels: calibration, properness, what is elicited.
struct TraitTests {
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
