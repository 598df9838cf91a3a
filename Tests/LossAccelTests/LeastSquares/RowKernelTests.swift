import LossAccel
import TestSupport
import Testing

/// The kernels that read rows as they lie in memory, against sums of integers, for every width and for rows that fill blocks and do not.
@Suite struct RowKernelTests {
  struct Problem {
    var (rows, columns) = (0, 0)
    var matrix: [Int] = []
    var targets: [Int] = []
    var weights: [Int] = []

    init(rows: Int, columns: Int) {
      var generator = SeededGenerator(seed: UInt64(1000 * rows + columns))
      (self.rows, self.columns) = (rows, columns)
      matrix = (0..<rows * columns).map { _ in Int.random(in: -8...8, using: &generator) }
      targets = (0..<rows).map { _ in Int.random(in: -99...99, using: &generator) }
      weights = (0..<rows).map { _ in Int.random(in: 1...5, using: &generator) }
    }

    func row(_ row: Int) -> ArraySlice<Int> { matrix[row * columns..<(row + 1) * columns] }
  }

  static let shapes = (1...35).flatMap { columns in [1, 9, 63, 64, 65, 200].map { ($0, columns) } }

  @Test func gramMatricesAreThoseOfIntegers() {
    for (rows, columns) in Self.shapes {
      let problem = Problem(rows: rows, columns: columns)
      let sums = LeastSquaresKernels.gramOfRows(
        problem.matrix.map(Double.init), columns: columns, rows: 0..<rows, targets: problem.targets.map(Double.init),
        targetCount: 1)
      for i in 0..<columns {
        for j in i..<columns {
          let exact = (0..<rows).reduce(0) {
            $0 + problem.row($1).dropFirst(i).first! * problem.row($1).dropFirst(j).first!
          }
          #expect(sums.gram[i * sums.width + j] == Double(exact), "\(rows) × \(columns), \(i) \(j)")
        }
        let exact = (0..<rows).reduce(0) { $0 + problem.matrix[$1 * columns + i] * problem.targets[$1] }
        let largest = (0..<rows).map { abs(problem.matrix[$0 * columns + i]) }.max() ?? 0
        #expect(sums.cross[i] == Double(exact) && Double(bitPattern: UInt64(sums.largest[i])) == Double(largest))
      }
      #expect(sums.squares[0] == Double(problem.targets.reduce(0) { $0 + $1 * $1 }))
      #expect(Double(bitPattern: UInt64(sums.largest[sums.width])) == Double(problem.targets.map(abs).max() ?? 0))
    }
  }

  @Test func infinitiesAndNaNAreSeenInEveryColumn() {
    for (rows, columns) in [(9, 3), (65, 12), (64, 20), (200, 33)] {
      for bad in [Double.infinity, -.infinity, .nan] {
        for column in 0..<columns {
          var matrix = Problem(rows: rows, columns: columns).matrix.map(Double.init)
          matrix[(rows - 2) * columns + column] = bad
          let sums = LeastSquaresKernels.gramOfRows(
            matrix, columns: columns, rows: 0..<rows, targets: [], targetCount: 0)
          #expect(!sums.gram[column * (sums.width + 1)].isFinite)
        }
      }
    }
  }

  /// Coefficients k/8 + k·2⁻⁵⁸, so that every sum is an integer part and a part that plain doubles lose.
  @Test(arguments: [false, true]) func gradientsAreThoseOfIntegers(anchored: Bool) {
    for (rows, columns) in Self.shapes {
      let problem = Problem(rows: rows, columns: columns)
      for (weighted, single, constant) in [(false, false, 0), (true, false, 3), (false, true, 5)] {
        let x = (0..<columns).map { $0 % 7 - 3 }
        let matrix: _ScalarArray =
          single ? .single(problem.matrix.map(Float.init)) : .double(problem.matrix.map(Double.init))
        let targets: _ScalarArray =
          single ? .single(problem.targets.map(Float.init)) : .double(problem.targets.map(Double.init))
        let tiny = anchored ? 0x1p-58 : 0
        let pass = LeastSquaresKernels.RowPass(
          coefficients: [x.map { DoubleDouble(Double($0) / 8, Double($0) * tiny) }],
          constants: [DoubleDouble(Double(constant))], targets: [0], targetScales: [2],
          anchors: anchored
            ? [(residual: 0x1.8p14, gradient: [Double](repeating: 0x1.8p26, count: columns))] : nil)
        let weights = weighted ? problem.weights : [Int](repeating: 1, count: rows)
        let part = LeastSquaresKernels.rowPass(
          pass, matrix, rows: 0..<rows, targets: targets, targetCount: 1,
          weights: weighted ? weights.map(Double.init) : nil)
        let sums = pass.total([part])[0]
        // r = 2b − c − Ax = (8·(2b − c) − A·k)/8 − A·k·2⁻⁵⁸.
        let fitted = (0..<rows).map { row in zip(problem.row(row), x).reduce(0) { $0 + $1.0 * $1.1 } }
        let eighths = (0..<rows).map { 8 * (2 * problem.targets[$0] - constant) - fitted[$0] }
        for column in 0..<columns {
          let products = (0..<rows).map { weights[$0] * problem.matrix[$0 * columns + column] }
          let large = Double(zip(products, eighths).reduce(0) { $0 + $1.0 * $1.1 }) / 8
          let small = -Double(zip(products, fitted).reduce(0) { $0 + $1.0 * $1.1 }) * tiny
          let gradient = sums.gradient[column].wide
          let error = (gradient - DoubleDouble(large) - DoubleDouble(small)).value
          // A step of the residuals' anchor for each of their terms.
          #expect(abs(error) <= (anchored ? 0x1p-80 : 0), "\(rows) × \(columns), \(column), \(weighted) \(single)")
        }
        let squares = Double((0..<rows).reduce(0) { $0 + weights[$1] * eighths[$1] * eighths[$1] }) / 64
        #expect(abs(sums.squares.value - squares) <= 0x1p-40 * squares)
        let total = Double((0..<rows).reduce(0) { $0 + weights[$1] * eighths[$1] }) / 8
        #expect(abs(sums.residuals.value - total) <= 0x1p-30 && (anchored || sums.residuals.value == total))
      }
    }
  }
}
