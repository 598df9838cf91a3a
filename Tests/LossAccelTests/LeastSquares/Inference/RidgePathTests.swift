import LossAccel
import TestSupport
import Testing

@Suite struct RidgePathTests {
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count)")
    let scale = b.reduce(0) { max($0, abs($1)) }
    return zip(a, b).reduce(0) { max($0, $1.0 == $1.1 ? 0 : abs($1.0 - $1.1) / scale) }
  }

  private func rows(_ matrix: Matrix<Double>, without row: Int) -> Matrix<Double> {
    Matrix((0..<matrix.rows).filter { $0 != row }.map { Array(matrix.row($0)) })
  }

  private func elements(_ elements: [Double], without row: Int) -> [Double] {
    elements.indices.filter { $0 != row }.map { elements[$0] }
  }

  /// Tall and wide matrices, with and without an intercept, weights and factors: every number against separate fits.
  @Test(arguments: [(12, 3), (7, 11), (16, 6)], [true, false])
  func everyPenaltyIsAFitOfItsOwn(shape: (Int, Int), plain: Bool) throws {
    let (features, targets) = LeastSquaresTests.problem(rows: shape.0, columns: shape.1)
    let weights = plain ? nil : (0..<shape.0).map { 0.5 + Double($0 % 3) }
    let factors = plain ? nil : (0..<shape.1).map { $0 == 1 ? 0 : 0.25 + Double($0 % 4) }
    let penalties = [3, 1e-3, 0.5, 200]
    let path = try RidgePath.fit(
      features: features, targets: targets, penalties: penalties, intercept: plain, weights: weights,
      penaltyFactors: factors)
    #expect(path.penalties == penalties)
    for (index, penalty) in penalties.enumerated() {
      func model(_ rows: Matrix<Double>, _ targets: [Double], _ weights: [Double]?) throws -> LinearRegression {
        try LinearRegression.fit(
          features: rows, targets: targets, intercept: plain, weights: weights, ridge: penalty, penaltyFactors: factors)
      }
      let alone = try model(features, targets, weights)
      // What is nearly undetermined without the penalty has a condition of 10³ or so with it.
      #expect(distance(Array(path.coefficients.row(index)), alone.coefficients.map(\.estimate)) < 1e-11)
      #expect(abs(path.residualSumsOfSquares[index] / alone.residualSumOfSquares - 1) < 1e-9)
      let freedom = try alone.effectiveDegreesOfFreedom()
      #expect(abs(path.effectiveDegreesOfFreedom[index] - freedom) < 1e-11)
      let (n, left) = (Double(shape.0), Double(shape.0) - freedom)
      let criterion = n * alone.residualSumOfSquares / (left * left)
      #expect(abs(path.generalizedCrossValidation[index] / criterion - 1) < 1e-8)
      var total = 0.0
      for row in 0..<shape.0 {
        let other = try model(
          rows(features, without: row), elements(targets, without: row), weights.map { elements($0, without: row) })
        let missed = targets[row] - (try other.predict(Matrix([Array(features.row(row))]))[0])
        total += (weights?[row] ?? 1) * missed * missed
      }
      let mean = total / (weights?.reduce(0, +) ?? n)
      #expect(abs(path.leaveOneOutErrors[index] / mean - 1) < 1e-9)
      guard index == 0 else { continue }
      // PRESS of the model itself, from its leverages.
      let press = try alone.influence().press / (weights?.reduce(0, +) ?? n)
      #expect(abs(path.leaveOneOutErrors[index] / press - 1) < 1e-11)
    }
  }

  @Test func towardsNoPenaltyThePathIsOrdinaryLeastSquares() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 50, columns: 4)
    let ordinary = try LinearRegression.fit(features: features, targets: targets)
    let path = try RidgePath.fit(features: features, targets: targets, penalties: [0, 1e-10, 1e300])
    let estimates = ordinary.coefficients.map(\.estimate)
    #expect(distance(Array(path.coefficients.row(0)), estimates) < 1e-14)
    #expect(distance(Array(path.coefficients.row(1)), estimates) < 1e-11)
    #expect(abs(path.leaveOneOutErrors[0] * 50 / (try ordinary.influence().press) - 1) < 1e-13)
    #expect(path.effectiveDegreesOfFreedom[0] == 5)
    // Nothing but the mean is left under a penalty without end.
    let mean = targets.reduce(0, +) / 50
    #expect(
      abs(path.coefficients[2, 0] - mean) < 1e-14
        && path.coefficients.row(2).dropFirst().allSatisfy { abs($0) < 1e-290 })
    #expect(abs(path.effectiveDegreesOfFreedom[2] - 1) < 1e-14)
  }

  @Test func theAutomaticPenaltiesReachFromAllToNothing() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 60, columns: 5)
    let path = try RidgePath.fit(features: features, targets: targets)
    #expect(path.penalties.count == 100)
    #expect(path.effectiveDegreesOfFreedom[0] > 5.99 && path.effectiveDegreesOfFreedom[99] < 1.01)
    let index = path.index(minimizing: .leaveOneOut)
    #expect(path.leaveOneOutErrors.allSatisfy { $0 >= path.leaveOneOutErrors[index] })
    #expect(path.penalty(minimizing: .generalizedCrossValidation) > 0)
    // Noise alone is best fitted by its mean.
    #expect(path.penalty(minimizing: .leaveOneOut) > 100)
  }

  @Test func dependentColumnsShareTheirCoefficient() throws {
    let (base, targets) = LeastSquaresTests.problem(rows: 20, columns: 2)
    let features = Matrix((0..<20).map { [base[$0, 0], base[$0, 1], base[$0, 0]] })
    let path = try RidgePath.fit(features: features, targets: targets, penalties: [0.5, 1e-6])
    #expect(abs(path.coefficients[0, 1] / path.coefficients[0, 3] - 1) < 1e-11)
    let single = try RidgePath.fit(
      features: base, targets: targets, penalties: [0.5], penaltyFactors: [0.5, 1])
    #expect(abs(2 * path.coefficients[0, 1] / single.coefficients[0, 1] - 1) < 1e-12)
    #expect(abs(path.leaveOneOutErrors[0] / single.leaveOneOutErrors[0] - 1) < 1e-12)
    #expect(
      throws: LeastSquaresError.rankDeficient(
        rank: 3, columns: 4, dependent: [DependentColumn(column: 2, combinationOf: [0])])
    ) { try RidgePath.fit(features: features, targets: targets, penalties: [1, 0]) }
    #expect(
      throws: LeastSquaresError.rankDeficient(
        rank: 2, columns: 3, dependent: [DependentColumn(column: 2, combinationOf: [0], includesIntercept: true)])
    ) { try RidgePath.fit(features: features, targets: targets, penalties: [1], penaltyFactors: [0, 1, 0]) }
    #expect(throws: LeastSquaresError.invalidRidge(-1)) {
      try RidgePath.fit(features: features, targets: targets, penalties: [1, -1])
    }
    #expect(throws: LeastSquaresError.self) {
      try RidgePath.fit(features: features, targets: targets.map { $0 > 5 ? .nan : $0 }, penalties: [1])
    }
  }

  /// Longley's data, badly conditioned: 60-digit arithmetic (References/Regression/ridge.py), and R's lm.ridge, which penalises columns
  /// divided by their standard deviations.
  @Test func referencesForLongley() throws {
    let example = try RegressionCase("longley")
    let lines = try reference("Regression/ridge.txt", from: RegressionCase.folder).split(separator: "\n").map { line in
      line.split(separator: " ").dropFirst().map { Double($0)! }
    }
    let path = try RidgePath.fit(features: example.matrix, targets: example.targets, penalties: lines.map { $0[0] })
    for (index, line) in lines.enumerated() {
      #expect(distance(Array(path.coefficients.row(index)), Array(line[1...7])) < 1e-11)
      #expect(distance(Array(path.coefficients.row(index))[1...].map { $0 }, Array(line[2...7])) < 1e-10)
      #expect(abs(path.effectiveDegreesOfFreedom[index] / line[8] - 1) < 1e-11)
      #expect(abs(path.residualSumsOfSquares[index] / line[9] - 1) < 1e-10)
      #expect(abs(path.leaveOneOutErrors[index] / line[10] - 1) < 1e-10)
      #expect(abs(path.generalizedCrossValidation[index] / line[11] - 1) < 1e-10)
    }
    let ofR = try reference("Regression/ridge-r.txt", from: RegressionCase.folder).split(separator: "\n").map { line in
      line.split(separator: " ").dropFirst().map { Double($0)! }
    }
    let squares = ofR[0].map { $0 * $0 }
    let standardized = try RidgePath.fit(
      features: example.matrix, targets: example.targets, penalties: ofR.dropFirst().map { $0[0] },
      penaltyFactors: squares)
    for (index, line) in ofR.dropFirst().enumerated() {
      #expect(distance(Array(standardized.coefficients.row(index)), Array(line[1...7])) < 1e-9)
      // Its criterion does not count the intercept, and is not multiplied by n.
      let freedom = standardized.effectiveDegreesOfFreedom[index] - 1
      let criterion = standardized.residualSumsOfSquares[index] / ((16 - freedom) * (16 - freedom))
      #expect(abs(criterion / line[8] - 1) < 1e-8)
    }
  }

  @Test func theBitsDoNotDependOnThreadsAndFloatsAreWidened() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 3000, columns: 12)
    func numbers() throws -> [Double] {
      let path = try RidgePath.fit(features: features, targets: targets, penalties: [1, 10, 1000])
      return path.leaveOneOutErrors + path.residualSumsOfSquares + path.coefficients.elements
    }
    let alone = try Parallelism.withThreads(1) { try numbers() }
    #expect(try Parallelism.withThreads(3) { try numbers() } == alone)
    let narrow = Matrix<Float>(rows: 3000, columns: 12, elements: features.elements.map { Float($0) })
    let path = try RidgePath.fit(features: narrow, targets: targets.map { Float($0) }, penalties: [1, 10, 1000])
    #expect(path.leaveOneOutErrors == Array(alone[..<3]))
  }
}
