import LossAccel

/// Softmax cross-entropy of logits with labels, for few classes and for the vocabulary of a language model.
func softmaxJobs() -> [Job] {
  [
    softmaxJob(rows: 65536, classes: 10, of: Float.self, isQuick: true, goals: [.nanosecondsPerItem(atMost: 1.5)]),
    softmaxJob(rows: 65536, classes: 10, of: Double.self),
    softmaxJob(rows: 1024, classes: 1000, of: Float.self, isQuick: true),
    softmaxJob(rows: 1024, classes: 1000, of: Double.self),
    softmaxJob(rows: 4096, classes: 32000, of: Float.self, goals: [.shareOfLimit(.single, atLeast: 0.6)]),
  ]
}

private func softmaxJob<T: NaiveScalar>(
  rows: Int, classes: Int, of type: T.Type, isQuick: Bool = false, goals: [Goal] = []
) -> Job {
  Job(
    name: "softmax \(typeName(type)) \(shapeName(rows, classes))",
    group: "Softmax cross-entropy with labels: mean and gradient", isQuick: isQuick, goals: goals
  ) {
    let batch = SoftmaxBatch<T>(rows: rows, classes: classes)
    let logits = rows * classes
    return Race(
      work: Work(items: logits, item: "logit", bytes: Double(2 * MemoryLayout<T>.stride * logits)),
      contestants: [
        Contestant(.naive, "Swift loop") { batch.runNaive() },
        Contestant(.single, "LossAccel") { try batch.run() },
        Contestant(.all, "LossAccel") { try batch.run() },
        Contestant(.limit, "memcpy of the same bytes") { batch.copy() },
        Contestant(.limitAll, "memcpy of the same bytes") { batch.copy() },
      ],
      check: { try batch.check() })
  }
}

private final class SoftmaxBatch<T: NaiveScalar> {
  let logits: Matrix<T>
  let labels: [Int32]
  var gradient: Matrix<T>
  var value = 0.0

  init(rows: Int, classes: Int) {
    var generator = SeededGenerator()
    logits = Matrix(rows: rows, columns: classes, elements: generator.array(rows * classes) { 3 * $0.normal() })
    labels = (0..<rows).map { _ in Int32.random(in: 0..<Int32(classes), using: &generator) }
    gradient = Matrix.zeros(rows: rows, columns: classes)
  }

  func run() throws {
    value = try SoftmaxCrossEntropy().mean(logits: logits, labels: labels, gradient: &gradient)
  }

  func runNaive() {
    value = naiveSoftmaxCrossEntropy(logits.elements, labels, classes: logits.columns, &gradient.elements)
  }

  func copy() { Yardsticks.copy(logits.elements, into: &gradient.elements) }

  /// The inputs span at most 21 (±3·2√3), so rounding logit − maximum changes its exponential by up to 11·ε relatively, and the
  /// exponential, the sum, the division and the scaling add less than 5·ε, on either side: shares agree within 32·ε of themselves,
  /// and the gradient at the label, share − 1, within 32·ε. The loss is a difference of numbers below 21 + log(classes) with
  /// the same errors: within 32·ε·(1 + mean).
  func check() throws {
    try run()
    let (ours, value) = (gradient.elements, value)
    runNaive()
    let epsilon = 32 * Double(T.ulpOfOne)
    try Disagreement.check("softmax cross-entropy, value", value, self.value, bound: epsilon * (1 + value))
    let rows = Double(logits.rows)
    for row in labels.indices {
      for column in 0..<logits.columns {
        let index = row * logits.columns + column
        let element = Double(ours[index])
        let bound = epsilon * (column == Int(labels[row]) ? 1 / rows : abs(element))
        if abs(element - Double(gradient.elements[index])) <= bound { continue }
        throw Disagreement(
          description: "softmax cross-entropy, gradient at row \(row), column \(column): \(element) and "
            + "\(gradient.elements[index]) are more than \(bound) apart")
      }
    }
  }
}
