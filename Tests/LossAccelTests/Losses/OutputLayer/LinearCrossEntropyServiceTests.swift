import LossAccel
import TestSupport
import Testing

@Suite("Linear cross-entropy: storage, threads, memory, errors")
struct LinearCrossEntropyServiceTests {
  /// Large enough that every product is cut, and that there are several chunks of tokens.
  @Test("The bits do not depend on the number of threads", arguments: [false, true])
  func threads(narrow: Bool) throws {
    let loss = LinearCrossEntropyTests.loss("all", classes: 2003, memory: 3_000_000)
    let dense = DenseOutputLayer(tokens: 330, width: 24, classes: 2003, loss, as: Float.self)
    let (hidden, classifier, bias, weights) = dense.cast(Float.self)
    let stored = classifier.elements.map { BrainFloat16($0) }
    let direction: OutputLayerTangent<Float> = {
      var random = SeededGenerator(seed: 20)
      return random.tangent(tokens: 330, classes: 2003, width: 24)
    }()
    func run(_ threads: Int) throws -> (Double, [Float], [Float]) {
      try Parallelism.withThreads(threads) {
        var states = hidden.elements, rows = classifier.elements, sums = bias
        let value: Double
        if narrow {
          value = try loss.mean(
            hidden: hidden.elements.span, classifier: stored.span, width: 24, bias: bias.span,
            labels: dense.labels.span, weights: weights.span, hiddenGradient: states.mutableSpan,
            classifierGradient: rows.mutableSpan, biasGradient: sums.mutableSpan)
        } else {
          value = try loss.mean(
            hidden: hidden.elements.span, classifier: classifier.elements.span, width: 24, bias: bias.span,
            labels: dense.labels.span, weights: weights.span, hiddenGradient: states.mutableSpan,
            classifierGradient: rows.mutableSpan, biasGradient: sums.mutableSpan)
        }
        let product = try loss.product(
          of: .mean, hidden: hidden, classifier: classifier, bias: bias, labels: dense.labels, weights: weights,
          with: direction)
        return (
          value, states + rows + sums, product.hidden.elements + product.classifier.elements + product.bias
        )
      }
    }
    let (value, gradient, product) = try run(1)
    for count in [2, 3, 5] {
      let (other, otherGradient, otherProduct) = try run(count)
      #expect(value == other)
      #expect(sameBits(gradient, otherGradient))
      #expect(sameBits(product, otherProduct))
    }
  }

  @Test("Halves and brain floats are computed with as what they are in single precision")
  func storage() throws {
    var random = SeededGenerator(seed: 21)
    let tokens = 18, width = 13, classes = 301
    let labels = random.labels(tokens, classes: classes)
    let states: Matrix<Float> = random.matrix(rows: tokens, columns: width, in: -1...1)
    let rows: Matrix<Float> = random.matrix(rows: classes, columns: width, in: -1...1)
    // Converted 16 rows at a time, and several chunks of tokens.
    let loss = LinearCrossEntropy(cap: 4, memory: 9000)
    func check<H: StoredElement, W: StoredElement>(_ hidden: [H], _ classifier: [W], _ widened: ([Float], [Float]))
      throws
    where H.Arithmetic == Float, W.Arithmetic == Float {
      var (g, h) = ([Float](repeating: 0, count: tokens * width), [Float](repeating: 0, count: tokens * width))
      var (p, q) = ([Float](repeating: 0, count: classes * width), [Float](repeating: 0, count: classes * width))
      let value = try loss.mean(
        hidden: hidden.span, classifier: classifier.span, width: width, labels: labels.span,
        hiddenGradient: g.mutableSpan, classifierGradient: p.mutableSpan)
      let expected = try loss.mean(
        hidden: widened.0.span, classifier: widened.1.span, width: width, labels: labels.span,
        hiddenGradient: h.mutableSpan, classifierGradient: q.mutableSpan)
      let bound = LinearCrossEntropyTests.bound(tokens, width, classes, Float.self) / Double(tokens)
      #expect(abs(value - expected) <= bound)
      #expect(largestDifference(g.map { Double($0) }, h.map { Double($0) }) <= bound)
      #expect(largestDifference(p.map { Double($0) }, q.map { Double($0) }) <= bound)
    }
    let brainStates = states.elements.map { BrainFloat16($0) }, brainRows = rows.elements.map { BrainFloat16($0) }
    let (wideStates, wideRows) = (brainStates.map { Float($0) }, brainRows.map { Float($0) })
    try check(brainStates, brainRows, (wideStates, wideRows))
    try check(brainStates, rows.elements, (wideStates, rows.elements))
    try check(states.elements, brainRows, (states.elements, wideRows))
    #if !(os(macOS) && arch(x86_64))
      let halfStates = states.elements.map { Float16($0) }, halfRows = rows.elements.map { Float16($0) }
      try check(halfStates, halfRows, (halfStates.map { Float($0) }, halfRows.map { Float($0) }))
      try check(halfStates, brainRows, (halfStates.map { Float($0) }, wideRows))
    #endif
  }

