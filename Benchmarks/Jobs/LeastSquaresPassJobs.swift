import LossAccel

/// The passes over the rows that least squares is made of, beside the speed at which memory is read.
func leastSquaresPassJobs() -> [Job] {
  [
    passJob(
      "first pass 1M×20", goals: [.shareOfLimit(.all, atLeast: 0.6)],
      { problem in
        _ = problem.chunks { rows in
          LeastSquaresKernels.gramOfRows(
            problem.matrix, columns: 20, rows: rows, targets: problem.targets, targetCount: 1)
        }
      }),
    passJob(
      "double-double pass 1M×20", goals: [.shareOfLimit(.single, atLeast: 0.7)],
      { problem in
        let pass = problem.pass
        _ = pass.total(
          problem.chunks { rows in
            LeastSquaresKernels.rowPass(
              pass, .double(problem.matrix), rows: rows, targets: .double(problem.targets), targetCount: 1,
              weights: nil)
          })
      }),
  ]
}

private func passJob(_ name: String, goals: [Goal], _ run: @escaping (PassProblem) -> Void) -> Job {
  Job(name: name, group: "Passes of least squares (the limit: reading the matrix)", goals: goals) {
    let problem = PassProblem()
    return Race(
      work: Work(items: problem.matrix.count, item: "entry", bytes: Double(8 * problem.matrix.count)),
      run: { run(problem) }, limit: "the sum of squares, by BLAS",
      runLimit: { try problem.read() },
      check: { try problem.check() })
  }
}

private final class PassProblem: Sendable {
  let rows = 1_000_000
  let matrix: [Double]
  let targets: [Double]
  let pass: LeastSquaresKernels.RowPass

  init() {
    var generator = SeededGenerator()
    matrix = generator.array(20 * rows) { $0.normal() }
    targets = generator.array(rows) { $0.normal() }
    // Coefficients of 1/16: 1.5·2⁵ is an anchor for their sums, 1.5·2²³ one for those of the gradient.
    pass = LeastSquaresKernels.RowPass(
      coefficients: [[DoubleDouble](repeating: DoubleDouble(0x1p-4), count: 20)], constants: [DoubleDouble(0)],
      targets: [0], targetScales: [1],
      anchors: [(residual: 48, gradient: [Double](repeating: 0x1.8p23, count: 20))])
  }

  func chunks<Part: Sendable>(_ body: @Sendable (Range<Int>) -> Part) -> [Part] {
    let size = (rows + 63) / 64
    return Parallelism.mapChunks(count: 64) { body(Parallelism.range(ofChunk: $0, of: rows, chunkSize: size)) }
  }

  func read() throws {
    let size = (rows + 63) / 64 * 20
    let values = matrix
    try Parallelism.forEachRange(of: values.count, chunkSize: size) { (_, range) throws(LinearAlgebraError) in
      let span = values.span
      _ = try BLAS.dot(span.extracting(range), span.extracting(range))
    }
  }

  /// The diagonal of the Gram matrix and the residuals' squares against plain sums.
  func check() throws {
    let gram = LeastSquaresKernels.gramOfRows(matrix, columns: 20, rows: 0..<rows, targets: targets, targetCount: 1)
    var (square, residuals) = (0.0, 0.0)
    for row in 0..<rows {
      square += matrix[row * 20] * matrix[row * 20]
      var residual = targets[row]
      for column in 0..<20 { residual -= matrix[row * 20 + column] * 0x1p-4 }
      residuals += residual * residual
    }
    try Disagreement.check("first pass", gram.gram[0], square, bound: square * 1e-10)
    let part = LeastSquaresKernels.rowPass(
      pass, .double(matrix), rows: 0..<rows, targets: .double(targets), targetCount: 1, weights: nil)
    let squares = pass.total([part])[0].squares.value
    try Disagreement.check("double-double pass", squares, residuals, bound: residuals * 1e-10)
  }
}
