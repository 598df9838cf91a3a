import LossAccel
import TestSupport
import Testing

/// Proximal operators, conjugates and majorizers of every loss of the catalogue that has one, held to their definitions.
struct PointwiseDualityTests {
  private static let withProximalOperator = LossCatalogue.all.filter { $0.proximalOperator != nil }
  private static let withConjugate = LossCatalogue.all.filter { $0.conjugate != nil }
  private static let withMajorizer = LossCatalogue.all.filter { $0.curvature(.majorizer) != nil }

  /// ℓ(p) + (p − v)²/(2t) at the proximal point is not above what it is anywhere else.
  @Test(arguments: withProximalOperator) func proximalPointsMinimise(_ loss: PointwiseLoss) throws {
    for step in [0.25, 1, 7.5] {
      let (v, t): ([Double], [Double]) = LossBatch.random(loss, count: 60, seed: 21)
      let points = try loss.proximalPoints(v, targets: t, step: step)
      for i in v.indices {
        let around = [1e-4, 1e-2, 0.1, 1, 3].flatMap { [points[i] - $0, points[i] + $0] }
        let others = (around + (-40...40).map { Double($0) / 5 }).filter { loss.predictionDomain?.contains($0) ?? true }
        let candidates = [points[i]] + others
        let values = try loss.values(predictions: candidates, targets: candidates.map { _ in t[i] })
        let objectives = zip(candidates, values).map { p, value in value + (p - v[i]) * (p - v[i]) / (2 * step) }
        let best = objectives.min()!
        #expect(objectives[0] <= best + 1e-13 * (1 + abs(best)), "\(points[i]) from \(v[i]), \(t[i])")
      }
    }
  }

  @Test(arguments: withProximalOperator) func aStepOfZeroStays(_ loss: PointwiseLoss) throws {
    let (v, t): ([Double], [Double]) = LossBatch.random(loss, count: 60, seed: 22)
    for (point, old) in zip(try loss.proximalPoints(v, targets: t, step: 0), v) {
      #expect(Swift.abs(point - old) <= 1e-14 * (1 + Swift.abs(old)))
    }
  }

  /// ℓ(p) + ℓ*(u) ≥ u·p for every u and p, with equality where u is the slope at p (Fenchel and Young).
  @Test(arguments: withConjugate) func conjugatesTouchTheLoss(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 200, seed: 23)
    let slopes = zip(p, t).map { loss.gradient(prediction: $0, target: $1) }
    var conjugates = p
    let sum = try loss.conjugateSum(duals: slopes.span, targets: t.span, into: conjugates.mutableSpan)
    let size = conjugates.reduce(0) { $0 + Swift.abs($1) }
    #expect(sum == conjugates.reduce(0, +) || Swift.abs(sum - conjugates.reduce(0, +)) <= 200 * 0x1p-53 * size)
    for i in p.indices {
      let gap = loss.value(prediction: p[i], target: t[i]) + conjugates[i] - slopes[i] * p[i]
      // Slopes are rounded: one beyond the domain's edge by its last place costs infinity.
      #expect(
        Swift.abs(gap) <= 1e-12 * (1 + Swift.abs(slopes[i] * p[i]))
          || conjugates[i] == .infinity && isAtTheEdge(loss, slopes[i], t[i]), "\(gap) at \(p[i]), \(t[i])")
    }
    for scale in [-1.5, -0.3, 0, 0.4, 2] {
      let duals = slopes.map { scale * $0 + 0.1 * scale }
      _ = try loss.conjugateSum(duals: duals.span, targets: t.span, into: conjugates.mutableSpan)
      for i in p.indices {
        let bound = duals[i] * p[i] - loss.value(prediction: p[i], target: t[i])
        #expect(conjugates[i] >= bound - 1e-12 * (1 + Swift.abs(bound)), "dual \(duals[i]) at \(p[i]), \(t[i])")
      }
    }
  }

  private func isAtTheEdge(_ loss: PointwiseLoss, _ slope: Double, _ target: Double) -> Bool {
    ((try? loss.conjugateSum(duals: [slope * (1 - 1e-14)], targets: [target])) ?? .infinity).isFinite
  }

  /// The parabola of the majorizer touches the loss and is nowhere below it.
  @Test(arguments: withMajorizer) func majorizersBoundTheLoss(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 300, seed: 24)
    let majorizer = try #require(loss.curvature(.majorizer))
    for i in p.indices {
      let bend = majorizer.evaluate { $0 == .prediction(0) ? p[i] : t[i] }
      let value = loss.value(prediction: p[i], target: t[i])
      let slope = loss.gradient(prediction: p[i], target: t[i])
      let others = (-80...80).map { Double($0) / 8 }.filter { loss.predictionDomain?.contains($0) ?? true }
      let values = try loss.values(predictions: others, targets: others.map { _ in t[i] })
      let isBounded = zip(others, values).allSatisfy { q, other in
        let bound = value + slope * (q - p[i]) + 0.5 * bend * (q - p[i]) * (q - p[i])
        return other <= bound + 1e-12 * (1 + bound)
      }
      #expect(isBounded, "from \(p[i]), \(t[i])")
    }
  }
}
