import Foundation
import LossAccel
import TestSupport
import Testing

/// The fused pass of several outputs against sums written out, one sample after the other.
struct MultiOutputObjectiveTests {
  struct Problem: Sendable, CustomTestStringConvertible {
    var rows = 150
    var columns = 4
    var classes = 3
    var loss = RowLoss.softmaxCrossEntropy
    var intercept = true
    var penalty = Penalty(ridge: 0.1)
    var isWeighted = true
    var hasOffsets = false
    var hasShares = false
    var reduction = LinearObjective.Reduction.mean

    var testDescription: String { "\(loss.name), \(rows) × \(columns) × \(classes)" }

    var matrix: Matrix<Double> {
      var random = SeededGenerator(seed: UInt64(columns))
      // Few bits, so that every storage holds the same numbers.
      return Matrix(rows: rows, columns: columns) { _, column in
        Double(Int.random(in: -32...32, using: &random)) / 32 + Double(column % 3) * 2
      }
    }
    var labels: [Int] { (0..<rows).map { ($0 * 7 + $0 / 5) % classes } }
    var weights: [Double]? { isWeighted ? (0..<rows).map { Double($0 % 4) / 2 } : nil }
    var offsets: Matrix<Double>? {
      hasOffsets ? Matrix(rows: rows, columns: classes) { Double(($0 + 2 * $1) % 5) / 5 } : nil
    }
    /// Each row's own class, and a part of the next.
    var shares: Matrix<Double> {
      let labels = labels
      return Matrix(rows: rows, columns: classes) {
        $1 == labels[$0] ? 0.75 : $1 == (labels[$0] + 1) % classes ? 0.25 : 0
      }
    }

    func objective(_ features: FeatureMatrix? = nil) throws -> MultiOutputObjective {
      let features = features ?? FeatureMatrix(matrix)
      if hasShares {
        return try MultiOutputObjective(
          features: features, targets: shares, loss: loss, weights: weights, offsets: offsets, intercept: intercept,
          penalty: penalty, reduction: reduction)
      }
      return try MultiOutputObjective(
        features: features, labels: labels, classes: classes, loss: loss, weights: weights, offsets: offsets,
        intercept: intercept, penalty: penalty, reduction: reduction)
    }

    /// The objective by its definition, for coefficients that add up to 0 over the classes.
    func value(_ coefficients: Matrix<Double>, _ intercepts: [Double]) -> Double {
      var (sum, total) = (0.0, 0.0)
      let (matrix, labels, shares, weights, offsets) = (matrix, labels, shares, weights, offsets)
      let factors = loss.classWeights ?? [Double](repeating: 1, count: classes)
      for row in 0..<rows {
        let weight = weights?[row] ?? 1
        let scores = (0..<classes).map { output in
          (0..<columns).reduce(intercepts[output] + (offsets?[row, output] ?? 0)) {
            $0 + matrix[row, $1] * coefficients[$1, output]
          }
        }
        let logPartition = log(scores.reduce(0) { $0 + exp($1) })
        for output in 0..<classes {
          let target = hasShares ? shares[row, output] : output == labels[row] ? 1 : 0
          let smoothed = (1 - loss.labelSmoothing) * target + loss.labelSmoothing / Double(classes)
          sum += weight * factors[output] * smoothed * (logPartition - scores[output])
        }
        total += weight * (hasShares ? 1 : factors[labels[row]])
      }
      let ridge = (0..<columns).reduce(0) { sum, column in
        sum + 0.5 * penalty.ridge[column] * coefficients.row(column).reduce(0) { $0 + $1 * $1 }
      }
      return (reduction == .mean ? sum / total : sum) + ridge
    }

    var coefficients: (columns: Matrix<Double>, intercepts: [Double]) {
      var columns = Matrix<Double>(rows: self.columns, columns: classes) { Double(($0 * 3 + $1 * 5) % 7 - 3) / 8 }
      for column in 0..<columns.rows {
        let mean = columns.row(column).reduce(0, +) / Double(classes)
        for output in 0..<classes { columns[column, output] -= mean }
      }
      var intercepts = (0..<classes).map { intercept ? Double($0) / 4 : 0 }
      let mean = intercepts.reduce(0, +) / Double(classes)
      intercepts = intercepts.map { $0 - mean }
      return (columns, intercepts)
    }
  }

  static let problems = [
    Problem(), Problem(intercept: false, isWeighted: false), Problem(rows: 2100, columns: 9, classes: 5),
    Problem(loss: .softmaxCrossEntropy.smoothed(by: 0.1).weighted(classes: [1, 2, 0.5]), hasOffsets: true),
    Problem(hasShares: true, reduction: .sum), Problem(rows: 90, columns: 17, classes: 2),
    Problem(rows: 40, columns: 1, classes: 4, penalty: .none),
  ]

