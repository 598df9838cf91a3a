import LossAccel
import TestSupport
import Testing

@Suite struct LeastSquaresBatchTests {
  /// Problems of one shape: easy ones, and among them nearly dependent, dependent, badly scaled and broken ones.
  private func batch(count: Int, rows: Int, columns: Int) -> [(matrix: Matrix<Double>, targets: [Double])] {
    (0..<count).map { number in
      var generator = SeededGenerator(seed: UInt64(number * 100 + rows))
      var elements = (0..<rows * columns).map { _ in Double.random(in: -1..<1, using: &generator) }
      var targets = (0..<rows).map { _ in Double.random(in: -1..<1, using: &generator) }
      for row in 0..<rows {
        let last = row * columns + columns - 1
        switch number % 16 {
        case 5 where columns > 1: elements[last] = elements[last - 1] + 0x1p-30 * elements[last]
        case 7 where columns > 1: elements[last] = elements[last - 1]
        case 9: elements[last] *= 1e150
        case 10: targets[row] *= 1e-160
        case 11: targets[row] = elements[last]
        default: break
        }
      }
      if number % 16 == 13 { elements[rows * columns / 2] = .nan }
      return (Matrix(rows: rows, columns: columns, elements: elements), targets)
    }
  }

  @Test(arguments: [(1, 1), (9, 1), (4, 2), (12, 3), (40, 5), (33, 6), (3, 5)])
  func everyProblemIsRightOrHasItsReason(shape: (Int, Int)) throws {
    let (rows, columns) = shape
    let problems = batch(count: 67, rows: rows, columns: columns)
    let solved = leastSquaresBatch(
      Matrix(rows: 67 * rows, columns: columns, elements: problems.flatMap(\.matrix.elements)),
      problems.flatMap(\.targets), rowsPerProblem: rows)
    for (number, problem) in problems.enumerated() {
      let alone = Result { () throws(LeastSquaresError) in try leastSquares(problem.matrix, problem.targets) }
      switch alone {
      case .failure(let error):
        #expect(solved.failures[number]?.description == error.description)  // NaN equals nothing
        #expect(solved.coefficients.row(number).allSatisfy { $0.isNaN })
        #expect(solved.residualSumsOfSquares[number].isNaN && solved.relativeErrorBounds[number].isNaN)
      case .success(let alone):
        #expect(solved.failures[number] == nil)
        guard rows >= columns, let exact = ExactLeastSquares(problem.matrix, problem.targets) else { continue }
        for (actual, expected) in zip(solved.coefficients.row(number), exact.coefficients) where expected.high != 0 {
          #expect(
            expected.relativeError(of: actual) <= solved.relativeErrorBounds[number], "\(shape), problem \(number)")
        }
        // Coefficients that are zero have no relative error.
        #expect(solved.relativeErrorBounds[number] < 0x1p-52 || number % 16 == 11)
        let squares = solved.residualSumsOfSquares[number]
        let norm = problem.targets.reduce(0) { $0 + $1 * $1 }
        #expect(abs(squares - alone.residualSumOfSquares) <= 1e-15 * max(squares, 1e-15 * norm))
      }
    }
  }

  /// Wider and longer than what specialised loops and one block of rows cover.
  @Test(arguments: [(700, 9), (90, 64), (100, 65), (4200, 1)]) func largerShapes(shape: (Int, Int)) throws {
    let problems = (0..<3).map { _ in LeastSquaresTests.problem(rows: shape.0, columns: shape.1) }
    let solved = leastSquaresBatch(
      Matrix(rows: 3 * shape.0, columns: shape.1, elements: problems.flatMap(\.0.elements)),
      problems.flatMap(\.1), rowsPerProblem: shape.0)
    for (number, problem) in problems.enumerated() {
      let alone = try leastSquares(problem.0, problem.1)
      #expect(Array(solved.coefficients.row(number)) == alone.coefficients)
    }
  }

  @Test func bitsDoNotDependOnTheNumberOfThreadsAndFloatsAreRoundedOnce() throws {
    let (matrix, targets) = LeastSquaresTests.problem(rows: 12_000, columns: 4, of: Float.self)
    let solved = leastSquaresBatch(matrix, targets, rowsPerProblem: 20)
    let one = Parallelism.withThreads(1) { leastSquaresBatch(matrix, targets, rowsPerProblem: 20) }
    #expect(solved.coefficients == one.coefficients)
    for problem in stride(from: 0, to: 600, by: 37) {
      let range = problem * 20..<(problem + 1) * 20
      let alone = try leastSquares(matrix[rows: range], Array(targets[range]))
      #expect(Array(solved.coefficients.row(problem)) == alone.coefficients)
      #expect(solved.relativeErrorBounds[problem] < 0x1.01p-24)
    }
  }
}
