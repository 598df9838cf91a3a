import LossAccel
import TestSupport
import Testing

/// The fused pass against sums written out, one sample after the other.
struct LinearObjectiveTests {
  struct Problem {
    var rows = 400
    var columns = 5
    var loss = PointwiseLoss.binaryCrossEntropyFromLogits
    var intercept = true
    var penalty = Penalty(ridge: 0.1)
    var weighted = true

    var matrix: Matrix<Double> {
      var random = SeededGenerator(seed: UInt64(columns))
      let elements = (0..<rows * columns).map { index in
        Double.random(in: -1...1, using: &random) + Double(index % columns) * 10
      }
      return Matrix(rows: rows, columns: columns, elements: elements)
    }
    var targets: [Double] { (0..<rows).map { $0 % 3 == 0 ? 1 : 0 } }
    var weights: [Double]? { weighted ? (0..<rows).map { Double($0 % 4) } : nil }
    var offsets: [Double] { (0..<rows).map { Double($0 % 7) / 7 } }

    func objective() throws -> LinearObjective {
      try LinearObjective(
        features: FeatureMatrix(matrix), targets: targets, loss: loss, weights: weights, offsets: offsets,
        intercept: intercept, penalty: penalty)
    }

    /// The objective at coefficients, by its definition.
    func value(_ coefficients: [Double], _ constant: Double) -> Double {
      let (matrix, targets, offsets) = (matrix, targets, offsets)
      let weights = weights ?? [Double](repeating: 1, count: rows)
      var sum = 0.0
      for row in 0..<rows {
        let predictor = zip(matrix.row(row), coefficients).reduce(constant + offsets[row]) { $0 + $1.0 * $1.1 }
        sum += weights[row] * loss.value(prediction: predictor, target: targets[row])
      }
      let ridge = coefficients.indices.reduce(0) { $0 + 0.5 * penalty.ridge[$1] * coefficients[$1] * coefficients[$1] }
      return sum / weights.reduce(0, +) + ridge
    }
  }

  static let problems: [Problem] = [
    Problem(), Problem(columns: 20, intercept: false, penalty: .none), Problem(columns: 1, weighted: false),
    Problem(rows: 3000, columns: 33, loss: .huber(delta: 0.3)), Problem(columns: 300, loss: .logCosh),
    Problem(loss: PointwiseLoss("wavy") { square($0 - $1) / (1 + square($0 - $1)) }),
  ]

  @Test(arguments: 0..<problems.count) func valueIsThatOfItsDefinition(number: Int) throws {
    let problem = Self.problems[number]
    let objective = try problem.objective()
    let coefficients = (0..<problem.columns).map { 0.1 * Double($0 % 5 - 2) / Double(problem.columns) }
    let constant = problem.intercept ? 0.3 : 0
    let point = objective.point(coefficients: coefficients, intercept: constant)
    let value = try objective.evaluate([], at: point).value
    let expected = problem.value(coefficients, constant)
    // Predictors of up to 10 rows · 10⁻¹ rounded in sums of `columns` terms.
    #expect(abs(value - expected) <= 1e-12 * max(1, abs(expected)))
    let back = objective.coefficients(at: point)
    #expect(zip(back.columns, coefficients).allSatisfy { abs($0 - $1) <= 1e-15 })
    #expect(abs(back.intercept - constant) <= 1e-13)
  }

  @Test(arguments: 0..<problems.count) func derivativesAreThoseOfTheValue(number: Int) throws {
    let problem = Self.problems[number]
    let objective = try problem.objective()
    let point = (0..<objective.dimension).map { 0.05 * Double($0 % 7 - 3) }
    let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
    try requireDerivatives(
      of: objective, at: evaluation, by: stride(from: 0, to: objective.dimension, by: max(1, objective.dimension / 6)),
      // A kink changes its rows' curvature at once: Huber's loss is exempt.
      gradientBound: 1e-8, hessianBound: problem.loss.name == "huber" ? nil : 1e-8)
  }

