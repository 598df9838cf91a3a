import LossAccel
import TestSupport
import Testing

@Suite("Linear cross-entropy")
struct LinearCrossEntropyTests {
  static let options: [String] = ["none", "smoothing", "class weights", "ignored", "cap", "price", "all"]

  /// The loss with these options and so much memory.
  static func loss(_ options: String, classes: Int, memory: Int = 64 << 20) -> LinearCrossEntropy {
    let all = options == "all"
    // A class of weight 0 is among them.
    let classWeights = (0..<classes).map { $0 % 4 == 1 ? 0 : 0.5 + Double($0 % 3) }
    return LinearCrossEntropy(
      classWeights: all || options == "class weights" ? classWeights : nil,
      labelSmoothing: all || options == "smoothing" ? 0.2 : 0, ignoredLabel: all || options == "ignored" ? -100 : nil,
      cap: all || options == "cap" ? 3 : nil, logPartitionPrice: all || options == "price" ? 0.05 : 0, memory: memory)
  }

  /// A logit is off by up to (width + 2)·ε times the sum of its terms' magnitudes, below width + 2, and by the cap's few ulp; a share
  /// relatively by as much, and each sum over the classes by classes·ε of magnitudes that sum to a few times the token's weight.
  /// Weights, class weights and masses multiply by up to 16. A sum over the tokens has as many such terms.
  static func bound<T: Scalar>(_ tokens: Int, _ width: Int, _ classes: Int, _ type: T.Type) -> Double {
    16 * Double((width + 2) * (width + 2) + classes) * Double(tokens) * Double(T.ulpOfOne)
  }

  static let shapes = [(1, 1, 1), (1, 1, 2), (3, 2, 7), (7, 3, 16), (33, 5, 17), (20, 8, 100), (12, 13, 257)]

  @Test("Values and gradients are those of all logits at once, at odd edges and with any memory", arguments: options)
  func dense(options: String) throws {
    for (tokens, width, classes) in Self.shapes {
      try checkDense(options, tokens, width, classes, Double.self)
      try checkDense(options, tokens, width, classes, Float.self)
    }
  }

  private func checkDense<T: Scalar>(
    _ options: String, _ tokens: Int, _ width: Int, _ classes: Int, _ type: T.Type
  ) throws {
    let dense = DenseOutputLayer(
      tokens: tokens, width: width, classes: classes, Self.loss(options, classes: classes), as: T.self)
    let (hidden, classifier, bias, weights) = dense.cast(T.self)
    let bound = Self.bound(tokens, width, classes, T.self)
    let expectedValues = dense.values, expected = dense.gradient().all, divisor = dense.divisor
    for memory in [1, 3000, 20_000, 64 << 20] {
      let loss = Self.loss(options, classes: classes, memory: memory)
      let what = Comment(rawValue: "\(tokens) × \(width) × \(classes) \(type) in \(memory) bytes")
      let values = try loss.values(
        hidden: hidden, classifier: classifier, bias: bias, labels: dense.labels, weights: weights)
      #expect(largestDifference(values.map { Double($0) }, expectedValues) <= bound, what)

      var gradient = OutputLayerTangent<T>.zeros(tokens: tokens, classes: classes, width: width)
      gradient.bias[0] = .nan
      gradient.hidden.elements[0] = .nan
      gradient.classifier.elements[0] = .nan
      let sum = try loss.sum(
        hidden: hidden, classifier: classifier, bias: bias, labels: dense.labels, weights: weights, gradient: &gradient)
      #expect(abs(sum - expectedValues.reduce(0, +)) <= bound, what)
      #expect(largestDifference(gradient.all, expected) <= bound, what)

      guard divisor > 0 else { continue }
      let mean = try loss.mean(
        hidden: hidden, classifier: classifier, bias: bias, labels: dense.labels, weights: weights, gradient: &gradient)
      #expect(abs(mean - sum / divisor) <= bound / divisor, what)
      #expect(largestDifference(gradient.all, expected.map { $0 / divisor }) <= bound / divisor, what)
    }
  }

