import Foundation
import LossAccel
import TestSupport
import Testing

/// Curvature over the rows that carry most of it: the right rows are left out, and nothing else changes.
struct ThinnedCurvatureTests {
  static let (rows, columns) = (2500, 6)
  static let share = 0.3

  static let matrix: Matrix<Double> = {
    var random = SeededGenerator(seed: 77)
    return Matrix(rows: rows, columns: columns) { _, column in
      Double.random(in: -4...4, using: &random) + (column == 2 ? 3 : 0)
    }
  }()

  static let labels = (0..<rows).map { $0 * 7 % 3 }
  static let weights = (0..<rows).map { Double(1 + $0 % 4) / 2 }

  /// Which rows remain when those with the smallest curvatures go, as long as they have no more than the share of all: written down
  /// once more, from the definition.
  static func remaining(_ curvatures: [Double]) -> [Bool] {
    var kept = [Bool](repeating: true, count: curvatures.count)
    var rest = share * curvatures.reduce(0, +)
    for row in curvatures.indices.sorted(by: { curvatures[$0] < curvatures[$1] }) {
      rest -= curvatures[row]
      if rest < 0 { break }
      kept[row] = false
    }
    return kept
  }

  /// Products and diagonal of a thinned evaluation are those of the objective in which the other rows weigh nothing.
  static func check(
    _ objective: some Objective, curvatures: [Double], without: (_ weights: [Double]) throws -> some Objective,
    centring: (_ weights: [Double]) -> Double
  ) throws {
    let point = (0..<objective.dimension).map { 0.3 * Double($0 * 3 % 7 - 3) }
    let direction = (0..<objective.dimension).map { Double($0 % 3) - 1 }
    let evaluation = try objective.evaluate([.gradient, .curvature], at: point)
    let thinned = try objective.thinned(evaluation, share: share)
    let kept = remaining(curvatures)
    let count = kept.count { $0 }
    #expect(count > rows / 20 && count < 3 * rows / 4, "\(count) rows are left")
    // Next to nothing: of rows that weigh nothing at all the parameters' units take no notice, either.
    let factors = zip(weights, kept).map { $1 ? $0 : 1e-200 }
    let rest = try without(factors)
    let other = try rest.evaluate([.gradient, .curvature], at: point)
    for (found, expected) in [
      (try objective.curvatureProduct(direction, at: thinned), try rest.curvatureProduct(direction, at: other)),
      (
        try #require(try objective.curvatureDiagonal(at: thinned)).map { $0 - centring(weights) },
        try #require(try rest.curvatureDiagonal(at: other)).map { $0 - centring(factors) }
      ),
    ] {
      let size = expected.reduce(0) { max($0, abs($1)) }
      // Sums over the same rows in blocks of other lengths.
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-13 * size })
    }
    // Not what all rows make.
    let whole = try objective.curvatureProduct(direction, at: evaluation)
    #expect(whole != (try objective.curvatureProduct(direction, at: thinned)))
    // The same value and gradient, and the same line.
    #expect(thinned.value == evaluation.value && thinned.gradient == evaluation.gradient)
    let end = try objective.evaluate(.gradient, at: direction)
    #expect(
      try objective.line(from: thinned, through: end)(0.25) == objective.line(from: evaluation, through: end)(0.25))
    // Where no rows may go, none do.
    let same = try objective.thinned(evaluation, share: 0)
    #expect(try objective.curvatureProduct(direction, at: same) == whole)
  }

  private static func logistic(_ weights: [Double]) throws -> LinearObjective {
    try LinearObjective(
      features: FeatureMatrix(matrix), targets: labels.map { $0 == 0 ? 1.0 : 0 }, loss: .binaryCrossEntropyFromLogits,
      weights: weights, penalty: Penalty(ridge: 0.5), reduction: .sum)
  }

  @Test func ofOneOutput() throws {
    let objective = try Self.logistic(Self.weights)
    let point = (0..<objective.dimension).map { 0.3 * Double($0 * 3 % 7 - 3) }
    let predictors = objective.predictions(at: try objective.evaluate(.gradient, at: point))
    let curvatures = zip(predictors, Self.weights).map { $1 / (2 + 2 * cosh($0)) }
    try Self.check(objective, curvatures: curvatures, without: Self.logistic) { _ in 0 }
  }

  private static func softmax(_ weights: [Double]) throws -> MultiOutputObjective {
    try MultiOutputObjective(
      features: FeatureMatrix(matrix), labels: labels, classes: 3, weights: weights, penalty: Penalty(ridge: 0.5),
      reduction: .sum)
  }

  @Test func ofSeveralOutputs() throws {
    let objective = try Self.softmax(Self.weights)
    let point = (0..<objective.dimension).map { 0.3 * Double($0 * 3 % 7 - 3) }
    let scores = objective.scores(at: try objective.evaluate(.gradient, at: point))
    let curvatures = (0..<Self.rows).map { row in
      let exponentials = scores.row(row).map { exp($0) }
      let sum = exponentials.reduce(0, +)
      return Self.weights[row] * exponentials.reduce(0) { $0 + $1 / sum * (1 - $1 / sum) }
    }
    // The sum over the outputs, which a softmax does not see, has a curvature by all weights. (The direction has no such part.)
    try Self.check(objective, curvatures: curvatures, without: Self.softmax) { $0.reduce(0, +) / 9 }
  }

  /// Losses that are not convex keep all rows: what rows make may cancel.
  @Test func notConvex() throws {
    let objective = try LinearObjective(
      features: FeatureMatrix(Self.matrix), targets: Self.labels, loss: .gemanMcClure())
    let evaluation = try objective.evaluate(.curvature, at: objective.startingPoint)
    let direction = (0..<objective.dimension).map { Double($0 % 3) - 1 }
    let thinned = try objective.thinned(evaluation, share: 0.5)
    #expect(
      try objective.curvatureProduct(direction, at: evaluation) == objective.curvatureProduct(direction, at: thinned))
  }

  /// The trust-region method leaves rows out and comes to the same minimum as Newton's, to the last digits, on a model that tells almost all
  /// rows apart, with columns that few rows have.
  @Test(arguments: [1e-8, 1e-12]) func trustRegion(tolerance: Double) throws {
    var random = SeededGenerator(seed: 5)
    let matrix = Matrix<Double>(rows: 6000, columns: 30) { row, column in
      row % (column + 1) == 0 || row % 97 == column ? Double.random(in: -1...1, using: &random) : 0
    }
    let labels = (0..<6000).map { row in
      let scores = (0..<5).map { output in
        (0..<30).reduce(0) { $0 + 9 * matrix[row, $1] * Double(($1 * 5 + output * 3) % 11 - 5) }
      }
      return scores.indices.max { scores[$0] < scores[$1] } ?? 0
    }
    let objective = try MultiOutputObjective(
      features: FeatureMatrix(matrix), labels: labels, classes: 5, penalty: Penalty(ridge: 1e-6))
    let control = OptimizerControl(gradientTolerance: tolerance)
    let newton = try NewtonMethod().minimize(objective, from: nil, control: control)
    let solution = try TrustRegionNewton().minimize(objective, from: nil, control: control)
    #expect(solution.stop == .gradientVanished && newton.stop == .gradientVanished)
    #expect(abs(solution.value - newton.value) <= 1e-13 + 1e-3 * tolerance)
    #expect(solution.history.count <= newton.history.count + 1, "\(solution.history.count), \(newton.history.count)")
    #expect(solution.passes <= (tolerance == 1e-8 ? 280 : 420), "\(solution.passes) passes")
  }
}
