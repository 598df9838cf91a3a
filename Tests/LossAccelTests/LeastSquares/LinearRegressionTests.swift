import LossAccel
import TestSupport
import Testing

@Suite struct LinearRegressionTests {
  /// R's `summary(lm(weight ~ height, women))`, a data set of R: heights 58…72 inches, weights in pounds.
  static let heights = (58...72).map(Double.init)
  static let weights: [Double] = [115, 117, 120, 123, 126, 129, 132, 135, 139, 142, 146, 150, 154, 159, 164]

  @Test func numbersAreThoseOfR() throws {
    let model = try LinearRegression.fit(
      features: Matrix(column: Self.heights), targets: Self.weights, columnNames: ["height"], targetName: "weight")
    func close(_ actual: Double, _ expected: Double, _ relative: Double) -> Bool {
      abs(actual / expected - 1) <= relative
    }
    #expect(close(model["(Intercept)"]!, -87.516666666666667, 1e-15))
    #expect(close(model["height"]!, 3.45, 1e-15))
    #expect(model["age"] == nil)
    #expect(close(model.coefficients[0].standardError, 5.936944, 1e-6))
    #expect(close(model.coefficients[1].standardError, 0.09113650, 1e-6))
    #expect(close(model.coefficients[0].statistic, -14.74103, 1e-6))
    #expect(close(model.coefficients[1].statistic, 37.85531, 1e-6))
    #expect(close(model.coefficients[0].pValue, 1.711082e-09, 1e-6))
    #expect(close(model.coefficients[1].pValue, 1.090973e-14, 1e-6))
    #expect(close(model.sigma, 1.525005, 1e-6))
    #expect(model.residualDegreesOfFreedom == 13 && model.observations == 15 && model.rank == 2)
    #expect(close(model.rSquared, 0.9910098, 1e-7))
    #expect(close(model.adjustedRSquared, 0.9903183, 1e-7))
    let test = try #require(model.fTest)
    #expect(close(test.statistic, 1433.024, 1e-6))
    #expect(test.numeratorDegreesOfFreedom == 1 && test.denominatorDegreesOfFreedom == 13)
    #expect(close(test.pValue, model.coefficients[1].pValue, 1e-11))
    let interval = model.coefficients[1].confidenceInterval
    #expect(close(interval.low, 3.253112, 1e-6) && close(interval.high, 3.646888, 1e-6))
    #expect(model.coefficients[1].confidenceInterval(level: 0.5).high < interval.high)
    let summary = model.residualSummary
    #expect(close(summary.minimum, -1.7333333333333, 1e-12) && close(summary.maximum, 3.1166666666667, 1e-12))
    #expect(
      close(summary.lowerQuartile, -1.1333333333333, 1e-12) && close(summary.upperQuartile, 0.7416666666667, 1e-12))
    #expect(close(summary.median, -0.3833333333333, 1e-12))
    #expect(abs(model.residuals.reduce(0, +)) < 1e-12)
    let predictions = try model.predict(Matrix(column: [60, 70]))
    #expect(close(predictions[0], 119.4833333333333, 1e-14) && close(predictions[1], 153.9833333333333, 1e-14))
  }

  @Test func theSummaryReadsLikeRs() throws {
    let model = try LinearRegression.fit(
      features: Matrix(column: Self.heights), targets: Self.weights, columnNames: ["height"], targetName: "weight")
    let lines = model.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "Linear regression: weight ~ height")
    #expect(lines[4] == "  -1.7333  -1.1333  -0.38333  0.74167  3.1167")
    #expect(lines.contains { $0.hasPrefix("(Intercept)  -87.5167") && $0.hasSuffix("***") })
    #expect(lines.contains("Residual standard error: 1.525 on 13 degrees of freedom"))
    #expect(lines.contains("Multiple R²: 0.99101,  adjusted R²: 0.99032"))
    #expect(lines.contains { $0.hasPrefix("F statistic: 1433 on 1 and 13 degrees of freedom,  p value: 1.091e-14") })
    #expect(lines.contains { $0.hasPrefix("Method: closed form") })
  }

  @Test func withoutAnInterceptRSquaredIsMeasuredFromZero() throws {
    let model = try LinearRegression.fit(features: [[1], [2], [3]], targets: [2, 3, 7] as [Double], intercept: false)
    #expect(abs(model["x1"]! - 29.0 / 14) < 1e-15)
    #expect(abs(model.totalSumOfSquares - 62) < 1e-13)
    #expect(abs(model.rSquared - 29.0 * 29 / 14 / 62) < 1e-14)
    #expect(abs(model.adjustedRSquared - (1 - (1 - model.rSquared) * 3 / 2)) < 1e-14)
    #expect(model.formula == "y ~ 0 + x1")
  }

  @Test(arguments: LeastSquaresTests.methods) func methodsAgree(method: LeastSquaresMethod) throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 80, columns: 5)
    let expected = try LinearRegression.fit(features: features, targets: targets)
    let model = try LinearRegression.fit(features: features, targets: targets, method: method)
    for (a, b) in zip(model.coefficients, expected.coefficients) {
      #expect(abs(a.estimate / b.estimate - 1) < 1e-11)
      #expect(abs(a.standardError / b.standardError - 1) < 1e-12)
    }
    #expect(abs(model.rSquared - expected.rSquared) < 1e-13)
  }

  @Test func dependentColumnsAreDroppedAsInR() throws {
    let (base, targets) = LeastSquaresTests.problem(rows: 30, columns: 2)
    // A constant column, and one that is another plus a constant.
    let features = Matrix((0..<30).map { [0.1, base[$0, 0], base[$0, 0] * 3 + 1e6, base[$0, 1]] })
    let model = try LinearRegression.fit(features: features, targets: targets, columnNames: ["one", "a", "b", "c"])
    #expect(
      model.report.droppedColumns == [
        DependentColumn(column: 0, combinationOf: [], includesIntercept: true),
        DependentColumn(column: 2, combinationOf: [1], includesIntercept: true),
      ])
    #expect(model.coefficients[1].isDropped && model.coefficients[1].estimate.isNaN)
    #expect(model.coefficients[3].isDropped && model.coefficients[3].pValue.isNaN)
    #expect(model.rank == 3 && model.residualDegreesOfFreedom == 27)
    let kept = try LinearRegression.fit(features: base, targets: targets)
    #expect(model.coefficients[2].estimate == kept.coefficients[1].estimate)
    #expect(model.coefficients[4].standardError == kept.coefficients[2].standardError)
    #expect(model.rSquared == kept.rSquared)
    let predictions = try model.predict(features)
    #expect(zip(predictions, try kept.predict(base)).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(model.description.contains("Dropped: b is a combination of the intercept and a"))
    #expect(throws: LeastSquaresError.self) {
      try LinearRegression.fit(features: features, targets: targets, whenRankDeficient: .error)
    }
  }

  @Test func weightsOfZeroTakeRowsOut() throws {
    let features = Matrix(column: [1, 2, 3, 4, Double.nan])
    let model = try LinearRegression.fit(features: features, targets: [2, 4, 7, 8, 1], weights: [1, 1, 2, 1, 0])
    let repeated = try LinearRegression.fit(features: Matrix(column: [1, 2, 3, 3, 4.0]), targets: [2, 4, 7, 7, 8])
    #expect(model.observations == 4)
    #expect(abs(model["x1"]! / repeated["x1"]! - 1) < 1e-14)
    #expect(abs(model.rSquared / repeated.rSquared - 1) < 1e-14)
    #expect(model.description.contains("Weighted residuals:"))
  }

  @Test func aPenaltyLeavesTheInterceptAlone() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 40, columns: 2)
    let shifted = targets.map { $0 + 1000 }
    let model = try LinearRegression.fit(features: features, targets: targets, ridge: 50)
    let other = try LinearRegression.fit(features: features, targets: shifted, ridge: 50)
    #expect(abs(model["x1"]! - other["x1"]!) < 1e-13)
    #expect(abs(model["(Intercept)"]! + 1000 - other["(Intercept)"]!) < 1e-12)
    #expect(model.coefficients[1].standardError.isNaN && model.fTest == nil)
  }

  @Test func saturatedAndConstantFits() throws {
    let saturated = try LinearRegression.fit(features: Matrix(column: [1, 2.0]), targets: [3, 5])
    #expect(saturated["x1"] == 2 && saturated["(Intercept)"] == 1)
    #expect(saturated.residualDegreesOfFreedom == 0 && saturated.sigma.isNaN && saturated.fTest == nil)
    #expect(saturated.coefficients[1].pValue.isNaN)
    let constant = try LinearRegression.fit(
      features: Matrix<Double>(rows: 3, columns: 0, elements: []), targets: [1, 2, 6])
    #expect(constant["(Intercept)"] == 3 && constant.formula == "y ~ 1")
    #expect(abs(constant.coefficients[0].standardError - (7.0 / 3).squareRoot()) < 1e-15)
    // More columns than rows: the last ones are dropped.
    let wide = try LinearRegression.fit(features: [[1, 2, 4], [2, 1, 5]], targets: [1, 3] as [Double])
    #expect(wide.rank == 2 && wide.report.droppedColumns.map(\.column) == [1, 2])
  }
}
