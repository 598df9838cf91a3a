import LossAccel
import TestSupport
import Testing

/// Where searches for any loss begin: losses with little curvature, or none, far from the targets must still find their minima.
struct LinearModelStartTests {
  /// Losses of the difference between target and prediction.
  private static let ofResiduals = SmoothLosses.pointwise.filter {
    $0.targetDomain == nil && $0.predictionDomain == nil && $0.traits?.link == .identity
      && $0.traits?.elicits != .circularMean
  }.map(\.name)

  private static let matrix = SmoothLosses.matrix(rows: 300)
  private static func targets(shift: Double, size: Double = 1) -> [Double] {
    var random = SeededGenerator(seed: 31)
    return (0..<300).map { row in
      // Some rows are far off.
      let noise = Double.random(in: -1...1, using: &random) * (row % 25 == 0 ? 20 : 0.5)
      return shift + size * (2 * matrix[row, 0] - matrix[row, 1] + 0.5 * matrix[row, 3] + noise)
    }
  }

  @Test func thereAreSuchLosses() { #expect(Self.ofResiduals.count >= 14, "\(Self.ofResiduals)") }

  /// Another zero of the targets' scale moves the intercept and nothing else.
  @Test(arguments: ofResiduals, [300.0, -1e5]) func shiftsMoveTheIntercept(name: String, shift: Double) throws {
    let loss = SmoothLosses.pointwise(named: name)
    let control = OptimizerControl(gradientTolerance: 1e-10)
    func fit(_ shift: Double, offsets: [Double]? = nil) throws -> LinearModel {
      try LinearModel.fit(
        features: Self.matrix, targets: Self.targets(shift: shift), loss: loss, offsets: offsets, control: control)
    }
    let (plain, shifted) = (try fit(0), try fit(shift))
    #expect(shifted.coefficients.contains { abs($0) > 0.1 })
    // Shifted targets are rounded, to a unit of 1e5 in the last place.
    #expect(distance(shifted.coefficients, plain.coefficients) <= 1e-8)
    #expect(abs(shifted.intercept - shift - plain.intercept) <= 1e-8)
    #expect(abs(shifted.loss - plain.loss) <= 1e-9 * (1 + plain.loss))
    #expect(shifted.iterations <= plain.iterations + 10)
    // Offsets are as good as another zero.
    let offset = try fit(shift, offsets: [Double](repeating: shift, count: 300))
    #expect(distance(offset.coefficients, plain.coefficients) <= 1e-8)
  }

  /// Rows far off have little say in losses that go back to no slope: the coefficients are near those that made the others.
  @Test(arguments: ["tukey", "welsch", "geman-mcclure", "cauchy"]) func outliersAreLeftOut(name: String) throws {
    let model = try LinearModel.fit(
      features: Self.matrix, targets: Self.targets(shift: 60), loss: SmoothLosses.pointwise(named: name))
    // Noise of 0.3 of 288 rows.
    #expect(distance(model.coefficients, [2, -1, 0, 0.5, 0]) <= 0.15)
    #expect(abs(model.intercept - 60) <= 0.1)
  }

  /// Losses of two classes that are not convex, some without curvature where coefficients are 0.
  @Test func classesAreToldApart() throws {
    let losses = SmoothLosses.pointwise.filter {
      $0.targetDomain == 0...1 && $0.traits?.convexity == LossTraits.Convexity.none
    }
    #expect(losses.count >= 3)
    let answers = SmoothLosses.targets(.binaryCrossEntropyFromLogits, Self.matrix)
    for loss in losses {
      let model = try LinearModel.fit(
        features: Self.matrix, targets: answers, loss: loss, penalty: Penalty(ridge: 0.001))
      let right = zip(try model.predict(Self.matrix), answers).count { ($0 > 0) == ($1 == 1) }
      #expect(right >= 240, "\(loss.name): \(right) of 300")
      // From where binary cross-entropy ends one step is nearly all that is left of the way from 0. The focal loss counts the classes otherwise.
      if loss.name == PointwiseLoss.focal().name { continue }
      let first = try LinearModel.fit(
        features: Self.matrix, targets: answers, loss: loss, penalty: Penalty(ridge: 0.001),
        control: OptimizerControl(progress: { _ in false }))
      let zero = try loss.mean(predictions: [Double](repeating: 0, count: 300), targets: answers)
      let (end, after) = (model.loss + model.penaltyValue, first.loss + first.penaltyValue)
      #expect(first.stop == .interrupted && first.iterations == 1)
      #expect(
        after - end <= 0.05 * (zero - end), "\(loss.name): \(after) after a step, \(end) at the end, \(zero) at 0")
    }
  }

