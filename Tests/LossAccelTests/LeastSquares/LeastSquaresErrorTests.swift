import LossAccel
import TestSupport
import Testing

/// Data that have no answer, or not one: what is thrown, and what the policies make of it.
@Suite struct LeastSquaresErrorTests {
  static let methods: [LeastSquaresMethod] = [.automatic, .cholesky, .qr, .pivotedQR, .svd]

  @Test(arguments: methods) func nonFiniteElementsAreNamed(method: LeastSquaresMethod) {
    for bad in [Double.nan, .infinity, -.infinity] {
      var elements = (0..<3000 * 4).map { Double($0 * $0 % 101) }
      elements[2718 * 4 + 3] = bad
      let matrix = Matrix(rows: 3000, columns: 4, elements: elements)
      let error = #expect(throws: LeastSquaresError.self) {
        try leastSquares(matrix, [Double](repeating: 1, count: 3000), method: method)
      }
      guard case .nonFiniteElement(2718, 3, let value) = error else { return #expect(Bool(false), "\(error as Any)") }
      #expect(value.bitPattern == bad.bitPattern)
    }
  }

  @Test(arguments: methods) func nonFiniteTargetsAreNamed(method: LeastSquaresMethod) throws {
    let (matrix, targets) = LeastSquaresTests.problem(rows: 40, columns: 3)
    var bad = targets
    bad[17] = .infinity
    #expect(throws: LeastSquaresError.nonFiniteTarget(row: 17, column: 0, value: .infinity)) {
      try leastSquares(matrix, bad, method: method)
    }
    let factored = try LeastSquaresFactorization(matrix, method: method)
    #expect(throws: LeastSquaresError.nonFiniteTarget(row: 17, column: 0, value: .infinity)) {
      try factored.solve(bad)
    }
    // Rows are counted as the caller does, even where some are left out.
    let weights = (0..<40).map { $0 < 5 ? 0.0 : 1 }
    #expect(throws: LeastSquaresError.nonFiniteTarget(row: 17, column: 0, value: .infinity)) {
      try leastSquares(matrix, bad, method: method, weights: weights)
    }
  }

  @Test func emptyInputAndBadParameters() {
    let (matrix, targets) = LeastSquaresTests.problem(rows: 4, columns: 2)
    #expect(throws: LeastSquaresError.empty(rows: 0, columns: 2)) {
      try leastSquares(Matrix<Double>(rows: 0, columns: 2, elements: []), [])
    }
    #expect(throws: LeastSquaresError.empty(rows: 4, columns: 0)) {
      try leastSquares(Matrix<Double>(rows: 4, columns: 0, elements: []), targets)
    }
    #expect(throws: LeastSquaresError.empty(rows: 0, columns: 2)) {
      try leastSquares(matrix, targets, weights: [0, 0, 0, 0])
    }
    #expect(throws: LeastSquaresError.invalidWeight(row: 2, value: -1)) {
      try leastSquares(matrix, targets, weights: [1, 0, -1, 1])
    }
    #expect(throws: LeastSquaresError.invalidWeight(row: 0, value: .infinity)) {
      try leastSquares(matrix, targets, weights: [.infinity, 0, -1, 1])
    }
    #expect(throws: LeastSquaresError.invalidRidge(-2)) { try leastSquares(matrix, targets, ridge: -2) }
  }

  /// Column 3 = column 0 + 2·column 1, column 4 = 0.
  private func deficient(rows: Int = 40) -> (Matrix<Double>, [Double]) {
    let (matrix, targets) = LeastSquaresTests.problem(rows: rows, columns: 3)
    let columns = (0..<rows).map { row in
      Array(matrix.row(row)) + [matrix[row, 0] + 2 * matrix[row, 1], 0]
    }
    return (Matrix(columns), targets)
  }

  @Test(arguments: methods) func dependentColumnsAreNamed(method: LeastSquaresMethod) {
    for rows in [6, 40, 5000] {
      let (matrix, targets) = deficient(rows: rows)
      let expected = LeastSquaresError.rankDeficient(
        rank: 3, columns: 5,
        dependent: [DependentColumn(column: 3, combinationOf: [0, 1]), DependentColumn(column: 4, combinationOf: [])])
      #expect(throws: expected) { try leastSquares(matrix, targets, method: method) }
      // Units do not matter, nor do row counts.
      let scaled = Matrix<Double>(
        rows: rows, columns: 5,
        elements: matrix.elements.enumerated().map { $0.element * [1e-90, 1, 1e80, 3, 1][$0.offset % 5] })
      #expect(throws: LeastSquaresError.self) { try leastSquares(scaled, targets, method: method) }
    }
  }

  @Test(arguments: methods) func droppedColumnsAreReported(method: LeastSquaresMethod) throws {
    let (matrix, targets) = deficient()
    let solution = try leastSquares(matrix, targets, method: method, whenRankDeficient: .drop)
    #expect(solution.report.droppedColumns.map(\.column) == [3, 4])
    #expect(solution.rank == 3)
    #expect(solution.coefficients[3...] == [0, 0])
    let kept = try leastSquares(matrix[columns: [0, 1, 2]], targets, method: method)
    #expect(Array(solution.coefficients[..<3]) == kept.coefficients)
    let wide = try leastSquares(
      [[1, 1, 0], [0, 0, 2]], [2, 6] as [Double], method: method, whenRankDeficient: .drop)
    #expect(zip(wide.coefficients, [2, 0, 3]).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test(arguments: methods) func minimumNormIsSmallest(method: LeastSquaresMethod) throws {
    let (matrix, targets) = deficient()
    let solution = try leastSquares(matrix, targets, method: method, whenRankDeficient: .minimumNorm)
    #expect(solution.report.isMinimumNorm)
    #expect(solution.rank == 3)
    let dropped = try leastSquares(matrix, targets, whenRankDeficient: .drop)
    #expect(abs(solution.residualNorm / dropped.residualNorm - 1) < 1e-13)
    // Orthogonal to the null space, which (1, 2, 0, −1, 0) and the last unit vector span.
    let x = solution.coefficients
    #expect(abs(x[0] + 2 * x[1] - x[3]) < 1e-14)
    #expect(x[4] == 0)
    // Fewer rows than columns, dependent rows among them.
    let (wide, b) = (Matrix<Double>([[1, 1, 0, 0], [2, 2, 0, 0], [0, 0, 1, 0]]), [1.0, 2, 5])
    #expect(throws: LeastSquaresError.self) { try leastSquares(wide, b, method: method) }
    let short = try leastSquares(wide, b, method: method, whenRankDeficient: .minimumNorm)
    #expect(zip(short.coefficients, [0.5, 0.5, 5, 0]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(short.rank == 2)
  }

  @Test func nearlyDependentColumnsAreStillSolved() throws {
    // κ of 10¹¹: far beyond what the Gram matrix can tell, well within what the columns can.
    let (matrix, targets) = LeastSquaresTests.problem(rows: 30, columns: 2)
    let nearly = Matrix((0..<30).map { [matrix[$0, 0], matrix[$0, 0] + 0x1p-36 * matrix[$0, 1]] })
    let solution = try leastSquares(nearly, targets)
    #expect(solution.rank == 2)
    #expect(solution.report.condition > 1e9)
    #expect(throws: LeastSquaresError.self) { try leastSquares(nearly, targets, method: .cholesky) }
  }

  @Test func aPenaltyThatDwarfsEveryUnit() throws {
    // 1 in the unit of a column of 10⁻²⁰⁰ is 10⁴⁰⁰.
    #expect(throws: LeastSquaresError.outOfRange) {
      try leastSquares([[1e-200], [2e-200]], [1, 2] as [Double], ridge: 1)
    }
    #expect(try leastSquares([[1e-200], [2e-200]], [1, 2] as [Double]).coefficients == [1e200])
  }

  @Test func constraintsThatCannotBe() {
    let (matrix, targets) = LeastSquaresTests.problem(rows: 10, columns: 3)
    #expect(throws: LeastSquaresError.dependentConstraints(rows: [1])) {
      try leastSquares(
        matrix, targets, method: .constrained(equalities: [[1, 1, 0], [2, 2, 0]], values: [1, 5] as [Double]))
    }
    #expect(throws: LeastSquaresError.invalidConstraints(rows: 1, columns: 3)) {
      try leastSquares(matrix, targets, method: .constrained(equalities: [[1, 1, 0]], values: [Double.nan]))
    }
    #expect(throws: LeastSquaresError.self) {
      try leastSquares(
        [[1, 1, 1]], [1] as [Double], method: .constrained(equalities: [[1, 0, 0]], values: [1] as [Double]))
    }
  }

  @Test func everyErrorIsASentenceWithACure() {
    let errors: [LeastSquaresError] = [
      .empty(rows: 0, columns: 3), .nonFiniteElement(row: 4, column: 2, value: .nan),
      .nonFiniteTarget(row: 4, column: 0, value: .infinity), .invalidWeight(row: 7, value: -2), .invalidRidge(-1),
      .rankDeficient(rank: 1, columns: 2, dependent: [DependentColumn(column: 1, combinationOf: [0])]),
      .dependentConstraints(rows: [1]), .invalidConstraints(rows: 3, columns: 2),
      .unsupported(method: "cholesky", reason: "cannot"), .singularValuesNotConverged, .outOfRange,
    ]
    for error in errors { #expect(error.description.hasSuffix(".") && error.description.count > 40) }
    #expect("\(errors[5])".contains("column 1 is a multiple of column 0"))
  }

  @Test func mismatchedLengthsStop() async {
    await #expect(processExitsWith: .failure) {
      _ = try leastSquares(Matrix<Double>([[1], [2]]), [1, 2, 3])
    }
  }
}
