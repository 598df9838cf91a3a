import LossAccel
import TestSupport
import Testing

/// Every method, on every smooth objective, must come to the same minimum.
struct OptimizerAgreementTests {
  static let methods: [any Optimizer] = [
    NewtonMethod(), LBFGS(), LBFGS(memory: 5, isPreconditioned: true), TrustRegionNewton(), GradientDescent(),
    ProximalNewton(), AutomaticOptimizer(),
  ]

  static let losses: [PointwiseLoss] = LossCatalogue.all.filter { loss in
    guard let convexity = loss.traits?.convexity, convexity != .none else { return false }
    return loss.predictionDomain == nil && loss.traits?.smoothness != nil
  }

  static func objective(_ loss: PointwiseLoss, ridge: Double = 0.05) throws -> LinearObjective {
    var random = SeededGenerator(seed: 21)
    let (rows, columns) = (300, 5)
    let elements = (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &random) }
    let lowest = max(loss.targetDomain?.lowerBound ?? -2, -2)
    let highest = min(loss.targetDomain?.upperBound ?? 2, 2)
    let targets = (0..<rows).map { row in
      let share = 0.5 + 0.3 * elements[row * columns] - 0.2 * elements[row * columns + 1]
      return Double.random(in: 0...1, using: &random) < share ? highest : lowest
    }
    return try LinearObjective(
      features: FeatureMatrix(Matrix(rows: rows, columns: columns, elements: elements)), targets: targets, loss: loss,
      penalty: Penalty(ridge: .uniform(ridge)))
  }

  @Test(arguments: losses.map(\.name)) func methodsAgree(name: String) throws {
    let loss = try #require(Self.losses.first { $0.name == name })
    let objective = try Self.objective(loss)
    let reference = try NewtonMethod().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-12))
    #expect(reference.isConverged, "\(reference.stop)")
    // The curvature is at least the ridge.
    try requireAgreement(on: objective, with: reference, tolerance: 1e-7, curvature: 0.01)
  }

  @Test(arguments: 0..<methods.count) func sameBitsForAnyNumberOfThreads(number: Int) throws {
    let objective = try Self.objective(.binaryCrossEntropyFromLogits)
    func minimize() throws -> [Double] {
      try Self.methods[number].minimize(objective, from: nil, control: OptimizerControl(maximumIterations: 20)).point
    }
    let one = try Parallelism.withThreads(1, minimize)
    #expect(try Parallelism.withThreads(3, minimize) == one)
  }

  @Test func stochasticMethodsComeNear() throws {
    let objective = try Self.objective(.binaryCrossEntropyFromLogits)
    let reference = try NewtonMethod().minimize(objective)
    for rule in [StochasticMethod.Rule.adam, .momentum(0.9)] {
      let method = StochasticMethod(rule: rule, rate: 0.05, batchSize: 32, epochs: 60, seed: 1)
      let solution = try method.minimize(objective)
      #expect(solution.value <= reference.value + 1e-3)
      #expect(try method.minimize(objective).point == solution.point)
    }
  }

  @Test func batchesAddUpToTheWhole() throws {
    let objective = try Self.objective(.binaryCrossEntropyFromLogits)
    let point = [0.1, -0.3, 0.2, 0.4, -0.1, 0.05]
    let whole = try objective.evaluate(.gradient, at: point)
    let (first, second) = (
      try objective.evaluate(rows: 0..<150, at: point), try objective.evaluate(rows: 150..<300, at: point)
    )
    #expect(abs((first.value + second.value) / 2 - whole.value) <= 1e-14)
    for index in point.indices {
      #expect(abs((first.gradient[index] + second.gradient[index]) / 2 - whole.gradient[index]) <= 1e-14)
    }
  }

  @Test(arguments: [
    Penalty(lasso: 0.02), Penalty(ridge: 0.01, lasso: 0.05), Penalty(lasso: 10),
    Penalty(groups: [.init(columns: [0, 2], strength: 0.05), .init(columns: [1, 3, 4], strength: 0.1)]),
  ]) func kinksAreMinima(penalty: Penalty) throws {
    let smooth = try Self.objective(.binaryCrossEntropyFromLogits)
    let objective = try LinearObjective(
      features: smooth.features, targets: (0..<300).map { $0 * $0 % 7 < 3 ? 1.0 : 0 },
      loss: .binaryCrossEntropyFromLogits, penalty: penalty)
    let solution = try ProximalNewton().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-10))
    #expect(solution.isConverged, "\(solution.stop)")
    let (coefficients, intercept) = objective.coefficients(at: solution.point)
    // By the definition, and without the optimiser's own subgradient: no small move of any parameter lowers the sum.
    func value(_ coefficients: [Double], _ intercept: Double) throws -> Double {
      let loss = try objective.evaluate([], at: objective.point(coefficients: coefficients, intercept: intercept)).value
      let groups = penalty.groups.reduce(0) { sum, group in
        sum + group.strength * group.columns.reduce(0) { $0 + coefficients[$1] * coefficients[$1] }.squareRoot()
      }
      return loss + coefficients.indices.reduce(0) { $0 + penalty.lasso[$1] * abs(coefficients[$1]) } + groups
    }
    let best = try value(coefficients, intercept)
    #expect(abs(best - solution.value) <= 1e-13)
    for index in coefficients.indices {
      for move in [1e-4, -1e-4, 1e-2, -1e-2] {
        var moved = coefficients
        moved[index] += move
        #expect(try value(moved, intercept) >= best - 1e-13)
      }
    }
    #expect(try value(coefficients, intercept + 1e-3) >= best && value(coefficients, intercept - 1e-3) >= best)
    if penalty.lasso[0] == 10 { #expect(coefficients.allSatisfy { $0 == 0 }) }
  }
}
