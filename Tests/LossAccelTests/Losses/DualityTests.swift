import LossAccel
import TestSupport
import Testing

/// Proximal operators, conjugates, majorizers and Fisher information of the catalogue's losses, held to their definitions.
struct DualityTests {
  /// Targets at the ends of the domain: margins are whole there.
  private func batch(_ loss: PointwiseLoss) -> (p: [Double], t: [Double]) {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 120, seed: 21)
    return loss.targetDomain == 0...1 ? (p, t.map { $0.rounded() }) : (p, t)
  }

  @Test(arguments: LossCatalogue.all.filter { $0.proximalOperator != nil })
  func proximalPointsMinimise(_ loss: PointwiseLoss) throws {
    let (points, targets) = batch(loss)
    for step in [0.1, 1, 7.5] {
      let minimisers = try loss.proximalPoints(points, targets: targets, step: step)
      for (index, x) in minimisers.enumerated() {
        func cost(_ p: Double) -> Double {
          if let domain = loss.predictionDomain, !domain.contains(p) { return .infinity }
          let distance = p - points[index]
          return loss.value(prediction: p, target: targets[index]) + distance * distance / (2 * step)
        }
        let best = cost(x)
        for distance in [1e-4, 1e-2, 0.3, 2, 9] {
          // Rounding of a cost of this size.
          let slack = 1e-13 * (1 + Swift.abs(best))
          #expect(cost(x + distance) >= best - slack && cost(x - distance) >= best - slack, "at \(points[index])")
        }
      }
    }
    // A step of 0 goes nowhere, up to the rounding of residuals of this size.
    for (point, stay) in zip(points, try loss.proximalPoints(points, targets: targets, step: 0)) {
      #expect(Swift.abs(point - stay) <= 1e-14)
    }
    let steps = points.indices.map { Double($0 % 4) / 2 }
    var byStep = points
    try loss.proximalPoints(points.span, targets: targets.span, steps: steps.span, into: byStep.mutableSpan)
    let atOne = try loss.proximalPoints(points, targets: targets, step: 1)
    for index in points.indices where steps[index] == 1 { #expect(byStep[index] == atOne[index]) }
  }

  @Test(arguments: LossCatalogue.all.filter { $0.conjugate != nil })
  func conjugatesAreSuprema(_ loss: PointwiseLoss) throws {
    let (p, t) = batch(loss)
    for index in p.indices {
      let value = loss.value(prediction: p[index], target: t[index])
      let dual = loss.gradient(prediction: p[index], target: t[index])
      // Equality at the gradient, which may lie half an ulp outside the domain.
      let conjugate = try loss.conjugateSum(duals: [dual * (1 - 1e-14)], targets: [t[index]])
      let scale = 1 + Swift.abs(value) + Swift.abs(dual * p[index])
      #expect(Swift.abs(conjugate + value - dual * p[index]) <= 1e-11 * scale, "at \(p[index]), \(t[index])")
      // Inequality at the others' gradients.
      let other = loss.gradient(prediction: p[(index + 31) % p.count], target: t[index])
      let bound = try loss.conjugateSum(duals: [other * (1 - 1e-14)], targets: [t[index]])
      #expect(bound + value >= other * p[index] - 1e-11 * (scale + Swift.abs(other * p[index])))
    }
  }

  @Test func dualVariablesOutsideTheDomainCostInfinity() throws {
    #expect(try PointwiseLoss.huber(delta: 1).conjugateSum(duals: [1.5], targets: [0.0]) == .infinity)
    #expect(try PointwiseLoss.binaryCrossEntropyFromLogits.conjugateSum(duals: [0.2], targets: [1.0]) == .infinity)
  }

  @Test(arguments: LossCatalogue.all.filter { $0.curvature(.majorizer) != nil })
  func majorizersLieAbove(_ loss: PointwiseLoss) throws {
    let (p, t) = batch(loss)
    var (gradient, bound) = (p, p)
    _ = try loss.sum(predictions: p, targets: t, gradient: &gradient, curvature: &bound, as: .majorizer)
    for index in p.indices {
      let value = loss.value(prediction: p[index], target: t[index])
      for other in p {
        let distance = other - p[index]
        let parabola = value + gradient[index] * distance + 0.5 * bound[index] * distance * distance
        let actual = loss.value(prediction: other, target: t[index])
        #expect(actual <= parabola + 1e-12 * (1 + Swift.abs(parabola)), "from \(p[index]) to \(other)")
      }
    }
  }

  /// Where the curvature is linear in the target, its expectation is its value at the mean; for a loss of the residual it is an
  /// integral over the density e^(−ℓ).
  @Test(arguments: LossCatalogue.all.filter { $0.curvature(.fisher) != nil })
  func fisherInformationIsTheExpectedCurvature(_ loss: PointwiseLoss) throws {
    let fisher = try #require(loss.curvature(.fisher)).lowered(), link = loss.traits?.link ?? .identity
    let (p, _) = batch(loss)
    for z in p.prefix(20) {
      let mean = link.mean(.input(.prediction(0))).evaluate { _ in z }
      let stated = fisher.evaluate { $0 == .prediction(0) ? z : mean }
      let at = [mean, 0.5 * mean, 1.5 * mean].map {
        loss.curvature(prediction: z, target: loss.targetDomain == 0...1 ? Swift.min($0, 1) : $0)
      }
      let wanted: Double
      if loss.targetDomain == 0...1 {
        wanted = (1 - mean) * loss.curvature(prediction: z, target: 0) + mean * loss.curvature(prediction: z, target: 1)
      } else if Swift.abs(at[1] + at[2] - 2 * at[0]) <= 1e-9 * (1 + Swift.abs(at[0])) {
        wanted = at[0]
      } else {
        var (mass, sum) = (0.0, 0.0)
        for step in -40000...40000 {
          let r = Double(step) / 400
          let density = ElementaryFunctions.exp(-loss.value(prediction: r, target: 0))
          mass += density
          sum += density * loss.curvature(prediction: r, target: 0)
        }
        wanted = sum / mass
        // Tails that fall slowly are cut off at 100.
        #expect(Swift.abs(stated - wanted) <= 0.02 * wanted, "\(stated), not \(wanted)")
        return
      }
      #expect(Swift.abs(stated - wanted) <= 1e-9 * (1e-3 + Swift.abs(wanted)), "\(stated), not \(wanted) at \(z)")
    }
  }

  @Test func whatALossLacksIsAnError() throws {
    var result = [0.0]
    #expect(throws: LossError.closedFormNotAvailable(loss: "log-cosh", what: "proximal operator")) {
      try PointwiseLoss.logCosh.proximalPoints([1.0].span, targets: [0.0].span, step: 1, into: result.mutableSpan)
    }
    #expect(result[0].isNaN)
    #expect(throws: LossError.closedFormNotAvailable(loss: "bce", what: "convex conjugate")) {
      try PointwiseLoss.binaryCrossEntropy.conjugateSum(duals: [1.0], targets: [0.0])
    }
    #expect(throws: LossError.emptyBatch) {
      try PointwiseLoss.squaredError.proximalPoints([Double](), targets: [Double](), step: 1)
    }
    let steps = [1.0, -1]
    var results = [0.0, 0]
    #expect(throws: LossError.invalidStep(index: 1, value: -1)) {
      try PointwiseLoss.squaredError.proximalPoints(
        [1.0, 2].span, targets: [0.0, 0].span, steps: steps.span, into: results.mutableSpan)
    }
  }
}