  @Test(arguments: problems) func valueIsItsDefinition(problem: Problem) throws {
    let objective = try problem.objective()
    let (columns, intercepts) = problem.coefficients
    let point = objective.point(coefficients: columns, intercepts: intercepts)
    let value = try objective.evaluate([], at: point).value
    let expected = problem.value(columns, intercepts)
    // Sums of up to 2100 terms of about 1.
    #expect(abs(value - expected) <= 1e-13 * Double(problem.rows).squareRoot() * max(1, abs(expected)))
    let back = objective.coefficients(at: point)
    #expect(zip(back.columns.elements, columns.elements).allSatisfy { abs($0 - $1) <= 1e-15 })
    #expect(zip(back.intercepts, intercepts).allSatisfy { abs($0 - $1) <= 1e-13 })
  }

  static let otherLosses: [Problem] = RowLossCatalogue.all.filter {
    $0.scores != .probabilities && $0.traits.differentiability == .smooth && $0.curvatures.contains(.exact)
  }.map { loss in
    // Smoothed where that can be: some are infinite at a target of 0.
    let smoothed = loss.targets.contains(.distributions) ? loss.smoothed(by: 0.3) : loss
    return Problem(rows: 60, columns: 3, loss: smoothed, penalty: Penalty(ridge: 0.05), isWeighted: false)
  }

  @Test(arguments: problems + otherLosses) func derivativesAreThoseOfTheValue(problem: Problem) throws {
    let objective = try problem.objective()
    let point = (0..<objective.dimension).map { 0.07 * Double($0 * 3 % 11 - 5) }
    let evaluation = try objective.evaluate([.gradient, .hessian], at: point)
    let size = 1 + abs(evaluation.value)
    try requireDerivatives(
      of: objective, at: evaluation, by: stride(from: 0, to: objective.dimension, by: max(1, objective.dimension / 7)),
      gradientBound: 1e-8 * size, hessianBound: 1e-8 * size)
  }

  @Test(arguments: problems + otherLosses) func productsAreThoseOfTheHessian(problem: Problem) throws {
    let objective = try problem.objective()
    let point = (0..<objective.dimension).map { 0.05 * Double($0 % 7 - 3) }
    let direction = (0..<objective.dimension).map { Double($0 * 5 % 9 - 4) / 4 }
    let evaluation = try objective.evaluate([.gradient, .hessian], at: point)
    let hessian = try #require(evaluation.hessian)
    let product = try objective.curvatureProduct(direction, at: evaluation)
    let others = try objective.curvatureProduct(direction, at: objective.evaluate(.curvature, at: point))
    let size = 1 + hessian.elements.reduce(0) { max($0, abs($1)) }
    for row in 0..<objective.dimension {
      let expected = zip(hessian.row(row), direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(product[row] - expected) <= 1e-13 * size * Double(objective.dimension))
    }
    #expect(others == product)
    let diagonal = try #require(try objective.curvatureDiagonal(at: evaluation))
    // Where scores may rise alike, as this move of the first column's parameters makes them, it is the mean over the outputs.
    let outputs = objective.outputs
    let risen = point.enumerated().map { $0.offset < outputs ? $0.element + 1 : $0.element }
    let isCentred = abs(try objective.evaluate([], at: risen).loss - evaluation.loss) <= 1e-9 * size
    for index in diagonal.indices {
      let own = isCentred ? index / outputs * outputs..<(index / outputs + 1) * outputs : index..<index + 1
      let mean = own.reduce(0) { $0 + hessian[$1, $1] } / Double(own.count)
      #expect(abs(diagonal[index] - mean) <= 1e-13 * size)
    }
  }

  @Test(arguments: problems) func linesAreTheObjective(problem: Problem) throws {
    let objective = try problem.objective()
    let first = (0..<objective.dimension).map { 0.01 * Double($0 % 3) }
    let second = (0..<objective.dimension).map { 0.2 * Double(1 - $0 % 4) }
    let line = objective.line(
      from: try objective.evaluate(.gradient, at: first), through: try objective.evaluate([], at: second))
    for step in [0, 0.3, 1, 1.7] {
      let point = zip(first, second).map { $0 + step * ($1 - $0) }
      let expected = try objective.evaluate(.gradient, at: point)
      let (value, slope) = try line(step)
      #expect(abs(value - expected.value) <= 1e-13 * max(1, abs(expected.value)) * 10)
      let expectedSlope = zip(expected.gradient, zip(first, second)).reduce(0) { $0 + $1.0 * ($1.1.1 - $1.1.0) }
      #expect(abs(slope - expectedSlope) <= 1e-12 * Double(objective.dimension) * max(1, abs(expected.value)))
    }
  }

