import LossAccel
import TestSupport
import Testing

/// Losses made of losses.
struct CompositionTests {
  let p = (0..<120).map { Double($0) / 15 - 4 }
  let t = (0..<120).map { Double($0 % 11) / 3 - 2 }
  let bits = (0..<120).map { Double($0 % 2) }

  /// The gradient and the curvature are the slopes of what they should be, away from kinks.
  private func expectDerivatives(_ loss: PointwiseLoss, _ targets: [Double], _ at: ClosedRange<Double> = -3...3) {
    for (index, t) in targets.enumerated() {
      let p = at.lowerBound + (at.upperBound - at.lowerBound) * (Double(index) + 0.37) / Double(targets.count)
      let h = 1e-5
      let slope = (loss.value(prediction: p + h, target: t) - loss.value(prediction: p - h, target: t)) / (2 * h)
      let bend = (loss.gradient(prediction: p + h, target: t) - loss.gradient(prediction: p - h, target: t)) / (2 * h)
      // Symmetric differences of functions of order 10: h²·f‴/6 and ε·f/h are below 1e-8.
      #expect(Swift.abs(slope - loss.gradient(prediction: p, target: t)) < 1e-6, "\(loss.name) at \(p), \(t)")
      #expect(Swift.abs(bend - loss.curvature(prediction: p, target: t)) < 1e-6, "\(loss.name) at \(p), \(t)")
    }
  }

  @Test func sumsAreSums() throws {
    let loss = 0.7 * .huber(delta: 1) + 0.3 * .logCosh
    let whole = try loss.results(p, t)
    let first = try PointwiseLoss.huber(delta: 1).results(p, t), second = try PointwiseLoss.logCosh.results(p, t)
    #expect(Swift.abs(whole.value - (0.7 * first.value + 0.3 * second.value)) <= 4 * whole.value.ulp)
    for index in p.indices {
      let gradient = 0.7 * first.gradient[index] + 0.3 * second.gradient[index]
      let curvature = 0.7 * first.curvature[index] + 0.3 * second.curvature[index]
      // Both terms have the same sign, so a few roundings are a few ulps.
      #expect(ulpDistance(whole.gradient[index], gradient) <= 4)
      #expect(ulpDistance(whole.curvature[index], curvature) <= 4)
    }
    #expect(loss.name == "0.7·huber + 0.3·log-cosh")
    #expect(loss.traits?.convexity == .strict && loss.traits?.lipschitzConstant == 1 && loss.traits?.smoothness == 1)
    #expect(loss.traits?.differentiability == .once && loss.traits?.robustness == .bounded)
  }

