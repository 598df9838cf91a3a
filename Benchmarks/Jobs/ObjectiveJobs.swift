import LossAccel

/// One evaluation of a logistic objective, beside what its memory or its matrix product takes alone.
func objectiveJobs() -> [Job] {
  [
    gradientJob(Float.self, rows: 1_000_000, columns: 50),
    gradientJob(Double.self, rows: 1_000_000, columns: 50),
    gradientJob(Double.self, rows: 50_000, columns: 50, isQuick: true),
    hessianJob(Float.self, rows: 1_000_000, columns: 50),
    hessianJob(Double.self, rows: 1_000_000, columns: 50),
    hessianJob(Double.self, rows: 100_000, columns: 200),
    hessianJob(Double.self, rows: 20_000, columns: 1000),
  ]
}

private func gradientJob<T: NaiveScalar>(_ type: T.Type, rows: Int, columns: Int, isQuick: Bool = false) -> Job {
  Job(
    name: "objective gradient \(typeName(type)) \(shapeName(rows, columns))",
    group: "Value and gradient of a logistic objective (the limit: reading X once)", isQuick: isQuick,
    goals: isQuick ? [] : [.shareOfLimit(.single, atLeast: 0.8), .shareOfLimit(.all, atLeast: 0.8)]
  ) {
    let problem = try ObjectiveProblem<T>(rows: rows, columns: columns)
    return Race(
      work: Work(
        items: rows * columns, item: "entry", bytes: Double(MemoryLayout<T>.stride * rows * columns),
        operations: Double(4 * rows * columns)),
      contestants: [
        Contestant(.naive, "Swift loop") { problem.runNaive() },
        Contestant(.single, "LossAccel") { try problem.run(.gradient) },
        Contestant(.all, "LossAccel") { try problem.run(.gradient) },
        Contestant(.limit, "the sum of squares of X, by BLAS") { try problem.read() },
        Contestant(.limitAll, "the sum of squares of X, by BLAS") { try problem.read() },
      ], check: { try problem.checkGradient() })
  }
}

private func hessianJob<T: NaiveScalar>(_ type: T.Type, rows: Int, columns: Int) -> Job {
  Job(
    name: "objective hessian \(typeName(type)) \(shapeName(rows, columns))",
    group: "Value, gradient and Hessian of a logistic objective (the limit: XᵀX by BLAS)",
    goals: [.shareOfLimit(.single, atLeast: 0.67), .shareOfLimit(.all, atLeast: 0.67)]
  ) {
    let problem = try ObjectiveProblem<T>(rows: rows, columns: columns)
    return Race(
      work: Work(
        items: rows * columns, item: "entry", bytes: Double(MemoryLayout<T>.stride * rows * columns),
        operations: Double(rows * columns * columns)),
      contestants: [
        Contestant(.single, "LossAccel") { try problem.run([.gradient, .hessian]) },
        Contestant(.all, "LossAccel") { try problem.run([.gradient, .hessian]) },
        Contestant(.limit, "XᵀX, by BLAS") { try problem.multiply() },
        Contestant(.limitAll, "XᵀX, by BLAS") { try problem.multiply() },
      ], check: { try problem.checkHessian() })
  }
}

private final class ObjectiveProblem<T: NaiveScalar> {
  let design: Matrix<T>
  let targets: [T]
  let coefficients: [T]
  let objective: LinearObjective
  let point: [Double]
  var evaluation: ObjectiveEvaluation?
  var gram = Matrix<T>.zeros(rows: 0, columns: 0)
  var value = 0.0
  var gradient: [T]

  /// A design of normal numbers, and coefficients such that logits have variance 1.
  init(rows: Int, columns: Int) throws {
    var generator = SeededGenerator()
    design = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { $0.normal() })
    targets = generator.array(rows) { $0.uniform() < 0.5 ? 1 : 0 }
    let size = 1 / Double(columns).squareRoot()
    coefficients = generator.array(columns) { size * $0.normal() }
    objective = try LinearObjective(
      features: FeatureMatrix(design), targets: targets.map { Double($0) }, loss: .binaryCrossEntropyFromLogits)
    point = objective.point(coefficients: coefficients.map { Double($0) })
    gradient = Array(repeating: 0, count: columns)
  }

  func run(_ request: ObjectiveRequest) throws { evaluation = try objective.evaluate(request, at: point) }

  func runNaive() { value = naiveLogisticRegressionStep(design.elements, targets, coefficients, &gradient) }

  func multiply() throws { gram = try design.gram() }

  /// Every element once, by as many threads as there are.
  func read() throws {
    let elements = design.elements
    let size = (design.rows + 63) / 64 * design.columns
    try Parallelism.forEachRange(of: elements.count, chunkSize: size) { (_, range) throws(LinearAlgebraError) in
      let span = elements.span.extracting(range)
      _ = try BLAS.dot(span, span)
    }
  }

  /// Against the plain loop, in the units of the columns: a parameter's slope is its column's shifted slope times its scale.
  func checkGradient() throws {
    try read()
    try run(.gradient)
    runNaive()
    guard let evaluation else { throw Disagreement(description: "no evaluation") }
    // The loop's sums of n terms in T: off by n·ε times the mean term at most, by √n·ε most likely.
    let bound = 64 * Double(design.rows).squareRoot() * Double(T.ulpOfOne)
    try Disagreement.check("logistic objective, value", evaluation.loss, value, bound: bound)
    for (column, slope) in try slopes(evaluation).enumerated() {
      try Disagreement.check(
        "logistic objective, gradient \(column)", slope, Double(gradient[column]), bound: bound)
    }
  }

  /// The gradient by the coefficients of the columns, from differences of points: the objective's translation is linear.
  private func slopes(_ evaluation: ObjectiveEvaluation) throws -> [Double] {
    let columns = design.columns
    let origin = objective.point(coefficients: [Double](repeating: 0, count: columns))
    return (0..<columns).map { column in
      var unit = [Double](repeating: 0, count: columns)
      unit[column] = 1
      return zip(zip(objective.point(coefficients: unit), origin), evaluation.gradient)
        .reduce(0) { $0 + ($1.0.0 - $1.0.1) * $1.1 }
    }
  }

  /// Against XᵀDX, by BLAS, with the curvatures p(1 − p) of plain arithmetic, for a direction.
  func checkHessian() throws {
    try multiply()
    try run([.gradient, .hessian])
    guard let hessian = evaluation?.hessian else { throw Disagreement(description: "no Hessian") }
    let columns = design.columns
    let direction = (0..<columns).map { Double($0 % 5 - 2) }
    let step = objective.point(coefficients: direction)
    var expected = 0.0
    for row in 0..<design.rows {
      var (logit, move) = (0.0, 0.0)
      for column in 0..<columns {
        let x = Double(design.elements[row * columns + column])
        logit += x * Double(coefficients[column])
        move += x * direction[column]
      }
      let e = Double.exponential(-abs(logit))
      expected += move * move * e / ((1 + e) * (1 + e))
    }
    expected /= Double(design.rows)
    var ours = 0.0
    for row in step.indices { for column in step.indices { ours += step[row] * hessian[row, column] * step[column] } }
    // Curvatures of 1/4 at most, moves of 2·√columns, and sums of all rows in double precision.
    try Disagreement.check(
      "logistic objective, Hessian along a direction", ours, expected,
      bound: 1e-10 * Double(columns))
  }
}
