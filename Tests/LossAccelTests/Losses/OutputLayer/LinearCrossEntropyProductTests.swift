import LossAccel
import TestSupport
import Testing

@Suite("Curvature of linear cross-entropy")
struct LinearCrossEntropyProductTests {
  private func moved(
    _ dense: DenseOutputLayer, along direction: OutputLayerTangent<Double>, by step: Double
  ) -> DenseOutputLayer {
    var result = dense
    for index in dense.hidden.elements.indices {
      result.hidden.elements[index] += step * direction.hidden.elements[index]
    }
    for index in dense.classifier.elements.indices {
      result.classifier.elements[index] += step * direction.classifier.elements[index]
    }
    for index in dense.bias.indices { result.bias[index] += step * direction.bias[index] }
    return result
  }

  private func mean(_ dense: DenseOutputLayer) throws -> (Double, OutputLayerTangent<Double>) {
    var gradient = OutputLayerTangent<Double>.zeros(
      tokens: dense.tokens, classes: dense.classes, width: dense.width)
    let value = try dense.loss.mean(
      hidden: dense.hidden, classifier: dense.classifier, bias: dense.bias, labels: dense.labels,
      weights: dense.weights, gradient: &gradient)
    return (value, gradient)
  }

  @Test(
    "Differences of the mean are its gradient, and those of the gradient the Hessian's product",
    arguments: LinearCrossEntropyTests.options)
  func differences(options: String) throws {
    let loss = LinearCrossEntropyTests.loss(options, classes: 19, memory: 4000)
    let dense = DenseOutputLayer(tokens: 11, width: 4, classes: 19, loss)
    var random = SeededGenerator(seed: 9)
    let direction: OutputLayerTangent<Double> = random.tangent(tokens: 11, classes: 19, width: 4)
    let step = 1e-5
    let (above, upper) = try mean(moved(dense, along: direction, by: step))
    let (below, lower) = try mean(moved(dense, along: direction, by: -step))
    let (_, gradient) = try mean(dense)
    let slope = zip(gradient.all, direction.all).reduce(0) { $0 + $1.0 * $1.1 }
    // Third and fourth derivatives along the direction are below 10⁴, times step²/6; rounding is divided by the step.
    #expect(abs((above - below) / (2 * step) - slope) < 1e-7)
    let product = try loss.product(
      of: .mean, hidden: dense.hidden, classifier: dense.classifier, bias: dense.bias, labels: dense.labels,
      weights: dense.weights, with: direction)
    let differences = zip(upper.all, lower.all).map { ($0 - $1) / (2 * step) }
    #expect(largestDifference(product.all, differences) < 1e-7)
  }

  @Test(
    "Products are those of the whole matrices, exact and Gauss-Newton, with any memory",
    arguments: LinearCrossEntropyTests.options)
  func dense(options: String) throws {
    for (tokens, width, classes) in LinearCrossEntropyTests.shapes {
      try checkDense(options, tokens, width, classes, Double.self)
      try checkDense(options, tokens, width, classes, Float.self)
    }
  }