  @Test func everyStorageGivesTheSame() throws {
    let problem = Problem(columns: 11)
    let (matrix, rows, columns) = (problem.matrix, problem.rows, problem.columns)
    let expected = try problem.objective()
    let point = (0..<expected.dimension).map { 0.1 * Double($0 % 5 - 2) }
    let reference = try expected.evaluate([.gradient, .hessian], at: point)
    for features in [
      FeatureMatrix(Matrix<Float>(matrix)),
      FeatureMatrix(rows: rows, columns: columns, elements: matrix.elements.map { Float16($0) }),
      FeatureMatrix(rows: rows, columns: columns, elements: matrix.elements.map { BrainFloat16(Float($0)) }),
    ] {
      let evaluation = try problem.objective(features).evaluate([.gradient, .hessian], at: point)
      #expect(evaluation.value == reference.value && evaluation.gradient == reference.gradient)
      #expect(evaluation.hessian == reference.hessian)
    }
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let objective = try Problem(rows: 5000, columns: 12, classes: 4).objective()
    let point = (0..<objective.dimension).map { 0.1 * Double($0 % 3) }
    func evaluate() throws -> [Double] {
      let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
      let line = objective.line(from: evaluation, through: try objective.evaluate([], at: objective.startingPoint))
      let (value, slope) = try line(0.4)
      return try [evaluation.value, value, slope] + evaluation.gradient + evaluation.hessian!.elements
        + objective.curvatureProduct(point, at: evaluation)
    }
    let one = try Parallelism.withThreads(1, evaluate)
    for threads in [2, 3, 8] { #expect(try Parallelism.withThreads(threads, evaluate) == one) }
  }

  @Test func batchesAddUpToTheWhole() throws {
    let objective = try Problem(isWeighted: false).objective()
    let point = (0..<objective.dimension).map { 0.1 * Double($0 % 5 - 2) }
    let whole = try objective.evaluate(.gradient, at: point)
    let (first, second) = (
      try objective.evaluate(rows: 0..<75, at: point), try objective.evaluate(rows: 75..<150, at: point)
    )
    #expect(abs((first.value + second.value) / 2 - whole.value) <= 1e-14)
    for index in point.indices {
      #expect(abs((first.gradient[index] + second.gradient[index]) / 2 - whole.gradient[index]) <= 1e-14)
    }
  }

  @Test func rowsThatAreLeftOutMayHoldAnything() throws {
    let problem = Problem()
    var (matrix, labels) = (problem.matrix, problem.labels)
    func evaluate() throws -> ObjectiveEvaluation {
      let objective = try MultiOutputObjective(
        features: FeatureMatrix(matrix), labels: labels, classes: 3, loss: .softmaxCrossEntropy.ignoring(label: -1),
        weights: problem.weights)
      let evaluation = try objective.evaluate([.gradient, .hessian], at: objective.startingPoint.map { _ in 0.1 })
      let product = try objective.curvatureProduct(objective.startingPoint.map { _ in 1 }, at: evaluation)
      #expect(product.allSatisfy { $0.isFinite })
      return evaluation
    }
    labels[9] = -1
    let clean = try evaluate()
    (matrix[8, 2], matrix[9, 0], labels[8]) = (.nan, .infinity, 77)
    let soiled = try evaluate()
    #expect(soiled.value == clean.value && soiled.gradient.allSatisfy { $0.isFinite })
    #expect(soiled.hessian!.elements.allSatisfy { $0.isFinite })
    matrix[10, 3] = .infinity
    #expect(throws: ObjectiveError.nonFiniteFeature(row: 10, column: 3, value: .infinity)) { try evaluate() }
  }

  @Test func badDataIsRefusedWithItsPlace() throws {
    let problem = Problem()
    let features = FeatureMatrix(problem.matrix)
    var labels = problem.labels
    labels[140] = 3
    #expect(throws: ObjectiveError.loss(.labelOutOfRange(row: 140, label: 3, classes: 3))) {
      try MultiOutputObjective(features: features, labels: labels, classes: 3)
    }
    var shares = problem.shares
    shares[141, 2] = 1.5
    let objective = try MultiOutputObjective(features: features, targets: shares)
    #expect(throws: ObjectiveError.loss(.invalidProbability(row: 141, column: 2, value: 1.5))) {
      try objective.evaluate([], at: objective.startingPoint)
    }
    let none = [Double](repeating: 0, count: problem.rows)
    #expect(throws: ObjectiveError.loss(.nothingToAverage)) {
      try MultiOutputObjective(features: features, labels: problem.labels, classes: 3, weights: none)
    }
    var offsets = Matrix<Double>.zeros(rows: problem.rows, columns: 3)
    offsets[7, 1] = .nan
    #expect {
      try MultiOutputObjective(features: features, labels: problem.labels, classes: 3, offsets: offsets)
    } throws: { error in
      if case .nonFiniteOffset(7, let value)? = error as? ObjectiveError { value.isNaN } else { false }
    }
  }
}
