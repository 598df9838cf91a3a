import LossAccel
import TestSupport
import Testing

@Suite struct LeastSquaresTests {
  static let methods: [LeastSquaresMethod] = [.automatic, .cholesky, .qr, .pivotedQR, .svd]

  /// A reproducible well-conditioned design of small multiples of 1/8, and targets.
  static func problem<T: Scalar>(rows: Int, columns: Int, of type: T.Type = Double.self) -> (Matrix<T>, [T]) {
    var state: UInt64 = UInt64(rows * 1000 + columns)
    func next() -> T {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return T(Int(state >> 57)) / 8 - 8
    }
    let elements = (0..<rows * columns).map { _ in next() }
    return (Matrix(rows: rows, columns: columns, elements: elements), (0..<rows).map { _ in next() })
  }

  private func distance<T: Scalar>(_ a: [T], _ b: [T]) -> T {
    precondition(a.count == b.count)
    let norm = b.reduce(0) { max($0, abs($1)) }
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / norm
  }

  @Test(arguments: methods) func anExactLineIsFound(method: LeastSquaresMethod) throws {
    let solution = try leastSquares([[1, 0], [1, 1], [1, 2], [1, 3]], [1, 3, 5, 7] as [Double], method: method)
    #expect(distance(solution.coefficients, [1, 2]) < 1e-14)
    #expect(solution.residualNorm < 1e-13)
    #expect(solution.rank == 2)
    #expect(solution.report.condition > 1 && solution.report.condition < 20)
  }

  @Test(arguments: methods, [(5, 1), (7, 7), (40, 3), (333, 17), (700, 60), (3000, 5), (900, 130)])
  func methodsAgreeAndTheResidualIsNormal(method: LeastSquaresMethod, shape: (Int, Int)) throws {
    let (matrix, targets) = Self.problem(rows: shape.0, columns: shape.1)
    let solution = try leastSquares(matrix, targets, method: method)
    let expected = try leastSquares(matrix, targets)
    let condition = expected.report.condition
    #expect(distance(solution.coefficients, expected.coefficients) < condition * condition * 1e-14)
    let predictions = try matrix.multiplied(by: solution.coefficients)
    let residuals = zip(targets, predictions).map { $0 - $1 }
    let gradient = try matrix.transposeMultiplied(by: residuals)
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let scale =
      matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot() * targets.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(norm <= Double(shape.1) * 1e-14 * scale)
    let sum = residuals.reduce(0) { $0 + $1 * $1 }
    #expect(abs(solution.residualSumOfSquares - sum) <= 1e-12 * targets.reduce(0) { $0 + $1 * $1 })
  }

  @Test(arguments: methods) func severalRightHandSidesAndReuse(method: LeastSquaresMethod) throws {
    let (matrix, _) = Self.problem(rows: 60, columns: 4)
    let (several, _) = Self.problem(rows: 60, columns: 11)
    let together = try leastSquares(matrix, several, method: method)
    let factored = try LeastSquaresFactorization(matrix, method: method)
    let again = try factored.solve(several)
    #expect(together.coefficients.rows == 4 && together.coefficients.columns == 11)
    for column in 0..<11 {
      let alone = try leastSquares(matrix, several.column(column), method: method)
      #expect(distance(together.coefficients.column(column), alone.coefficients) < 1e-13)
      #expect(distance(again.coefficients.column(column), alone.coefficients) < 1e-13)
      #expect(distance(try factored.solve(several.column(column)).coefficients, alone.coefficients) < 1e-13)
      #expect(abs(together.residualNorms[column] - alone.residualNorm) < 1e-10)
    }
  }

  @Test func bitsDoNotDependOnTheNumberOfThreads() throws {
    for (rows, columns) in [(5000, 7), (2500, 40), (3000, 140)] {
      let (matrix, targets) = Self.problem(rows: rows, columns: columns)
      let one = try Parallelism.withThreads(1) { try leastSquares(matrix, targets) }
      for threads in [2, 3, 8] {
        let many = try Parallelism.withThreads(threads) { try leastSquares(matrix, targets) }
        #expect(one.coefficients == many.coefficients)
        #expect(one.residualSumOfSquares == many.residualSumOfSquares)
        #expect(one.report == many.report)
      }
    }
  }

  @Test func theCertificatePromisesTheLastBit() throws {
    let (matrix, targets) = Self.problem(rows: 300, columns: 19)
    let expected = try leastSquares(matrix, targets, method: .qr)
    let solution = try leastSquares(matrix, targets)
    #expect(distance(solution.coefficients, expected.coefficients) < 1e-13)
    #expect(try #require(solution.certificate).relativeErrorBound < 0x1.01p-53)
  }

  @Test func powersOfTwoScaleExactly() throws {
    let (matrix, targets) = Self.problem(rows: 50, columns: 5)
    let plain = try leastSquares(matrix, targets)
    let powers: [Double] = [0x1p400, 0x1p-400, 1, 0x1p30, 0x1p-7]
    let scaled = Matrix<Double>(
      rows: 50, columns: 5, elements: matrix.elements.enumerated().map { $0.element * powers[$0.offset % 5] })
    let solution = try leastSquares(scaled, targets.map { $0 * 0x1p100 })
    for column in 0..<5 {
      #expect(solution.coefficients[column] == plain.coefficients[column] * 0x1p100 / powers[column])
    }
    #expect(solution.report == plain.report)
  }