  private func checkDense<T: Scalar>(
    _ options: String, _ tokens: Int, _ width: Int, _ classes: Int, _ type: T.Type
  ) throws {
    let dense = DenseOutputLayer(
      tokens: tokens, width: width, classes: classes, LinearCrossEntropyTests.loss(options, classes: classes),
      as: T.self)
    let (hidden, classifier, bias, weights) = dense.cast(T.self)
    var random = SeededGenerator(seed: 10)
    let direction: OutputLayerTangent<T> = random.tangent(tokens: tokens, classes: classes, width: width)
    let wide = OutputLayerTangent<Double>(
      hidden: Matrix(direction.hidden), classifier: Matrix(direction.classifier),
      bias: direction.bias.map { Double($0) })
    // As for the gradient, times the changes, which are below 2·width + 1.
    let bound = LinearCrossEntropyTests.bound(tokens, width, classes, T.self) * Double(4 * width + 2)
    for kind in [CurvatureKind.exact, .gaussNewton] {
      let expected = dense.product(gaussNewton: kind == .gaussNewton, with: wide)
      for memory in [1, 6000, 64 << 20] {
        let product = try LinearCrossEntropyTests.loss(options, classes: classes, memory: memory).product(
          kind, of: .sum, hidden: hidden, classifier: classifier, bias: bias, labels: dense.labels, weights: weights,
          with: direction)
        #expect(
          largestDifference(product.all, expected.all) <= bound,
          "\(kind) \(tokens) × \(width) × \(classes) \(type) in \(memory) bytes")
      }
    }
  }

  @Test("The curvature is symmetric, and Gauss-Newton's without price positive semidefinite")
  func symmetry() throws {
    for options in ["all", "cap", "none"] {
      let loss = LinearCrossEntropyTests.loss(options, classes: 15, memory: 3000)
      let dense = DenseOutputLayer(tokens: 13, width: 3, classes: 15, loss)
      var random = SeededGenerator(seed: 11)
      for kind in [CurvatureKind.exact, .gaussNewton] {
        let u: OutputLayerTangent<Double> = random.tangent(tokens: 13, classes: 15, width: 3)
        let v: OutputLayerTangent<Double> = random.tangent(tokens: 13, classes: 15, width: 3)
        func product(_ x: OutputLayerTangent<Double>) throws -> [Double] {
          try loss.product(
            kind, of: .sum, hidden: dense.hidden, classifier: dense.classifier, bias: dense.bias,
            labels: dense.labels, weights: dense.weights, with: x
          ).all
        }
        let (uHv, vHu) = (dot(u.all, try product(v)), dot(v.all, try product(u)))
        #expect(abs(uHv - vHu) <= 1e-12 * (1 + abs(uHv)), "\(options) \(kind)")
        if kind == .gaussNewton && options != "all" { #expect(dot(u.all, try product(u)) > 0) }
      }
    }
  }

  private func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test("Parts of the direction that are left out are 0; parts of the product that are left out change nothing")
  func parts() throws {
    let loss = LinearCrossEntropyTests.loss("all", classes: 20, memory: 5000)
    let dense = DenseOutputLayer(tokens: 12, width: 4, classes: 20, loss)
    var random = SeededGenerator(seed: 12)
    let full: OutputLayerTangent<Double> = random.tangent(tokens: 12, classes: 20, width: 4)
    let zero = OutputLayerTangent<Double>.zeros(tokens: 12, classes: 20, width: 4)
    let (h, w) = (dense.hidden.elements, dense.classifier.elements)
    let bound = 18 * LinearCrossEntropyTests.bound(12, 4, 20, Double.self)
    for part in 0..<4 {
      let direction = OutputLayerTangent(
        hidden: part == 0 ? full.hidden : zero.hidden, classifier: part == 1 ? full.classifier : zero.classifier,
        bias: part == 2 ? full.bias : zero.bias)
      let expected = dense.product(gaussNewton: false, with: direction)
      let (u, s, r) = (direction.hidden.elements, direction.classifier.elements, direction.bias)
      var states = [Double](repeating: .nan, count: h.count), rows = [Double](repeating: .nan, count: w.count)
      var sums = [Double](repeating: .nan, count: 20)
      try loss.product(
        of: .sum, hidden: h.span, classifier: w.span, width: 4, bias: dense.bias.span, labels: dense.labels.span,
        weights: dense.weights.span, hiddenDirection: part == 0 ? u.span : nil,
        classifierDirection: part == 1 ? s.span : nil, biasDirection: part == 2 ? r.span : nil,
        hiddenProduct: states.mutableSpan, biasProduct: sums.mutableSpan)
      #expect(largestDifference(states, expected.hidden.elements) <= bound)
      #expect(largestDifference(sums, expected.bias) <= bound)
      try loss.product(
        of: .sum, hidden: h.span, classifier: w.span, width: 4, bias: dense.bias.span, labels: dense.labels.span,
        weights: dense.weights.span, hiddenDirection: part == 0 ? u.span : nil,
        classifierDirection: part == 1 ? s.span : nil, biasDirection: part == 2 ? r.span : nil,
        classifierProduct: rows.mutableSpan)
      #expect(largestDifference(rows, expected.classifier.elements) <= bound)
    }
  }
}
