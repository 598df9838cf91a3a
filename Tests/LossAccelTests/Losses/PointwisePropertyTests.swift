import LossAccel
import TestSupport
import Testing

/// What must hold for every loss of the catalogue, whatever it computes.
struct PointwisePropertyTests {
  /// The usual samples and those at which bounds are reached: targets 0 and 1, far and near predictions.
  private static func extremes(_ loss: PointwiseLoss) -> [(prediction: Double, target: Double)] {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 4000, seed: 4)
    var samples = Array(zip(p, t).map { (prediction: $0, target: $1) })
    let targets = [0.0, 1].filter { loss.targetDomain?.contains($0) ?? true }
    for k in -400...400 {
      for target in targets {
        // Steps of 1/64 around the target and around 0, and ever greater distances from the target.
        samples += [(Double(k) / 64, target), (target + Double(k) / 64, target)]
        samples.append((target + Double(k).magnitude * Double(k) / 64, target))
      }
    }
    // Close to the ends of the domain, but not at them, where a loss may be infinite.
    for end in [loss.predictionDomain?.lowerBound, loss.predictionDomain?.upperBound].compactMap(\.self) {
      for target in targets { samples += [1e-3, -1e-3].map { (end + $0, target) } }
    }
    return samples.filter { loss.predictionDomain?.contains($0.prediction) ?? true }
  }

  @Test(arguments: LossCatalogue.all) func gradientIsTheSlopeOfTheValue(_ loss: PointwiseLoss) {
    // The symmetric difference is off by the third derivative times h²/6, plus rounding ε/h: about 1e-10 with h = 1e-5.
    let h = 1e-5
    let (predictions, targets): ([Double], [Double]) = LossBatch.random(loss, count: 200)
    for (p, t) in zip(predictions, targets) {
      let slope = (loss.value(prediction: p + h, target: t) - loss.value(prediction: p - h, target: t)) / (2 * h)
      let bend = (loss.gradient(prediction: p + h, target: t) - loss.gradient(prediction: p - h, target: t)) / (2 * h)
      let kink = loss.curvature(prediction: p + h, target: t) != loss.curvature(prediction: p - h, target: t)
      let scale = 1 + Swift.abs(loss.curvature(prediction: p, target: t))
      #expect(Swift.abs(slope - loss.gradient(prediction: p, target: t)) <= 1e-7 * scale * scale, "at \(p), \(t)")
      if !kink || loss.traits?.differentiability ?? .smooth > .once {
        #expect(Swift.abs(bend - loss.curvature(prediction: p, target: t)) <= 1e-5 * scale * scale, "at \(p), \(t)")
      }
    }
  }

  @Test(arguments: LossCatalogue.all) func statedDerivativesAreTheDerivedOnes(_ loss: PointwiseLoss) {
    let derived = PointwiseLoss(loss.name) { _, _ in loss.formula }
    let (predictions, targets): ([Double], [Double]) = LossBatch.random(loss, count: 200)
    for (p, t) in zip(predictions, targets) {
      let gradient = loss.gradient(prediction: p, target: t)
      let curvature = loss.curvature(prediction: p, target: t)
      // The derived form may cancel; the terms that do are at most 1/(distance to the domain's boundary) each.
      #expect(Swift.abs(derived.gradient(prediction: p, target: t) - gradient) <= 1e-13 * (20 + Swift.abs(gradient)))
      #expect(
        Swift.abs(derived.curvature(prediction: p, target: t) - curvature) <= 1e-12 * (400 + Swift.abs(curvature)))
    }
  }

  @Test(arguments: LossCatalogue.all) func allCallsAgree(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 1037)
    let values = try loss.values(predictions: p, targets: t)
    var gradient = p
    var curvature = p
    var gradientAlone = p
    let sum = try loss.sum(predictions: p, targets: t, gradient: &gradient, curvature: &curvature)
    let sumWithGradient = try loss.sum(predictions: p, targets: t, gradient: &gradientAlone)
    #expect(try loss.sum(predictions: p, targets: t) == sum)
    #expect(sumWithGradient == sum)
    // Which products a sum swallows depends on what else is computed: that changes the last bits, of terms of order 1.
    #expect(zip(gradient, gradientAlone).allSatisfy { ulpDistance($0, $1) <= 2 || Swift.abs($0 - $1) < 1e-15 })
    // Exactly rounded sum of the elements, in twice the precision.
    let exact = values.reduce(Float80(0)) { $0 + Float80($1) }
    #expect(ulpDistance(sum, Double(exact)) <= 2)
    let mean = try loss.mean(predictions: p, targets: t)
    #expect(ulpDistance(mean, Double(exact / 1037)) <= 2)
    for i in stride(from: 0, to: p.count, by: 97) {
      // Where terms of order 1 cancel, the distance is one in their last places.
      let (value, bend) = (loss.value(prediction: p[i], target: t[i]), loss.curvature(prediction: p[i], target: t[i]))
      #expect(ulpDistance(values[i], value) <= 8 || Swift.abs(values[i] - value) < 1e-15)
      #expect(ulpDistance(curvature[i], bend) <= 8 || Swift.abs(curvature[i] - bend) < 1e-15)
    }
  }

  /// Gradient and curvature of single samples, by the kernels.
  private static func derivatives(
    _ loss: PointwiseLoss, _ samples: [(prediction: Double, target: Double)]
  ) throws -> (slopes: [Double], bends: [Double]) {
    var slopes = samples.map(\.prediction)
    var bends = slopes
    _ = try loss.sum(
      predictions: samples.map(\.prediction), targets: samples.map(\.target), gradient: &slopes, curvature: &bends)
    return (slopes, bends)
  }

  @Test(arguments: LossCatalogue.all) func traitsAreTrue(_ loss: PointwiseLoss) throws {
    let traits = try #require(loss.traits, "\(loss.name) states no traits")
    let samples = Self.extremes(loss)
    let (slopes, bends) = try Self.derivatives(loss, samples)
    let steepest = slopes.map { Swift.abs($0) }.max()!
    let (least, greatest) = (bends.min()!, bends.max()!)
    switch traits.convexity {
    case .unknown: Issue.record("\(loss.name) does not say how it bends")
    case .none: #expect(least < 0)
    case .convex: #expect(least == 0)
    // Positive as long as it can be told from 0.
    case .strict:
      // Normal tails and tails of e^(−e^η) are 0 in double precision from about 38 and 6.6 on, the others far beyond 300.
      let end: Double = loss.name == "probit" ? 37 : loss.name == "cloglog" ? 5 : 300
      #expect(zip(samples, bends).allSatisfy { $1 > 0 || $1 == 0 && Swift.abs($0.prediction - $0.target) > end })
    case .strong(let constant): #expect(least >= constant && least <= 1.001 * constant)
    }
    // A constant is an upper bound up to its rounding, and the samples come near it; where there is none, they exceed what others
    // have.
    let rounding = 1 + 1e-13
    // A sample of the negative binomial loss pulls and bends by at most its own target (or θ), of which there is no greatest.
    if loss.name == "negative-binomial" { return }
    if let bound = traits.lipschitzConstant {
      #expect(steepest <= bound * rounding && steepest > 0.99 * bound)
    } else {
      #expect(steepest > 10)
    }
    if let bound = traits.smoothness {
      #expect(greatest <= bound * rounding && greatest > 0.9 * bound)
    } else {
      #expect(greatest > 100 || traits.differentiability == LossTraits.Differentiability.none)
    }
    if traits.robustness == .redescending {
      let far = try Self.derivatives(loss, samples.map { ($0.target + 1e9, $0.target) }).slopes
      #expect(far.allSatisfy { Swift.abs($0) < 1e-3 * steepest })
    } else if traits.robustness == .bounded {
      #expect(traits.lipschitzConstant != nil)
    }
  }

  /// A kink is a jump of the gradient, and a loss that is differentiable once has none; twice, and the curvature has none.
  @Test(arguments: LossCatalogue.all) func differentiabilityIsTrue(_ loss: PointwiseLoss) throws {
    let traits = try #require(loss.traits)
    let differentiability = try #require(traits.differentiability, "\(loss.name) does not say how smooth it is")
    _ = try #require(traits.robustness, "\(loss.name) does not say how robust it is")
    let h = 1e-9
    var (kinks, jumps) = (0, 0)
    for target in [0.0, 1] where loss.targetDomain?.contains(target) ?? true {
      // The kinks of all losses of the catalogue lie at multiples of 1/64 (or of their parameters) from the target or from 0.
      let offsets =
        (-320...320).map { Double($0) / 64 } + loss.parameters.flatMap { [$0.value, -$0.value, 1 - $0.value] }
      for p in offsets + offsets.map({ $0 + target })
      where loss.predictionDomain.map({ $0.contains(p - 1e-3) && $0.contains(p + 1e-3) }) ?? true {
        let (slopes, bends) = try Self.derivatives(loss, [(p - h, target), (p + h, target)])
        let scale = 1 + Swift.abs(bends[0]) + Swift.abs(slopes[0])
        if Swift.abs(slopes[1] - slopes[0]) > 1e-3 * scale { kinks += 1 }
        if Swift.abs(bends[1] - bends[0]) > 1e-3 * scale { jumps += 1 }
      }
    }
    switch differentiability {
    case .none: #expect(kinks > 0)
    case .once: #expect(kinks == 0 && jumps > 0)
    case .twice, .smooth: #expect(kinks == 0 && jumps == 0)
    }
  }

  #if arch(x86_64)
    @Test(arguments: LossCatalogue.all) func kernelsAgreeWithTheFormulaInHigherPrecision(_ loss: PointwiseLoss) throws {
      let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 2000, seed: 9)
      var values = p
      var gradient = p
      var curvature = p
      try loss.values(
        predictions: p.span, targets: t.span, into: values.mutableSpan, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
      for i in p.indices {
        for (formula, actual) in [
          (loss.formula, values[i]), (loss.gradient, gradient[i]), (loss.curvature, curvature[i]),
        ] {
          let exact = formula.extended { input in input == .prediction(0) ? Float80(p[i]) : Float80(t[i]) }
          // Terms of order 1 to 400 (1/p² at the edge of the batch), or of the size of the prediction times the target, may cancel:
          // that bounds the error absolutely.
          let error = Double(Swift.abs(Float80(actual) - exact))
          let terms = (1 + Swift.abs(p[i])) * (1 + Swift.abs(t[i]))
          #expect(
            error <= 4 * Double(exact).ulp + 1e-15 * terms, "\(formula) at \(p[i]), \(t[i]): \(actual), not \(exact)")
        }
      }
    }
  #endif

  @Test(arguments: LossCatalogue.all) func everyLengthIsComputedLikeTheWhole(_ loss: PointwiseLoss) throws {
    let (p, t): ([Float], [Float]) = LossBatch.random(loss, count: 70)
    let all = try loss.values(predictions: p, targets: t)
    for count in 1...70 {
      // Starting at an odd place makes the reads unaligned.
      let start = 70 - count
      let part = try loss.values(predictions: Array(p[start...]), targets: Array(t[start...]))
      #expect(part == Array(all[start...]), "\(count) samples")
    }
  }

  @Test(arguments: LossCatalogue.all) func weightTwoIsTheRowTwice(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 300)
    let weights = (0..<300).map { Double($0 % 3) }
    let rows = (0..<300).flatMap { Array(repeating: $0, count: $0 % 3) }
    let weighted = try loss.mean(predictions: p, targets: t, weights: weights)
    let repeated = try loss.mean(predictions: rows.map { p[$0] }, targets: rows.map { t[$0] })
    #expect(ulpDistance(weighted, repeated) <= 4)
  }

  @Test(arguments: LossCatalogue.all) func weightZeroRemovesASample(_ loss: PointwiseLoss) throws {
    var (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 40)
    var weights = [Double](repeating: 1, count: 40)
    let without = try loss.sum(predictions: Array(p[1...]), targets: Array(t[1...]))
    (p[0], t[0], weights[0]) = (.nan, -7, 0)
    var gradient = p
    let with = try loss.sum(predictions: p, targets: t, weights: weights, gradient: &gradient)
    #expect(with == without || ulpDistance(with, without) <= 2)
    #expect(gradient[0] == 0)
  }

  @Test(arguments: LossCatalogue.all) func threadsDoNotChangeABit(_ loss: PointwiseLoss) throws {
    let (p, t): ([Float], [Float]) = LossBatch.random(loss, count: 140_001)
    let weights = (0..<140_001).map { Float($0 % 7) }
    var gradient = p
    let one = try Parallelism.withThreads(1) {
      try loss.mean(predictions: p, targets: t, weights: weights, gradient: &gradient)
    }
    for threads in [2, 5] {
      var other = p
      let mean = try Parallelism.withThreads(threads) {
        try loss.mean(predictions: p, targets: t, weights: weights, gradient: &other)
      }
      #expect(mean == one && other == gradient)
    }
  }

  @Test(arguments: LossCatalogue.all) func gradientOfTheMeanIsScaled(_ loss: PointwiseLoss) throws {
    let (p, t): ([Double], [Double]) = LossBatch.random(loss, count: 64)
    let weights = (0..<64).map { Double($0 % 5) }
    var ofSum = p
    var ofMean = p
    _ = try loss.sum(predictions: p, targets: t, weights: weights, gradient: &ofSum)
    _ = try loss.mean(predictions: p, targets: t, weights: weights, gradient: &ofMean)
    let total = weights.reduce(0, +)
    for i in 0..<64 { #expect(ulpDistance(ofMean[i], ofSum[i] / total) <= 2) }
  }

  @Test(arguments: LossCatalogue.all) func targetsOfEveryTypeAreRead(_ loss: PointwiseLoss) throws {
    let (p, _): ([Double], [Double]) = LossBatch.random(loss, count: 133)
    // Yes and no, or for losses of positive targets 1 and 2.
    let other = loss.targetDomain.map { $0.lowerBound > 0 } ?? false ? 2 : 0
    let ones = (0..<133).map { $0 % 3 == 0 }
    let numbers = ones.map { $0 ? 1 : other }
    let expected = try loss.mean(predictions: p, targets: numbers.map { Double($0) })
    if other == 0 { #expect(try loss.mean(predictions: p, targets: ones) == expected) }
    #expect(try loss.mean(predictions: p, targets: numbers.map { Float($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { Int8($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { Int16($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { Int32($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { UInt8($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { UInt16($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { UInt32($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { UInt64($0) }) == expected)
    #expect(try loss.mean(predictions: p, targets: numbers.map { Float16($0) }) == expected)
  }
}
