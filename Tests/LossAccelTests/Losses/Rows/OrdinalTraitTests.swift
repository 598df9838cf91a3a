import LossAccel
import Testing

@Suite("Ordinal losses: what their traits claim")
struct OrdinalTraitTests {
  private static let cuts = [[0.5], [-1.5, 0.25, 1.75], [-3, 0.125, 0.125 + 0x1p-20, 4]]

  /// Values, gradient and curvature of single samples.
  private func evaluated(
    _ loss: OrdinalLoss, _ scores: [Double], level: Int, _ cuts: [Double]
  ) throws -> (values: [Double], gradient: [Double], curvature: [Double]) {
    let levels = scores.map { _ in level }
    var (gradient, curvature) = (scores, scores)
    _ = try loss.sum(
      scores: scores.span, levels: levels.span, cuts: cuts.span, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan)
    return (try loss.values(scores: scores, levels: levels, cuts: cuts), gradient, curvature)
  }

  @Test("Convexity, constants and robustness hold, and no smaller constant would", arguments: OrdinalLoss.all)
  func constants(loss: OrdinalLoss) throws {
    let traits = loss.traits
    #expect(traits.convexity == .convex && traits.robustness == .bounded)
    let scores = (-4000...4000).map { Double($0) / 128 } + [1e3, 1e6, 1e12]
    var (steepest, mostBent) = (0.0, 0.0)
    for cuts in Self.cuts {
      for level in 0...cuts.count {
        let (values, gradient, curvature) = try evaluated(loss, scores, level: level, cuts)
        for k in 1..<8000 {
          let chord = 0.5 * (values[k - 1] + values[k + 1])
          #expect(values[k] <= chord + 4 * chord.ulp, "\(loss.name), level \(level), score \(scores[k])")
        }
        #expect(curvature.allSatisfy { $0 >= 0 })
        steepest = gradient.reduce(steepest) { max($0, abs($1)) }
        mostBent = curvature.reduce(mostBent, max)
        // Bounded by the number of cuts.
        #expect(gradient.allSatisfy { abs($0) <= Double(cuts.count) })
      }
    }
    if let constant = traits.lipschitzConstant { #expect(steepest <= constant && steepest > 0.999 * constant) }
    if let constant = traits.smoothness { #expect(mostBent <= constant && mostBent > 0.999 * constant) }
  }

  @Test("Gradients jump where hinges are, and nowhere else", arguments: OrdinalLoss.all)
  func jumps(loss: OrdinalLoss) throws {
    for cuts in Self.cuts {
      // A hinge has its kink at a distance of 1 from its cut.
      let places = cuts.flatMap { [$0 - 1, $0, $0 + 1] }
      for level in 0...cuts.count {
        let below = try evaluated(loss, places.map { $0 - 1e-9 }, level: level, cuts)
        let above = try evaluated(loss, places.map { $0 + 1e-9 }, level: level, cuts)
        let ofGradient = zip(below.gradient, above.gradient).map { abs($0 - $1) }.max()!
        let ofCurvature = zip(below.curvature, above.curvature).map { abs($0 - $1) }.max()!
        if loss.traits.differentiability == LossTraits.Differentiability.none {
          #expect(ofGradient >= 1, "\(loss.name), level \(level)")
        } else {
          #expect(ofGradient < 1e-8 && ofCurvature < 1e-8, "\(loss.name), level \(level)")
        }
      }
    }
  }
}
