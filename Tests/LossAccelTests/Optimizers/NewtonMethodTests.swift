import LossAccel
import TestSupport
import Testing

struct NewtonMethodTests {
  private static func logistic(
    rows: Int = 500, columns: Int = 4, scales: [Double]? = nil, ridge: Double = 0
  ) throws -> LinearObjective {
    var random = SeededGenerator(seed: 11)
    var matrix = Matrix<Double>.zeros(rows: rows, columns: columns)
    var targets: [Double] = []
    for row in 0..<rows {
      var predictor = 0.3
      for column in 0..<columns {
        let value = Double.random(in: -1...1, using: &random)
        predictor += value * Double(column + 1) / 2
        matrix[row, column] = value * (scales?[column] ?? 1)
      }
      targets.append(Double.random(in: -3...3, using: &random) < predictor ? 1 : 0)
    }
    return try LinearObjective(
      features: FeatureMatrix(matrix), targets: targets, loss: .binaryCrossEntropyFromLogits,
      penalty: Penalty(ridge: .uniform(ridge)))
  }

  @Test func leastSquaresInOneStep() throws {
    var random = SeededGenerator(seed: 5)
    let (rows, columns) = (200, 6)
    let elements = (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &random) + 100 }
    let matrix = Matrix(rows: rows, columns: columns, elements: elements)
    let targets = (0..<rows).map { Double($0 % 13) }
    let objective = try LinearObjective(features: FeatureMatrix(matrix), targets: targets, loss: .squaredError)
    let solution = try NewtonMethod().minimize(objective)
    #expect(solution.isConverged && solution.history.count <= 3)
    let regression = try LinearRegression.fit(features: matrix, targets: targets)
    let (coefficients, intercept) = objective.coefficients(at: solution.point)
    let expected = regression.coefficients.map(\.estimate)
    // The condition of the centred columns is about 1, so a few roundings of either way.
    for (value, reference) in zip([intercept] + coefficients, expected) {
      #expect(abs(value - reference) <= 1e-11 * max(1, abs(reference)))
    }
  }

  @Test func logisticRegressionReachesTheMinimum() throws {
    let objective = try Self.logistic()
    let solution = try NewtonMethod().minimize(objective)
    #expect(solution.stop == .gradientVanished)
    #expect(solution.passes <= 9)
    let values = solution.history.map(\.value)
    #expect(zip(values, values.dropFirst()).allSatisfy { $1 <= $0 + 1e-15 })
    let gradient = try objective.evaluate(.gradient, at: solution.point).gradient
    #expect(gradient.allSatisfy { abs($0) <= 1e-8 })
  }

  @Test func tighterThanRoundingEndsAtTheRoundingLimit() throws {
    let control = OptimizerControl(gradientTolerance: 0, maximumIterations: 50)
    let solution = try NewtonMethod().minimize(try Self.logistic(), from: nil, control: control)
    #expect(solution.stop == .atRoundingLimit)
    #expect(solution.gradientNorm <= 1e-15)
  }

  @Test func unitsDoNotMatter() throws {
    let plain = try Self.logistic()
    let scales = [1e6, 1e-6, 1, 1e3]
    let scaled = try Self.logistic(scales: scales)
    let expected = plain.coefficients(at: try NewtonMethod().minimize(plain).point)
    let solution = try NewtonMethod().minimize(scaled)
    let (coefficients, intercept) = scaled.coefficients(at: solution.point)
    for (index, scale) in scales.enumerated() {
      #expect(abs(coefficients[index] * scale - expected.columns[index]) <= 1e-9 * abs(expected.columns[index]))
    }
    #expect(abs(intercept - expected.intercept) <= 1e-9)
  }

  @Test func separableDataHaveNoMinimum() throws {
    let matrix = Matrix(rows: 6, columns: 1, elements: [1, 2, 3, 4, 5, 6.0])
    let objective = try LinearObjective(
      features: FeatureMatrix(matrix), targets: [0, 0, 0, 1, 1, 1], loss: .binaryCrossEntropyFromLogits)
    let solution = try NewtonMethod().minimize(objective, from: nil, control: OptimizerControl(maximumIterations: 20))
    #expect(!solution.history.isEmpty && solution.loss < 1e-4)
  }

  @Test func progressCanStopIt() throws {
    let control = OptimizerControl(progress: { $0.number < 2 })
    let solution = try NewtonMethod().minimize(try Self.logistic(), from: nil, control: control)
    #expect(solution.stop == .interrupted && solution.history.count == 3)
  }

  @Test func nonconvexLossesDescend() throws {
    let wavy = PointwiseLoss("wavy") { square($0 - $1) / (1 + square($0 - $1)) }
    let matrix = Matrix(rows: 50, columns: 2, elements: (0..<100).map { Double($0 * 37 % 19) / 5 - 2 })
    let targets = (0..<50).map { Double($0 * 11 % 17) / 3 }
    let objective = try LinearObjective(features: FeatureMatrix(matrix), targets: targets, loss: wavy)
    let start = objective.point(coefficients: [3, -3], intercept: 5)
    let solution = try NewtonMethod().minimize(objective, from: start, control: OptimizerControl())
    #expect(solution.isConverged)
    let values = solution.history.map(\.value)
    #expect(zip(values, values.dropFirst()).allSatisfy { $1 <= $0 + 1e-12 })
  }
}
