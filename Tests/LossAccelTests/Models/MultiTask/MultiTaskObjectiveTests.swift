import Foundation
import LossAccel
import TestSupport
import Testing

/// Several tasks as one objective: against models of each task alone, differences, and itself in another order.
struct MultiTaskObjectiveTests {
  @Test(arguments: 0..<MultiTaskProblem.all.count) func derivativesAreThoseOfTheValue(number: Int) throws {
    let problem = MultiTaskProblem.all[number]
    let objective = try problem.objective()
    let point = problem.point(objective)
    let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
    let hessian = try #require(evaluation.hessian)
    for index in stride(from: 0, to: objective.dimension, by: max(1, objective.dimension / 12)) {
      // Central differences: the step's square times a third derivative, and rounding over the step.
      let step = 1e-5
      var (ahead, behind) = (point, point)
      ahead[index] += step
      behind[index] -= step
      let (after, before) = (
        try objective.evaluate(.gradient, at: ahead), try objective.evaluate(.gradient, at: behind)
      )
      #expect(abs((after.value - before.value) / (2 * step) - evaluation.gradient[index]) <= 1e-8)
      for other in 0..<objective.dimension {
        let difference = (after.gradient[other] - before.gradient[other]) / (2 * step)
        #expect(abs(difference - hessian[other, index]) <= 2e-8, "\(index), \(other)")
      }
    }
  }

