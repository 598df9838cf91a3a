import LossAccel
import TestSupport
import Testing

/// What goes wrong in other libraries, one test for each, with the input that shows it.
struct KnownDefectsTests {
  private func values<T: Scalar>(_ loss: PointwiseLoss, _ predictions: [T], _ targets: [T]) throws -> (
    values: [T], gradient: [T], curvature: [T]
  ) {
    var (values, gradient, curvature) = (predictions, predictions, predictions)
    try loss.values(
      predictions: predictions.span, targets: targets.span, into: values.mutableSpan, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan)
    return (values, gradient, curvature)
  }

  /// log-cosh as logaddexp(r, −r) − log 2, or by softplus, loses 5 % of its value in f32 at 1e-3 and all of it at 1e-4.
  @Test func logCoshOfSmallResiduals() throws {
    let single = try values(.logCosh, [Float(1e-3), 3e-4, 1e-4, 1e-8], [0, 0, 0, 0]).values
    for (value, r) in zip(single, [Float(1e-3), 3e-4, 1e-4, 1e-8]) {
      // r²/2 − r⁴/12, whose next term is below 1e-18 relative.
      let exact = Double(r) * Double(r) * (0.5 - Double(r) * Double(r) / 12)
      #expect(ulpDistance(value, Float(exact)) <= 2)
    }
    let double = try values(.logCosh, [1e-8], [0]).values
    #expect(ulpDistance(double[0], 0.5e-16) <= 2)
  }

  /// A probability of 1 − 4e-8 is 1 in f32: cross-entropy after the sigmoid is clamped to 100, or to 15.94 with no gradient.
  @Test(arguments: [Float(17), 20, 80, 104, 1e4, 1e30]) func crossEntropyOfWrongAndCertainLogits(_ logit: Float) throws
  {
    let result = try values(.binaryCrossEntropyFromLogits, [logit, -logit], [0, 1])
    #expect(ulpDistance(result.values[0], logit) <= 1 && ulpDistance(result.values[1], logit) <= 1)
    #expect(ulpDistance(result.gradient[0], 1) <= 1 && ulpDistance(result.gradient[1], -1) <= 1)
  }

  /// log(1 + e^(−m)) as written overflows below −88, and its gradient is ∞/∞.
  @Test(arguments: [Float(-88.8), -89, -100, -1e4, -3e38]) func softMarginOfGrossErrors(_ margin: Float) throws {
    let result = try values(.logistic, [margin, -margin], [1, 0])
    #expect(result.values == [-margin, -margin] && result.gradient == [-1, 1])
    #expect(result.curvature.allSatisfy { $0 >= 0 && $0 < 1e-37 })
  }

  /// e^m/(1 + e^m)² is ∞/∞ from 710 (89 in f32) on.
  @Test func logisticCurvatureOfGreatMargins() throws {
    let double = try values(.logistic, [-800.0, 800, 710, -710], [1, 1, 1, 1])
    #expect(double.values[0] == 800 && double.values[1] == 0 && double.gradient[0] == -1)
    #expect(double.curvature[0] == 0 && double.curvature[2] > 0 && double.curvature[2] == double.curvature[3])
    let single = try values(.logistic, [Float(89), -89], [1, 1])
    #expect(single.curvature[0] > 0 && single.curvature[0] < 1e-38 && single.curvature[0] == single.curvature[1])
  }

  /// e^z/(…) with e^z in numerator and denominator is 0/0 at −746.
  @Test func exponentialLossOfGreatMargins() throws {
    let result = try values(.exponential, [-746.0, 746, -700], [0, 1, 0])
    #expect(result.values[0] == 0 && result.gradient[0] == 0 && result.curvature[0] == 0)
    #expect(result.values[1] == 0 && result.gradient[1] == 0)
    // 1/e^700 has lost nothing to the overflow of its denominator.
    #expect(ulpDistance(result.values[2], 9.859676543759770e-305) <= 1)
  }

