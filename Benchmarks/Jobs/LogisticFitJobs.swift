import LossAccel
import Synchronization

/// Whole fits of logistic models to a gradient of 10⁻⁸ of the first, beside the matrix work of Newton's method.
func logisticFitJobs() -> [Job] {
  let automatic = [(1_000_000, 20), (100_000, 200), (20_000, 1000)].map { rows, columns in
    fitJob("logistic fit", rows: rows, columns: columns, AutomaticOptimizer())
  }
  return automatic + [
    fitJob(
      "logistic newton", rows: 20_000, columns: 1000, NewtonMethod(),
      goals: [.shareOfLimit(.single, atLeast: 1 / 1.3), .shareOfLimit(.all, atLeast: 1 / 1.3)]),
    fitJob("logistic fit", rows: 5000, columns: 20, AutomaticOptimizer(), isQuick: true),
  ]
}

private func fitJob(
  _ name: String, rows: Int, columns: Int, _ optimizer: any Optimizer, isQuick: Bool = false, goals: [Goal] = []
) -> Job {
  Job(
    name: "\(name) f64 \(shapeName(rows, columns))",
    group: "Logistic regression to a gradient of 10⁻⁸ (the limit: XᵀX and Cholesky for each pass with a Hessian)",
    isQuick: isQuick, goals: goals
  ) {
    let problem = try FitProblem(rows: rows, columns: columns, optimizer)
    try problem.run()
    let (passes, hessians) = problem.counts
    let limit = "\(shapeName(rows, columns)): XᵀX and its factor \(hessians)×, for \(passes) passes"
    return Race(
      work: Work(
        items: rows * columns, item: "entry", bytes: Double(8 * rows * columns * passes),
        operations: Double(rows * columns * columns * hessians)),
      run: { try problem.run() }, limit: limit,
      runLimit: { try problem.multiply() },
      check: { try problem.check() })
  }
}

private final class FitProblem {
  let design: Matrix<Double>
  let targets: [Double]
  let optimizer: any Optimizer
  let objective: CountedObjective
  var solution: Solution?
  var counts: (passes: Int, hessians: Int) = (0, 0)
  var factor: [Double] = []

  /// A design of normal numbers, and classes drawn from a model whose logits have variance 1.
  init(rows: Int, columns: Int, _ optimizer: any Optimizer) throws {
    var generator = SeededGenerator()
    design = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { $0.normal() })
    let size = 1 / Double(columns).squareRoot()
    let truth: [Double] = generator.array(columns) { size * $0.normal() }
    let logits = try design.multiplied(by: truth)
    targets = logits.map { generator.uniform() < 1 / (1 + Double.exponential(-$0)) ? 1 : 0 }
    self.optimizer = optimizer
    objective = CountedObjective(
      base: try LinearObjective(
        features: FeatureMatrix(design), targets: targets, loss: .binaryCrossEntropyFromLogits))
  }

  func run() throws {
    objective.hessians.counter.withLock { $0 = 0 }
    let solution = try optimizer.minimize(objective)
    counts = (solution.passes, objective.hessians.counter.withLock { $0 })
    self.solution = solution
  }

  func multiply() throws {
    for _ in 0..<max(counts.hessians, 1) {
      factor = try design.gram().elements
      _ = try LAPACK.cholesky(order: design.columns, &factor)
    }
  }

  /// The plain loop's gradient at the coefficients that were found: its rounding is √n·ε of the mean term, 10⁻⁸ of the first
  /// gradient is more than that.
  func check() throws {
    try run()
    try multiply()
    guard let solution, solution.isConverged else {
      throw Disagreement(description: "logistic fit: \(solution?.stop.description ?? "nothing")")
    }
    let (columns, intercept) = objective.base.coefficients(at: solution.point)
    let first = norm(at: [Double](repeating: 0, count: columns.count), 0)
    let last = norm(at: columns, intercept)
    try Disagreement.check("logistic fit, gradient", last / first, 0, bound: 4e-8)
  }

  private func norm(at coefficients: [Double], _ intercept: Double) -> Double {
    var gradient = [Double](repeating: 0, count: coefficients.count + 1)
    for row in 0..<design.rows {
      var logit = intercept
      let start = row * design.columns
      for column in coefficients.indices { logit += design.elements[start + column] * coefficients[column] }
      let slope = 1 / (1 + Double.exponential(-logit)) - targets[row]
      for column in coefficients.indices { gradient[column] += slope * design.elements[start + column] }
      gradient[coefficients.count] += slope
    }
    return gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

/// An objective that counts its Hessians.
private struct CountedObjective: Objective {
  final class Count: Sendable {
    let counter = Mutex(0)
  }

  let base: LinearObjective
  let hessians = Count()

  var dimension: Int { base.dimension }
  var startingPoint: [Double] { base.startingPoint }
  var isConvex: Bool { base.isConvex }
  var dataSize: Int { base.dataSize }
  var nonsmooth: NonsmoothPenalty? { base.nonsmooth }

  func evaluate(_ request: ObjectiveRequest, at point: [Double]) throws(ObjectiveError) -> ObjectiveEvaluation {
    if request.contains(.hessian) { hessians.counter.withLock { $0 += 1 } }
    return try base.evaluate(request, at: point)
  }

  func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] { try base.curvatureProduct(direction, at: evaluation) }

  func line(from start: ObjectiveEvaluation, through end: ObjectiveEvaluation) -> ObjectiveLine {
    base.line(from: start, through: end)
  }
}
