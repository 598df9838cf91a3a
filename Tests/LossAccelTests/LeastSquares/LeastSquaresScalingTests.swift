import LossAccel
import TestSupport
import Testing

/// What theory says about changes of units, order and copies of rows, and shapes at the edge.
@Suite struct LeastSquaresScalingTests {
  /// Units that are no powers of two round the data, so the exact solution of the rounded data is what must come out, to the last bit.
  @Test(arguments: [1e-150, 1e-30, 1e30, 1e150]) func unitsDoNotMatter(unit: Double) throws {
    for column in 0..<3 {
      var (matrix, targets) = LeastSquaresTests.problem(rows: 11, columns: 3)
      for row in 0..<11 { matrix[row, column] *= unit }
      if column == 2 { targets = targets.map { $0 / unit } }
      let exact = try #require(ExactLeastSquares(matrix, targets))
      let solution = try leastSquares(matrix, targets)
      for (actual, expected) in zip(solution.coefficients, exact.coefficients) {
        #expect(expected.relativeError(of: actual) <= 0x1.01p-53)
      }
      let squares = exact.residualSquares
      #expect(squares.value == 0 || squares.relativeError(of: solution.residualSumOfSquares) < 1e-14)
    }
  }

  @Test func orderOfColumnsAndCopiesOfRows() throws {
    let (matrix, targets) = LeastSquaresTests.problem(rows: 50, columns: 6)
    let plain = try leastSquares(matrix, targets).coefficients
    let order = [4, 2, 0, 5, 1, 3]
    let permuted = try leastSquares(matrix[columns: order], targets).coefficients
    #expect(permuted == order.map { plain[$0] })
    let twice = Matrix<Double>(rows: 100, columns: 6, elements: matrix.elements + matrix.elements)
    #expect(try leastSquares(twice, targets + targets).coefficients == plain)
    let padded = Matrix<Double>(
      rows: 80, columns: 6, elements: matrix.elements + [Double](repeating: 0, count: 180))
    #expect(try leastSquares(padded, targets + [Double](repeating: 9, count: 30)).coefficients == plain)
  }

  /// Weights, however large or small, scale the sum of squares and nothing else.
  @Test(arguments: [0x1p-600, 0x1p-100, 0x1p100, 0x1p600]) func weightsOfAnySize(weight: Double) throws {
    let (matrix, targets) = LeastSquaresTests.problem(rows: 30, columns: 4)
    let weights = (0..<30).map { Double($0 % 5 + 1) }
    let plain = try leastSquares(matrix, targets, weights: weights)
    let solution = try leastSquares(matrix, targets, weights: weights.map { $0 * weight })
    #expect(solution.coefficients == plain.coefficients)
    #expect(solution.residualSumOfSquares == plain.residualSumOfSquares * weight)
  }

  /// Fewer rows than columns: the shortest solution against that of the normal equations AAᵀy = b in integers.
  @Test func shortestSolutionsToTheLastBit() throws {
    for number in 0..<60 {
      var generator = SeededGenerator(seed: UInt64(number))
      let (rows, columns) = (1 + number % 4, 5 + number % 3)
      var elements = (0..<rows * columns).map { _ in Double(Int.random(in: -99...99, using: &generator)) }
      // Rows that lean on each other.
      if rows > 1 { for j in 0..<columns { elements[j] += Double(1 << (number % 18)) * elements[columns + j] } }
      let matrix = Matrix<Double>(rows: rows, columns: columns, elements: elements)
      let targets = (0..<rows).map { _ in Double(Int.random(in: -99...99, using: &generator)) }
      // y solves the square system AAᵀy = b; with integers, AAᵀ is exact. x = Aᵀy.
      let gram = Matrix(
        (0..<rows).map { i in
          (0..<rows).map { j in (0..<columns).reduce(0) { $0 + matrix[i, $1] * matrix[j, $1] } }
        })
      let y = try #require(ExactLeastSquares(gram, targets)).coefficients
      let solution = try leastSquares(matrix, targets)
      #expect(solution.report.isMinimumNorm)
      let bound = try #require(solution.certificate).relativeErrorBound
      for j in 0..<columns {
        var expected = DoubleDouble(0)
        for i in 0..<rows {
          let value = DoubleDouble(y[i].high, y[i].low).scaled(
            by: Double(sign: .plus, exponent: y[i].exponent, significand: 1))
          expected += value * matrix[i, j]
        }
        let error = abs((DoubleDouble(solution.coefficients[j]) - expected).value)
        #expect(error <= max(bound * abs(expected.value), 1e-25), "\(number), \(j): \(solution.report)")
        #expect(bound < 1e-9)
      }
    }
  }

  @Test func edgesOfShape() throws {
    #expect(try leastSquares([[3]], [6] as [Double]).coefficients == [2])
    #expect(try leastSquares([[3], [0]], [6, 1] as [Double]).residualSumOfSquares == 1)
    let square = try leastSquares([[2, 1], [1, 3]], [3, 5] as [Double])
    #expect(zip(square.coefficients, [0.8, 1.4]).allSatisfy { $0 == $1 })
    #expect(throws: LeastSquaresError.self) { try leastSquares([[1, 1], [1, 1]], [1, 2] as [Double]) }
    #expect(throws: LeastSquaresError.self) { try leastSquares([[0], [0]], [1, 2] as [Double]) }
    // A constant column beside an intercept.
    let model = try LinearRegression.fit(features: [[2, 1], [2, 2], [2, 4]], targets: [1, 2, 3] as [Double])
    #expect(model.report.droppedColumns.map(\.column) == [0])
  }
}
