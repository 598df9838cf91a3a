import LossAccel
import TestSupport
import Testing

/// How often the losses of groups can be differentiated, as their traits say it: whether value, gradient and curvature jump somewhere.
@Suite("Losses of groups: where they have derivatives")
struct GroupLossSmoothnessTests {
  typealias Batch = GroupLossProbe.Batch
  typealias Point = GroupLossProbe.Point

  private static let cases: [(probe: GroupLossProbe, traits: LossTraits)] =
    zip(GroupLossProbe.all, GroupLossCatalogue.all).map { ($0, $1.traits) } + GroupLossProbe.smoother

  private func between(_ p: Point, _ q: Point, _ t: Double) -> Point {
    func mix(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { (1 - t) * $0 + t * $1 } }
    return Point(own: mix(p.own, q.own), shared: mix(p.shared, q.shared))
  }

  private func distance(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { max($0, abs($1.0 - $1.1)) } }

  /// What is left of the change of `measure` between two points when the half of the way on which it changes more is taken again and
  /// again: nearly nothing where it is continuous, the jump where there is one.
  private func jump(from p: Point, to q: Point, of measure: (Point) throws -> [Double]) rethrows -> Double {
    var (low, high) = (0.0, 1.0)
    var (start, end) = try (measure(p), measure(q))
    for _ in 0..<44 {
      let middle = 0.5 * (low + high), here = try measure(between(p, q, middle))
      if distance(start, here) > distance(here, end) {
        (high, end) = (middle, here)
      } else {
        (low, start) = (middle, here)
      }
    }
    return distance(start, end)
  }

  /// Ways between random predictions, through 0, and short ones from the corners, on which nothing else changes much.
  private func ways(_ probe: GroupLossProbe, _ batch: Batch) -> [(Point, Point)] {
    (1...20 as ClosedRange<UInt64>).flatMap { seed -> [(Point, Point)] in
      let p = probe.point(batch, seed: seed), q = probe.point(batch, seed: seed + 500)
      let opposite = Point(own: p.own.map { -0.7 * $0 }, shared: p.shared)
      let zero = Point(own: p.own.map { 0 * $0 }, shared: p.shared)
      return [(p, q), probe.range.lowerBound < 0 ? (opposite, p) : (zero, p)]
        + probe.corners(batch).map { corner in
          let start = Point(own: corner, shared: p.shared)
          return (start, between(start, p, 0x1p-10))
        }
    }
  }

  @Test("Jumps are where the traits say", arguments: cases.indices)
  func jumps(index: Int) throws {
    let (probe, traits) = Self.cases[index]
    let claimed = try #require(traits.differentiability, "\(probe.name) does not say how often it has derivatives")
    var (ofValue, ofGradient, ofCurvature) = (0.0, 0.0, 0.0)
    let batches = probe.weightsRepeat && probe.name != "cox" ? [Batch([0]), Batch([1])] : [Batch(0..<6)]
    for batch in batches {
      let direction = probe.point(batch, seed: 77)
      for (p, q) in ways(probe, batch) {
        ofValue = try max(ofValue, jump(from: p, to: q) { try [probe.evaluate(batch, $0).value] })
        ofGradient = try max(
          ofGradient,
          jump(from: p, to: q) {
            let result = try probe.evaluate(batch, $0)
            return result.own + result.shared
          })
        guard claimed >= .once else { continue }
        ofCurvature = try max(ofCurvature, jump(from: p, to: q) { try probe.product(batch, $0, direction) })
      }
    }
    // A way of length 2^-44 changes even a power of ½ of what may become 0 by less.
    let little = 1e-5
    switch claimed {
    case .none: #expect(max(ofValue, ofGradient) > little, "\(probe.name) does not jump as far as can be seen")
    case .once:
      #expect(max(ofValue, ofGradient) < little, "\(probe.name) jumps by \(ofValue), its gradient by \(ofGradient)")
      #expect(ofCurvature > little, "\(probe.name) has a curvature as far as can be seen")
    case .twice, .smooth:
      #expect(
        max(ofValue, ofGradient, ofCurvature) < little,
        "\(probe.name) jumps by \(ofValue), its gradient by \(ofGradient), its curvature by \(ofCurvature)")
    }
  }
}
