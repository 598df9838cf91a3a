import LossAccel
import TestSupport
import Testing

/// Masks, missing targets, offsets and kinds of curvature: the same for every loss of the catalogue.
struct PointwiseServiceTests {
  @Test(arguments: LossCatalogue.all) func masksRemoveSamples(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 300)
    let weights = (0..<300).map { Double($0 % 4 + 1) }
    let mask = (0..<300).map { $0 % 7 != 3 }
    let kept = (0..<300).filter { mask[$0] }
    var spoiled = p
    for index in 0..<300 where !mask[index] { spoiled[index] = .nan }
    let masked = try loss.results(spoiled, t, weights: weights, mask: mask)
    let removed = try loss.results(kept.map { p[$0] }, kept.map { t[$0] }, weights: kept.map { weights[$0] })
    #expect(Swift.abs(masked.value - removed.value) <= 2 * masked.value.ulp + 1e-15)
    #expect(kept.map { masked.gradient[$0] } == removed.gradient)
    #expect(kept.map { masked.curvature[$0] } == removed.curvature)
    for index in 0..<300 where !mask[index] { #expect(masked.gradient[index] == 0 && masked.curvature[index] == 0) }
  }

  @Test(arguments: LossCatalogue.all) func missingTargetsAreLeftOut(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 200)
    let kept = (0..<200).filter { $0 % 5 != 2 }
    let removed = try loss.results(kept.map { p[$0] }, kept.map { t[$0] })
    for marker in [Double.nan, -77] {
      var targets = t
      for index in 0..<200 where index % 5 == 2 { targets[index] = marker }
      let results = try loss.results(p, targets, missingTargets: marker)
      #expect(Swift.abs(results.value - removed.value) <= 2 * results.value.ulp + 1e-15)
      #expect(kept.map { results.gradient[$0] } == removed.gradient && results.gradient[2] == 0)
    }
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(predictions: p, targets: p.map { _ in Double.nan }, missingTargets: .nan)
    }
    #expect(throws: LossError.nothingToAverage) {
      try loss.sum(predictions: p, targets: t, mask: p.map { _ in false })
    }
  }

  @Test(arguments: LossCatalogue.all.filter { $0.predictionDomain == nil })
  func offsetsAreAddedToPredictions(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 100)
    // Quarters, so that sums are exact.
    let predictions = p.map { ($0 * 4).rounded() / 4 }
    let offsets = (0..<100).map { Double($0 % 9 - 4) / 4 }
    let shifted = try loss.results(predictions, t, offsets: offsets)
    let direct = try loss.results(zip(predictions, offsets).map { $0 + $1 }, t)
    #expect(Swift.abs(shifted.value - direct.value) <= 2 * shifted.value.ulp + 1e-14)
    for index in 0..<100 {
      // Another program may contract other products with sums.
      #expect(
        Swift.abs(shifted.gradient[index] - direct.gradient[index]) <= 1e-15 * (1 + Swift.abs(direct.gradient[index])))
      #expect(
        Swift.abs(shifted.curvature[index] - direct.curvature[index]) <= 1e-15
          * (1 + Swift.abs(direct.curvature[index])))
    }
  }

  @Test(arguments: LossCatalogue.all) func curvaturesAreNeverExchanged(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 64)
    for kind in CurvatureKind.allCases {
      guard let formula = loss.curvature(kind)?.lowered() else {
        var (gradient, curvature) = (p, p)
        #expect(throws: LossError.curvatureNotAvailable(loss: loss.name, kind: kind, available: loss.curvatureKinds)) {
          try loss.sum(predictions: p, targets: t, gradient: &gradient, curvature: &curvature, as: kind)
        }
        #expect((gradient + curvature).allSatisfy { $0.isNaN })
        continue
      }
      var (gradient, curvature) = (p, p)
      _ = try loss.sum(predictions: p, targets: t, gradient: &gradient, curvature: &curvature, as: kind)
      for index in p.indices {
        let expected = formula.evaluate { $0 == .prediction(0) ? p[index] : t[index] }
        #expect(Swift.abs(curvature[index] - expected) <= 1e-13 * (1 + Swift.abs(expected)), "\(kind)")
      }
    }
  }
}

