import LossAccel

/// Least squares in closed form, from a small table to a tall one and a wide one.
func leastSquaresJobs() -> [Job] {
  [
    leastSquaresJob(rows: 1000, columns: 10, of: Double.self, isQuick: true),
    leastSquaresJob(rows: 100_000, columns: 50, of: Double.self, isQuick: true),
    leastSquaresJob(rows: 100_000, columns: 50, of: Float.self),
    leastSquaresJob(rows: 1_000_000, columns: 20, of: Double.self),
    leastSquaresJob(rows: 20_000, columns: 500, of: Double.self),
  ]
}

private func leastSquaresJob<T: NaiveScalar>(
  rows: Int, columns: Int, of type: T.Type, isQuick: Bool = false
) -> Job {
  Job(
    name: "least squares \(typeName(type)) \(shapeName(rows, columns))",
    group: "Least squares in closed form (the Swift loop: normal equations)", isQuick: isQuick
  ) {
    let problem = LeastSquaresProblem<T>(rows: rows, columns: columns)
    return Race(
      work: Work(
        items: rows * columns, item: "entry", bytes: Double(MemoryLayout<T>.stride * rows * columns),
        operations: Double(rows * columns * columns)),
      contestants: [
        Contestant(.naive, "Swift loop") { problem.runNaive() },
        Contestant(.single, "LossAccel") { try problem.run() },
        Contestant(.all, "LossAccel") { try problem.run() },
        Contestant(.limit, "syrk, the Gram matrix alone, by BLAS") { try problem.multiply() },
        Contestant(.limitAll, "syrk, the Gram matrix alone, by BLAS") { try problem.multiply() },
      ],
      check: { try problem.check() })
  }
}

private final class LeastSquaresProblem<T: NaiveScalar> {
  let matrix: Matrix<T>
  let targets: [T]
  var gram: [T]
  var naive: [T]
  var coefficients: [T] = []

  /// Normal numbers, and targets that follow a linear model with as much noise as signal.
  init(rows: Int, columns: Int) {
    var generator = SeededGenerator()
    let size = 1 / Double(columns).squareRoot()
    let truth = generator.array(columns, of: Double.self) { size * $0.normal() }
    let matrix = Matrix<T>(rows: rows, columns: columns, elements: generator.array(rows * columns) { $0.normal() })
    targets = (0..<rows).map { i in
      var prediction = 0.0
      for j in 0..<columns { prediction += Double(matrix.elements[i * columns + j]) * truth[j] }
      return T(prediction + generator.normal())
    }
    self.matrix = matrix
    gram = Array(repeating: 0, count: columns * columns)
    naive = Array(repeating: 0, count: columns)
  }

  func run() throws { coefficients = try leastSquares(matrix, targets).coefficients }

  func runNaive() { naiveLeastSquares(matrix.elements, targets, &gram, &naive) }

  func multiply() throws { try gramMatrix(of: matrix, into: &gram) }

  /// The columns have independent entries of variance 1 and there are at least ten times as many rows, so the singular values of A
  /// differ by a factor below (1 + √0.1)/(1 − √0.1) < 2 and the condition of AᵀA is below 4. The naive sums of n terms are off by
  /// at most n·ε of their size, the coefficients by at most that times the condition: 4·n·ε·(‖x‖ + ‖b‖/σ) < 8·n·ε in these
  /// inputs, where both norms are about 1. LossAccel's own error is a rounding.
  func check() throws {
    try run()
    runNaive()
    let bound = 8 * Double(matrix.rows) * Double(T.ulpOfOne)
    for j in naive.indices {
      try Disagreement.check(
        "least squares, coefficient \(j)", Double(coefficients[j]), Double(naive[j]), bound: bound)
    }
  }
}

private func gramMatrix<T: Scalar>(of matrix: Matrix<T>, into gram: inout [T]) throws {
  var output = gram.mutableSpan
  try BLAS.syrk(
    size: matrix.columns, inner: matrix.rows, a: matrix.elements.span, transposeA: true, c: &output)
}
