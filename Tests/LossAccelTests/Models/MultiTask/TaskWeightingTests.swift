import Foundation
import LossAccel
import TestSupport
import Testing

/// The weightings' functions against 50 digits, and the null losses against what is known of them.
struct TaskWeightingTests {
  static func named(_ name: String) -> any TaskWeighting {
    let all: [any TaskWeighting] = [
      FixedWeighting([0.5, 2, 0.25]), GeometricWeighting(), UncertaintyWeighting(), LearnedUncertaintyWeighting(),
    ]
    return all.first { $0.name == name }!
  }

  @Test(arguments: MultiTaskReferences.known.weightings.indices) func valuesAndDerivatives(number: Int) throws {
    let known = MultiTaskReferences.known.weightings[number]
    let weighting = Self.named(known.name)
    let found = try weighting.combine(known.losses, parameters: known.parameters)
    // A dozen operations, logarithms and exponentials of the C library among them.
    let tolerance = 16 * Double.ulpOfOne
    #expect(abs(found.value - known.value) <= tolerance * (1 + abs(known.value)))
    #expect(found.gradient.count == known.gradient.count)
    for (value, expected) in zip(found.gradient, known.gradient) {
      #expect(abs(value - expected) <= tolerance * (0.5 + abs(expected)))
    }
    let bend = found.curvature?.elements ?? [Double](repeating: 0, count: known.curvature.count)
    #expect(bend.count == known.curvature.count)
    for (value, expected) in zip(bend, known.curvature) {
      #expect(abs(value - expected) <= tolerance * (0.5 + abs(expected)), "\(known.name)")
    }
  }

  @Test func edges() throws {
    // Fixed weights of 0 leave a task out, even if its loss is infinite; the product of many losses neither overflows nor vanishes.
    #expect(try FixedWeighting([0, 1]).combine([.infinity, 3], parameters: []).value == 3)
    let large = try GeometricWeighting().combine([1e300, 1e300, 1e-300], parameters: [])
    #expect(abs(large.value / 1e100 - 1) <= 1e-12)
    #expect(try UncertaintyWeighting().combine([0, 1], parameters: []).value == -.infinity)
    #expect(throws: TaskWeightingError(weighting: "uncertainty", task: 1, loss: -1)) {
      try UncertaintyWeighting().combine([2, -1], parameters: [])
    }
    #expect(try LearnedUncertaintyWeighting().combine([2, -1], parameters: [0, 0]).value == 0.5)
  }

  @Test(arguments: MultiTaskReferences.known.averages.indices) func dynamicAverages(number: Int) throws {
    let known = MultiTaskReferences.known.averages[number]
    let average = DynamicWeightAverage(temperature: known.temperature)
    let weights = try average.weights(after: known.rounds)
    for (weight, expected) in zip(weights, known.weights) {
      #expect(abs(weight / expected - 1) <= 16 * Double.ulpOfOne)
    }
    #expect(abs(weights.reduce(0, +) - Double(weights.count)) <= 1e-15 * 4)
    #expect(try average.weights(after: [known.rounds[0]]) == [Double](repeating: 1, count: weights.count))
    #expect(throws: TaskWeightingError(weighting: "dynamic weight average", task: 0, loss: 0)) {
      try average.weights(after: [[0, 1], [1, 1]])
    }
  }

  @Test func alternationFollowsTheAverages() throws {
    let objective = try MultiTaskProblem().objective()
    let search = AlternatingTaskSearch(weighting: DynamicWeightAverage(), rounds: 4, iterationsPerRound: 2)
    let course = try search.minimize(objective)
    #expect(course.weights.count == 4 && course.losses.count == 5)
    for round in 0..<4 {
      #expect(try DynamicWeightAverage().weights(after: Array(course.losses[...round])) == course.weights[round])
    }
    let end = try objective.with(weighting: FixedWeighting(course.weights[3]))
      .evaluate(.gradient, at: course.solution.point)
    #expect(end.value == course.solution.value)
    #expect(objective.losses(at: try objective.evaluate([], at: course.solution.point)) == course.losses[4])
  }

  /// The best constants of losses that are known in closed form, and of others by trying constants beside them.
  @Test func nullLosses() throws {
    let (targets, weights) = ([0.0, 1, 1, 4, 2, 1, 0, 3], [1.0, 2, 0, 1, 1, 3, 1, 0.5])
    let total = weights.reduce(0, +)
    func mean(_ value: (Double) -> Double) -> Double {
      zip(weights, targets).reduce(0) { $0 + $1.0 * value($1.1) } / total
    }
    let features = FeatureMatrix(Matrix<Double>(rows: 8, columns: 1, elements: targets.map { $0 * 0.3 }))
    func null(_ loss: PointwiseLoss, _ targets: [Double], offsets: [Double]? = nil) throws -> Double {
      let head = TaskHead("it", loss: loss, targets: targets, weights: weights, offsets: offsets)
      return try MultiTaskObjective(features: features, heads: [head]).nullLosses()[0]
    }
    let middle = mean { $0 }
    #expect(abs(try null(.squaredError, targets) - mean { ($0 - middle) * ($0 - middle) }) <= 1e-15)
    // The weighted median is 1.
    #expect(abs(try null(.absoluteError, targets) - mean { abs($0 - 1) }) <= 1e-15)
    let answers = targets.map { $0 > 1 ? 1.0 : 0 }
    let share = zip(weights, answers).reduce(0) { $0 + $1.0 * $1.1 } / total
    let entropy = -share * log(share) - (1 - share) * log(1 - share)
    #expect(abs(try null(.binaryCrossEntropyFromLogits, answers) - entropy) <= 1e-15)
    // All the same: nothing to learn.
    #expect(try null(.squaredError, [Double](repeating: 2, count: 8)) == 0)
    #expect(try null(.binaryCrossEntropyFromLogits, [Double](repeating: 1, count: 8)) <= 1e-300)
    #expect(abs(try null(.squaredError, targets, offsets: targets)) == 0)
    for loss in [PointwiseLoss.huber(delta: 0.5), .logCosh, .pinball(tau: 0.3), .brier] {
      let own = loss.predictionDomain == nil ? targets : answers
      let found = try null(loss, own)
      for constant in stride(from: 0.0, through: 1, by: 1 / 64) {
        let value = zip(weights, own).reduce(0.0) {
          $0 + ($1.0 == 0 ? 0 : $1.0 * loss.value(prediction: constant, target: $1.1))
        }
        #expect(found <= value / total + 1e-15, "\(loss.name)")
      }
    }
    let objective = try MultiTaskProblem(weighting: NullLossWeighting()).objective()
    let evaluation = try objective.evaluate([], at: objective.startingPoint)
    for (weight, loss) in zip(objective.weights(at: evaluation), try objective.nullLosses()) {
      #expect(weight == 1 / loss)
    }
    let constant = TaskHead("constant", loss: .squaredError, targets: [Double](repeating: 2, count: 8))
    let idle = try MultiTaskObjective(features: features, heads: [constant], weighting: NullLossWeighting())
    #expect(idle.weights(at: try idle.evaluate([], at: idle.startingPoint)) == [0])
  }
}
