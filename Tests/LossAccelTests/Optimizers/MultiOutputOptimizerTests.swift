import LossAccel
import TestSupport
import Testing

/// Every method, on objectives of several outputs, must come to the same minimum.
struct MultiOutputOptimizerTests {
  static let losses: [RowLoss] = [
    .softmaxCrossEntropy, .softmaxCrossEntropy.smoothed(by: 0.1).weighted(classes: [1, 3, 0.5]),
  ]

  static func objective(_ loss: RowLoss, penalty: Penalty = Penalty(ridge: 0.05)) throws -> MultiOutputObjective {
    var random = SeededGenerator(seed: 21)
    let matrix = Matrix<Double>(rows: 200, columns: 4) { _, _ in Double.random(in: -1...1, using: &random) }
    let labels = (0..<200).map { row in
      let scores = [matrix[row, 0], -matrix[row, 1], 0.5 * matrix[row, 2]].map {
        $0 + Double.random(in: -1...1, using: &random)
      }
      return scores.indices.max { scores[$0] < scores[$1] } ?? 0
    }
    return try MultiOutputObjective(
      features: FeatureMatrix(matrix), labels: labels, classes: 3, loss: loss, penalty: penalty)
  }

  @Test(arguments: 0..<losses.count) func methodsAgree(number: Int) throws {
    let objective = try Self.objective(Self.losses[number])
    let reference = try NewtonMethod().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-12))
    #expect(reference.isConverged, "\(reference.stop)")
    // The centred minimum: coefficients add up to 0 over the classes.
    for row in stride(from: 0, to: objective.dimension, by: 3) {
      #expect(abs(reference.point[row] + reference.point[row + 1] + reference.point[row + 2]) <= 1e-12)
    }
    try requireAgreement(on: objective, with: reference, tolerance: 1e-7, curvature: 0.01)
  }

  @Test func newtonNeedsFewPasses() throws {
    let solution = try NewtonMethod().minimize(try Self.objective(.softmaxCrossEntropy, penalty: .none))
    #expect(solution.stop == .gradientVanished && solution.passes <= 8, "\(solution.passes)")
  }

  @Test func stochasticMethodsComeNear() throws {
    let objective = try Self.objective(.softmaxCrossEntropy)
    let reference = try NewtonMethod().minimize(objective)
    let method = StochasticMethod(rate: 0.05, batchSize: 20, epochs: 40, seed: 1)
    #expect(try method.minimize(objective).value <= reference.value + 1e-3)
  }

  /// By the definition: no small move of any coefficient lowers the sum.
  @Test(arguments: [
    Penalty(lasso: 0.02), Penalty(ridge: 0.01, lasso: 0.05), Penalty(lasso: 10),
    Penalty(groups: [.init(columns: [0, 2], strength: 0.05), .init(columns: [1], strength: 0.1)]),
  ]) func kinksAreMinima(penalty: Penalty) throws {
    let objective = try Self.objective(.softmaxCrossEntropy, penalty: penalty)
    let solution = try ProximalNewton().minimize(
      objective, from: nil, control: OptimizerControl(gradientTolerance: 1e-10))
    #expect(solution.isConverged, "\(solution.stop)")
    let kinks = try #require(objective.nonsmooth)
    func value(_ point: [Double]) throws -> Double {
      try objective.evaluate([], at: point).value + kinks.value(at: point)
    }
    let best = try value(solution.point)
    for index in solution.point.indices {
      for move in [1e-4, -1e-4, 1e-2, -1e-2] {
        var moved = solution.point
        moved[index] += move
        #expect(try value(moved) >= best - 1e-13)
      }
    }
    // The kinks are those of the penalty on the coefficients.
    let (coefficients, _) = objective.coefficients(at: solution.point)
    var expected = 0.0
    for column in 0..<4 {
      expected += penalty.lasso[column] * coefficients.row(column).reduce(0) { $0 + abs($1) }
    }
    for group in penalty.groups {
      let squares = group.columns.flatMap { coefficients.row($0) }.reduce(0) { $0 + $1 * $1 }
      expected += group.strength * squares.squareRoot()
    }
    #expect(abs(kinks.value(at: solution.point) - expected) <= 1e-14)
    if penalty.lasso[0] == 10 { #expect(coefficients.elements.allSatisfy { $0 == 0 }) }
  }
}
