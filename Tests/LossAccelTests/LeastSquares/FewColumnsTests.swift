import LossAccel
import TestSupport
import Testing

/// Up to four unknowns, whose solution the first pass shows, against solutions in integers of any size.
@Suite struct FewColumnsTests {
  static let method = "closed form"

  /// Random columns of which the last leans on the others, all but `distance` of it, and right-hand sides with residuals of about `level`.
  struct Problem {
    var matrix: Matrix<Double>
    var targets: [Double] = []

    init(rows: Int, columns: Int, distance: Double = 1, level: Double = 1, seed: Int) {
      var generator = SeededGenerator(seed: UInt64(seed))
      func uniform() -> Double { Double.random(in: -1...1, using: &generator) }
      matrix = Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in uniform() })
      if columns > 1 {
        for row in 0..<rows {
          let others = (0..<columns - 1).reduce(0) { $0 + matrix[row, $1] }
          matrix[row, columns - 1] = others + distance * matrix[row, columns - 1]
        }
      }
      let x = (0..<columns).map { _ in uniform() }
      for row in 0..<rows { targets.append((0..<columns).reduce(level * uniform()) { $0 + matrix[row, $1] * x[$1] }) }
    }
  }

  /// Whether the closed form was taken; the answer is as good as it says in any case, and the last bit where it was.
  func isClosed(_ problem: Problem, _ what: String) throws -> Bool {
    let solution = try leastSquares(problem.matrix, problem.targets)
    let exact = try #require(ExactLeastSquares(problem.matrix, problem.targets), "\(what)")
    let certificate = try #require(solution.certificate, "\(what)")
    let isClosed = solution.report.method == Self.method
    for (actual, expected) in zip(solution.coefficients, exact.coefficients) {
      let error = expected.relativeError(of: actual)
      #expect(error <= certificate.relativeErrorBound, "\(what): off by \(error), \(solution.report) \(certificate)")
    }
    #expect(solution.report.rank == problem.matrix.columns)
    #expect(isClosed == (certificate.steps == 0), "\(what): \(certificate)")
    if isClosed {
      #expect(certificate.relativeErrorBound <= 0x1.1p-53, "\(what): \(certificate)")
      // A rounding and the half of one that the path allows for.
      let error = exact.residualSquares.relativeError(of: solution.residualSumOfSquares)
      #expect(error <= 0x1.8p-53, "\(what): residuals off by \(error)")
      #expect(solution.report.condition >= 0.9 * exact.dependence, "\(what): \(exact.dependence)")
    }
    return isClosed
  }

  // MARK: - The pass

  static let shapes = [(1, false), (1, true), (2, false), (2, true), (3, false), (3, true), (4, false)]

  /// Integers of all sizes that their type holds, so that products are integers of up to 106 bits.
  @Test(arguments: shapes, [false, true]) func sumsOfProductsAreThoseOfIntegers(
    shape: (columns: Int, ones: Bool), single: Bool
  ) {
    let (columns, ones) = shape
    for rows in [1, 7, 8, 64, 65, 130, 1024, 1500] {
      var generator = SeededGenerator(seed: UInt64(rows * 10 + columns))
      let bits = single ? 24 : 53
      func integers(_ count: Int) -> [Int] {
        (0..<count).map { _ in
          Int.random(in: -(1 << bits) + 1..<1 << bits, using: &generator) >> Int.random(in: 0..<bits, using: &generator)
        }
      }
      let (matrix, targets) = (integers((rows + 3) * columns), integers(rows + 3))
      func elements(_ values: [Int]) -> _ScalarArray {
        single ? .single(values.map(Float.init)) : .double(values.map(Double.init))
      }
      let sums = LeastSquaresKernels.ProductSums(
        elements(matrix), columns: columns, rows: 3..<rows + 3, targets: elements(targets), ones: ones)
      var all = (0..<columns).map { column in (3..<rows + 3).map { matrix[$0 * columns + column] } }
      all.append(Array(targets[3...]))
      for (bound, column) in zip(sums.squares, all) {
        let largest = column.reduce(0) { max($0, Double($1) * Double($1)) }
        #expect(bound >= largest && bound <= 8.001 * largest)
      }
      if ones { all.insert([Int](repeating: 1, count: rows), at: 0) }
      #expect(sums.order == all.count)
      let exact = all.map { left in all.map { Self.product(left, $0) } }
      for i in all.indices {
        for j in i..<all.count {
          let words = sums[i, j].words
          let off = exact[i][j] - Self.integer(words.high) - Self.integer(words.low) - Self.integer(words.rest)
          let lengths = (Self.double(exact[i][i]) * Self.double(exact[j][j])).squareRoot()
          #expect(abs(Self.double(off)) <= 0x1p-97 * lengths, "\(rows) rows of \(shape), \(i) \(j)")
        }
      }
    }
  }

  private static func product(_ left: [Int], _ right: [Int]) -> BigInteger {
    zip(left, right).reduce(.zero) { $0 + BigInteger($1.0) * BigInteger($1.1) }
  }

  private static func integer(_ value: Double) -> BigInteger {
    guard abs(value) > 0x1p53 else { return BigInteger(Int(value)) }
    return BigInteger(Int(value / value.ulp)) << Int(value.ulp.exponent)
  }

  private static func double(_ value: BigInteger) -> Double { BigInteger.quotient(value, BigInteger(1)).value }

  // MARK: - Answers

  @Test(arguments: 1...4) func independentColumnsNeedOnePass(columns: Int) throws {
    for rows in [columns + 1, columns + 2, 9, 63, 64, 65, 300, 1100] {
      for (number, level) in [1, 1e-2, 1e-4].enumerated() {
        for seed in 0..<(rows < 100 ? 8 : 2) {
          let problem = Problem(rows: rows, columns: columns, level: level, seed: 1000 * rows + 10 * seed + number)
          let what = "\(rows) × \(columns), \(level), \(seed)"
          let isClosed = try isClosed(problem, what)
          // Few rows may be dependent by chance.
          #expect(isClosed || rows < 9, "\(what)")
        }
      }
    }
  }

  /// From columns that are far apart to ones that only a QR tells apart: where the evidence does not suffice, refinement goes on.
  @Test(arguments: 2...4) func nearlyDependentColumnsFallThrough(columns: Int) throws {
    var closed: [Bool] = []
    for power in 0...34 {
      let distance = Double(sign: .plus, exponent: -power, significand: 1)
      let problem = Problem(rows: 50, columns: columns, distance: distance, seed: power)
      closed.append(try isClosed(problem, "2^-\(power), \(columns) columns"))
    }
    #expect(closed[...10].allSatisfy { $0 } && !closed[24...].contains(true), "\(closed)")
  }

  /// A coefficient that is nearly zero keeps fewer digits of the sums than the others; exact fits say nothing about their residuals.
  @Test func cancellationFallsThrough() throws {
    for power in 0...50 {
      let tiny = Double(sign: .plus, exponent: -power, significand: 1)
      // The second coefficient is −tiny/4.
      let problem = Problem(matrix: [[1, 1], [1, -1], [1, 1], [1, -1]], targets: [1, 1, 3, 3 + tiny])
      let isClosed = try isClosed(problem, "2^-\(power)")
      #expect(isClosed == (power <= 30) || 30...36 ~= power, "2^-\(power)")
    }
    let exact: Matrix<Double> = [[3, 1], [5, -2], [7, 9], [8, 8]]
    let solution = try leastSquares(exact, (0..<4).map { 0x1p40 * exact[$0, 0] - 3 * exact[$0, 1] })
    #expect(solution.coefficients == [0x1p40, -3] && solution.report.method != Self.method)
    #expect(solution.residualSumOfSquares < 1e-3)
    let orthogonal = try leastSquares([[1, 1], [1, -1], [1, 1], [1, -1]] as Matrix<Double>, [1, 1, 3, 3])
    #expect(orthogonal.coefficients == [2, 0] && orthogonal.residualSumOfSquares == 4)
  }

  /// The sizes of rows, and the units of columns, differ widely.
  @Test func unevenRowsAndUnits() throws {
    for seed in 0..<40 {
      var problem = Problem(rows: 200, columns: seed % 4 + 1, seed: seed)
      for row in 0..<200 where row % 5 != 0 {
        let scale = Double(sign: .plus, exponent: -(row * seed / 200), significand: 1)
        for column in 0..<problem.matrix.columns { problem.matrix[row, column] *= scale }
        problem.targets[row] *= scale
      }
      for column in 0..<problem.matrix.columns {
        for row in 0..<200 { problem.matrix[row, column] *= [1e-30, 1, 1e50, 7][column] }
      }
      #expect(try isClosed(problem, "\(seed)"))
    }
    // Squares that leave the range of a double.
    for unit in [1e-170, 1e170] {
      var problem = Problem(rows: 30, columns: 3, seed: 7)
      for row in 0..<30 { problem.matrix[row, 1] *= unit }
      #expect(try !isClosed(problem, "\(unit)"))
    }
  }

  /// Means up to a thousand times the deviations cost no second pass, larger ones no digits.
  @Test(arguments: 1...3, [0, 10, 1e3, 1e6, 1e9]) func anIntercept(columns: Int, offset: Double) throws {
    for seed in 0..<6 {
      var problem = Problem(rows: 70, columns: columns, seed: 100 * columns + seed)
      for row in 0..<70 {
        for column in 0..<columns { problem.matrix[row, column] += offset * Double(column + 1) }
        problem.targets[row] += 3 * offset
      }
      try checkIntercept(problem, isClosed: offset <= 1e3 ? true : (offset < 1e9 ? nil : false))
      if offset <= 10 {
        let narrow = Problem(matrix: problem.matrix, targets: problem.targets).rounded
        try checkIntercept(narrow, isClosed: true, inFloat: true)
      }
    }
  }

  private func checkIntercept(_ problem: Problem, isClosed: Bool?, inFloat: Bool = false) throws {
    let (rows, columns) = (problem.matrix.rows, problem.matrix.columns)
    let model =
      inFloat
      ? try LinearRegression.fit(features: Matrix<Float>(problem.matrix), targets: problem.targets.map { Float($0) })
      : try LinearRegression.fit(features: problem.matrix, targets: problem.targets)
    var elements: [Double] = []
    for row in 0..<rows { elements += [1] + problem.matrix.row(row) }
    let design = Matrix<Double>(rows: rows, columns: columns + 1, elements: elements)
    let exact = try #require(ExactLeastSquares(design, problem.targets))
    let certificate = try #require(model.certificate)
    for (actual, expected) in zip(model.coefficients, exact.coefficients) {
      #expect(expected.relativeError(of: actual.estimate) <= certificate.relativeErrorBound)
    }
    #expect(certificate.relativeErrorBound < 0x1.1p-53, "\(model.report) \(certificate)")
    if let isClosed { #expect((model.report.method == Self.method) == isClosed, "\(model.report)") }
  }

  @Test func aSummaryNamesTheWay() throws {
    let problem = Problem(rows: 30, columns: 2, seed: 4)
    let model = try LinearRegression.fit(features: problem.matrix, targets: problem.targets)
    let line = try #require(model.description.split(separator: "\n").first { $0.hasPrefix("Method:") })
    #expect(line.hasPrefix("Method: closed form, condition ") && !line.contains("refined"))
  }

  // MARK: - Edges

  @Test(arguments: 1...4) func asManyRowsAsColumns(columns: Int) throws {
    for seed in 0..<5 {
      // Nothing is left of the targets, so their residual has no digits.
      #expect(try !isClosed(Problem(rows: columns, columns: columns, seed: seed), "\(columns), \(seed)"))
    }
    if columns > 1 {
      let wide = Problem(rows: columns - 1, columns: columns, seed: 3)
      let solution = try leastSquares(wide.matrix, wide.targets)
      #expect(solution.report.isMinimumNorm && solution.rank == columns - 1)
    }
  }

  @Test func dependentColumnsAreNamed() throws {
    var problem = Problem(rows: 500, columns: 4, seed: 2)
    for row in 0..<500 { problem.matrix[row, 3] = problem.matrix[row, 0] - 0.5 * problem.matrix[row, 2] }
    #expect {
      try leastSquares(problem.matrix, problem.targets)
    } throws: { error in
      guard case .rankDeficient(3, 4, let dependent) = error as? LeastSquaresError else { return false }
      return dependent.map(\.column) == [3] && dependent[0].combinationOf == [0, 2]
    }
    let three = Problem(matrix: problem.matrix[columns: [0, 1, 2]], targets: problem.targets)
    let dropped = try leastSquares(problem.matrix, problem.targets, whenRankDeficient: .drop)
    #expect(dropped.coefficients == (try leastSquares(three.matrix, three.targets).coefficients) + [0])
    #expect(dropped.report.method == Self.method && dropped.rank == 3)
    // Constant columns beside an intercept, and zeros.
    for constant in [0, 0.1, 3] {
      for row in 0..<500 { problem.matrix[row, 1] = constant }
      let features = problem.matrix[columns: [0, 1]]
      let model = try LinearRegression.fit(features: features, targets: problem.targets)
      #expect(model.report.droppedColumns.map(\.column) == [1])
    }
    let zeros = try leastSquares(three.matrix, [Double](repeating: 0, count: 500))
    #expect(zeros.coefficients == [0, 0, 0] && zeros.residualSumOfSquares == 0)
  }

  @Test(arguments: 1...4) func bitsDoNotDependOnTheNumberOfThreads(columns: Int) throws {
    let problem = Problem(rows: 70_003, columns: columns, seed: columns)
    func solve(_ threads: Int) throws -> LeastSquaresSolution<Double> {
      try Parallelism.withThreads(threads) { try leastSquares(problem.matrix, problem.targets) }
    }
    let one = try solve(1)
    #expect(one.report.method == Self.method)
    for threads in [2, 3, 8] {
      let many = try solve(threads)
      #expect(one.coefficients == many.coefficients && one.residualSumOfSquares == many.residualSumOfSquares)
      #expect(one.report == many.report && one.certificate == many.certificate)
    }
    // As refinement finds them: twice the same right-hand side takes the other way.
    let both = Matrix(rows: 70_003, columns: 2, elements: problem.targets.flatMap { [$0, $0] })
    #expect(try leastSquares(problem.matrix, both).coefficients.column(0) == one.coefficients)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func theFirstNumberThatIsNotFiniteIsNamed(bad: Double) throws {
    for columns in 1...4 {
      let finite = Problem(rows: 35_001, columns: columns, seed: 1)
      for row in [0, 70, 34_000] {
        for column in 0...columns {
          var problem = finite
          // Another one, later.
          for (place, value) in [(row + 900, Double.nan), (row, bad)] {
            if column < columns { problem.matrix[place, column] = value } else { problem.targets[place] = value }
          }
          #expect {
            try leastSquares(problem.matrix, problem.targets)
          } throws: { error in
            switch error as? LeastSquaresError {
            case .nonFiniteElement(row, column, let value): column < columns && value.bitPattern == bad.bitPattern
            case .nonFiniteTarget(row, 0, let value): column == columns && value.bitPattern == bad.bitPattern
            default: false
            }
          }
        }
      }
    }
  }

  /// Weights, a penalty, several right-hand sides and coefficients in Float go the other way.
  @Test func whatIsNotSimpleGoesTheOtherWay() throws {
    let problem = Problem(rows: 40, columns: 3, seed: 9)
    let ones = [Double](repeating: 1, count: 40)
    let plain = try leastSquares(problem.matrix, problem.targets)
    let weighted = try leastSquares(problem.matrix, problem.targets, weights: ones)
    let narrow = try leastSquares(Matrix<Float>(problem.matrix), problem.targets.map { Float($0) })
    #expect(plain.report.method == Self.method && plain.coefficients == weighted.coefficients)
    for report in [
      weighted.report, narrow.report, try leastSquares(problem.matrix, problem.targets, ridge: 1).report,
      try leastSquares(problem.matrix, problem.targets, accuracy: .fast).report,
      try LeastSquaresFactorization(problem.matrix).report,
    ] {
      #expect(report.method == "Gram + Cholesky")
    }
    let five = Problem(rows: 40, columns: 5, seed: 9)
    #expect(try !isClosed(five, "five columns"))
  }
}

extension FewColumnsTests.Problem {
  init(matrix: Matrix<Double>, targets: [Double]) { (self.matrix, self.targets) = (matrix, targets) }

  /// The same numbers, rounded to single precision.
  var rounded: FewColumnsTests.Problem {
    FewColumnsTests.Problem(
      matrix: Matrix<Double>(Matrix<Float>(matrix)), targets: targets.map { Double(Float($0)) })
  }
}