  @Test(arguments: 0..<problems.count) func productsAreThoseOfTheHessian(number: Int) throws {
    let objective = try Self.problems[number].objective()
    let point = (0..<objective.dimension).map { 0.05 * Double($0 % 7 - 3) }
    let direction = (0..<objective.dimension).map { Double($0 % 3) - 1 }
    let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
    let hessian = try #require(evaluation.hessian)
    let product = try objective.curvatureProduct(direction, at: evaluation)
    let gradientOnly = try objective.evaluate([.gradient, .curvature], at: point)
    #expect(
      gradientOnly.gradient.indices.allSatisfy { abs(gradientOnly.gradient[$0] - evaluation.gradient[$0]) <= 1e-14 })
    let withoutHessian = try objective.curvatureProduct(direction, at: gradientOnly)
    let diagonal = try #require(try objective.curvatureDiagonal(at: gradientOnly))
    for row in diagonal.indices {
      #expect(abs(diagonal[row] - hessian[row, row]) <= 1e-12 * max(1, abs(hessian[row, row])))
    }
    for row in 0..<objective.dimension {
      let expected = zip(hessian.row(row), direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(product[row] - expected) <= 1e-12 * Double(objective.dimension))
      #expect(abs(withoutHessian[row] - expected) <= 1e-12 * Double(objective.dimension))
    }
  }

  @Test(arguments: 0..<problems.count) func linesAreTheObjective(number: Int) throws {
    let objective = try Self.problems[number].objective()
    let (first, second) = (
      (0..<objective.dimension).map { 0.01 * Double($0 % 3) },
      (0..<objective.dimension).map { 0.02 * Double(1 - $0 % 4) }
    )
    let start = try objective.evaluate(.gradient, at: first)
    let line = objective.line(from: start, through: try objective.evaluate(.gradient, at: second))
    for step in [0, 0.3, 1, 1.7] {
      let point = zip(first, second).map { $0 + step * ($1 - $0) }
      let expected = try objective.evaluate(.gradient, at: point)
      let (value, slope) = try line(step)
      #expect(abs(value - expected.value) <= 1e-13 * max(1, abs(expected.value)))
      let expectedSlope = zip(expected.gradient, zip(first, second)).reduce(0) { $0 + $1.0 * ($1.1.1 - $1.1.0) }
      #expect(abs(slope - expectedSlope) <= 1e-12 * Double(objective.dimension))
    }
  }

  /// A Hessian of many columns cuts the rows into longer chunks than a gradient does.
  @Test func linesRunBetweenEvaluationsOfAnyKind() throws {
    let matrix = Matrix<Float>(rows: 9000, columns: 1000) { row, column in
      Float((row * 31 + column * 17 + row * column % 13) % 101) / 50 - 1
    }
    let objective = try LinearObjective(
      features: FeatureMatrix(matrix), targets: (0..<9000).map { Double($0 % 2) }, loss: .binaryCrossEntropyFromLogits)
    let (first, second) = (objective.startingPoint, (0..<1001).map { 1e-3 * Double($0 % 5 - 2) })
    let start = try objective.evaluate([.gradient, .hessian], at: first)
    let end = try objective.evaluate(.gradient, at: second)
    let line = objective.line(from: start, through: end)
    for (step, expected) in [(0.0, start.value), (1.0, end.value)] {
      #expect(abs(try line(step).value - expected) <= 1e-13)
    }
    let slope = zip(end.gradient, second).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(try line(1).slope - slope) <= 1e-12)
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let objective = try Problem(rows: 5000, columns: 12).objective()
    let point = (0..<objective.dimension).map { 0.1 * Double($0 % 3) }
    func evaluate() throws -> [Double] {
      let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
      return try [evaluation.value] + evaluation.gradient + evaluation.hessian!.elements
        + objective.curvatureProduct(point, at: evaluation)
    }
    let one = try Parallelism.withThreads(1, evaluate)
    for threads in [2, 3, 8] { #expect(try Parallelism.withThreads(threads, evaluate) == one) }
  }

  @Test func rowsOfWeightZeroMayHoldAnything() throws {
    var matrix = Problem().matrix
    let (targets, weights) = (Problem().targets, Problem().weights!)
    func evaluate(_ matrix: Matrix<Double>) throws -> ObjectiveEvaluation {
      let objective = try LinearObjective(
        features: FeatureMatrix(matrix), targets: targets, loss: .binaryCrossEntropyFromLogits, weights: weights)
      let coefficients = [0.1, -0.2, 0.1, 0, 0.05]
      return try objective.evaluate(
        [.gradient, .hessian], at: objective.point(coefficients: coefficients, intercept: 1))
    }
    let clean = try evaluate(matrix)
    matrix[8, 2] = .nan
    let soiled = try evaluate(matrix)
    #expect(soiled.value.isFinite && soiled.gradient.allSatisfy(\.isFinite))
    #expect(abs(soiled.value - clean.value) <= 1e-13)
    matrix[9, 3] = .infinity
    #expect(throws: ObjectiveError.nonFiniteFeature(row: 9, column: 3, value: .infinity)) { try evaluate(matrix) }
  }

  @Test func badDataIsRefusedWithItsPlace() throws {
    let features = FeatureMatrix(Problem().matrix)
    var targets = Problem().targets
    targets[17] = 2
    let objective = try LinearObjective(features: features, targets: targets, loss: .binaryCrossEntropyFromLogits)
    #expect(throws: ObjectiveError.loss(.targetOutsideDomain(index: 17, value: 2, lowest: 0, highest: 1))) {
      try objective.evaluate([], at: objective.startingPoint)
    }
    targets[17] = 1
    #expect(throws: ObjectiveError.invalidPenalty(column: 0, value: -1)) {
      try LinearObjective(features: features, targets: targets, loss: .squaredError, penalty: Penalty(ridge: -1))
    }
    var offsets = Problem().offsets
    offsets[3] = .nan
    #expect(throws: ObjectiveError.self) {
      try LinearObjective(features: features, targets: targets, loss: .squaredError, offsets: offsets)
    }
    let none = [Double](repeating: 0, count: targets.count)
    #expect(throws: ObjectiveError.loss(.nothingToAverage)) {
      try LinearObjective(features: features, targets: targets, loss: .squaredError, weights: none)
    }
  }
}
