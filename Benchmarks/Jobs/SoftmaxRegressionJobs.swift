import LossAccel

/// Softmax regression at the size of handwritten digits: one value and gradient, and what its two matrix products take alone.
func softmaxRegressionJobs() -> [Job] {
  [
    softmaxRegressionJob(Double.self, rows: 60_000, columns: 784, classes: 10),
    softmaxRegressionJob(Float.self, rows: 60_000, columns: 784, classes: 10),
  ]
}

private func softmaxRegressionJob<T: NaiveScalar>(_ type: T.Type, rows: Int, columns: Int, classes: Int) -> Job {
  Job(
    name: "softmax regression \(typeName(type)) \(shapeName(rows, columns))×\(classes)",
    group: "Value and gradient of a softmax regression: X·B, cross-entropy, XᵀG"
  ) {
    let problem = try SoftmaxRegressionProblem<T>(rows: rows, columns: columns, classes: classes)
    let entries = rows * columns
    return Race(
      work: Work(
        items: entries, item: "entry", bytes: Double(MemoryLayout<T>.stride * entries),
        operations: Double(4 * entries * classes)),
      run: { try problem.run() }, limit: "the two products, by BLAS",
      runLimit: { try problem.multiply() },
      check: { try problem.check() })
  }
}

private final class SoftmaxRegressionProblem<T: NaiveScalar> {
  let design: Matrix<T>
  let labels: [Int]
  let coefficients: Matrix<T>
  let objective: MultiOutputObjective
  let point: [Double]
  var evaluation: ObjectiveEvaluation?
  var logits: Matrix<T>
  var gradient: Matrix<T>

  init(rows: Int, columns: Int, classes: Int) throws {
    var generator = SeededGenerator()
    design = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { $0.normal() })
    labels = generator.array(rows) { (random: inout SeededGenerator) -> Double in random.uniform() }
      .map { Int($0 * Double(classes)) }
    let size = 1 / Double(columns).squareRoot()
    var drawn = Matrix<T>(
      rows: columns, columns: classes, elements: generator.array(columns * classes) { size * $0.normal() })
    // Coefficients that add up to 0 over the classes, as those of a minimum do.
    for column in 0..<columns {
      let mean = drawn.row(column).reduce(0, +) / T(classes)
      for output in 0..<classes { drawn[column, output] -= mean }
    }
    coefficients = drawn
    objective = try MultiOutputObjective(
      features: FeatureMatrix(design), labels: labels, classes: classes, intercept: false)
    point = objective.point(coefficients: Matrix<Double>(coefficients))
    logits = Matrix.zeros(rows: rows, columns: classes)
    gradient = Matrix.zeros(rows: columns, columns: classes)
  }

  func run() throws { evaluation = try objective.evaluate(.gradient, at: point) }

  /// X·B, and Xᵀ times as large a matrix.
  func multiply() throws {
    logits = try design.multiplied(by: coefficients)
    gradient = try design.transposeMultiplied(by: logits)
  }

  /// Against the steps one by one. Logits are sums of `columns` terms of magnitude 4/√columns or less, each rounded.
  func check() throws {
    try run()
    try multiply()
    var slopes = Matrix<T>.zeros(rows: logits.rows, columns: logits.columns)
    let value = try SoftmaxCrossEntropy().mean(logits: logits, labels: labels, gradient: &slopes)
    let bound = 16 * Double(design.columns).squareRoot() * Double(T.ulpOfOne) * (1 + value)
    try Disagreement.check("softmax regression, value", evaluation?.loss ?? .nan, value, bound: bound)
    let expected = try design.transposeMultiplied(by: slopes)
    // Columns are scaled by powers of two, which coefficients of parameters of 1 show.
    let (scales, _) = objective.coefficients(at: [Double](repeating: 1, count: objective.dimension))
    for index in expected.elements.indices {
      try Disagreement.check(
        "softmax regression, gradient \(index)", (evaluation?.gradient[index] ?? .nan) / scales.elements[index],
        Double(expected.elements[index]), bound: 4 * bound)
    }
  }
}
