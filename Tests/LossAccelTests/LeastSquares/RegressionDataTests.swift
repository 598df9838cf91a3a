import LossAccel
import Testing

/// Weights, offsets, several targets, large means and penalties of their own for every column.
@Suite struct RegressionDataTests {
  private func closeness(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count)
    return zip(a, b).map { $0 == $1 || ($0.isNaN && $1.isNaN) ? 0 : abs($0 / $1 - 1) }.reduce(0, max)
  }

  /// Twenty rows whose third column is the sum of the first two, and whole weights with some zeros.
  private func deficient() -> (features: Matrix<Double>, targets: [Double], weights: [Double]) {
    let (base, targets) = LeastSquaresTests.problem(rows: 20, columns: 2)
    let features = Matrix((0..<20).map { [base[$0, 0], base[$0, 1], base[$0, 0] + base[$0, 1]] })
    return (features, targets, (0..<20).map { Double($0 % 4) })
  }

  private func repeated(_ rows: Matrix<Double>, _ targets: [Double], _ weights: [Double]) -> (Matrix<Double>, [Double])
  {
    let order = weights.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    return (Matrix(order.map { Array(rows.row($0)) }), order.map { targets[$0] })
  }

  @Test(arguments: [RankDeficiency.drop, .minimumNorm])
  func weightsAreRepetitionsAlsoWhereColumnsDepend(policy: RankDeficiency) throws {
    let (features, targets, weights) = deficient()
    let (rows, repeatedTargets) = repeated(features, targets, weights)
    let weighted = try leastSquares(features, targets, weights: weights, whenRankDeficient: policy)
    let expected = try leastSquares(rows, repeatedTargets, whenRankDeficient: policy)
    #expect(weighted.rank == 2 && expected.rank == 2)
    // Minimum norm comes from an orthogonal decomposition without refinement: a few roundings of each.
    #expect(closeness(weighted.coefficients, expected.coefficients) <= (policy == .drop ? 0x1p-52 : 0x1p-46))
    #expect(abs(weighted.residualSumOfSquares / expected.residualSumOfSquares - 1) < 1e-14)
    let model = try LinearRegression.fit(
      features: features, targets: targets, weights: weights, whenRankDeficient: policy)
    let other = try LinearRegression.fit(features: rows, targets: repeatedTargets, whenRankDeficient: policy)
    #expect(closeness(model.coefficients.map(\.estimate), other.coefficients.map(\.estimate)) < 1e-12)
    #expect(model.report.droppedColumns == other.report.droppedColumns)
  }

  @Test func offsetsAreSubtractedFromTheTargets() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 30, columns: 3)
    let offsets = (0..<30).map { Double($0 % 7) / 4 }
    let model = try LinearRegression.fit(features: features, targets: targets, offsets: offsets)
    let expected = try LinearRegression.fit(features: features, targets: zip(targets, offsets).map { $0 - $1 })
    #expect(model.coefficients.map(\.estimate) == expected.coefficients.map(\.estimate))
    #expect(model.residuals == expected.residuals && model.rSquared == expected.rSquared)
    #expect(model.formula == "y ~ x1 + x2 + x3 + offset" && model.hasOffsets)
    let fitted = try model.predict(features, offsets: offsets)
    #expect(zip(zip(targets, fitted), model.residuals).allSatisfy { abs($0.0 - $0.1 - $1) < 1e-13 })
    // Rows of weight zero may have any offset.
    var broken = offsets
    broken[4] = .nan
    let weights = (0..<30).map { $0 == 4 ? 0.0 : 1 }
    let partial = try LinearRegression.fit(features: features, targets: targets, offsets: broken, weights: weights)
    #expect(partial.observations == 29 && partial.sigma.isFinite)
  }

  @Test(arguments: [2, 11]) func severalTargetsAreSeveralModels(count: Int) throws {
    let (features, _) = LeastSquaresTests.problem(rows: 40, columns: 4)
    let (targets, _) = LeastSquaresTests.problem(rows: 40, columns: count)
    let models = try LinearRegression.fit(features: features, targets: targets)
    #expect(models.count == count && models[1].targetName == "y2")
    for (index, model) in models.enumerated() {
      let alone = try LinearRegression.fit(features: features, targets: targets.column(index))
      #expect(closeness(model.coefficients.map(\.estimate), alone.coefficients.map(\.estimate)) <= 0x1p-52)
      #expect(closeness(model.coefficients.map(\.pValue), alone.coefficients.map(\.pValue)) < 1e-12)
      #expect(model.residuals == alone.residuals)
      #expect(model.totalSumOfSquares == alone.totalSumOfSquares)
    }
  }

  /// A shift of a column by 10⁹, which is exact here, changes the intercept and nothing else.
  @Test func largeMeansLoseNothing() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 50, columns: 3)
    let shifted = Matrix((0..<50).map { [features[$0, 0] + 1e9, features[$0, 1], features[$0, 2] - 3e12] })
    let model = try LinearRegression.fit(features: shifted, targets: targets.map { $0 + 7e13 })
    let expected = try LinearRegression.fit(features: features, targets: targets)
    for index in 1...3 {
      #expect(abs(model.coefficients[index].estimate / expected.coefficients[index].estimate - 1) <= 0x1p-52)
      #expect(abs(model.coefficients[index].standardError / expected.coefficients[index].standardError - 1) < 1e-14)
    }
    #expect(abs(model.rSquared - expected.rSquared) < 1e-14)
    #expect(abs(model.sigma / expected.sigma - 1) < 1e-14)
    let slopes = expected.coefficients.map(\.estimate)
    let constant = slopes[0] - 1e9 * slopes[1] + 3e12 * slopes[3] + 7e13
    #expect(abs(model.coefficients[0].estimate / constant - 1) < 1e-15)
  }

  @Test(arguments: LeastSquaresTests.methods) func penaltyFactorsAreRowsBelowTheMatrix(method: LeastSquaresMethod)
    throws
  {
    let (features, targets) = LeastSquaresTests.problem(rows: 30, columns: 3)
    let factors = [0.25, 0, 16]
    let below = Matrix((0..<3).map { row in (0..<3).map { $0 == row ? factors[row].squareRoot() : 0 } })
    let augmented = Matrix((0..<33).map { Array($0 < 30 ? features.row($0) : below.row($0 - 30)) })
    let solution = try leastSquares(features, targets, method: method, ridge: 1, penaltyFactors: factors)
    let expected = try leastSquares(augmented, targets + [0, 0, 0])
    #expect(closeness(solution.coefficients, expected.coefficients) < (method.name == "automatic" ? 0x1p-51 : 1e-13))
    let scaled = try leastSquares(features, targets, method: method, ridge: 0.5, penaltyFactors: [0.5, 0, 32])
    #expect(closeness(scaled.coefficients, solution.coefficients) < 1e-13)
  }

  @Test func penaltiesDetermineWhatTheRowsDoNot() throws {
    // Two rows, three columns, the last of them penalised only: together determined.
    let solution = try leastSquares(
      [[1.0, 0, 1], [0, 1, 1]], [2, 3], ridge: 1, penaltyFactors: [0, 0, 2])
    #expect(solution.rank == 3)
    #expect(closeness(solution.coefficients + [1], [2, 3, 0, 1]) == 0)
    let dropped = try LinearRegression.fit(
      features: [[1.0, 2, 0], [2, 4, 1], [3, 6, 5], [5, 10, 1]], targets: [1, 2, 4, 4], ridge: 1,
      penaltyFactors: [0, 0, 3])
    #expect(dropped.report.droppedColumns.map(\.column) == [1])
    let alone = try LinearRegression.fit(
      features: [[1.0, 0], [2, 1], [3, 5], [5, 1]], targets: [1, 2, 4, 4], ridge: 3, penaltyFactors: [0, 1])
    #expect(dropped.coefficients[3].estimate == alone.coefficients[2].estimate)
    #expect(throws: LeastSquaresError.invalidRidge(-2)) {
      try leastSquares([[1.0], [2]], [1, 2], ridge: 2, penaltyFactors: [-1])
    }
  }
}
