import LossAccel
import TestSupport
import Testing

/// NIST's certified linear regressions (References/NIST, public domain; from Debian's package gretl-data).
@Suite struct NISTTests {
  /// The digits that the exact solution of the rounded design has in common with the certified values: no solver that is given the
  /// design in Double can do better.
  static let ceilings: [String: Double] = [
    "Norris": 14.1, "Pontius": 13.5, "NoInt1": 14.7, "NoInt2": 15, "Filip": 7.6, "Longley": 14.6, "Wampler1": 15,
    "Wampler2": 13.2, "Wampler3": 15, "Wampler4": 15, "Wampler5": 15,
  ]

  @Test(arguments: NISTRegression.names) func automaticReachesTheCeiling(name: String) throws {
    let nist = try NISTRegression(name, from: #filePath)
    let model = try LinearRegression.fit(
      features: nist.features, targets: nist.targets, intercept: nist.hasIntercept)
    let digits = zip(model.coefficients, nist.estimates).map { correctDigits($0.estimate, $1) }.min() ?? 0
    #expect(digits >= Self.ceilings[name]! - 0.1, "\(model.coefficients.map(\.estimate)) \(model.report)")

    // Filip's standard errors are as sensitive to the rounding of its powers as its coefficients are.
    let isFilip = name == "Filip"
    let errors = zip(model.coefficients, nist.standardDeviations).map { correctDigits($0.standardError, $1) }
    #expect(errors.min() ?? 0 >= (isFilip ? 7.5 : 13))
    #expect(correctDigits(model.sigma, nist.residualStandardDeviation) >= (isFilip ? 9.5 : 13))
    #expect(correctDigits(model.rSquared, nist.rSquared) >= (isFilip ? 11.5 : 13))
    let statistic = try #require(model.fTest).statistic
    // Certified as infinite where y is an exact polynomial; as stored, its values are rounded.
    #expect(
      nist.fStatistic.isInfinite ? statistic > 1e20 : correctDigits(statistic, nist.fStatistic) >= (isFilip ? 9 : 13))
  }

  @Test(arguments: NISTRegression.names) func withoutCenteringToo(name: String) throws {
    let nist = try NISTRegression(name, from: #filePath)
    let design =
      nist.hasIntercept
      ? Matrix((0..<nist.features.rows).map { [1] + Array(nist.features.row($0)) }) : nist.features
    let solution = try leastSquares(design, nist.targets)
    let digits = zip(solution.coefficients, nist.estimates).map { correctDigits($0, $1) }.min() ?? 0
    #expect(digits >= Self.ceilings[name]! - 0.1, "\(solution.coefficients) \(solution.report)")
  }
}
