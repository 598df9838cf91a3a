import Foundation
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

  /// A focal loss of logits that takes a sigmoid and clips it at 1e-7 has no gradient from a logit of 17 on, and neither has cross-entropy.
  @Test(arguments: [Float(16), 17, 18, 25]) func focalLossJustBeyondTheClip(_ logit: Float) throws {
    // 0.75·σ(z)²·(2·σ(−z)·ζ(z) + σ(z)) with ζ(z) = log(1 + e^z), in double.
    let z = Double(logit), rest = exp(-z) / (1 + exp(-z)), share = 1 / (1 + exp(-z)), cost = z + log(1 + exp(-z))
    let result = try values(.focal(gamma: 2, alpha: 0.25), [logit], [0])
    #expect(ulpDistance(result.gradient[0], Float(0.75 * share * share * (2 * rest * cost + share))) <= 4)
    #expect(ulpDistance(result.values[0], Float(0.75 * share * share * cost)) <= 4)
    let rows = Matrix<Float>([[logit, 0]])
    var gradient = rows
    let sum = try RowLoss.focal(gamma: 2).sum(scores: rows, labels: [1], gradient: &gradient)
    #expect(ulpDistance(Float(sum), Float(share * share * cost)) <= 4)
    #expect(ulpDistance(gradient[0, 0], Float(share * share * (2 * rest * cost + share))) <= 4)
    #expect(ulpDistance(gradient[0, 1], -gradient[0, 0]) <= 4)
  }

  /// Cross-entropy of probabilities that clips them at 1e-7, or its value at 100, has neither slope nor value where it is wrong the most.
  @Test func crossEntropyOfTinyProbabilities() throws {
    for p in [Float(1e-8), 1e-12, 1e-30, .leastNonzeroMagnitude] {
      let result = try values(.binaryCrossEntropy, [p], [1])
      #expect(ulpDistance(result.values[0], Float(-log(Double(p)))) <= 2)
      #expect(ulpDistance(result.gradient[0], Float(-1 / Double(p))) <= 2)
      #expect(result.curvature[0] > 0)
    }
    let edges = try values(.binaryCrossEntropy, [Float(0), 1, 0, 1], [1, 0, 0, 1])
    #expect(edges.values == [.infinity, .infinity, 0, 0])
    var gradient = Matrix<Float>([[1e-30, 1]])
    let sum = try RowLoss.crossEntropy.sum(scores: gradient, labels: [0], gradient: &gradient)
    #expect(ulpDistance(Float(sum), Float(-log(Double(Float(1e-30))))) <= 2)
    #expect(ulpDistance(gradient[0, 0], Float(-1 / Double(Float(1e-30)))) <= 2)
  }

  /// Divergences of clipped amounts: a target of 0 counts as 1e-7, and tiny ones not at all.
  @Test func divergencesOfTinyAmounts() throws {
    let result = try values(.generalizedKullbackLeibler, [1e-9, 3, 1e-300], [1e-12, 0, 1e-290])
    // y·log(y/μ) − y + μ.
    let first = 1e-12 * log(1e-3) - 1e-12 + 1e-9, last = 1e-290 * (10 * log(10.0) - 1) + 1e-300
    #expect(Swift.abs(result.values[0] - first) <= 4 * first.ulp && result.values[1] == 3)
    #expect(Swift.abs(result.values[2] - last) <= 4 * last.ulp)
    #expect(result.gradient[1] == 1 && Swift.abs(result.gradient[0] - 0.999) <= 4 * (0.999).ulp)
    let plain = try values(.kullbackLeibler, [Float(1e-20), 0.5], [1e-10, 0])
    #expect(
      ulpDistance(plain.values[0], Float(Double(Float(1e-10)) * log(Double(Float(1e-10)) / Double(Float(1e-20))))) <= 2)
    #expect(plain.values[1] == 0 && plain.gradient[1] == 0)
    // Counts of 0 and far below 1e-7 on the logarithmic scale.
    let counts = try values(.poisson, [-30.0, -30, -800], [0, 1e-9, 0])
    #expect(ulpDistance(counts.values[0], exp(-30)) <= 2 && counts.values[2] == 0)
    #expect(Swift.abs(counts.gradient[1] - (exp(-30) - 1e-9)) <= 1e-24)
  }

  /// A row whose maximum is searched from the smallest positive number on is 0/0 where all its scores lie below −104.
  @Test(arguments: RowLossCatalogue.all.filter { $0.scores != .probabilities })
  func rowsOfVeryNegativeScores(_ loss: RowLoss) throws {
    // One against all others are of each score by itself, and not of differences.
    guard loss.name != "one-versus-all", loss.name != "capped-cross-entropy" else { return }
    // As many classes as shares of 1 add up to exactly.
    for classes in [4, 64] {
      let scores = Matrix<Float>(rows: 1, columns: classes) { Float($1 % 7) * 0.5 }
      let low = Matrix<Float>(rows: 1, columns: classes) { scores[$0, $1] - 4096 }
      var (expected, gradient) = (scores, low)
      // Not 0 anywhere: the reverse divergence is then finite.
      let targets = Matrix<Float>(rows: 1, columns: classes) { _, _ in 1 / Float(classes) }
      let value: Double, shifted: Double
      if loss.targets.contains(.distributions) {
        value = try loss.sum(scores: scores, targets: targets, gradient: &expected)
        shifted = try loss.sum(scores: low, targets: targets, gradient: &gradient)
      } else {
        value = try loss.sum(scores: scores, labels: [1], gradient: &expected)
        shifted = try loss.sum(scores: low, labels: [1], gradient: &gradient)
      }
      #expect(Swift.abs(shifted - value) <= 1e-5 * max(1, Swift.abs(value)), "\(loss.name)")
      for k in 0..<classes { #expect(Swift.abs(gradient[0, k] - expected[0, k]) <= 1e-6, "\(loss.name)") }
    }
  }

  /// A multinomial “Hessian” that is its diagonal: classes bend together.
  @Test func curvatureOfClassesIsAMatrix() throws {
    let scores = Matrix<Double>([[0, log(2), log(5)]]), q = [0.125, 0.25, 0.625]
    let curvatures = [
      try SoftmaxCrossEntropy().curvature(of: .sum, logits: scores, labels: [1]).hessian(ofRow: 0),
      try RowLoss.softmaxCrossEntropy.curvature(of: .sum, scores: scores, labels: [1]).hessian(ofRow: 0),
    ]
    for hessian in curvatures {
      for i in 0..<3 {
        for j in 0..<3 { #expect(Swift.abs(hessian[i, j] - (i == j ? q[i] : 0) + q[i] * q[j]) <= 1e-16) }
      }
    }
  }

  /// A cosine loss with the sign of the similarity, so that minimising it drives pairs apart that belong together.
  @Test func cosineLossBringsPairsTogether() throws {
    let first = Matrix<Double>([[3, 4], [3, 4], [3, 4]]), second = Matrix<Double>([[6, 8], [-8, 6], [-3, -4]])
    #expect(try PairLoss.cosine().mean(first: Matrix([[3, 4]]), second: Matrix([[6, 8]]), labels: [1]) < 1e-30)
    #expect(try Swift.abs(PairLoss.cosine().sum(first: first, second: second, labels: [1, 1, 1]) - 3) < 2e-15)
    var (g, h) = (first, second)
    _ = try PairLoss.cosine().sum(
      first: first, second: second, labels: [1, 1, 1], firstGradient: &g, secondGradient: &h)
    let nearer = Matrix<Double>(rows: 3, columns: 2) { first[$0, $1] - 0.1 * g[$0, $1] }
    #expect(try PairLoss.cosine().sum(first: nearer, second: second, labels: [1, 1, 1]) < 3)
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
    #expect(PointwiseLoss.poisson.traits?.convexity == .strict)
    #expect(PointwiseLoss.modifiedHuber.traits?.classificationCalibrated == true)
    #expect(PointwiseLoss.smoothHinge().traits?.classificationCalibrated == true)
  }

  /// A weighted mean that divides by n·Σw instead of Σw.
  @Test func weightedMeanIsAMean() throws {
    let loss = PointwiseLoss.absoluteError
    #expect(try loss.mean(predictions: [1.0, 3], targets: [0, 0], weights: [3, 1]) == 1.5)
    #expect(try loss.mean(predictions: [2.0, 2, 2], targets: [0, 0, 0], weights: [5, 5, 5]) == 2)
    let rows = Matrix<Double>([[0, 0.5], [0.25, 0]])
    #expect(
      try RowLoss.brierOfProbabilities.mean(scores: rows, labels: [1, 0], weights: [6, 2]) == (6 * 0.25 + 2 * 0.5625)
        / 8)
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
