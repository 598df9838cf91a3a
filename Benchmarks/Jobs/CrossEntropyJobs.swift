import LossAccel

/// Cross-entropy H(p, q) of distributions that are given as probabilities.
func crossEntropyJobs() -> [Job] {
  [
    crossEntropyJob(rows: 65536, classes: 10, of: Float.self),
    crossEntropyJob(rows: 65536, classes: 10, of: Double.self),
    crossEntropyJob(rows: 32768, classes: 1000, of: Float.self),
    crossEntropyJob(rows: 32768, classes: 1000, of: Double.self),
  ]
}

private func crossEntropyJob<T: NaiveScalar>(rows: Int, classes: Int, of type: T.Type) -> Job {
  Job(
    name: "cross-entropy \(typeName(type)) \(shapeName(rows, classes))",
    group: "Cross-entropy of probabilities: mean and gradient"
  ) {
    let batch = CrossEntropyBatch<T>(rows: rows, classes: classes)
    let elements = rows * classes
    return Race(
      work: Work(items: elements, bytes: Double(3 * MemoryLayout<T>.stride * elements)),
      contestants: [
        Contestant(.naive, "Swift loop") { batch.runNaive() },
        Contestant(.single, "LossAccel") { try batch.run() },
        Contestant(.all, "LossAccel") { try batch.run() },
        Contestant(.limit, "triad") { batch.triad() },
        Contestant(.limitAll, "triad") { batch.triad() },
      ],
      check: { try batch.check() })
  }
}

private final class CrossEntropyBatch<T: NaiveScalar> {
  let predictions: Matrix<T>
  let targets: Matrix<T>
  var gradient: Matrix<T>
  var value = 0.0

  init(rows: Int, classes: Int) {
    var generator = SeededGenerator()
    predictions = Self.distributions(rows: rows, classes: classes, &generator)
    targets = Self.distributions(rows: rows, classes: classes, &generator)
    gradient = Matrix.zeros(rows: rows, columns: classes)
  }

  /// Rows of positive numbers that sum to 1 up to rounding.
  private static func distributions(rows: Int, classes: Int, _ generator: inout SeededGenerator) -> Matrix<T> {
    var elements: [T] = generator.array(rows * classes) { 0x1p-10 + $0.uniform() }
    for start in stride(from: 0, to: elements.count, by: classes) {
      var sum: T = 0
      for k in start..<start + classes { sum += elements[k] }
      for k in start..<start + classes { elements[k] /= sum }
    }
    return Matrix(rows: rows, columns: classes, elements: elements)
  }

  func run() throws {
    value = try CrossEntropy().mean(predictions: predictions, targets: targets, gradient: &gradient)
  }

  func runNaive() {
    value = naiveCrossEntropy(predictions.elements, targets.elements, classes: predictions.columns, &gradient.elements)
  }

  func triad() { Yardsticks.triad(predictions.elements, targets.elements, into: &gradient.elements) }

  /// Every term −p·log q is one logarithm and one product, every derivative one division and one product: at most 8·ε relatively
  /// on both sides together (ours promises 4 ulp). All terms are positive, so the mean inherits the bound; the naive sum in
  /// `Double` adds n·2⁻⁵³.
  func check() throws {
    try run()
    let (ours, value) = (gradient.elements, value)
    runNaive()
    let epsilon = 8 * Double(T.ulpOfOne)
    try Disagreement.check(
      "cross-entropy, value", value, self.value, bound: (epsilon + Double(ours.count) * 0x1p-53) * value)
    for index in ours.indices where ours[index] != gradient.elements[index] {
      let (first, second) = (Double(ours[index]), Double(gradient.elements[index]))
      if abs(first - second) > epsilon * abs(first) {
        throw Disagreement(description: "cross-entropy, gradient \(index): \(first) and \(second) are too far apart")
      }
    }
  }
}