  @Test(arguments: 0..<MultiTaskProblem.all.count) func productsAreThoseOfTheHessian(number: Int) throws {
    let problem = MultiTaskProblem.all[number]
    let objective = try problem.objective()
    let direction = (0..<objective.dimension).map { Double($0 % 3) - 1 }
    let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: problem.point(objective))
    let hessian = try #require(evaluation.hessian)
    let withoutHessian = try objective.evaluate(.curvature, at: problem.point(objective))
    for product in [
      try objective.curvatureProduct(direction, at: evaluation),
      try objective.curvatureProduct(direction, at: withoutHessian),
    ] {
      for row in 0..<objective.dimension {
        let expected = dot(Array(hessian.row(row)), direction)
        // Sums of as many terms as there are parameters, of about the Hessian's size.
        #expect(abs(product[row] - expected) <= 1e-13 * Double(objective.dimension) * (1 + abs(expected)))
      }
    }
  }

  @Test(arguments: 0..<MultiTaskProblem.all.count) func linesAreTheObjective(number: Int) throws {
    let problem = MultiTaskProblem.all[number]
    let objective = try problem.objective()
    let first = problem.point(objective)
    let second = (0..<objective.dimension).map { 0.02 * Double(1 - $0 % 4) }
    let start = try objective.evaluate(.gradient, at: first)
    let line = objective.line(from: start, through: try objective.evaluate(.gradient, at: second))
    for step in [0, 0.3, 1, 1.7] {
      let point = zip(first, second).map { $0 + step * ($1 - $0) }
      let expected = try objective.evaluate(.gradient, at: point)
      let (value, slope) = try line(step)
      #expect(abs(value - expected.value) <= 1e-13 * max(1, abs(expected.value)))
      let along = dot(expected.gradient, zip(first, second).map { $1 - $0 })
      #expect(abs(slope - along) <= 1e-12 * Double(objective.dimension))
    }
  }

  @Test(arguments: [TaskSharing.none, .all], [true, false])
  func oneTaskIsThePlainObjective(sharing: TaskSharing, intercept: Bool) throws {
    var problem = MultiTaskProblem()
    problem.rows = 3000
    let (matrix, penalty) = (problem.matrix, Penalty(ridge: 0.25, lasso: 0.5))
    let targets = (0..<problem.rows).map { $0 % 3 == 0 ? 1.0 : 0 }
    let (weights, offsets) = (problem.weights(1), problem.offsets(2))
    let plain = try LinearObjective(
      features: FeatureMatrix(matrix), targets: targets, loss: .binaryCrossEntropyFromLogits, weights: weights,
      offsets: offsets, intercept: intercept, penalty: penalty)
    let several = try MultiTaskObjective(
      features: FeatureMatrix(matrix),
      heads: [
        TaskHead("one", loss: .binaryCrossEntropyFromLogits, targets: targets, weights: weights, offsets: offsets)
      ], sharing: sharing, intercept: intercept, penalty: penalty)
    #expect(several.dimension == plain.dimension && several.isConvex)
    let point = problem.point(several)
    let request: ObjectiveRequest = [.gradient, .hessian, .curvature]
    let (one, other) = (try plain.evaluate(request, at: point), try several.evaluate(request, at: point))
    #expect(one.loss == other.loss && one.penalty == other.penalty)
    #expect(one.gradient == other.gradient)
    #expect(one.hessian == other.hessian)
    #expect(try plain.curvatureProduct(point, at: one) == several.curvatureProduct(point, at: other))
    #expect(plain.nonsmooth?.value(at: point) == several.nonsmooth?.value(at: point))
    let (a, b) = (plain.coefficients(at: point), several.coefficients(of: "one", at: point))
    #expect(a.columns == b.columns && a.intercept == b.intercept)
    let (alone, together) = (try ProximalNewton().minimize(plain), try ProximalNewton().minimize(several))
    #expect(alone.point == together.point && alone.isConverged)
  }

  /// A missing target is a row that is not there, in that task alone.
  @Test func missingTargetsAreRowsTakenOut() throws {
    let problem = MultiTaskProblem()
    let objective = try problem.objective()
    let point = problem.point(objective)
    let evaluation = try objective.evaluate(.gradient, at: point)
    let losses = objective.losses(at: evaluation)
    for task in 0..<3 {
      let alone = try problem.alone(task)
      let (columns, intercept) = objective.coefficients(of: MultiTaskProblem.names[task], at: point)
      let expected = try alone.evaluate([], at: alone.point(coefficients: columns, intercept: intercept)).loss
      // The rows' shifts differ, and with them the rounding of predictors of up to about ten.
      #expect(abs(losses[task] - expected) <= 1e-13 * max(1, abs(expected)))
    }
    #expect(
      abs(evaluation.loss - (0.5 * losses[0] + 2 * losses[1] + 0.25 * losses[2])) <= 4e-16 * abs(evaluation.loss))
    #expect(objective.weights(at: evaluation) == [0.5, 2, 0.25])
  }

  @Test func separateTasksAreSeparateFits() throws {
    var problem = MultiTaskProblem(sharing: .none, penalty: Penalty(ridge: 0.3))
    problem.weighting = FixedWeighting()
    let objective = try problem.objective()
    let solution = try NewtonMethod().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-12))
    #expect(solution.isConverged)
    for task in 0..<3 {
      let alone = try problem.alone(task, penalty: Penalty(ridge: 0.3))
      let own = try NewtonMethod().minimize(alone, from: nil, control: OptimizerControl(gradientTolerance: 1e-12))
      let expected = alone.coefficients(at: own.point)
      let found = objective.coefficients(of: MultiTaskProblem.names[task], at: solution.point)
      // A gradient of 10⁻¹² of the first, and a curvature of at least the ridge.
      #expect(distance(found.columns, expected.columns) <= 1e-10)
      #expect(abs(found.intercept - expected.intercept) <= 1e-9)
    }
  }

  @Test(arguments: 0..<MultiTaskProblem.weightings.count) func optimisersAgree(number: Int) throws {
    let problem = MultiTaskProblem(weighting: MultiTaskProblem.weightings[number])
    let objective = try problem.objective()
    let control = OptimizerControl(gradientTolerance: 1e-9, maximumIterations: 2000)
    let reference = try NewtonMethod().minimize(objective, from: nil, control: control)
    #expect(reference.isConverged, "\(reference.stop)")
    for method in [LBFGS(), TrustRegionNewton()] as [any Optimizer] {
      let solution = try method.minimize(objective, from: nil, control: control)
      #expect(solution.isConverged, "\(method.name): \(solution.stop)")
      // Weightings that are not convex may have several minima; from 0 all methods come to the same.
      #expect(abs(solution.value - reference.value) <= 1e-11 * max(1, abs(reference.value)), "\(method.name)")
    }
  }

  /// The closed form is what the parameters come to, and the geometric mean has the same minima.
  @Test func uncertaintiesAgree() throws {
    let control = OptimizerControl(gradientTolerance: 1e-11, maximumIterations: 1000)
    func minimum(_ weighting: any TaskWeighting) throws -> (MultiTaskObjective, Solution) {
      let objective = try MultiTaskProblem(sharing: .none, weighting: weighting, penalty: .none).objective()
      let solution = try NewtonMethod().minimize(objective, from: nil, control: control)
      #expect(solution.isConverged, "\(weighting.name): \(solution.stop)")
      return (objective, solution)
    }
    let (closed, first) = try minimum(UncertaintyWeighting())
    let (learned, second) = try minimum(LearnedUncertaintyWeighting())
    let (_, third) = try minimum(GeometricWeighting())
    #expect(abs(first.value - second.value) <= 1e-13 * abs(first.value))
    let losses = closed.losses(at: try closed.evaluate([], at: first.point))
    // Flat at the minimum: half the digits of the value would do, the gradient gives more.
    #expect(
      distance(learned.weightingParameters(at: second.point), UncertaintyWeighting.logVariances(of: losses)) <= 1e-8)
    #expect(abs(3 * 0.5 * (1 + log(third.value)) - first.value) <= 1e-12 * abs(first.value))
  }

  @Test(arguments: 0..<MultiTaskProblem.all.count) func sameBitsForAnyNumberOfThreads(number: Int) throws {
    var problem = MultiTaskProblem.all[number]
    problem.rows = 5000
    let objective = try problem.objective()
    let point = problem.point(objective)
    func evaluate() throws -> [Double] {
      let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
      let gradients = try objective.taskGradients(at: evaluation)
      return try [evaluation.value] + evaluation.gradient + evaluation.hessian!.elements
        + objective.curvatureProduct(point, at: evaluation) + gradients.gram.elements + objective.nullLosses()
    }
    let one = try Parallelism.withThreads(1, evaluate)
    #expect(try Parallelism.withThreads(3, evaluate) == one)
  }

  @Test(arguments: 0..<MultiTaskProblem.weightings.count) func theOrderOfTheTasksDoesNotMatter(number: Int) throws {
    var problem = MultiTaskProblem(sharing: .none)
    let weighting = MultiTaskProblem.weightings[number]
    problem.weighting = weighting
    let objective = try problem.objective()
    problem.order = [2, 0, 1]
    if let fixed = weighting as? FixedWeighting, let weights = fixed.weights {
      problem.weighting = FixedWeighting(problem.order.map { weights[$0] })
    }
    let other = try problem.objective()
    let point = problem.point(objective)
    let size = 5  // four columns and an intercept
    let models = problem.order.flatMap { point[$0 * size..<($0 + 1) * size] }
    let own = objective.weightingParameters(at: point)
    let moved = models + (own.isEmpty ? [] : problem.order.map { own[$0] })
    let (a, b) = (try objective.evaluate(.gradient, at: point), try other.evaluate(.gradient, at: moved))
    #expect(abs(a.value - b.value) <= 1e-15 * abs(a.value))
    for (place, task) in problem.order.enumerated() {
      let expected = Array(a.gradient[task * size..<(task + 1) * size])
      // Weights that depend on all losses are rounded in another order.
      #expect(distance(Array(b.gradient[place * size..<(place + 1) * size]), expected) <= 1e-15 * (1 + norm(expected)))
    }
  }

  @Test func groupsHoldTheirColumnsOfAllTasks() throws {
    let problem = MultiTaskProblem(
      sharing: .none, weighting: FixedWeighting(),
      penalty: Penalty(groups: (0..<4).map { Penalty.Group(columns: [$0], strength: 0.08) }))
    let objective = try problem.objective()
    let solution = try ProximalNewton().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-10))
    #expect(solution.isConverged, "\(solution.stop)")
    let all = MultiTaskProblem.names.map { objective.coefficients(of: $0, at: solution.point).columns }
    // A column vanishes from all tasks or stays in all.
    for column in 0..<4 {
      let own = all.map { $0[column] }
      #expect(own.allSatisfy { $0 == 0 } || own.allSatisfy { $0 != 0 })
    }
    #expect((0..<4).contains { all[0][$0] == 0 } && (0..<4).contains { all[0][$0] != 0 })
    let lengths = (0..<4).map { column in norm(all.map { $0[column] }) }
    #expect(abs(solution.penalty - 0.08 * lengths.reduce(0, +)) <= 1e-12)
  }

  @Test func badDataIsRefusedWithTaskAndPlace() throws {
    let features = FeatureMatrix(MultiTaskProblem().matrix)
    let rows = features.rows
    let good = TaskHead("good", loss: .squaredError, targets: [Double](repeating: 1, count: rows))
    var targets = [Double](repeating: 1, count: rows)
    targets[17] = 2
    let bad = TaskHead("bad", loss: .binaryCrossEntropyFromLogits, targets: targets)
    let objective = try MultiTaskObjective(features: features, heads: [good, bad])
    let outside = LossError.targetOutsideDomain(index: 17, value: 2, lowest: 0, highest: 1)
    #expect(throws: ObjectiveError.task(name: "bad", .loss(outside))) {
      try objective.evaluate([], at: objective.startingPoint)
    }
    let none = TaskHead("none", loss: .squaredError, targets: [Double?](repeating: nil, count: rows))
    #expect(throws: ObjectiveError.task(name: "none", .loss(.nothingToAverage))) {
      try MultiTaskObjective(features: features, heads: [good, none])
    }
    let loss = PointwiseLoss("below") { square($0 - $1) - 5 }
    let negative = TaskHead("negative", loss: loss, targets: [Double](repeating: 1, count: rows))
    let geometric = try MultiTaskObjective(
      features: features, heads: [good, negative], weighting: GeometricWeighting())
    #expect(
      throws: ObjectiveError.task(
        name: "negative", .weighting(TaskWeightingError(weighting: "geometric", task: 1, loss: -4)))
    ) { try geometric.evaluate([], at: geometric.startingPoint) }
    #expect(throws: ObjectiveError.self) {
      try MultiTaskObjective(features: features, heads: [negative], weighting: NullLossWeighting())
    }
    #expect("\(ObjectiveError.task(name: "bad", .loss(outside)))".hasPrefix("In the task bad: The target at index 17"))
  }
}
