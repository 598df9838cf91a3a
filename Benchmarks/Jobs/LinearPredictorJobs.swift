import LossAccel

/// One step of linear and of logistic regression by gradient descent: predictions X·w, their loss, and its gradient Xᵀg.
func linearPredictorJobs() -> [Job] {
  [
    linearPredictorJob(.squaredError, rows: 1_000_000, columns: 50, of: Float.self),
    linearPredictorJob(.squaredError, rows: 1_000_000, columns: 50, of: Double.self),
    linearPredictorJob(.binaryCrossEntropyFromLogits, rows: 1_000_000, columns: 50, of: Float.self),
    linearPredictorJob(.binaryCrossEntropyFromLogits, rows: 1_000_000, columns: 50, of: Double.self),
    linearPredictorJob(.binaryCrossEntropyFromLogits, rows: 20_000, columns: 1000, of: Double.self),
  ]
}

private func linearPredictorJob<T: NaiveScalar>(
  _ loss: PointwiseLoss, rows: Int, columns: Int, of type: T.Type
) -> Job {
  let isLinear = loss.name == PointwiseLoss.squaredError.name
  let model = isLinear ? "linear" : "logistic"
  return Job(
    name: "\(model) step \(typeName(type)) \(shapeName(rows, columns))",
    group: "One gradient of a linear predictor: X·w, loss, Xᵀg", isQuick: !isLinear && typeName(type) == "f32"
  ) {
    let step = LinearPredictorStep<T>(loss, rows: rows, columns: columns)
    return isLinear
      ? linearPredictorRace(step) { naiveLinearRegressionStep($0, $1, $2, &$3) }
      : linearPredictorRace(step) { naiveLogisticRegressionStep($0, $1, $2, &$3) }
  }
}

private func linearPredictorRace<T: NaiveScalar>(
  _ step: LinearPredictorStep<T>, _ naive: @escaping NaiveStep<T>
) -> Race {
  let entries = step.design.elements.count
  func runNaive() { step.value = naive(step.design.elements, step.targets, step.coefficients, &step.gradient) }
  return Race(
    work: Work(
      items: entries, item: "entry", bytes: Double(MemoryLayout<T>.stride * entries), operations: Double(4 * entries)),
    contestants: [
      Contestant(.naive, "Swift loop") { runNaive() },
      Contestant(.single, "LossAccel") { try step.run() },
      Contestant(.all, "LossAccel") { try step.run() },
      Contestant(.limit, "gemv, which reads X once") { try step.predict() },
      Contestant(.limitAll, "gemv, which reads X once") { try step.predict() },
    ],
    check: { try step.check(against: runNaive) })
}

private final class LinearPredictorStep<T: NaiveScalar> {
  let loss: PointwiseLoss
  let design: Matrix<T>
  let targets: [T]
  let coefficients: [T]
  var predictions: [T]
  var derivatives: [T]
  var gradient: [T]
  var value = 0.0

  /// A design of normal numbers, coefficients such that predictions have variance 1, and targets that follow the model.
  init(_ loss: PointwiseLoss, rows: Int, columns: Int) {
    var generator = SeededGenerator()
    self.loss = loss
    design = Matrix(rows: rows, columns: columns, elements: generator.array(rows * columns) { $0.normal() })
    let size = 1 / Double(columns).squareRoot()
    coefficients = generator.array(columns) { size * $0.normal() }
    let isBinary = loss.targetDomain == 0...1
    targets = generator.array(rows) { isBinary ? ($0.uniform() < 0.5 ? 1 : 0) : $0.normal() }
    predictions = Array(repeating: 0, count: rows)
    derivatives = Array(repeating: 0, count: rows)
    gradient = Array(repeating: 0, count: columns)
  }

  func predict() throws {
    try multiply(design, coefficients, into: &predictions)
  }

  func run() throws {
    try predict()
    value = try loss.mean(predictions: predictions, targets: targets, gradient: &derivatives)
    try transposeMultiply(design, derivatives, into: &gradient)
  }

  /// A dot product of k terms is off by at most k·ε·Σ|terms| however it is ordered (Higham 2002, §3.1), so a prediction, with
  /// Σ|x·w| ≤ √k·‖w‖·max|x| ≤ 4·√k in these inputs, by k·ε·4·√k; the losses' derivatives have Lipschitz constants of at most 2.
  /// An entry of the gradient is a mean over n rows of |x| ≤ 4 times a derivative: 8 times that, plus n·ε times the mean term.
  /// The value changes by at most |derivative| ≤ 16 times a prediction's error.
  func check(against naive: () -> Void) throws {
    try run()
    let (ours, value) = (gradient, value)
    naive()
    let (rows, columns) = (Double(design.rows), Double(design.columns))
    let epsilon = Double(T.ulpOfOne)
    let ofPrediction = columns * epsilon * 4 * columns.squareRoot()
    try Disagreement.check(
      "\(loss.name), value", value, self.value, bound: 16 * ofPrediction + (16 * epsilon + rows * 0x1p-53) * (1 + value)
    )
    for j in ours.indices {
      try Disagreement.check(
        "\(loss.name), gradient \(j)", Double(ours[j]), Double(gradient[j]),
        bound: 8 * ofPrediction + 4 * rows * epsilon)
    }
  }
}

// A span of an object's property lives for one access only, too short for `inout`; that of a parameter lives as long as the call.
private func multiply<T: Scalar>(_ matrix: Matrix<T>, _ vector: [T], into output: inout [T]) throws {
  var span = output.mutableSpan
  try matrix.multiply(by: vector.span, into: &span)
}

private func transposeMultiply<T: Scalar>(_ matrix: Matrix<T>, _ vector: [T], into output: inout [T]) throws {
  var span = output.mutableSpan
  try matrix.transposeMultiply(by: vector.span, into: &span)
}