  /// Focal loss on clipped probabilities is NaN, or has no gradient, on the worst errors: from a logit of 17 on.
  @Test(arguments: [Float(40), 100, 1e4, 1e38]) func focalLossAtSaturation(_ logit: Float) throws {
    let result = try values(.focal(gamma: 2, alpha: 0.25), [logit, -logit], [0, 1])
    #expect(ulpDistance(result.gradient[0], 0.75) <= 4 && ulpDistance(result.gradient[1], -0.25) <= 4)
    #expect(ulpDistance(result.values[0], 0.75 * logit) <= 4 && ulpDistance(result.values[1], 0.25 * logit) <= 4)
    #expect(result.curvature.allSatisfy { $0.isFinite })
  }

  /// log(x + 1) instead of log1p, after clipping to 1e-7, is off four times at 3e-8.
  @Test func logarithmicErrorOfTinyAmounts() throws {
    let single = try values(.squaredLogError, [Float(3e-8)], [0])
    #expect(ulpDistance(single.values[0], Float(3e-8) * Float(3e-8)) <= 2)
    // Next to the target: d = 1e-9/(1 + 1), where the difference of two logarithms has seven digits.
    let double = try values(.squaredLogError, [1 + 0x1p-30], [1])
    #expect(ulpDistance(double.gradient[0], 2 * 0x1p-31 / (2 + 0x1p-30) * (1 - 0x1p-32)) <= 4)
  }

  /// A Huber loss whose value is r² and whose gradient is r has a kink where its branches meet.
  @Test func huberLossIsThatOfItsGradient() {
    for loss in [PointwiseLoss.huber(), .huber(delta: 0.3), .smoothL1(beta: 0.3)] {
      let h = 1e-6
      for r in stride(from: -2.0, through: 2, by: 0.05) {
        let slope = (loss.value(prediction: r + h, target: 0) - loss.value(prediction: r - h, target: 0)) / (2 * h)
        // The slope changes by at most 1/β within h.
        #expect(Swift.abs(slope - loss.gradient(prediction: r, target: 0)) < 4 * h)
      }
    }
  }

  /// “Strongly convex” log-cosh and squared ε-insensitive losses, “twice differentiable” kinks: what is claimed must hold.
  @Test func convexityIsNotOverstated() {
    #expect(PointwiseLoss.logCosh.traits?.convexity == .strict)
    #expect(PointwiseLoss.squaredEpsilonInsensitive().traits?.convexity == .convex)
    #expect(PointwiseLoss.modifiedHuber.traits?.classificationCalibrated == true)
    #expect(PointwiseLoss.smoothHinge().traits?.classificationCalibrated == true)
  }

  /// A weighted mean that divides by n·Σw instead of Σw.
  @Test func weightedMeanIsAMean() throws {
    let loss = PointwiseLoss.absoluteError
    #expect(try loss.mean(predictions: [1.0, 3], targets: [0, 0], weights: [3, 1]) == 1.5)
    #expect(try loss.mean(predictions: [2.0, 2, 2], targets: [0, 0, 0], weights: [5, 5, 5]) == 2)
  }

  /// Losses that divide by x², or square a great residual, are NaN or 0 far out.
  @Test func robustLossesOfHugeResiduals() throws {
    let robust: [PointwiseLoss] = [
      .pseudoHuber(), .fair(), .cauchy(), .studentT(), .gemanMcClure(), .welsch(), .tukey(), .barron(),
      .barron(alpha: 0),
      .barron(alpha: -2), .barron(alpha: -.infinity),
    ]
    for loss in robust {
      let single = try values(loss, [Float(1e38), -1e38, 1e20, 1e19], [0, 0, 0, 0])
      #expect((single.values + single.gradient + single.curvature).allSatisfy { $0.isFinite }, "\(loss.name)")
      let double = try values(loss, [1e307, -1e307, 1e155], [0, 0, 0])
      #expect((double.values + double.gradient + double.curvature).allSatisfy { $0.isFinite }, "\(loss.name)")
    }
  }

  /// Angles of 359° and 1° are 2° apart, to the last digit.
  @Test func anglesAreWrappedExactly() throws {
    let loss = PointwiseLoss.periodic(period: 360)
    let result = try values(loss, [359.0, 2, 722], [1, 0, 0])
    #expect(result.values[0] == result.values[1] && result.values[2] == result.values[1])
    #expect(result.gradient[0] == -result.gradient[1] && result.gradient[2] == result.gradient[1])
  }
}
