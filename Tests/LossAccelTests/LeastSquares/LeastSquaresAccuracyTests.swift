import LossAccel
import TestSupport
import Testing

/// What is refined, how far, and for how many right-hand sides at once.
@Suite struct LeastSquaresAccuracyTests {
  /// One pass in doubles: the error is within the bound that the certificate states, and that of a stable method.
  @Test func fastIsAsGoodAsQR() throws {
    for number in stride(from: 0, to: 1100, by: 3) {
      let problem = GeneratedProblem(number: number)
      guard let exact = ExactLeastSquares(problem.matrix, problem.targets), exact.dependence < 1e10,
        problem.matrix.rows > problem.matrix.columns
      else { continue }
      let solution = try leastSquares(problem.matrix, problem.targets, accuracy: .fast)
      let certificate = try #require(solution.certificate)
      #expect(certificate.steps == 1)
      for (actual, expected) in zip(solution.coefficients, exact.coefficients)
      where expected.high != 0 && abs(expected.value) > 1e-290 {
        #expect(
          expected.relativeError(of: actual) <= certificate.relativeErrorBound,
          "\(problem.description): \(solution.report) \(certificate)")
      }
    }
    let (matrix, targets) = LeastSquaresTests.problem(rows: 3000, columns: 9)
    let bound = try leastSquares(matrix, targets, accuracy: .fast).certificate?.relativeErrorBound ?? 1
    #expect(bound < 1e-11)
  }

  /// However many there are, right-hand sides get what they would get alone.
  @Test(arguments: [1, 3, 8, 9, 40]) func rightHandSidesTogetherAreAsGoodAsAlone(count: Int) throws {
    let (matrix, _) = LeastSquaresTests.problem(rows: 700, columns: 13)
    let (several, _) = LeastSquaresTests.problem(rows: 700, columns: count)
    let together = try leastSquares(matrix, several)
    #expect(together.certificates.count == count)
    for target in 0..<count {
      let alone = try leastSquares(matrix, several.column(target))
      #expect(together.coefficients.column(target) == alone.coefficients)
      #expect(together.certificates[target].relativeErrorBound < 0x1.01p-53)
      #expect(abs(together.residualSumsOfSquares[target] / alone.residualSumOfSquares - 1) < 1e-15)
    }
  }

  /// Data in Float: the coefficients of the problem as stored, rounded once.
  @Test func floatCoefficientsAreRoundedOnce() throws {
    var (rounded, total) = (0, 0)
    for number in stride(from: 0, to: 1100, by: 5) where number % 3 != 1 {
      let problem = GeneratedProblem(number: number)
      let matrix = Matrix<Float>(problem.matrix)
      let targets = problem.targets.map { Float($0) }
      guard targets.allSatisfy(\.isFinite), targets.contains(where: { abs($0) > 1e-30 }),
        let exact = ExactLeastSquares(Matrix<Double>(matrix), targets.map(Double.init)), exact.dependence < 1e10
      else { continue }
      let solution = try leastSquares(matrix, targets)
      let bound = try #require(solution.certificate).relativeErrorBound
      for (actual, expected) in zip(solution.coefficients, exact.coefficients)
      where abs(expected.value) > 1e-30 && abs(expected.value) < 1e30 {
        let error = expected.relativeError(of: Double(actual))
        (rounded, total) = (rounded + (error <= 0x1.01p-24 ? 1 : 0), total + 1)
        #expect(error <= bound, "\(problem.description): \(solution.report) \(bound)")
      }
    }
    #expect(total > 300 && Double(rounded) > 0.99 * Double(total), "\(rounded) of \(total)")
  }

  /// Columns whose largest elements are far beyond all others, in one row: sums that are anchored lose digits there, and must know it.
  @Test func outliersDoNotCostDigits() throws {
    for exponent in [0, 20, 40, 60] {
      var (matrix, targets) = LeastSquaresTests.problem(rows: 900, columns: 3)
      matrix.elements[5] = Double(sign: .plus, exponent: exponent, significand: 1)
      targets[1] = 3 * matrix.elements[5]
      let solution = try leastSquares(matrix, targets)
      let exact = try #require(ExactLeastSquares(matrix, targets))
      for (actual, expected) in zip(solution.coefficients, exact.coefficients) {
        #expect(expected.relativeError(of: actual) <= 0x1.01p-53, "\(exponent) \(solution.certificate as Any)")
      }
    }
  }
}
