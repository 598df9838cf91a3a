import Dispatch
import LossAccel

/// LossAccel beside LAPACK's `dgels` on the same BLAS.
func leastSquaresPeerJobs() -> [Job] {
  [
    peerJob(rows: 100_000, columns: 32, exact: 4, fast: 6),
    peerJob(rows: 30_000, columns: 128, exact: 6, fast: 10),
    peerJob(rows: 8000, columns: 512, exact: 2.5, fast: 3),
    peerJob(rows: 200_000, columns: 8, exact: 2, fast: 4),
    peerJob(rows: 1_000_000, columns: 1, exact: 2),
    peerJob(rows: 1_000_000, columns: 2, exact: 2),
    peerJob(rows: 1_000_000, columns: 3, exact: 2),
    peerJob(rows: 1_000_000, columns: 4, exact: 2),
  ].flatMap(\.self) + [batchJob(), callersJob()]
}

private let group = "Least squares beside LAPACK's dgels (which gets a copy, column by column)"

private func peerJob(rows: Int, columns: Int, exact: Double, fast: Double? = nil) -> [Job] {
  var accuracies: [(LeastSquaresAccuracy, String, Double)] = [(.exact, "exact", exact)]
  if let fast { accuracies.append((.fast, "fast", fast)) }
  return accuracies.map { accuracy, name, goal in
    Job(
      name: "dgels \(name) \(shapeName(rows, columns))", group: group,
      goals: [.timesPeer(.single, atLeast: goal), .timesPeer(.all, atLeast: goal)]
    ) {
      let problem = PeerProblem(rows: rows, columns: columns, accuracy: accuracy)
      return Race(
        work: Work(
          items: rows * columns, item: "entry", bytes: Double(8 * rows * columns),
          operations: Double(rows * columns * columns)),
        contestants: [
          Contestant(.single, "LossAccel") { try problem.run() },
          Contestant(.all, "LossAccel") { try problem.run() },
          Contestant(.peer, "LAPACK's dgels") { try problem.runPeer() },
        ], check: { try problem.check() })
    }
  }
}

private final class PeerProblem {
  let matrix: Matrix<Double>
  let targets: [Double]
  let byColumns: [Double]
  let accuracy: LeastSquaresAccuracy
  var (coefficients, peer): ([Double], [Double]) = ([], [])

  init(rows: Int, columns: Int, accuracy: LeastSquaresAccuracy) {
    var generator = SeededGenerator()
    matrix = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { $0.normal() })
    targets = generator.array(rows) { $0.normal() }
    byColumns = matrix.transposed().elements
    self.accuracy = accuracy
  }

  func run() throws { coefficients = try leastSquares(matrix, targets, accuracy: accuracy).coefficients }

  func runPeer() throws {
    var (a, b) = (byColumns, targets)
    _ = try LAPACK.gels(rows: matrix.rows, columns: matrix.columns, targets: 1, &a, &b)
    peer = Array(b[..<matrix.columns])
  }

  /// Independent normal columns have a condition below 2 here, so QR's error is a small multiple of columns·ε.
  func check() throws {
    try run()
    try runPeer()
    for j in peer.indices {
      try Disagreement.check(
        "dgels, coefficient \(j)", coefficients[j], peer[j], bound: 8 * Double(matrix.columns) * Double.ulpOfOne)
    }
  }
}

private func batchJob() -> Job {
  let (count, rows, columns) = (10_000, 100, 5)
  return Job(name: "batch of 10k×100×5", group: group, goals: [.timesPeer(.all, atLeast: 20)]) {
    var generator = SeededGenerator()
    let matrix = Matrix<Double>(
      rows: count * rows, columns: columns, elements: generator.array(count * rows * columns) { $0.normal() })
    let targets: [Double] = generator.array(count * rows) { $0.normal() }
    let problems = (0..<count).map { matrix[rows: $0 * rows..<($0 + 1) * rows].transposed().elements }
    func solve() -> [Double] { leastSquaresBatch(matrix, targets, rowsPerProblem: rows).coefficients.elements }
    func solveByLAPACK() throws -> [Double] {
      var coefficients: [Double] = []
      coefficients.reserveCapacity(count * columns)
      for problem in 0..<count {
        var (a, b) = (problems[problem], Array(targets[problem * rows..<(problem + 1) * rows]))
        _ = try LAPACK.gels(rows: rows, columns: columns, targets: 1, &a, &b)
        coefficients += b[..<columns]
      }
      return coefficients
    }
    return Race(
      work: Work(items: count, item: "problem", bytes: Double(8 * matrix.elements.count)),
      contestants: [
        Contestant(.single, "LossAccel") { _ = solve() },
        Contestant(.all, "LossAccel") { _ = solve() },
        Contestant(.peer, "a loop over LAPACK's dgels") { _ = try solveByLAPACK() },
      ],
      check: {
        for (index, (ours, theirs)) in zip(solve(), try solveByLAPACK()).enumerated() {
          try Disagreement.check("batch, coefficient \(index)", ours, theirs, bound: 64 * Double.ulpOfOne)
        }
      })
  }
}

/// Eight callers at once should take as long as eight in turn.
private func callersJob() -> Job {
  let goal = Goal.shareOfLimit(.all, atLeast: 0.9)
  return Job(
    name: "eight callers 20k×50", group: "Least squares, eight callers at once (the limit: in turn)", goals: [goal]
  ) {
    let problem = PeerProblem(rows: 20_000, columns: 50, accuracy: .exact)
    let (matrix, targets) = (problem.matrix, problem.targets)
    @Sendable func solve() { _ = try? leastSquares(matrix, targets) }
    return Race(
      work: Work(items: 8, item: "call", bytes: Double(8 * 8 * matrix.elements.count)),
      contestants: [
        Contestant(.single, "LossAccel, in turn") { for _ in 0..<8 { solve() } },
        Contestant(.all, "LossAccel, at once") { DispatchQueue.concurrentPerform(iterations: 8) { _ in solve() } },
        Contestant(.limit, "eight calls in turn") { for _ in 0..<8 { solve() } },
        Contestant(.limitAll, "eight calls in turn") { for _ in 0..<8 { solve() } },
      ],
      check: { try problem.check() })
  }
}