  @Test func rowsInAnyOrderAndRowsOfZerosChangeNothing() throws {
    let (matrix, targets) = Self.problem(rows: 64, columns: 6)
    let plain = try leastSquares(matrix, targets)
    let order = (0..<64).map { ($0 * 37 + 5) % 64 }
    let shuffled = Matrix(order.map { Array(matrix.row($0)) } + [[Double](repeating: 0, count: 6)])
    let solution = try leastSquares(shuffled, order.map { targets[$0] } + [3])
    #expect(solution.coefficients == plain.coefficients)
  }

  @Test func floatDataAreRoundedOnce() throws {
    let (matrix, targets) = Self.problem(rows: 200, columns: 6, of: Float.self)
    let wide = try leastSquares(Matrix<Double>(matrix), targets.map(Double.init))
    let narrow = try leastSquares(matrix, targets)
    #expect(narrow.coefficients == wide.coefficients.map { Float($0) })
    for method in Self.methods {
      #expect(distance(try leastSquares(matrix, targets, method: method).coefficients, narrow.coefficients) < 1e-6)
    }
  }

  @Test(arguments: methods) func weightsAreRepetitions(method: LeastSquaresMethod) throws {
    let (matrix, targets) = Self.problem(rows: 30, columns: 3)
    let weights = (0..<30).map { Double($0 % 4) }
    // A row of weight zero may hold anything.
    var elements = matrix.elements
    elements[0] = .nan
    let weighted = try leastSquares(
      Matrix(rows: 30, columns: 3, elements: elements), [.infinity] + targets.dropFirst(), method: method,
      weights: weights)
    let copies = (0..<30).flatMap { [Int](repeating: $0, count: $0 % 4) }
    let repeated = try leastSquares(
      Matrix(copies.map { Array(matrix.row($0)) }), copies.map { targets[$0] }, method: method)
    #expect(distance(weighted.coefficients, repeated.coefficients) < 1e-13)
    #expect(abs(weighted.residualSumOfSquares / repeated.residualSumOfSquares - 1) < 1e-12)
  }

  @Test(arguments: methods) func ridgeIsAugmentedRows(method: LeastSquaresMethod) throws {
    let (matrix, targets) = Self.problem(rows: 25, columns: 4)
    let penalised = try leastSquares(matrix, targets, method: method, ridge: 9)
    let rows = (0..<25).map { Array(matrix.row($0)) } + (0..<4).map { k in (0..<4).map { $0 == k ? 3.0 : 0 } }
    let augmented = try leastSquares(Matrix(rows), targets + [0, 0, 0, 0], method: method)
    #expect(distance(penalised.coefficients, augmented.coefficients) < 1e-13)
    let residuals = zip(targets, try matrix.multiplied(by: penalised.coefficients)).map { $0 - $1 }
    #expect(abs(penalised.residualSumOfSquares / residuals.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
    // A penalty makes any matrix determined, even one with more columns than rows.
    let (wide, few) = Self.problem(rows: 3, columns: 5)
    let solution = try leastSquares(wide, few, method: method, ridge: 1)
    #expect(solution.rank == 5)
  }

  @Test(arguments: [LeastSquaresMethod.automatic, .qr, .pivotedQR, .svd, .cholesky])
  func fewerRowsThanColumnsGiveTheSmallestNorm(method: LeastSquaresMethod) throws {
    let solution = try leastSquares([[1, 1, 0], [0, 0, 2]], [2, 6] as [Double], method: method)
    #expect(distance(solution.coefficients, [1, 1, 3]) < 1e-14)
    #expect(solution.report.isMinimumNorm)
    #expect(solution.rank == 2)
    #expect(try leastSquares([[2, 0]], [4] as [Double]).coefficients == [2, 0])
  }

  @Test func constraintsHold() throws {
    let (matrix, targets) = Self.problem(rows: 20, columns: 4)
    let method = LeastSquaresMethod.constrained(
      equalities: [[1, 1, 1, 1], [1, 0, -2, 0]], values: [1, 0.5] as [Double])
    let x = try leastSquares(matrix, targets, method: method).coefficients
    #expect(abs(x.reduce(0, +) - 1) < 1e-14)
    #expect(abs(x[0] - 2 * x[2] - 0.5) < 1e-14)
    // Eliminating x₀ = 0.5 + 2x₂ and x₁ = 0.5 − 3x₂ − x₃ leaves an ordinary problem.
    let reduced = Matrix(
      (0..<20).map { [2 * matrix[$0, 0] - 3 * matrix[$0, 1] + matrix[$0, 2], matrix[$0, 3] - matrix[$0, 1]] })
    let rest = (0..<20).map { targets[$0] - 0.5 * matrix[$0, 0] - 0.5 * matrix[$0, 1] }
    let free = try leastSquares(reduced, rest).coefficients
    #expect(distance([x[2], x[3]], free) < 1e-12)
    // Constraints can stand in for rows.
    let determined = try leastSquares(
      [[1, 0, 0]], [1] as [Double],
      method: .constrained(equalities: [[0, 1, 0], [0, 0, 1]], values: [2, 3] as [Double]))
    #expect(distance(determined.coefficients, [1, 2, 3]) < 1e-14)
  }

  @Test func lapacksOwnDriverAgrees() throws {
    let (matrix, targets) = Self.problem(rows: 50, columns: 6)
    var columns = matrix.transposed().elements
    var b = targets
    #expect(try LAPACK.gels(rows: 50, columns: 6, targets: 1, &columns, &b) == nil)
    #expect(distance(Array(b[..<6]), try leastSquares(matrix, targets).coefficients) < 1e-13)
  }
}
