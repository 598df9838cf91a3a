import LossAccel
import TestSupport
import Testing

/// Every method on every smooth loss of the catalogues, for objectives of one output, of several, and of several tasks.
struct EverySmoothLossTests {
  private static let names = SmoothLosses.pointwise.map(\.name)
  private static let namesOfRows = SmoothLosses.ofRows.map(\.name)

  /// What is left out is what says that it has kinks, and what takes probabilities.
  @Test func onlyKinksAreLeftOut() {
    for loss in LossCatalogue.all where !Self.names.contains(loss.name) {
      #expect(
        loss.traits?.differentiability == LossTraits.Differentiability.none || loss.predictionDomain != nil)
    }
    for loss in RowLossCatalogue.all where !Self.namesOfRows.contains(loss.name) {
      #expect(
        loss.traits.differentiability == LossTraits.Differentiability.none || loss.scores == .probabilities)
    }
    #expect(Self.names.count >= 30 && Self.namesOfRows.count >= 12)
  }

  @Test(arguments: names) func methodsAgreeOnLinearModels(name: String) throws {
    let objective = try SmoothLosses.linear(SmoothLosses.pointwise(named: name))
    try requireAgreement(objective, from: try SmoothLosses.start(objective))
  }

  @Test(arguments: names) func methodsAgreeOnSeveralTasks(name: String) throws {
    let objective = try SmoothLosses.twoTasks(SmoothLosses.pointwise(named: name))
    try requireAgreement(objective, from: try SmoothLosses.start(objective))
  }

  @Test(arguments: namesOfRows) func methodsAgreeOnSeveralOutputs(name: String) throws {
    let objective = try SmoothLosses.outputs(SmoothLosses.ofRows(named: name))
    try requireAgreement(objective, from: objective.startingPoint)
  }

  @Test(arguments: names) func derivativesOfLinearModels(name: String) throws {
    let objective = try SmoothLosses.linear(SmoothLosses.pointwise(named: name))
    try requireDerivatives(objective, at: moved(try SmoothLosses.start(objective)))
  }

  @Test(arguments: names) func derivativesOfSeveralTasks(name: String) throws {
    let objective = try SmoothLosses.twoTasks(SmoothLosses.pointwise(named: name))
    try requireDerivatives(objective, at: moved(try SmoothLosses.start(objective)))
  }

  @Test(arguments: namesOfRows) func derivativesOfSeveralOutputs(name: String) throws {
    let objective = try SmoothLosses.outputs(SmoothLosses.ofRows(named: name))
    try requireDerivatives(objective, at: moved(objective.startingPoint))
  }

  @Test(arguments: names) func sameBitsForAnyNumberOfThreads(name: String) throws {
    let loss = SmoothLosses.pointwise(named: name)
    let linear = try SmoothLosses.linear(loss, rows: 3000)
    try requireSameBits(linear, at: moved(try SmoothLosses.start(linear)))
    let tasks = try SmoothLosses.twoTasks(loss, rows: 3000)
    try requireSameBits(tasks, at: moved(try SmoothLosses.start(tasks)))
  }

  @Test(arguments: namesOfRows) func sameBitsForAnyNumberOfThreadsAndOutputs(name: String) throws {
    let objective = try SmoothLosses.outputs(SmoothLosses.ofRows(named: name), rows: 3000)
    try requireSameBits(objective, at: moved(objective.startingPoint))
  }

  /// Mini-batches come near.
  @Test(arguments: names) func stochasticMethodsComeNear(name: String) throws {
    let objective = try SmoothLosses.linear(SmoothLosses.pointwise(named: name))
    let start = try SmoothLosses.start(objective)
    let minimum = try NewtonMethod().minimize(objective, from: start, control: OptimizerControl()).value
    let first = try objective.evaluate([], at: start).value
    for rule in [StochasticMethod.Rule.adam, .momentum(0.9)] {
      let method = StochasticMethod(rule: rule, rate: 0.01, batchSize: 30, epochs: 60, seed: 1)
      let value = try method.minimize(objective, from: start, control: OptimizerControl()).value
      #expect(value - minimum <= 0.05 * (first - minimum) + 2e-3, "\(method.name)")
    }
  }
}

extension EverySmoothLossTests {
  private func moved(_ point: [Double]) -> [Double] {
    point.enumerated().map { $1 + 0.02 * Double($0 * 3 % 7 - 3) }
  }

  /// The same point from every method, never uphill.
  private func requireAgreement(_ objective: some Objective, from start: [Double]) throws {
    let reference = try NewtonMethod().minimize(
      objective, from: start, control: OptimizerControl(gradientTolerance: 1e-12))
    #expect(reference.isConverged, "\(reference.stop)")
    // The curvature is not much smaller than the ridge's.
    try LossAccelTests.requireAgreement(
      on: objective, with: reference, from: start, tolerance: 1e-8, curvature: 0.001, steepestExcess: 1e-4)
  }

  /// Gradient and Hessian against central differences, products against the Hessian.
  private func requireDerivatives(_ objective: some Objective, at point: [Double]) throws {
    let evaluation = try objective.evaluate([.gradient, .hessian], at: point)
    let hessian = try #require(evaluation.hessian)
    let size = 1 + abs(evaluation.value) + hessian.elements.reduce(0) { max($0, abs($1)) }
    let direction = point.indices.map { Double($0 * 5 % 9 - 4) / 4 }
    let product = try objective.curvatureProduct(
      direction, at: objective.evaluate([.gradient, .curvature], at: point))
    try LossAccelTests.requireDerivatives(
      of: objective, at: evaluation, by: point.indices, gradientBound: 1e-8 * size, hessianBound: 1e-7 * size)
    for index in point.indices {
      let expected = zip(hessian.row(index), direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(product[index] - expected) <= 1e-13 * size * Double(point.count))
    }
  }

  private func requireSameBits(_ objective: some Objective, at point: [Double]) throws {
    func evaluate() throws -> [UInt64] {
      let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
      let numbers =
        try [evaluation.value] + evaluation.gradient + (evaluation.hessian?.elements ?? [])
        + objective.curvatureProduct(point, at: evaluation)
      return numbers.map(\.bitPattern)
    }
    let one = try Parallelism.withThreads(1, evaluate)
    for threads in [2, 3] { #expect(try Parallelism.withThreads(threads, evaluate) == one) }
  }
}
