import LossAccel
import TestSupport
import Testing

/// Smooth constraints: against normal equations in fifty digits, and derivatives against differences.
struct ConstraintTests {
  private static let known = PenaltyReferences.known.constrained

  private static func penalty(_ number: Int) -> Penalty {
    let problem = known.cases[number]
    return Penalty(
      ridge: .uniform(problem.ridge),
      constraints: problem.equations.indices.map { row in
        let columns = problem.equations[row].indices.filter { problem.equations[row][$0] != 0 }
        return Penalty.Constraint(
          columns: columns, factors: columns.map { problem.equations[row][$0] }, value: problem.values[row],
          strength: problem.strengths[row])
      })
  }

  @Test(arguments: known.cases.indices) func fitsAreThoseOfNormalEquations(number: Int) throws {
    let expected = Self.known.cases[number].coefficients
    for optimizer in [NewtonMethod(), TrustRegionNewton(), LBFGS()] as [any Optimizer] {
      let model = try LinearModel.fit(
        features: Matrix(Self.known.features), targets: Self.known.targets, loss: .squaredError,
        penalty: Self.penalty(number), optimizer: optimizer, control: OptimizerControl(gradientTolerance: 1e-12))
      // The strengths of the last case make a condition of 10⁸.
      let tolerance = number == 2 ? 1e-6 : 1e-10
      #expect(relativeError([model.intercept] + model.coefficients, expected) <= tolerance, "\(optimizer.name)")
    }
  }

  @Test func differencesAreWrittenOut() {
    let second: [Penalty.Constraint] = .differences(of: 1..<5, order: 2, strength: 3)
    #expect(second.map(\.columns) == [[1, 2, 3], [2, 3, 4]])
    #expect(second.allSatisfy { $0.factors == [1, -2, 1] && $0.value == 0 && $0.strength == 3 })
    let first: [Penalty.Constraint] = .differences(of: 0..<3, strength: 1)
    #expect(first.map(\.factors) == [[-1, 1], [-1, 1]])
    let sum: [Penalty.Constraint] = .sum(of: [0, 2], value: 5, strength: 2)
    #expect(sum == [Penalty.Constraint(columns: [0, 2], factors: [1, 1], value: 5, strength: 2)])
  }

  /// Values, slopes along lines, gradients, products and Hessians say the same, for every kind of objective.
  @Test func derivativesAreThoseOfTheValue() throws {
    let features = FeatureMatrix(Matrix(Self.known.features))
    let answers = Self.known.targets.map { $0 > 4 ? 1.0 : 0 }
    var penalty = Self.penalty(0)
    penalty.ridge = 0.2
    let single = try LinearObjective(
      features: features, targets: answers, loss: .binaryCrossEntropyFromLogits, penalty: Self.penalty(2))
    try expectDerivatives(single)
    let several = try MultiOutputObjective(
      features: features, labels: (0..<features.rows).map { $0 % 3 }, classes: 3, penalty: penalty)
    try expectDerivatives(several)
    let tasks = try MultiTaskObjective(
      features: features,
      heads: [
        TaskHead("a", loss: .squaredError, targets: Self.known.targets),
        TaskHead("b", loss: .binaryCrossEntropyFromLogits, targets: answers),
      ], sharing: .columns([0, 1, 2]), weighting: UncertaintyWeighting(), penalty: Self.penalty(1))
    try expectDerivatives(tasks)
    let batch = try single.evaluate(rows: 0..<features.rows, at: single.startingPoint.map { _ in 0.1 })
    let whole = try single.evaluate(.gradient, at: single.startingPoint.map { _ in 0.1 })
    #expect(abs(batch.value - whole.value) <= 1e-14 * whole.value && distance(batch.gradient, whole.gradient) <= 1e-9)
  }

  private func expectDerivatives(_ objective: some Objective) throws {
    let point = (0..<objective.dimension).map { 0.1 * Double($0 % 5 - 2) + 0.03 }
    let start = try objective.evaluate([.gradient, .curvature, .hessian], at: point)
    let hessian = try #require(start.hessian)
    let scale = start.gradient.reduce(1) { max($0, abs($1)) }
    for index in 0..<objective.dimension {
      var ends = [point, point]
      ends[0][index] -= 1e-4
      ends[1][index] += 1e-4
      let sides = try ends.map { try objective.evaluate(.gradient, at: $0) }
      // Differences of fourth order of smooth functions, rounded.
      #expect(abs((sides[1].value - sides[0].value) / 2e-4 - start.gradient[index]) <= 1e-6 * scale)
      let column = zip(sides[0].gradient, sides[1].gradient).map { ($1 - $0) / 2e-4 }
      #expect(distance(column, hessian.column(index)) <= 1e-6 * (scale + norm(hessian.column(index))))
    }
    let direction = (0..<objective.dimension).map { 1 - 0.3 * Double($0 % 4) }
    let product = try objective.curvatureProduct(direction, at: start)
    let expected = try hessian.multiplied(by: direction)
    #expect(distance(product, expected) <= 1e-12 * (1 + norm(expected)))
    let end = try objective.evaluate(.gradient, at: zip(point, direction).map { $0 + $1 })
    let line = objective.line(from: start, through: end)
    #expect(abs(try line(1).value - end.value) <= 1e-12 * max(1, abs(end.value)))
    let slope = dot(end.gradient, direction)
    #expect(abs(try line(1).slope - slope) <= 1e-11 * max(1, abs(slope)))
  }

  @Test func whatIsRefused() {
    let features = FeatureMatrix(Matrix(Self.known.features))
    for constraint in [
      Penalty.Constraint(columns: [1], factors: [1], strength: -1),
      Penalty.Constraint(columns: [1], factors: [.nan], strength: 1),
    ] {
      #expect(throws: ObjectiveError.self) {
        try LinearObjective(
          features: features, targets: Self.known.targets, loss: .squaredError,
          penalty: Penalty(constraints: [constraint]))
      }
    }
  }
}
