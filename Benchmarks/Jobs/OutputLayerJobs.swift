import LossAccel

/// The output layer of a language model, forward and backward, beside the three matrix products that it cannot do without.
func outputLayerJobs() -> [Job] {
  [
    outputLayerJob(tokens: 2048, width: 1024, classes: 32768, goals: [.shareOfLimit(.all, atLeast: 0.8)]),
    outputLayerJob(tokens: 1024, width: 512, classes: 128_000, goals: [.shareOfLimit(.all, atLeast: 0.8)]),
    outputLayerJob(tokens: 256, width: 128, classes: 4096, isQuick: true),
  ]
}

private func outputLayerJob(
  tokens: Int, width: Int, classes: Int, isQuick: Bool = false, goals: [Goal] = []
) -> Job {
  Job(
    name: "output-layer f32 \(shapeName(tokens, width))×\(shapeName(classes, 1).dropLast(2))",
    group: "Linear cross-entropy: mean and the gradients of hidden states, classifier and bias", isQuick: isQuick,
    goals: goals
  ) {
    let batch = TokenBatch(tokens: tokens, width: width, classes: classes)
    return Race(
      work: Work(
        items: tokens, item: "token", operations: 6 * Double(tokens) * Double(width) * Double(classes)),
      label: "LossAccel, in 64 MiB", run: { try batch.run() }, limit: "the three products, all at once",
      runLimit: { try batch.multiply() },
      check: { try batch.check() })
  }
}

private final class TokenBatch {
  let hidden: Matrix<Float>
  let classifier: Matrix<Float>
  let bias: [Float]
  let labels: [Int32]
  var gradient: OutputLayerTangent<Float>
  var logits: Matrix<Float>
  var value = 0.0

  /// Logits of variance 1.
  init(tokens: Int, width: Int, classes: Int) {
    var generator = SeededGenerator()
    let size = 1 / Double(width).squareRoot()
    hidden = Matrix(rows: tokens, columns: width, elements: generator.array(tokens * width) { $0.normal() })
    classifier = Matrix(
      rows: classes, columns: width, elements: generator.array(classes * width) { size * $0.normal() })
    bias = generator.array(classes) { $0.normal() }
    labels = (0..<tokens).map { _ in Int32.random(in: 0..<Int32(classes), using: &generator) }
    gradient = .zeros(tokens: tokens, classes: classes, width: width)
    logits = .zeros(rows: tokens, columns: classes)
  }

  func run() throws {
    value = try LinearCrossEntropy().mean(
      hidden: hidden, classifier: classifier, bias: bias, labels: labels, gradient: &gradient)
  }

  func multiply() throws {
    try multiplyStates(hidden, classifier, &logits.elements)
    try multiplySlopes(hidden, classifier, logits, &gradient)
  }

  /// The rounding errors of a logit are independent: 16·√width·ε is beyond what they come to. A share is off by as much relatively, and
  /// the elements of the gradients, whose terms' magnitudes sum to at most twice the largest factor (below 7), by that times both.
  func check() throws {
    try run()
    try checkMemory()
    let (ours, mean) = (gradient, value)
    let tokens = Double(hidden.rows), error = 16 * Double(hidden.columns).squareRoot() * Double(Float.ulpOfOne)
    try multiplyStates(hidden, classifier, &logits.elements)
    for token in 0..<hidden.rows {
      logits.withMutableRow(token) { row in for k in row.indices { row[k] += bias[k] } }
    }
    var slopes = logits
    value = try SoftmaxCrossEntropy().mean(logits: logits, labels: labels, gradient: &slopes)
    try Disagreement.check("linear cross-entropy, value", mean, value, bound: 2 * error)
    try multiplySlopes(hidden, classifier, slopes, &gradient)
    try compare("hidden states", ours.hidden.elements, gradient.hidden.elements, bound: 14 * error / tokens)
    try compare("classifier", ours.classifier.elements, gradient.classifier.elements, bound: 14 * error)
  }

  private func compare(_ what: String, _ ours: [Float], _ others: [Float], bound: Double) throws {
    for index in stride(from: 0, to: ours.count, by: max(1, ours.count / 100_000)) {
      try Disagreement.check(
        "linear cross-entropy, gradient of the \(what), element \(index)", Double(ours[index]), Double(others[index]),
        bound: bound)
    }
  }

  /// The most memory beside inputs and outputs, where the system tells: the budget, and what a call of this size needs anyhow.
  private func checkMemory() throws {
    guard ResidentMemory.forgetPeak(), let before = ResidentMemory.now else { return }
    try run()
    guard let peak = ResidentMemory.peak, peak - before > 68 << 20 else { return }
    throw Disagreement(description: "linear cross-entropy took \((peak - before) >> 20) MiB beside inputs and outputs")
  }
}

// A span of an object's property lives for one access only, too short for `inout`; that of a parameter lives as long as the call.
private func multiplyStates(_ a: Matrix<Float>, _ b: Matrix<Float>, _ logits: inout [Float]) throws {
  var output = logits.mutableSpan
  try BLAS.gemm(
    rows: a.rows, columns: b.rows, inner: a.columns, a: a.elements.span, b: b.elements.span, transposeB: true,
    c: &output)
}

private func multiplySlopes(
  _ a: Matrix<Float>, _ b: Matrix<Float>, _ slopes: Matrix<Float>, _ gradient: inout OutputLayerTangent<Float>
) throws {
  try multiply(slopes, b, transposed: false, &gradient.hidden.elements)
  try multiply(slopes, a, transposed: true, &gradient.classifier.elements)
}

private func multiply(
  _ slopes: Matrix<Float>, _ b: Matrix<Float>, transposed: Bool, _ output: inout [Float]
) throws {
  var span = output.mutableSpan
  try BLAS.gemm(
    rows: transposed ? slopes.columns : slopes.rows, columns: b.columns, inner: b.rows, a: slopes.elements.span,
    transposeA: transposed, b: b.elements.span, c: &span)
}