/// Weights and residuals for reweighted least squares.
struct WorkingResponseTests {
  @Test(arguments: LossCatalogue.all) func isCurvatureAndNewtonStep(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 200)
    let weights = (0..<200).map { Double($0 % 3) }
    for kind in loss.curvatureKinds {
      var (gradient, curvature) = (p, p)
      let sum = try loss.sum(
        predictions: p, targets: t, weights: weights, gradient: &gradient, curvature: &curvature, as: kind)
      if zip(weights, curvature).contains(where: { $0 > 0 && !($1 > 0) }) {
        #expect(throws: LossError.self) {
          try loss.workingResponse(predictions: p, targets: t, weights: weights, as: kind)
        }
        continue
      }
      let response = try loss.workingResponse(predictions: p, targets: t, weights: weights, as: kind)
      #expect(Swift.abs(response.sum - sum) <= 2 * sum.ulp + 1e-14)
      for index in p.indices {
        #expect(ulpDistance(response.workingWeights[index], curvature[index]) <= 2)
        let step = weights[index] == 0 ? 0 : -gradient[index] / curvature[index]
        // Gradients of different calls differ in the last places of terms that cancel.
        #expect(Swift.abs(response.residuals[index] - step) <= 1e-14 * max(1, Swift.abs(step)))
      }
    }
  }

  @Test(arguments: LossCatalogue.all.filter { $0.curvatureKinds.contains(.majorizer) })
  func isThatOfTheMajorizerWhereTheCurvatureIsNotPositive(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 200)
    var (gradient, exact, above) = (p, p, p)
    _ = try loss.sum(predictions: p, targets: t, gradient: &gradient, curvature: &exact)
    _ = try loss.sum(predictions: p, targets: t, gradient: &gradient, curvature: &above, as: .majorizer)
    guard zip(exact, above).allSatisfy({ $0 > 0 || $1 > 0 }) else { return }
    let response = try loss.workingResponse(predictions: p, targets: t, whereNotPositive: .majorizer)
    for index in p.indices {
      let curvature = exact[index] > 0 ? exact[index] : above[index], step = -gradient[index] / curvature
      #expect(ulpDistance(response.workingWeights[index], curvature) <= 2)
      #expect(Swift.abs(response.residuals[index] - step) <= 1e-14 * max(1, Swift.abs(step)))
    }
  }

  @Test func aMajorizerStandsInWhereItIsNamed() throws {
    let loss = PointwiseLoss.huber(delta: 1)
    let p = [0.5, 3, -4], t = [0.0, 0, 0]
    #expect(throws: LossError.curvatureNotPositive(index: 1, loss: "huber", kind: .exact)) {
      try loss.workingResponse(predictions: p, targets: t)
    }
    let response = try loss.workingResponse(predictions: p, targets: t, whereNotPositive: .majorizer)
    #expect(response.workingWeights == [1, 1.0 / 3, 0.25])
    #expect(response.residuals == [-0.5, -3, 4])
    #expect(throws: LossError.curvatureNotAvailable(loss: "huber", kind: .fisher, available: [.exact, .majorizer])) {
      try loss.workingResponse(predictions: p, targets: t, as: .fisher)
    }
  }

  @Test func masksOffsetsAndMissingTargetsAreThoseOfTheOtherCalls() throws {
    let loss = PointwiseLoss.binaryCrossEntropyFromLogits
    let response = try loss.workingResponse(
      predictions: [1.0, .nan, 0, 2], targets: [1, 0, -1, 1], weights: [2, 1, 1, 0], mask: [true, false, true, true],
      offsets: [0.5, 0, 0, 0], missingTargets: -1, as: .fisher)
    let alone = try loss.workingResponse(predictions: [1.5], targets: [1], weights: [2], as: .fisher)
    #expect(response.workingWeights == [alone.workingWeights[0], 0, 0, 0])
    #expect(response.residuals == [alone.residuals[0], 0, 0, 0] && response.sum == alone.sum)
    #expect(throws: LossError.nothingToAverage) {
      try loss.workingResponse(predictions: [1.0], targets: [1], mask: [false])
    }
  }
}