  @Test("It is softmax cross-entropy of the product, without cap and price", arguments: ["none", "smoothing", "all"])
  func softmax(options: String) throws {
    let dense = DenseOutputLayer(
      tokens: 19, width: 6, classes: 43,
      LinearCrossEntropy(
        classWeights: options == "all" ? (0..<43).map { Double($0 % 3) } : nil,
        labelSmoothing: options == "none" ? 0 : 0.1, ignoredLabel: options == "all" ? 5 : nil, memory: 5000))
    let loss = SoftmaxCrossEntropy(
      classWeights: dense.loss.classWeights, labelSmoothing: dense.loss.labelSmoothing,
      ignoredLabel: dense.loss.ignoredLabel)
    var logits = try dense.hidden.multiplied(by: dense.classifier.transposed())
    for token in 0..<19 { for k in 0..<43 { logits[token, k] += dense.bias[k] } }
    var slopes = logits
    let expected = try loss.mean(
      logits: logits, labels: dense.labels, weights: dense.weights, gradient: &slopes)
    var gradient = OutputLayerTangent<Double>.zeros(tokens: 19, classes: 43, width: 6)
    let mean = try dense.loss.mean(
      hidden: dense.hidden, classifier: dense.classifier, bias: dense.bias, labels: dense.labels,
      weights: dense.weights, gradient: &gradient)
    let bound = Self.bound(19, 6, 43, Double.self) / dense.divisor
    #expect(abs(mean - expected) <= bound)
    #expect(
      largestDifference(gradient.hidden.elements, try slopes.multiplied(by: dense.classifier).elements) <= bound)
    #expect(
      largestDifference(gradient.classifier.elements, try slopes.transposeMultiplied(by: dense.hidden).elements)
        <= bound)
  }

  @Test("The scale of a sum multiplies value and gradient; gradients that are not asked for change nothing")
  func parts() throws {
    let dense = DenseOutputLayer(tokens: 9, width: 4, classes: 21, Self.loss("all", classes: 21, memory: 3000))
    let gradient = dense.gradient(), bound = Self.bound(9, 4, 21, Double.self)
    var states = [Double](repeating: 0, count: 36), rows = [Double](repeating: 0, count: 84)
    var sums = [Double](repeating: 0, count: 21)
    let (h, w) = (dense.hidden.elements, dense.classifier.elements)
    let value = try dense.loss.sum(
      hidden: h.span, classifier: w.span, width: 4, bias: dense.bias.span, labels: dense.labels.span,
      weights: dense.weights.span, scale: -3, hiddenGradient: states.mutableSpan)
    #expect(abs(value + 3 * dense.values.reduce(0, +)) <= 3 * bound)
    #expect(largestDifference(states, gradient.hidden.elements.map { -3 * $0 }) <= 3 * bound)
    _ = try dense.loss.sum(
      hidden: h.span, classifier: w.span, width: 4, bias: dense.bias.span, labels: dense.labels.span,
      weights: dense.weights.span, classifierGradient: rows.mutableSpan)
    #expect(largestDifference(rows, gradient.classifier.elements) <= bound)
    _ = try dense.loss.sum(
      hidden: h.span, classifier: w.span, width: 4, bias: dense.bias.span, labels: dense.labels.span,
      weights: dense.weights.span, biasGradient: sums.mutableSpan)
    #expect(largestDifference(sums, gradient.bias) <= bound)
  }

  @Test("Tokens that do not count are nowhere, even with NaN and labels that are no classes")
  func leftOut() throws {
    var dense = DenseOutputLayer(tokens: 23, width: 5, classes: 30, Self.loss("all", classes: 30))
    let counting = (0..<23).filter(dense.counts)
    for token in 0..<23 where !dense.counts(token) {
      dense.hidden[token, token % 5] = token % 2 == 0 ? .nan : .infinity
      if dense.weights[token] == 0 { dense.labels[token] = 1000 }
    }
    var gradient = OutputLayerTangent<Double>.zeros(tokens: 23, classes: 30, width: 5)
    let value = try dense.loss.mean(
      hidden: dense.hidden, classifier: dense.classifier, bias: dense.bias, labels: dense.labels,
      weights: dense.weights, gradient: &gradient)
    let rows = Matrix<Double>(counting.map { Array(dense.hidden.row($0)) })
    var expected = OutputLayerTangent<Double>.zeros(tokens: counting.count, classes: 30, width: 5)
    let alone = try dense.loss.mean(
      hidden: rows, classifier: dense.classifier, bias: dense.bias, labels: counting.map { dense.labels[$0] },
      weights: counting.map { dense.weights[$0] }, gradient: &expected)
    #expect(value == alone)
    #expect(sameBits(gradient.classifier.elements, expected.classifier.elements))
    #expect(sameBits(gradient.bias, expected.bias))
    for token in 0..<23 {
      let row = Array(gradient.hidden.row(token))
      if let place = counting.firstIndex(of: token) {
        #expect(sameBits(row, Array(expected.hidden.row(place))))
      } else {
        #expect(row.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test("A label with nearly all of the mass keeps its digits; a cap holds any logit")
  func extremes() throws {
    let loss = LinearCrossEntropy()
    var gradient = OutputLayerTangent<Double>.zeros(tokens: 1, classes: 2, width: 1)
    let value = try loss.sum(hidden: [[100]], classifier: [[1], [0]], labels: [0], gradient: &gradient)
    let tail = ElementaryFunctions.exp(-100)
    #expect(ulpDistance(value, tail) <= 4)
    #expect(ulpDistance(gradient.bias[0], -tail) <= 4 && ulpDistance(gradient.bias[1], tail) <= 4)
    #expect(ulpDistance(gradient.classifier[0, 0], -100 * tail) <= 4)
    let capped = try LinearCrossEntropy(cap: 5).sum(
      hidden: [[1e30]] as Matrix<Float>, classifier: [[1], [-1]], labels: [1])
    #expect(abs(capped - 10) < 1e-4)
  }

  @Test("Labels of every width give the same bits")
  func labelWidths() throws {
    let dense = DenseOutputLayer(tokens: 21, width: 3, classes: 11, LinearCrossEntropy())
    let expected = try dense.loss.mean(hidden: dense.hidden, classifier: dense.classifier, labels: dense.labels)
    func check<L: LabelElement & FixedWidthInteger>(_ type: L.Type) throws {
      let labels = dense.labels.map { L($0) }
      #expect(
        try dense.loss.mean(hidden: dense.hidden, classifier: dense.classifier, labels: labels) == expected, "\(type)")
    }
    try check(Int8.self)
    try check(Int16.self)
    try check(Int32.self)
    try check(UInt8.self)
    try check(UInt16.self)
    try check(UInt32.self)
    try check(UInt64.self)
  }
}