  @Test func flatLossesAreErrors() throws {
    for name in ["tukey", "welsch"] {
      let result = Result { () throws(ModelError) in
        try LinearModel.fit(
          features: Self.matrix, targets: Self.targets(shift: 5, size: 1e7), loss: SmoothLosses.pointwise(named: name))
      }
      guard case .failure(.lossIsFlat(name)) = result else {
        Issue.record("\(name) is not refused")
        continue
      }
    }
    // The same with a scale of its own.
    let scaled = try LinearModel.fit(
      features: Self.matrix, targets: Self.targets(shift: 5, size: 1e7), loss: .tukey(cutoff: 4.685e7))
    #expect(scaled.coefficients[0] > 1.5e7)
  }

  /// Predictions that must be positive, or probabilities, start inside of their domain.
  private static let domains = LossCatalogue.all.filter {
    // The plain divergence falls without end.
    $0.predictionDomain != nil && $0.traits?.differentiability != LossTraits.Differentiability.none && $0.name != "kl"
  }.map(\.name)

  @Test(arguments: domains)
  func domainsAreStartedInside(name: String) throws {
    let loss = try LossCatalogue.loss(named: name)
    let targets = SmoothLosses.targets(loss, Self.matrix)
    let objective = try LinearObjective(features: FeatureMatrix(Self.matrix), targets: targets, loss: loss)
    let start = objective.coefficients(at: objective.startingPoint)
    #expect(start.columns.allSatisfy { $0 == 0 } && loss.predictionDomain!.contains(start.intercept))
    let model = try LinearModel.fit(features: Self.matrix, targets: targets, loss: loss)
    let predictions = try model.predict(Self.matrix)
    var slopes = predictions
    _ = try loss.mean(predictions: predictions, targets: targets, gradient: &slopes)
    for column in 0..<Self.matrix.columns {
      #expect(abs(slopes.indices.reduce(0) { $0 + slopes[$1] * Self.matrix[$1, column] }) <= 1e-6)
    }
  }

  @Test func otherLossesStartAtZero() throws {
    let answers = Self.targets(shift: 0).map { $0 > 0 ? 1.0 : 0 }
    let logistic = try LinearObjective(
      features: FeatureMatrix(Self.matrix), targets: answers, loss: .binaryCrossEntropyFromLogits)
    #expect(logistic.startingPoint.allSatisfy { $0 == 0 })
    let own = try LinearObjective(
      features: FeatureMatrix(Self.matrix), targets: Self.targets(shift: 50),
      loss: PointwiseLoss("own") { square($0 - $1) })
    #expect(own.startingPoint.allSatisfy { $0 == 0 })
    // Rows without weight have no say.
    var (targets, weights) = (Self.targets(shift: 50), [Double](repeating: 1, count: 300))
    for row in 0..<200 { (targets[row], weights[row]) = (.nan, 0) }
    let some = try LinearObjective(
      features: FeatureMatrix(Self.matrix), targets: targets, loss: .logCosh, weights: weights)
    #expect(abs(some.coefficients(at: some.startingPoint).intercept - 50) < 2)
    let constant = try LinearObjective(
      features: FeatureMatrix(Self.matrix), targets: Self.targets(shift: 50), loss: .logCosh, intercept: false)
    #expect(constant.startingPoint.allSatisfy { $0 == 0 })
  }
}
