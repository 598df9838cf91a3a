import LossAccel
import Testing

/// What holds for single losses of counts and divergences, and defects that such losses have elsewhere.
struct CountLossTests {
  @Test func tweedieIsContinuousInItsPower() {
    // XGBoost's metric is −∞ at 1 (dmlc/xgboost#12444); forms without their constants jump at 1 and 2.
    for (prediction, target) in [(0.7, 0.0), (-1.3, 2.5), (2.0, 4.0)] {
      for (end, neighbour) in [(1.0, (1.0).nextUp), (2.0, (2.0).nextDown), (1.5, (1.5).nextUp)] {
        if end == 2 && target == 0 { continue }
        let (here, there) = (PointwiseLoss.tweedie(power: end), PointwiseLoss.tweedie(power: neighbour))
        for (a, b) in [
          (here.value(prediction: prediction, target: target), there.value(prediction: prediction, target: target)),
          (
            here.gradient(prediction: prediction, target: target),
            there.gradient(prediction: prediction, target: target)
          ),
          (
            here.curvature(prediction: prediction, target: target),
            there.curvature(prediction: prediction, target: target)
          ),
        ] {
          // The power's step of 2⁻⁵² times a slope of at most e²·2·5, and a few roundings.
          #expect(Swift.abs(a - b) <= 0x1p-45, "power \(end), \(prediction), \(target): \(a) and \(b)")
        }
      }
    }
    let poisson = PointwiseLoss.poisson, gamma = PointwiseLoss.gamma
    #expect(
      Swift.abs(
        PointwiseLoss.tweedie(power: 1).value(prediction: 0.7, target: 3) + 1
          - poisson.value(prediction: 0.7, target: 3))
        <= 0x1p-50)
    #expect(
      Swift.abs(
        PointwiseLoss.tweedie(power: 2).value(prediction: 0.7, target: 3) + 3 - gamma.value(prediction: 0.7, target: 3))
        <= 0x1p-50)
  }

  @Test func betaDivergenceIsContinuousInBeta() {
    for (mean, target) in [(0.7, 1.5), (3.0, 0.25)] {
      for beta in [0.0, 1, 2] {
        let (here, there) = (
          PointwiseLoss.betaDivergence(beta: beta), PointwiseLoss.betaDivergence(beta: beta + 0x1p-50)
        )
        let (a, b) = (here.value(prediction: mean, target: target), there.value(prediction: mean, target: target))
        #expect(Swift.abs(a - b) <= 0x1p-44, "β = \(beta): \(a) and \(b)")
      }
      let same: [(Double, PointwiseLoss, Double)] = [
        (0, .itakuraSaito, 1), (1, .generalizedKullbackLeibler, 1), (2, .squaredError, 0.5),
      ]
      for (beta, loss, factor) in same {
        let ours = PointwiseLoss.betaDivergence(beta: beta).value(prediction: mean, target: target)
        #expect(Swift.abs(ours - factor * loss.value(prediction: mean, target: target)) <= 0x1p-48, "β = \(beta)")
      }
    }
  }

  @Test func negativeBinomialBecomesPoisson() {
    let wide = PointwiseLoss.negativeBinomial(theta: 1e12)
    for (prediction, target) in [(0.7, 0.0), (-1.3, 2.0), (2.0, 4.0)] {
      let poisson = PointwiseLoss.poisson.value(prediction: prediction, target: target)
      // The difference is about μ²/θ and yμ/θ, and the rounding of η − log θ.
      #expect(Swift.abs(wide.value(prediction: prediction, target: target) - poisson) < 1e-10)
    }
  }

  @Test func smallTargetsAreNotClipped() throws {
    // Keras clips targets to 10⁻⁷ in its Kullback–Leibler divergence.
    let value = try PointwiseLoss.kullbackLeibler.sum(predictions: [0.5], targets: [3e-8])
    #expect(Swift.abs(value - 3e-8 * (-16.628921274724310)) < 1e-21)
    #expect(try PointwiseLoss.kullbackLeibler.sum(predictions: [0.5, 0.5], targets: [0, 0.5]) == 0)
    #expect(try PointwiseLoss.poisson.sum(predictions: [-745.0], targets: [0]) == .leastNonzeroMagnitude)
  }

  @Test func farScoresKeepTheirLossAndGradient() throws {
    var gradient = [Float](repeating: 0, count: 4)
    let value = try PointwiseLoss.probit.sum(
      predictions: [-30, 30, -30, 30], targets: [1, 0, 0, 1], gradient: &gradient)
    // −log Φ(−30) = 454.3212439955…, and Φ(30) is 1 to 200 digits.
    #expect(Swift.abs(value - 2 * 454.32124) < 1e-3)
    #expect(gradient[0] < -30 && gradient[1] > 30 && gradient[2] == 0 && gradient[3] == 0)
    let far = try PointwiseLoss.complementaryLogLog.values(predictions: [-800.0, -800, 5], targets: [1, 0, 1])
    #expect(far[0] == 800 && far[1] == 0 && far[2] > 0)
  }

  @Test func amountsMustLieInTheirDomain() {
    #expect(throws: LossError.self) {
      try PointwiseLoss.gamma.mean(predictions: [0] as [Float], targets: [0] as [Float])
    }
    #expect(throws: LossError.self) { try PointwiseLoss.poisson.mean(predictions: [0.0], targets: [-1]) }
    #expect(throws: LossError.self) { try PointwiseLoss.itakuraSaito.mean(predictions: [0.0], targets: [1]) }
    // The smallest positive number of the batch's type is positive.
    #expect(throws: Never.self) {
      _ = try PointwiseLoss.gamma.mean(predictions: [0] as [Float], targets: [.leastNonzeroMagnitude] as [Float])
    }
  }
}
