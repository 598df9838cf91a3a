import LossAccel
import TestSupport
import Testing

/// Wide matrices, whose Gram matrix may be one in single precision: A = (C; C), b = (Cx + r; Cx − r) in whole numbers, so that x is known.
@Suite struct CoarseFactorTests {
  private func problem(columns: Int, lean: Double = 0) -> (Matrix<Double>, [Double], [Double]) {
    var generator = SeededGenerator(seed: UInt64(columns))
    let half = 3 * columns + 7
    var c = (0..<half * columns).map { _ in Double(Int.random(in: -99...99, using: &generator)) }
    for row in 0..<half { for column in 1..<columns { c[row * columns + column] += lean * c[row * columns] } }
    let x = (0..<columns).map { _ in Double(Int.random(in: 1...99, using: &generator)) }
    let fitted = (0..<half).map { row in (0..<columns).reduce(0) { $0 + c[row * columns + $1] * x[$1] } }
    let noise = fitted.map { _ in Double(Int.random(in: -9999...9999, using: &generator)) }
    return (
      Matrix(rows: 2 * half, columns: columns, elements: c + c),
      zip(fitted, noise).map { $0 + $1 } + zip(fitted, noise).map { $0 - $1 }, x
    )
  }

  @Test func singlePrecisionCostsNoDigits() throws {
    let (matrix, targets, x) = problem(columns: 260)
    let solution = try leastSquares(matrix, targets)
    #expect(solution.report.method == "Gram in single precision + Cholesky")
    #expect(solution.coefficients == x)
    #expect(try #require(solution.certificate).relativeErrorBound < 0x1.01p-53)
    let one = try Parallelism.withThreads(1) { try leastSquares(matrix, targets) }
    #expect(one.coefficients == x && one.residualSumOfSquares == solution.residualSumOfSquares)
    // One refinement in doubles, after the one that makes up for single precision.
    let fast = try leastSquares(matrix, targets, accuracy: .fast)
    let bound = try #require(fast.certificate).relativeErrorBound
    #expect(bound < 1e-8 && zip(fast.coefficients, x).allSatisfy { abs($0 - $1) <= bound * $1 })
    // Right-hand sides that come later.
    let factored = try LeastSquaresFactorization(matrix)
    #expect(try factored.solve(targets).coefficients == x)
    // Standard errors want all digits of the factor.
    let model = try LinearRegression.fit(features: matrix, targets: targets, intercept: false)
    #expect(model.report.method == "Gram + Cholesky" && model.coefficients.map(\.estimate) == x)
  }

  @Test func worseColumnsAreMultipliedInDouble() throws {
    let (matrix, targets, x) = problem(columns: 258, lean: 60)
    let solution = try leastSquares(matrix, targets)
    #expect(solution.report.method == "Gram + Cholesky" && solution.coefficients == x)
  }

  /// One row, which no sample finds, makes all columns lean on each other.
  @Test func whatTheSampleMissesIsFoundLater() throws {
    var (matrix, targets, x) = problem(columns: 257)
    let half = matrix.rows / 2
    for place in [50, half + 50] {
      for column in 0..<257 { matrix[place, column] = 0x1p20 }
      targets[place] = x.reduce(0) { $0 + $1 * 0x1p20 }
    }
    let solution = try leastSquares(matrix, targets)
    #expect(solution.report.method == "Gram + Cholesky" && solution.coefficients == x)
  }

  /// As many rows as columns, which have no use for a Gram matrix.
  @Test(arguments: [262, 280]) func nearlySquareMatricesAreFactoredAtOnce(rows: Int) throws {
    var generator = SeededGenerator(seed: UInt64(rows))
    let matrix = Matrix<Double>(rows: rows, columns: 260) { _, _ in Double(Int.random(in: -99...99, using: &generator))
    }
    let x = (0..<260).map { _ in Double(Int.random(in: 1...99, using: &generator)) }
    let targets = (0..<rows).map { row in (0..<260).reduce(0) { $0 + matrix[row, $1] * x[$1] } }
    let solution = try leastSquares(matrix, targets)
    #expect(solution.report.method == "tall-skinny QR" && solution.coefficients == x)
    #expect(try #require(solution.certificate).relativeErrorBound < 0x1.01p-53)
    var broken = matrix
    broken[3, 4] = .nan
    #expect(throws: LeastSquaresError.self) { try leastSquares(broken, targets) }
    var twice = matrix
    for row in 0..<rows { twice[row, 7] = twice[row, 6] }
    #expect(throws: LeastSquaresError.self) { try leastSquares(twice, targets) }
  }
}