  @Test("Chunks, panels and sums stay within the budget, unless a single token's logits do not")
  func budget() {
    for (tokens, width, classes) in [(2048, 1024, 32768), (1024, 512, 128_000), (7, 3, 50_000), (100_000, 64, 10)] {
      for size in [4, 8] {
        for memory in [1 << 20, 64 << 20] {
          for converts in [false, true] {
            for logits in [1, 2] {
              let plan = OutputLayerPlan(
                tokens: tokens, width: width, classes: classes, elementSize: size, logits: logits, states: 3,
                convertsClassifier: converts, memory: memory)
              #expect(plan.stride >= classes && plan.stride % 16 == 0 && plan.stride % 1024 != 0)
              #expect(plan.tokens >= 1 && plan.tokens <= tokens)
              #expect(plan.panelRows >= 1 && plan.panelRows <= classes)
              var bytes = plan.tokens * (logits * plan.stride + 3 * width) * size + 20 * plan.tokens + 8 * classes
              if converts { bytes += plan.panelRows * width * size }
              #expect(bytes <= memory || plan.tokens == 1, "\(plan) for \(tokens) × \(width) × \(classes)")
            }
          }
        }
      }
    }
    let all = OutputLayerPlan(
      tokens: 2048, width: 1024, classes: 32768, elementSize: 4, logits: 1, states: 2, convertsClassifier: false,
      memory: 64 << 20)
    #expect(all.tokens > 400)
  }

  /// A batch of three tokens and four classes, its loss called with everything, and what the buffers hold afterwards.
  private func failure(
    _ loss: LinearCrossEntropy = LinearCrossEntropy(), hidden: [Double] = [1, 2, 3, 4, 5, 6],
    classifier: [Double] = [1, 0, 0, 1, 1, 1, 0, 0], bias: [Double] = [0, 0, 0, 0], labels: [Int] = [0, 3, 1],
    weights: [Double] = [1, 1, 1]
  ) -> LossError? {
    var (g, p, b) = (hidden, classifier, bias)
    var values = weights
    do throws(LossError) {
      _ = try loss.mean(
        hidden: hidden.span, classifier: classifier.span, width: 2, bias: bias.span, labels: labels.span,
        weights: weights.span, hiddenGradient: g.mutableSpan, classifierGradient: p.mutableSpan,
        biasGradient: b.mutableSpan)
      return nil
    } catch {
      #expect((g + p + b).allSatisfy { $0.isNaN })
      do throws(LossError) {
        try loss.values(
          hidden: hidden.span, classifier: classifier.span, width: 2, bias: bias.span, labels: labels.span,
          weights: weights.span, into: values.mutableSpan)
      } catch {
        #expect(values.allSatisfy { $0.isNaN })
      }
      return error
    }
  }

