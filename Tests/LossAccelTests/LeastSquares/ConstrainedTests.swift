import LossAccel
import TestSupport
import Testing

/// Constrained least squares against the exact solution of the problem with the constraints substituted.
@Suite struct ConstrainedTests {
  /// x₀ = d − Σ kⱼxⱼ leaves an ordinary problem of integers. Columns lean on each other, so that LAPACK alone loses digits.
  @Test func coefficientsAreRefinedToTheLastBit() throws {
    var (rounded, total, lapack) = (0, 0, 0)
    for number in 0..<40 {
      var generator = SeededGenerator(seed: UInt64(number))
      func integer(_ range: Int) -> Double { Double(Int.random(in: -range...range, using: &generator)) }
      let columns = 2 + number % 4
      let rows = columns + number % 9
      let lean = Double(1 << (number % 15))
      let factors = (1..<columns).map { _ in integer(3) }
      let constant = integer(9)
      let matrix = (0..<rows).map { _ in
        let first = integer(50)
        return (0..<columns).map { $0 == 0 ? integer(50) : lean * first + integer(50) }
      }
      let targets = (0..<rows).map { _ in integer([1, 1000, 1 << 20][number % 3]) }
      let reduced = matrix.map { row in (1..<columns).map { row[$0] - factors[$0 - 1] * row[0] } }
      let rest = zip(targets, matrix).map { $0 - constant * $1[0] }
      guard let exact = ExactLeastSquares(Matrix(reduced), rest), exact.dependence < 1e7 else { continue }
      let others = exact.coefficients.map {
        DoubleDouble($0.high, $0.low).scaled(by: Double(sign: .plus, exponent: $0.exponent, significand: 1))
      }
      var first = DoubleDouble(constant)
      for (factor, value) in zip(factors, others) { first -= value * factor }
      let solution = try leastSquares(
        Matrix(matrix), targets,
        method: .constrained(equalities: Matrix([[1] + factors]), values: [constant]))
      let bound = try #require(solution.certificate).relativeErrorBound
      for (actual, expected) in zip(solution.coefficients, [first] + others) where abs(expected.value) > 1e-20 {
        let error = abs((DoubleDouble(actual) - expected).value / expected.value)
        total += 1
        rounded += error <= 0x1.01p-53 ? 1 : 0
        #expect(error <= bound, "\(number): \(actual) \(expected), \(solution.certificate as Any)")
      }
      lapack += bound < 0x1p-52 ? 1 : 0
      let squares = exact.residualSquares
      if squares.value > 1e-20 { #expect(squares.relativeError(of: solution.residualSumOfSquares) < 1e-13) }
    }
    #expect(total > 60 && rounded == total, "\(rounded) of \(total)")
    #expect(lapack > 20)
  }

  @Test func noFreedomNoConstraintAndAnIntercept() throws {
    let (matrix, targets) = LeastSquaresTests.problem(rows: 30, columns: 3)
    let none = try leastSquares(
      matrix, targets, method: .constrained(equalities: Matrix<Double>(rows: 0, columns: 3, elements: []), values: []))
    #expect(none.coefficients == (try leastSquares(matrix, targets).coefficients))
    let fixed = try leastSquares(
      matrix, targets,
      method: .constrained(equalities: [[1, 0, 0], [1, 1, 0], [0, 0, 3]], values: [1, 3, 1] as [Double]))
    #expect(fixed.coefficients == [1, 2, 1 / 3.0])
    // With an intercept, weights and a penalty: the substituted problem again, but for the penalty's coupling.
    let weights = (0..<30).map { Double($0 % 3 + 1) }
    let model = try LinearRegression.fit(
      features: matrix, targets: targets, weights: weights,
      method: .constrained(equalities: [[1, 0, -2]], values: [0.5] as [Double]))
    let reduced = Matrix((0..<30).map { [matrix[$0, 1], 2 * matrix[$0, 0] + matrix[$0, 2]] })
    let rest = (0..<30).map { targets[$0] - 0.5 * matrix[$0, 0] }
    let free = try LinearRegression.fit(features: reduced, targets: rest, weights: weights)
    #expect(model.coefficients[0].estimate == free.coefficients[0].estimate)
    #expect(model.coefficients[2].estimate == free.coefficients[1].estimate)
    #expect(model.coefficients[3].estimate == free.coefficients[2].estimate)
  }
}
