import LossAccel
import TestSupport
import Testing

/// As many rows as columns, against solutions in whole numbers from which the right-hand sides were made without rounding.
@Suite struct SquareSystemTests {
  /// A random matrix of small integers whose columns lean on the first, a solution, and the exact product of both.
  static func problem(order: Int, leaning: Int, seed: Int) -> (Matrix<Double>, targets: [Double], solution: [Double]) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var matrix = Matrix<Double>(
      rows: order, columns: order,
      elements: (0..<order * order).map { _ in Double(Int.random(in: -99...99, using: &generator)) })
    for row in 0..<order {
      for column in 1..<order { matrix[row, column] += Double(leaning) * matrix[row, 0] }
    }
    let solution = (0..<order).map { _ in Double(Int.random(in: -999...999, using: &generator)) }
    let targets = (0..<order).map { row in (0..<order).reduce(0) { $0 + matrix[row, $1] * solution[$1] } }
    return (matrix, targets, solution)
  }

  @Test(arguments: [47, 48, 64, 100, 257], [0, 1000, 1_000_000]) func solutionsInWholeNumbers(
    order: Int, leaning: Int
  ) throws {
    let (matrix, targets, expected) = SquareSystemTests.problem(order: order, leaning: leaning, seed: order)
    let solution = try leastSquares(matrix, targets)
    #expect(solution.coefficients == expected, "\(solution.report)")
    #expect(solution.report.rank == order)
    #expect(solution.residualSumOfSquares < 1e-25)
    let certificate = try #require(solution.certificate)
    // The bound counts errors in units of the longest columns, of which the first is a millionth.
    #expect(certificate.relativeErrorBound < (leaning < 1_000_000 ? 0x1.02p-53 : 1e-13))
    if leaning == 0 { #expect((solution.report.method == "LU") == (order >= 48)) }
  }

  /// Units far apart, several right-hand sides, the same bits from a factorisation that is kept.
  @Test func unitsAndSeveralRightHandSides() throws {
    let order = 72
    var (matrix, targets, expected) = SquareSystemTests.problem(order: order, leaning: 3, seed: 5)
    for column in 0..<order {
      let unit = Double(sign: .plus, exponent: (column - 36) * 12, significand: 1)
      for row in 0..<order { matrix[row, column] *= unit }
      expected[column] /= unit
    }
    let both = Matrix(rows: order, columns: 2, elements: targets.flatMap { [$0, -0x1p300 * $0] })
    let kept = try LeastSquaresFactorization(matrix)
    #expect(kept.report.method == "LU")
    let solutions = try kept.solve(both).coefficients
    for column in 0..<order {
      #expect(solutions[column, 0] == expected[column])
      #expect(solutions[column, 1] == -0x1p300 * expected[column])
    }
  }

  /// Halves of a unit in the last place decide how coefficients in Float are rounded.
  @Test func singlePrecision() throws {
    let (matrix, targets, expected) = SquareSystemTests.problem(order: 60, leaning: 2, seed: 8)
    let solution = try leastSquares(Matrix<Float>(matrix), targets.map(Float.init))
    #expect(solution.report.method == "LU")
    #expect(solution.coefficients == expected.map(Float.init))
  }

  @Test func oneRefinementIsNearlyExact() throws {
    let (matrix, targets, expected) = SquareSystemTests.problem(order: 128, leaning: 10, seed: 2)
    let solution = try leastSquares(matrix, targets, accuracy: .fast)
    for (actual, expected) in zip(solution.coefficients, expected) { #expect(abs(actual - expected) <= 1e-12 * 999) }
    #expect(try #require(solution.certificate).steps == 2)
  }

  /// A column that is nearly a combination of others is left to the QR that judges rank; one that is so exactly is named.
  @Test func dependentColumnsAreNamed() throws {
    var (matrix, targets, _) = SquareSystemTests.problem(order: 60, leaning: 0, seed: 3)
    for row in 0..<60 { matrix[row, 17] = matrix[row, 4] - 2 * matrix[row, 9] }
    #expect {
      try leastSquares(matrix, targets)
    } throws: { error in
      guard case .rankDeficient(let rank, 60, let dependent) = error as? LeastSquaresError else { return false }
      return rank == 59 && dependent.map(\.column) == [17] && dependent[0].combinationOf == [4, 9]
    }
    targets[8] = .nan
    #expect(throws: LeastSquaresError.self) {
      try leastSquares(SquareSystemTests.problem(order: 60, leaning: 0, seed: 3).0, targets)
    }
    matrix[59, 31] = .infinity
    #expect {
      try leastSquares(matrix, targets)
    } throws: { error in
      guard case .nonFiniteElement(59, 31, _) = error as? LeastSquaresError else { return false }
      return true
    }
  }

  /// Rows of weight zero, an intercept and a penalty are not what elimination is for.
  @Test func otherSystemsTakeTheOtherWay() throws {
    let (matrix, targets, expected) = SquareSystemTests.problem(order: 60, leaning: 0, seed: 4)
    let weighted = try leastSquares(matrix, targets, weights: (0..<60).map { Double($0 % 3 + 1) })
    #expect(weighted.report.method != "LU" && weighted.coefficients == expected)
    #expect(try leastSquares(matrix, targets, ridge: 1).report.method != "LU")
  }
}
