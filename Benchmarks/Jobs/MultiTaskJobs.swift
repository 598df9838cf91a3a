import LossAccel

/// Several tasks on the same features: the value and gradient of all heads, and the Gram matrix of the tasks' gradients, beside the matrix products
/// that they cannot do without.
func multiTaskJobs() -> [Job] {
  [
    multiTaskJob(Double.self, rows: 200_000, columns: 200, tasks: 8),
    multiTaskJob(Float.self, rows: 200_000, columns: 200, tasks: 8),
    multiTaskJob(Double.self, rows: 50_000, columns: 50, tasks: 4),
    taskGramJob(parameters: 1_000_000, tasks: 16),
  ]
}

private func multiTaskJob<T: NaiveScalar>(_ type: T.Type, rows: Int, columns: Int, tasks: Int) -> Job {
  Job(
    name: "tasks gradient \(typeName(type)) \(shapeName(rows, columns))×\(tasks)",
    group: "Value and gradient of several tasks (the limit: X·B and XᵀG by BLAS)"
  ) {
    let problem = try MultiTaskProblem<T>(rows: rows, columns: columns, tasks: tasks)
    let entries = rows * columns
    return Race(
      work: Work(
        items: entries, item: "entry", bytes: Double(MemoryLayout<T>.stride * entries),
        operations: Double(4 * entries * tasks)),
      run: { try problem.run() }, limit: "the two products, by BLAS",
      runLimit: { try problem.multiply() },
      check: { try problem.check() })
  }
}

private func taskGramJob(parameters: Int, tasks: Int) -> Job {
  Job(
    name: "tasks gram f64 \(shapeName(parameters, tasks))",
    group: "The Gram matrix of the gradients of several tasks (the limit: BLAS alone)"
  ) {
    let problem = TaskGramProblem(parameters: parameters, tasks: tasks)
    return Race(
      work: Work(
        items: parameters * tasks, item: "entry", bytes: Double(8 * parameters * tasks),
        operations: Double(parameters * tasks * tasks)),
      run: { try problem.run() }, limit: "G·Gᵀ, by BLAS",
      runLimit: { try problem.multiply() },
      check: { try problem.check() })
  }
}

private final class MultiTaskProblem<T: NaiveScalar> {
  let design: Matrix<T>
  /// A column for every task.
  let coefficients: Matrix<T>
  let losses: [PointwiseLoss]
  let targets: [[Double]]
  let objective: MultiTaskObjective
  let point: [Double]
  var evaluation: ObjectiveEvaluation?
  var predictions: Matrix<T>
  var gradient: Matrix<T>

  /// Tasks of two kinds in turn, answers and amounts.
  init(rows: Int, columns: Int, tasks: Int) throws {
    var generator = SeededGenerator()
    design = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { $0.normal() })
    let size = 1 / Double(columns).squareRoot()
    coefficients = Matrix(
      rows: columns, columns: tasks, elements: generator.array(columns * tasks) { size * $0.normal() })
    let losses: [PointwiseLoss] = (0..<tasks).map {
      $0.isMultiple(of: 2) ? .binaryCrossEntropyFromLogits : .squaredError
    }
    var targets: [[Double]] = []
    for _ in 0..<tasks { targets.append(generator.array(rows) { $0.uniform() < 0.5 ? 1 : 0 }) }
    let heads = (0..<tasks).map { TaskHead("task \($0)", loss: losses[$0], targets: targets[$0]) }
    (self.losses, self.targets) = (losses, targets)
    objective = try MultiTaskObjective(features: FeatureMatrix(design), heads: heads, intercept: false)
    let wide = Matrix<Double>(coefficients)
    point = objective.point(coefficients: (0..<tasks).map { (wide.column($0), 0) })
    predictions = Matrix.zeros(rows: rows, columns: tasks)
    gradient = Matrix.zeros(rows: columns, columns: tasks)
  }

  func run() throws { evaluation = try objective.evaluate(.gradient, at: point) }

  /// X·B, and Xᵀ times as large a matrix.
  func multiply() throws {
    predictions = try design.multiplied(by: coefficients)
    gradient = try design.transposeMultiplied(by: predictions)
  }

  /// Against the steps one by one. Predictions are sums of `columns` terms of magnitude 4/√columns or less, each rounded.
  func check() throws {
    try run()
    try multiply()
    guard let evaluation else { throw Disagreement(description: "no evaluation") }
    let bound = 64 * Double(design.columns).squareRoot() * Double(T.ulpOfOne)
    var (slopes, sum) = (Matrix<T>.zeros(rows: design.rows, columns: losses.count), 0.0)
    for (task, loss) in losses.enumerated() {
      var own = [Double](repeating: 0, count: design.rows)
      let values = predictions.column(task).map { Double($0) }
      sum += try loss.mean(predictions: values, targets: targets[task], gradient: &own)
      for (row, slope) in own.enumerated() { slopes[row, task] = T(slope) }
    }
    try Disagreement.check("several tasks, value", evaluation.loss, sum, bound: bound * sum)
    let expected = try design.transposeMultiplied(by: slopes)
    // Columns are scaled by powers of two, which coefficients of parameters of 1 show.
    let ones = [Double](repeating: 1, count: objective.dimension)
    for task in losses.indices {
      let scales = objective.coefficients(of: "task \(task)", at: ones).columns
      for column in scales.indices {
        try Disagreement.check(
          "several tasks, gradient \(column) of task \(task)",
          evaluation.gradient[task * design.columns + column] / scales[column], Double(expected[column, task]),
          bound: bound)
      }
    }
  }
}

private final class TaskGramProblem {
  let gradients: Matrix<Double>
  let names: [String]
  var result: TaskGradients?
  var gram: [Double]

  init(parameters: Int, tasks: Int) {
    var generator = SeededGenerator()
    gradients = Matrix(
      rows: tasks, columns: parameters, elements: generator.array(parameters * tasks) { $0.normal() })
    names = (0..<tasks).map { "task \($0)" }
    gram = [Double](repeating: 0, count: tasks * tasks)
  }

  func run() throws {
    result = try TaskGradients(names: names, losses: names.map { _ in 1 }, gradients: gradients)
  }

  func multiply() throws {
    var product = gram
    var output = product.mutableSpan
    try BLAS.syrk(size: gradients.rows, inner: gradients.columns, a: gradients.elements.span, beta: 0, c: &output)
    gram = product
  }

  func check() throws {
    try run()
    try multiply()
    guard let gram = result?.gram else { throw Disagreement(description: "no Gram matrix") }
    // A task's products with another by a plain loop: sums of so many terms of size 1.
    let bound = 64 * Double(gradients.columns).squareRoot() * Double.ulpOfOne * 16
    for other in names.indices {
      let expected = zip(gradients.row(0), gradients.row(other)).reduce(0) { $0 + $1.0 * $1.1 }
      try Disagreement.check("Gram matrix of tasks, 0 and \(other)", gram[0, other], expected, bound: bound)
    }
  }
}
