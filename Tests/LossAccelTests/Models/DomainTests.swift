import LossAccel
import TestSupport
import Testing

/// Losses that take predictions of a range only: a step out of it is shortened, and a start outside is an error.
struct DomainTests {
  struct Problem: Decodable, Sendable, CustomTestStringConvertible {
    var loss: String
    var features: [[Double]]
    var targets: [Double]
    /// The intercept's first.
    var coefficients: [Double]

    var testDescription: String { loss }
    var matrix: Matrix<Double> { Matrix(features) }
  }

  static let problems: [Problem] = decodedReference("Models/domains.json")

  /// Steepest descent takes 2000 to 6000 steps on the Itakura–Saito problem: how many, hangs on the last bits.
  private static let control = OptimizerControl(gradientTolerance: 1e-9, maximumIterations: 20_000)

  /// A whole Newton step from the start leads out of the domain, as the script that made the problems has made sure.
  @Test(arguments: problems) func minimaAreThoseOfScipy(problem: Problem) throws {
    let loss = try LossCatalogue.loss(named: problem.loss)
    try requireMinima(of: problem, loss)
  }

  private func requireMinima(of problem: Problem, _ loss: PointwiseLoss) throws {
    for method in OptimizerAgreementTests.methods {
      let model = try LinearModel.fit(
        features: problem.matrix, targets: problem.targets, loss: loss, optimizer: method, control: Self.control)
      #expect(
        distance([model.intercept] + model.coefficients, problem.coefficients) <= 1e-6 * norm(problem.coefficients),
        "\(method.name)")
    }
  }

  @Test(arguments: problems) func stepsThereLeadOutOfTheDomain(problem: Problem) throws {
    let objective = try LinearObjective(
      features: FeatureMatrix(problem.matrix), targets: problem.targets,
      loss: LossCatalogue.loss(named: problem.loss))
    let start = try objective.evaluate([.gradient, .hessian], at: objective.startingPoint)
    // By Gauss's elimination.
    var rows = start.point.indices.map { Array(start.hessian!.row($0)) + [-start.gradient[$0]] }
    for pivot in rows.indices {
      for row in rows.indices where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in rows[row].indices { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    let end = start.point.indices.map { start.point[$0] + rows[$0][start.point.count] / rows[$0][$0] }
    let result = Result { () throws(ObjectiveError) in try objective.evaluate([], at: end) }
    guard case .failure(.loss(.predictionOutsideDomain)) = result else {
      Issue.record("no prediction is outside")
      return
    }
  }

  /// A user's own loss, written as that of the catalogue is not, beside another task, and with a lasso.
  @Test func ownLossesAndOtherObjectivesToo() throws {
    let problem = try #require(Self.problems.first { $0.loss == "generalized-kl" })
    let own = PointwiseLoss("own", predictionDomain: 0 ... .infinity) { $0 - $1 * log($0) }
    try requireMinima(of: problem, own)
    let tasks = try MultiTaskObjective(
      features: FeatureMatrix(problem.matrix),
      heads: [
        TaskHead("own", loss: own, targets: problem.targets),
        TaskHead("squared", loss: .squaredError, targets: problem.targets),
      ], sharing: .columns([]))
    for method in [NewtonMethod(), LBFGS(), TrustRegionNewton(), GradientDescent()] as [any Optimizer] {
      let solution = try method.minimize(tasks, from: nil, control: Self.control)
      let (columns, intercept) = tasks.coefficients(of: "own", at: solution.point)
      #expect(
        distance([intercept] + columns, problem.coefficients) <= 1e-6 * norm(problem.coefficients), "\(method.name)")
    }
    // A lasso that changes next to nothing.
    let lasso = try LinearModel.fit(
      features: problem.matrix, targets: problem.targets, loss: own, penalty: Penalty(lasso: 1e-9),
      control: Self.control)
    #expect(
      distance([lasso.intercept] + lasso.coefficients, problem.coefficients) <= 1e-5 * norm(problem.coefficients))
  }

  @Test func startsOutsideAreErrors() throws {
    let problem = Self.problems[0]
    let objective = try LinearObjective(
      features: FeatureMatrix(problem.matrix), targets: problem.targets,
      loss: LossCatalogue.loss(named: problem.loss))
    let outside = objective.point(coefficients: [-5, -5], intercept: 0)
    for method in OptimizerAgreementTests.methods {
      let result = Result { () throws(ObjectiveError) in
        try method.minimize(objective, from: outside, control: OptimizerControl())
      }
      guard case .failure(.loss(.predictionOutsideDomain)) = result else {
        Issue.record("\(method.name) starts outside")
        continue
      }
    }
    // A start of one's own is as good where the objective's is outside.
    let shifted = try LinearObjective(
      features: FeatureMatrix(problem.matrix), targets: problem.targets,
      loss: LossCatalogue.loss(named: problem.loss),
      offsets: problem.features.map { 0.05 - $0[0] }, intercept: false)
    let start = shifted.point(coefficients: [4, 1])
    #expect(throws: ObjectiveError.self) { try NewtonMethod().minimize(shifted) }
    let solution = try NewtonMethod().minimize(shifted, from: start, control: OptimizerControl())
    #expect(solution.isConverged || solution.stop == .atDomainEdge)
  }

  /// Counts of 0 wherever the column is at its least pull the mean below 0: the minimum is on the edge, and no slope vanishes there.
  @Test func edgesAreNamed() throws {
    let features = Matrix<Double>(column: [0, 0, 0, 1, 1, 2, 2, 3])
    let targets: [Double] = [0, 0, 0, 0, 1, 2, 4, 9]
    for method in [NewtonMethod(), TrustRegionNewton()] as [any Optimizer] {
      let result = Result { () throws(ModelError) in
        try LinearModel.fit(
          features: features, targets: targets, loss: .generalizedKullbackLeibler, optimizer: method)
      }
      guard case .failure(.notConverged(.atDomainEdge, iterations: _)) = result else {
        Issue.record("\(method.name): \(result)")
        continue
      }
    }
    #expect(StopReason.atDomainEdge.description.contains("edge"))
  }
}
