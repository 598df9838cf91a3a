import Foundation
import LossAccel
import TestSupport
import Testing

/// Streams of rows against solutions in integers of any size.
@Suite struct AccumulatorTests {
  private var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }

  private func accumulator(
    _ matrix: Matrix<Double>, _ targets: [Double], blocks: Int = 1
  ) throws -> LeastSquaresAccumulator {
    var accumulator = LeastSquaresAccumulator(columns: matrix.columns)
    for block in 0..<blocks {
      let rows = matrix.rows * block / blocks..<matrix.rows * (block + 1) / blocks
      try accumulator.add(matrix[rows: rows], Array(targets[rows]))
    }
    return accumulator
  }

  /// The error of the sums alone, and after one more pass, is within the bound that the solution states; below a condition of 10¹⁰ one more
  /// pass reaches the last bit; nothing well conditioned is refused.
  @Test func everyAnswerIsAsGoodAsItSays() throws {
    var (coefficients, rounded, atOnce, refused) = (0, 0, 0, 0)
    for number in 0..<1400 {
      let problem = GeneratedProblem(number: number)
      let exact = ExactLeastSquares(problem.matrix, problem.targets)
      let sums = try accumulator(problem.matrix, problem.targets, blocks: 1 + number % 3)
      do {
        let first = try sums.solve()
        var pass = try sums.refinement()
        try pass.add(problem.matrix, problem.targets)
        let second = try pass.solve()
        guard let exact else {
          Issue.record("\(problem.description): solved, though its columns are dependent")
          continue
        }
        for (solution, isRefined) in [(first, false), (second, true)] {
          let bound = try #require(solution.certificate).relativeErrorBound
          for (actual, expected) in zip(solution.coefficients, exact.coefficients)
          where expected.high != 0 && abs(expected.value) > 1e-290 {
            let error = expected.relativeError(of: actual)
            #expect(
              error <= bound, "\(problem.description): off by \(error), not \(bound), \(isRefined) \(exact.dependence)")
            if isRefined {
              coefficients += 1
              rounded += error <= 0x1.01p-53 ? 1 : 0
            } else {
              atOnce += error <= 0x1.01p-53 ? 1 : 0
            }
          }
          let residual = exact.residualSquares.value
          if isRefined, exact.dependence < 1e9, residual.isFinite {
            // The sums, and the pass's residuals, are good to 2⁻⁹⁸ of the targets; the squares of those of 10⁻¹⁵⁰ underflow.
            let unit = problem.targets.reduce(1e-150) { max($0, abs($1)) }
            #expect(
              abs(solution.residualSumOfSquares - residual) <= 1e-14 * residual + 1e-26 * unit * unit,
              "\(problem.description)")
          }
        }
      } catch let error as LeastSquaresError {
        guard case .rankDeficient = error else { throw error }
        refused += 1
        #expect(exact.map { $0.dependence > 3e11 } ?? true, "\(problem.description) refused: \(error)")
      }
    }
    #expect(Double(rounded) > 0.97 * Double(coefficients), "\(rounded) of \(coefficients)")
    #expect(Double(atOnce) > 0.9 * Double(coefficients), "\(atOnce) of \(coefficients) from the sums alone")
    #expect(refused < 320)
  }

  /// Random rows with weights, some zero.
  private func data(rows: Int, columns: Int, seed: UInt64) -> (Matrix<Double>, [Double], [Double]) {
    var generator = SeededGenerator(seed: seed)
    let matrix = Matrix<Double>(rows: rows, columns: columns) { _, column in
      Double.random(in: -1...1, using: &generator) + Double(column) * 1000
    }
    let targets = (0..<rows).map { _ in Double.random(in: -1...1, using: &generator) }
    let weights = (0..<rows).map { $0 % 7 == 3 ? 0 : Double.random(in: 0.1...4, using: &generator) }
    return (matrix, targets, weights)
  }

  @Test func anyBlocksInAnyOrderGiveTheAutomaticMethodsBits() throws {
    let (matrix, targets, weights) = data(rows: 1000, columns: 5, seed: 1)
    let expected = try LinearRegression.fit(features: matrix, targets: targets, weights: weights)
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<4 {
      var parts: [LeastSquaresAccumulator] = []
      var cuts: [Range<Int>] = []
      var start = 0
      while start < 1000 {
        let end = min(1000, start + Int.random(in: 1...300, using: &generator))
        var part = LeastSquaresAccumulator(columns: 5, intercept: true)
        try part.add(matrix[rows: start..<end], Array(targets[start..<end]), weights: Array(weights[start..<end]))
        parts.append(part)
        cuts.append(start..<end)
        start = end
      }
      parts.shuffle(using: &generator)
      var whole = LeastSquaresAccumulator(columns: 5, intercept: true)
      for part in parts { whole.add(part) }
      #expect(whole.rows == weights.count { $0 != 0 })
      var pass = try whole.refinement()
      for rows in cuts.shuffled(using: &generator) {
        try pass.add(matrix[rows: rows], Array(targets[rows]), weights: Array(weights[rows]))
      }
      let solution = try pass.solve()
      #expect(solution.coefficients == expected.coefficients.map(\.estimate))
      #expect(ulpDistance(solution.residualSumOfSquares, expected.residualSumOfSquares) <= 2)
    }
  }

  @Test func sumsAreTheSameBitsForAnyNumberOfThreads() throws {
    let (matrix, targets, weights) = data(rows: 20_000, columns: 3, seed: 3)
    func encoded(threads: Int) throws -> Data {
      try Parallelism.withThreads(threads) {
        var sums = LeastSquaresAccumulator(columns: 3, intercept: true)
        try sums.add(matrix, targets, weights: weights)
        return try encoder.encode(sums)
      }
    }
    #expect(try encoded(threads: 1) == encoded(threads: 3))
  }

  @Test func encodingKeepsEverything() throws {
    let (matrix, targets, _) = data(rows: 50, columns: 3, seed: 4)
    var sums = LeastSquaresAccumulator(columns: 3, intercept: true)
    try sums.add(matrix, targets)
    try sums.remove(matrix[rows: 0..<5], Array(targets[0..<5]))
    let data = try encoder.encode(sums)
    let copy = try JSONDecoder().decode(LeastSquaresAccumulator.self, from: data)
    #expect(copy.digitsLost == sums.digitsLost && copy.rows == 45)
    #expect(try copy.solve().coefficients == sums.solve().coefficients)
    for (key, value) in [("rows", "-1"), ("columns", "2"), ("scale", "[3]"), ("sums", "[]")] {
      var object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      object[key] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
      let broken = try JSONSerialization.data(withJSONObject: object)
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(LeastSquaresAccumulator.self, from: broken) }
    }
  }

  /// A window slides over rows whose size falls by 10¹⁸: what is left is held against the exact solution, and the loss is stated.
  @Test func removingRowsLosesWhatIsSaidAndNoMore() throws {
    var generator = SeededGenerator(seed: 5)
    let magnitudes: [Double] = [1e9, 1, 1e-9]
    let rows = (0..<60).map { row in
      (0..<3).map { _ in magnitudes[row / 20] * Double.random(in: -1...1, using: &generator) }
    }
    let targets = (0..<60).map { row in magnitudes[row / 20] * Double.random(in: -1...1, using: &generator) }
    var window = LeastSquaresAccumulator(columns: 3)
    try window.add(Matrix(rows), targets)
    for (removed, digits) in [(20, 18.0...19.5), (40, 0.0...99)] {
      let gone = removed - 20..<removed
      try window.remove(Matrix(Array(rows[gone])), Array(targets[gone]))
      let exact = try #require(ExactLeastSquares(Matrix(Array(rows[removed...])), Array(targets[removed...])))
      #expect(digits.contains(window.digitsLost), "\(window.digitsLost)")
      do {
        let solution = try window.solve()
        let bound = try #require(solution.certificate).relativeErrorBound
        #expect(removed == 20 && bound < 1e-7, "\(bound)")
        for (actual, expected) in zip(solution.coefficients, exact.coefficients) {
          #expect(expected.relativeError(of: actual) <= bound)
        }
        // The rows that are left give the digits back.
        var pass = try window.refinement()
        try pass.add(Matrix(Array(rows[removed...])), Array(targets[removed...]))
        for (actual, expected) in zip(try pass.solve().coefficients, exact.coefficients) {
          #expect(expected.relativeError(of: actual) <= 0x1.01p-53)
        }
      } catch let error as LeastSquaresError {
        // 36 digits are more than the sums have.
        guard case .rankDeficient = error else { throw error }
        #expect(removed == 40)
      }
    }
  }

  /// Every part measures its columns in units of its own; merged in any order, the coarsest of them count.
  @Test func partsOfDifferentMagnitudesMerge() throws {
    var generator = SeededGenerator(seed: 9)
    let magnitudes: [[Double]] = [[1, 1, 1], [1e200, 1, 1e-200], [1e-150, 1e90, 1]]
    let parts = magnitudes.map { units in
      (
        rows: (0..<20).map { _ in units.map { $0 * Double.random(in: -1...1, using: &generator) } },
        targets: (0..<20).map { _ in Double.random(in: -1...1, using: &generator) }
      )
    }
    let exact = try #require(ExactLeastSquares(Matrix(parts.flatMap(\.rows)), parts.flatMap(\.targets)))
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
      var whole = LeastSquaresAccumulator(columns: 3)
      for part in order {
        var sums = LeastSquaresAccumulator(columns: 3)
        try sums.add(Matrix(parts[part].rows), parts[part].targets)
        whole.add(sums)
      }
      let solution = try whole.solve()
      let bound = try #require(solution.certificate).relativeErrorBound
      #expect(bound < 0x1.01p-53 && whole.rows == 60)
      for (actual, expected) in zip(solution.coefficients, exact.coefficients) {
        #expect(expected.relativeError(of: actual) <= bound, "\(order)")
      }
    }
  }

  @Test func addingAndRemovingTheSameRowsLeavesTheOthersAnswer() throws {
    let (matrix, targets, weights) = data(rows: 400, columns: 4, seed: 6)
    var sums = LeastSquaresAccumulator(columns: 4, intercept: true)
    try sums.add(matrix, targets, weights: weights)
    try sums.remove(matrix[rows: 100..<250], Array(targets[100..<250]), weights: Array(weights[100..<250]))
    let kept = Array(0..<100) + Array(250..<400)
    let rest = Matrix(kept.map { Array(matrix.row($0)) })
    let expected = try LinearRegression.fit(
      features: rest, targets: kept.map { targets[$0] }, weights: kept.map { weights[$0] })
    let solution = try sums.solve()
    #expect(solution.coefficients == expected.coefficients.map(\.estimate))
    #expect(try #require(solution.certificate).relativeErrorBound < 0x1.01p-53)
  }

  @Test func badRowsAreRefusedAndLeaveNoTrace() throws {
    var sums = LeastSquaresAccumulator(columns: 2)
    try sums.add([[1, 2], [3, 4], [5, 7]], [1.0, 2, 4])
    let before = try sums.solve().coefficients
    #expect(throws: LeastSquaresError.nonFiniteElement(row: 1, column: 0, value: .infinity)) {
      try sums.add([[1, 2], [.infinity, 4]], [1.0, 2])
    }
    #expect(throws: LeastSquaresError.invalidWeight(row: 1, value: -1)) {
      try sums.add([[1, 2], [3, 4]], [1.0, 2], weights: [1, -1])
    }
    #expect(throws: LeastSquaresError.self) { try sums.add([[1, 2]], [Double.nan]) }
    // A row of weight zero does not count.
    try sums.add([[.nan, 2]], [1.0], weights: [0])
    #expect(try sums.solve().coefficients == before && sums.rows == 3)
    var pass = try sums.refinement()
    try pass.add([[1, 2], [3, 4]], [1.0, 2])
    #expect(throws: LeastSquaresError.differentRows(2, expected: 3)) { try pass.solve() }
    #expect(throws: LeastSquaresError.empty(rows: 0, columns: 1)) { try LeastSquaresAccumulator(columns: 1).solve() }
  }

  @Test func dependentColumnsAreNamedOrDropped() throws {
    let matrix: Matrix<Double> = [[1, 0, 1, 0], [0, 1, 1, 0], [2, 1, 3, 0], [1, 5, 6, 0], [0.5, 1, 1.5, 0]]
    let targets = [1.0, 2, 4, 3, 1]
    var sums = LeastSquaresAccumulator(columns: 4, intercept: true)
    try sums.add(matrix, targets)
    let error = #expect(throws: LeastSquaresError.self) { try sums.solve() }
    guard case .rankDeficient(let rank, 5, let dependent) = error else { throw try #require(error) }
    #expect(rank == 3)
    #expect(
      dependent == [
        DependentColumn(column: 2, combinationOf: [0, 1]), DependentColumn(column: 3, combinationOf: []),
      ])
    let dropped = try sums.solve(whenRankDeficient: .drop)
    let expected = try LinearRegression.fit(features: matrix, targets: targets)
    #expect(dropped.coefficients.prefix(3) == expected.coefficients.prefix(3).map(\.estimate)[...])
    #expect(dropped.coefficients[3...] == [0, 0])
  }

  @Test(arguments: [0.0, 1e-3, 10]) func aRidgePenaltyIsTheMatrixOnes(ridge: Double) throws {
    let (matrix, targets, weights) = data(rows: 200, columns: 4, seed: 7)
    var sums = LeastSquaresAccumulator(columns: 4, intercept: true)
    try sums.add(matrix, targets, weights: weights)
    var pass = try sums.refinement(ridge: ridge)
    try pass.add(matrix, targets, weights: weights)
    let expected = try LinearRegression.fit(features: matrix, targets: targets, weights: weights, ridge: ridge)
    for solution in [try sums.solve(ridge: ridge), try pass.solve()] {
      #expect(solution.coefficients == expected.coefficients.map(\.estimate))
      #expect(
        abs(solution.residualSumOfSquares - expected.residualSumOfSquares) < 1e-13 * expected.residualSumOfSquares)
    }
  }

  @Test func singlePrecisionRowsAreTakenAsTheyAre() throws {
    let (matrix, targets, _) = data(rows: 300, columns: 3, seed: 8)
    var single = LeastSquaresAccumulator(columns: 3)
    try single.add(Matrix<Float>(matrix), targets.map(Float.init))
    var double = LeastSquaresAccumulator(columns: 3)
    try double.add(Matrix<Double>(Matrix<Float>(matrix)), targets.map { Double(Float($0)) })
    #expect(try single.solve().coefficients == double.solve().coefficients)
  }
}