  @Test func sumsOfCatalogueLossesAreOnePassEach() throws {
    for loss in LossCatalogue.all {
      let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 50)
      let double = try (loss + 2 * loss).results(p, t), single = try loss.results(p, t)
      for index in p.indices {
        // A few roundings of each term, and of terms of order 1 that cancel in it.
        let (gradient, curvature) = (3 * single.gradient[index], 3 * single.curvature[index])
        #expect(Swift.abs(double.gradient[index] - gradient) <= 2e-15 * (1 + Swift.abs(gradient)), "\(loss.name)")
        #expect(Swift.abs(double.curvature[index] - curvature) <= 2e-15 * (1 + Swift.abs(curvature)), "\(loss.name)")
      }
    }
  }

  @Test func scalingCarriesEverythingOver() throws {
    let loss = 3 * PointwiseLoss.huber(delta: 2)
    #expect(loss.traits?.lipschitzConstant == 6 && loss.traits?.smoothness == 3 && loss.traits?.convexity == .convex)
    let scaled = try loss.proximalPoints([5.0, 0.1], targets: [0.0, 0], step: 0.5)
    let direct = try PointwiseLoss.huber(delta: 2).proximalPoints([5.0, 0.1], targets: [0.0, 0], step: 1.5)
    #expect(scaled == direct)
    // Fenchel and Young's equality at u = ℓ′(p).
    let u = loss.gradient(prediction: 1.5, target: 0.5)
    let conjugate = try loss.conjugateSum(duals: [u], targets: [0.5])
    #expect(Swift.abs(conjugate + loss.value(prediction: 1.5, target: 0.5) - u * 1.5) <= 4 * (u * 1.5).ulp)
    #expect((2 * PointwiseLoss.squaredError).traits?.convexity == .strong(4))
  }

  @Test func whatDoesNotFollowIsNotClaimed() {
    let concave = PointwiseLoss("concave", traits: LossTraits(convexity: .none)) { p, _ in -square(p) }
    #expect((concave + .squaredError).traits?.convexity == .unknown)
    #expect((.squaredError + .logCosh).traits?.convexity == .strong(2))
    #expect((.squaredError + .logCosh).traits?.lipschitzConstant == nil)
    #expect((.squaredError + .squaredError).traits?.elicits == .mean)
    #expect((.binaryCrossEntropyFromLogits + .squaredError).traits?.elicits == nil)
    #expect((.huber() + PointwiseLoss("own") { p, t in p * t }).traits == nil)
    #expect((.binaryCrossEntropyFromLogits + .squaredError).targetDomain == 0...1)
    #expect((.binaryCrossEntropyFromLogits + .binaryCrossEntropyFromLogits).curvature(.fisher) == nil)
  }

  @Test func linksComposeByTheChainRule() throws {
    let composed = PointwiseLoss.binaryCrossEntropy.composed(with: .logit)
    expectDerivatives(composed, bits)
    for z in [-3.0, -0.5, 0.2, 2] {
      let direct = PointwiseLoss.binaryCrossEntropyFromLogits
      #expect(Swift.abs(composed.value(prediction: z, target: 1) - direct.value(prediction: z, target: 1)) < 1e-14)
      #expect(
        Swift.abs(composed.gradient(prediction: z, target: 0) - direct.gradient(prediction: z, target: 0)) < 1e-14)
      #expect(
        Swift.abs(composed.curvature(prediction: z, target: 1) - direct.curvature(prediction: z, target: 1)) < 1e-13)
    }
    #expect(composed.traits?.link == .logit && composed.traits?.elicits == .mean)
    #expect(composed.traits?.properness == .strictlyProper && composed.traits?.convexity == .unknown)
    for link in Link.allCases where ![.reciprocal, .squareRoot, .inverseSquare].contains(link) {
      expectDerivatives(PointwiseLoss.squaredError.composed(with: link), t, -1.5...1.5)
    }
    // Gauss and Newton's curvature leaves out how the link bends: 2·μ′².
    let ofLog = PointwiseLoss.squaredError.composed(with: .log)
    let gaussNewton = try ofLog.results([0.5], [1.0], as: .gaussNewton)
    #expect(ulpDistance(gaussNewton.curvature[0], 2 * 1.6487212707001282 * 1.6487212707001282) <= 4)
  }

  @Test func marginsAreBinary() throws {
    let logistic = PointwiseLoss.margin("logistic") { softplus(-$0) }
    for z in [-30.0, -1, 0.5, 20] {
      for y in [0.0, 1] {
        let direct = PointwiseLoss.binaryCrossEntropyFromLogits
        #expect(ulpDistance(logistic.value(prediction: z, target: y), direct.value(prediction: z, target: y)) <= 4)
        #expect(
          ulpDistance(logistic.gradient(prediction: z, target: y), direct.gradient(prediction: z, target: y)) <= 4)
      }
    }
    let stated = PointwiseLoss.margin("cube", slope: { 3 * square($0) }, bend: { 6 * $0 }) { $0 * square($0) }
    expectDerivatives(stated, bits)
  }

  @Test func labelsAndClassesAreWeighed() throws {
    let loss = PointwiseLoss.binaryCrossEntropyFromLogits
    let smooth = loss.smoothed(by: 0.2)
    expectDerivatives(smooth, bits)
    #expect(
      ulpDistance(smooth.value(prediction: 0.7, target: 1), loss.value(prediction: 0.7, target: 0.9)) <= 4)
    let weighted = loss.weighted(classes: [1, 5])
    let values = try weighted.values(predictions: [0.3, 0.3], targets: [0, 1])
    #expect(ulpDistance(values[0], loss.value(prediction: 0.3, target: 0)) <= 2)
    #expect(ulpDistance(values[1], 5 * loss.value(prediction: 0.3, target: 1)) <= 4)
    #expect(weighted.traits?.lipschitzConstant == 5 && weighted.traits?.convexity == .strict)
    #expect(weighted.traits?.properness == nil && loss.weighted(classes: [0, 1]).traits?.convexity == .convex)
  }

  @Test func variantsCutOff() throws {
    let clamped = PointwiseLoss.squaredError.predictionsClamped(to: -1...1)
    #expect(clamped.value(prediction: 3, target: 0.5) == 0.25 && clamped.gradient(prediction: 3, target: 0.5) == 0)
    #expect(clamped.gradient(prediction: 0.75, target: 0.5) == 0.5 && clamped.curvature(prediction: -2, target: 0) == 0)
    let capped = PointwiseLoss.squaredError.capped(at: 4)
    #expect(capped.value(prediction: 3, target: 0) == 4 && capped.gradient(prediction: 3, target: 0) == 0)
    #expect(capped.value(prediction: 1, target: 0) == 1 && capped.curvature(prediction: 1, target: 0) == 2)
    let masked = PointwiseLoss.squaredError.masked { _, target in target .> 0 }
    #expect(masked.value(prediction: 3, target: -1) == 0 && masked.gradient(prediction: 3, target: 1) == 4)
  }

  @Test func mixturesBlendSmoothly() throws {
    let mixture = PointwiseLoss.mixture([(0.9, .squaredError), (0.1, .logCosh)])
    let maximum = PointwiseLoss.smoothMaximum([(0.5, .squaredError), (0.25, .logCosh), (0.25, 0.1 * .squaredError)])
    expectDerivatives(mixture, t)
    expectDerivatives(maximum, t)
    let direct = -ElementaryFunctions.log(0.9 * ElementaryFunctions.exp(-4) + 0.1 / 3.7621956910836314)
    #expect(ulpDistance(mixture.value(prediction: 2, target: 0), direct) <= 8)
    #expect(maximum.traits?.convexity == .convex && mixture.traits?.convexity == .unknown)
    // Far out, where every exponential underflows, the mixture is the better component's loss.
    let far = mixture.value(prediction: 1000, target: 0)
    #expect(Swift.abs(far - (1000 - 0.6931471805599453 + 2.302585092994046)) < 1e-9)
    #expect(Swift.abs(mixture.gradient(prediction: 1000, target: 0) - 1) < 1e-9)
  }
}