  @Test("What is wrong, and where; and nothing half-written")
  func errors() {
    #expect(failure() == nil)
    #expect(failure(labels: [0, 4, 1]) == .labelOutOfRange(row: 1, label: 4, classes: 4))
    #expect(failure(labels: [0, 3, -1]) == .labelOutOfRange(row: 2, label: -1, classes: 4))
    #expect(failure(weights: [1, -2, 1]) == .invalidWeight(index: 1, value: -2))
    #expect(failure(weights: [0, 0, 0]) == .nothingToAverage)
    #expect(failure(LinearCrossEntropy(ignoredLabel: 7), labels: [7, 7, 7]) == .nothingToAverage)
    #expect(failure(hidden: [], labels: [], weights: []) == .emptyBatch)
    for memory in [1, 1 << 20] {
      let loss = LinearCrossEntropy(memory: memory)
      #expect(
        failure(loss, hidden: [1, 2, 3, .infinity, 5, 6])
          == .inputNotFinite("hidden states", row: 1, column: 1, value: .infinity))
      #expect(
        failure(loss, classifier: [1, 0, 0, 1, -.infinity, 1, 0, 0])
          == .inputNotFinite("classifier", row: 2, column: 0, value: -.infinity))
      #expect(
        failure(loss, bias: [0, 0, 0, .infinity]) == .inputNotFinite("bias", row: 0, column: 3, value: .infinity))
      #expect(
        failure(loss, hidden: [1, 2, 3, 4, 1e200, 6], classifier: [1, 0, 1e200, 1, 1, 1, 0, 0])
          == .inputNotFinite("logits", row: 2, column: 1, value: .infinity))
      // The first token sees the classifier's row before the last sees its own state.
      let both = failure(loss, hidden: [1, 2, 3, 4, .nan, 6], classifier: [1, 0, 0, 1, .nan, 1, 0, 0])
      guard case .inputNotFinite("classifier", row: 2, column: 0, let value) = both, value.isNaN else {
        Issue.record("\(both as Any)")
        continue
      }
    }
  }

  @Test("Directions that are not finite, and curvatures that there are not")
  func productErrors() {
    let (h, w, labels) = ([1.0, 2, 3, 4], [1.0, 0, 0, 1, 1, 1], [0, 2])
    func failure(
      _ kind: CurvatureKind = .exact, _ u: [Double] = [1, 0, 0, 1], _ s: [Double] = [0, 0, 1, 1, 0, 0],
      _ r: [Double] = [0, 1, 0]
    ) -> LossError? {
      var (states, rows, sums) = (h, w, r)
      do throws(LossError) {
        try LinearCrossEntropy().product(
          kind, of: .mean, hidden: h.span, classifier: w.span, width: 2, labels: labels.span, hiddenDirection: u.span,
          classifierDirection: s.span, biasDirection: r.span, hiddenProduct: states.mutableSpan,
          classifierProduct: rows.mutableSpan, biasProduct: sums.mutableSpan)
        return nil
      } catch {
        #expect((states + rows + sums).allSatisfy { $0.isNaN })
        return error
      }
    }
    #expect(failure() == nil)
    #expect(
      failure(.majorizer)
        == .curvatureNotAvailable(loss: "linear-cross-entropy", kind: .majorizer, available: [.exact, .gaussNewton]))
    #expect(
      failure(.exact, [1, 0, .infinity, 1])
        == .inputNotFinite("direction of the hidden states", row: 1, column: 0, value: .infinity))
    #expect(
      failure(.exact, [1, 0, 0, 1], [0, 0, 1, 1, 0, .infinity])
        == .inputNotFinite("direction of the classifier", row: 2, column: 1, value: .infinity))
    #expect(
      failure(.exact, [1, 0, 0, 1], [0, 0, 1, 1, 0, 0], [0, -.infinity, 0])
        == .inputNotFinite("direction of the bias", row: 0, column: 1, value: -.infinity))
  }

  @Test("Shapes that do not fit are mistakes of the caller")
  func preconditions() async {
    await #expect(processExitsWith: .failure) {
      _ = try LinearCrossEntropy().mean(
        hidden: [[1, 2]] as Matrix<Double>, classifier: [[1, 2, 3]], labels: [0])
    }
    await #expect(processExitsWith: .failure) {
      _ = try LinearCrossEntropy().mean(hidden: [[1, 2]] as Matrix<Double>, classifier: [[1, 2]], labels: [0, 0])
    }
    await #expect(processExitsWith: .failure) { _ = LinearCrossEntropy(cap: 0) }
  }
}
