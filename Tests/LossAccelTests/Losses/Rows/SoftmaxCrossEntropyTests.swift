import LossAccel
import TestSupport
import Testing

@Suite("Softmax cross-entropy")
struct SoftmaxCrossEntropyTests {
  @Test(
    "Every row is computed alone, whatever stands beside it",
    arguments: [1, 2, 3, 7, 8, 15, 16, 17, 31, 39, 40, 41, 64, 100])
  func rowsAreIndependent(classes: Int) throws {
    try checkRowsAreIndependent(classes, Float.self)
    try checkRowsAreIndependent(classes, Double.self)
  }

  private func checkRowsAreIndependent<T: Scalar>(_ classes: Int, _ type: T.Type) throws {
    var random = SeededGenerator(seed: 1)
    let loss = SoftmaxCrossEntropy()
    for rows in [1, 2, 7, 8, 9, 15, 16, 17, 33] {
      let logits: Matrix<T> = random.matrix(rows: rows, columns: classes, in: -5...5)
      let labels = random.labels(rows, classes: classes)
      var gradient = Matrix<T>.zeros(rows: rows, columns: classes)
      let sum = try loss.sum(logits: logits, labels: labels, gradient: &gradient)
      var total = 0.0
      for row in 0..<rows {
        var one = Matrix<T>.zeros(rows: 1, columns: classes)
        total += try loss.sum(logits: logits[rows: row..<row + 1], labels: [labels[row]], gradient: &one)
        #expect(sameBits(one.elements, Array(gradient.row(row))), "\(rows) rows, row \(row)")
      }
      #expect(abs(total - sum) <= 1e-12 * sum)
    }
  }

  @Test("The bits do not depend on the number of threads", arguments: [(9000, 10), (3001, 37), (700, 1000)])
  func threads(rows: Int, classes: Int) throws {
    var random = SeededGenerator(seed: 2)
    let logits: Matrix<Float> = random.matrix(rows: rows, columns: classes, in: -5...5)
    let labels = random.labels(rows, classes: classes)
    let loss = SoftmaxCrossEntropy(labelSmoothing: 0.1)
    var gradient = Matrix<Float>.zeros(rows: rows, columns: classes)
    let expected = try Parallelism.withThreads(1) {
      try loss.mean(logits: logits, labels: labels, gradient: &gradient)
    }
    for count in [2, 3, 5] {
      var other = Matrix<Float>.zeros(rows: rows, columns: classes)
      let value = try Parallelism.withThreads(count) {
        try loss.mean(logits: logits, labels: labels, gradient: &other)
      }
      #expect(value == expected)
      #expect(sameBits(gradient.elements, other.elements))
    }
  }

  @Test("Labels of every width give the same bits")
  func labelWidths() throws {
    var random = SeededGenerator(seed: 3)
    let logits: Matrix<Double> = random.matrix(rows: 35, columns: 11, in: -5...5)
    let labels = random.labels(35, classes: 11)
    let loss = SoftmaxCrossEntropy()
    let expected = try loss.mean(logits: logits, labels: labels)
    func check<L: LabelElement & FixedWidthInteger>(_ type: L.Type) throws {
      #expect(try loss.mean(logits: logits, labels: labels.map { L($0) }) == expected, "\(type)")
      #expect(
        throws: LossError.labelOutOfRange(row: 0, label: 11, classes: 11), "\(type)",
        performing: { try loss.mean(logits: logits, labels: [L](repeating: 11, count: 35)) })
    }
    try check(Int8.self)
    try check(Int16.self)
    try check(Int32.self)
    try check(Int64.self)
    try check(UInt8.self)
    try check(UInt16.self)
    try check(UInt32.self)
    try check(UInt64.self)
    try check(UInt.self)
    let two: Matrix<Double> = random.matrix(rows: 9, columns: 2, in: -5...5)
    let bits = (0..<9).map { $0 % 3 == 0 }
    #expect(try loss.mean(logits: two, labels: bits) == loss.mean(logits: two, labels: bits.map { $0 ? 1 : 0 }))
  }

  @Test("Gradients of a row sum to 0, and agree with differences", arguments: [2, 5, 39, 60])
  func differences(classes: Int) throws {
    var random = SeededGenerator(seed: 4)
    let weights: [Double] = [0.5, 2, 0, 1.5, 3]
    var logits: Matrix<Double> = random.matrix(rows: 5, columns: classes, in: -3...3)
    var labels = random.labels(5, classes: classes)
    labels[1] = -100
    let targets: Matrix<Double> = random.distributions(rows: 5, columns: classes)
    let loss = SoftmaxCrossEntropy(
      classWeights: (0..<classes).map { 0.5 + Double($0 % 3) }, labelSmoothing: 0.2, ignoredLabel: -100)
    var labelGradient = Matrix<Double>.zeros(rows: 5, columns: classes)
    var targetGradient = labelGradient
    _ = try loss.mean(logits: logits, labels: labels, weights: weights, gradient: &labelGradient)
    _ = try loss.mean(logits: logits, targets: targets, weights: weights, gradient: &targetGradient)
    for row in 0..<5 {
      #expect(abs(labelGradient.row(row).reduce(0, +)) < 1e-15)
      #expect(abs(targetGradient.row(row).reduce(0, +)) < 1e-15)
      for k in 0..<classes {
        let step = 1e-5, original = logits[row, k]
        logits[row, k] = original + step
        let above = (
          try loss.mean(logits: logits, labels: labels, weights: weights),
          try loss.mean(logits: logits, targets: targets, weights: weights)
        )
        logits[row, k] = original - step
        let below = (
          try loss.mean(logits: logits, labels: labels, weights: weights),
          try loss.mean(logits: logits, targets: targets, weights: weights)
        )
        logits[row, k] = original
        #expect(abs((above.0 - below.0) / (2 * step) - labelGradient[row, k]) < 1e-9)
        #expect(abs((above.1 - below.1) / (2 * step) - targetGradient[row, k]) < 1e-9)
      }
    }
  }

  @Test("A one-hot distribution is a label; a weight of 2 is the row twice; smoothed labels are distributions")
  func equivalences() throws {
    var random = SeededGenerator(seed: 5)
    for classes in [6, 50] {
      let logits: Matrix<Double> = random.matrix(rows: 4, columns: classes, in: -9...9)
      let labels = random.labels(4, classes: classes)
      let oneHot = Matrix<Double>(rows: 4, columns: classes) { labels[$0] == $1 ? 1 : 0 }
      let plain = SoftmaxCrossEntropy(), smoothed = SoftmaxCrossEntropy(labelSmoothing: 0.3)
      #expect(try isClose(plain.mean(logits: logits, targets: oneHot), plain.mean(logits: logits, labels: labels)))
      #expect(
        try isClose(smoothed.mean(logits: logits, targets: oneHot), smoothed.mean(logits: logits, labels: labels)))

      let twice = Matrix(rows: 5, columns: classes, elements: logits.elements + Array(logits.row(3)))
      #expect(
        try isClose(
          plain.mean(logits: logits, labels: labels, weights: [1, 1, 1, 2]),
          plain.mean(logits: twice, labels: labels + [labels[3]])))
      let uniform = SoftmaxCrossEntropy(classWeights: [Double](repeating: 7, count: classes), labelSmoothing: 0.3)
      #expect(
        try isClose(uniform.mean(logits: logits, labels: labels), smoothed.mean(logits: logits, labels: labels)))
      // Nothing is renormalised: half the distribution is half the loss.
      let half = Matrix<Double>(rows: 4, columns: classes) { labels[$0] == $1 ? 0.5 : 0 }
      #expect(
        try isClose(2 * plain.mean(logits: logits, targets: half), plain.mean(logits: logits, labels: labels)))
    }
  }

  @Test("The gradient of a large batch, stored around the caches, has the bits of its parts")
  func streaming() throws {
    var random = SeededGenerator(seed: 6)
    let rows = 1100, classes = 4099
    let logits: Matrix<Float> = random.matrix(rows: rows, columns: classes, in: -5...5)
    let labels = random.labels(rows, classes: classes)
    var gradient = Matrix<Float>.zeros(rows: rows, columns: classes)
    _ = try SoftmaxCrossEntropy().sum(logits: logits, labels: labels, gradient: &gradient)
    for start in [0, 500, 1084] {
      let part = start..<start + 16
      var expected = Matrix<Float>.zeros(rows: 16, columns: classes)
      _ = try SoftmaxCrossEntropy().sum(
        logits: logits[rows: part], labels: Array(labels[part]), gradient: &expected)
      #expect(sameBits(expected.elements, gradient[rows: part].elements))
    }
  }

  @Test("32000 classes keep the bound of single precision")
  func manyClasses() throws {
    var random = SeededGenerator(seed: 7)
    let logits: Matrix<Float> = random.matrix(rows: 3, columns: 32000, in: -4...4)
    let exact = Matrix<Double>(logits)
    let labels = [17, 31999, 12345]
    let loss = SoftmaxCrossEntropy()
    var gradient = Matrix<Float>.zeros(rows: 3, columns: 32000)
    var expectedGradient = Matrix<Double>.zeros(rows: 3, columns: 32000)
    _ = try loss.sum(logits: logits, labels: labels, gradient: &gradient)
    _ = try loss.sum(logits: exact, labels: labels, gradient: &expectedGradient)
    let values = try (loss.values(logits: logits, labels: labels), loss.values(logits: exact, labels: labels))
    for row in 0..<3 { #expect(ulpDistance(values.0[row], Float(values.1[row])) <= 4) }
    let worst = zip(gradient.elements, expectedGradient.elements).map { ulpDistance($0, Float($1)) }.max()!
    #expect(worst <= 4)
  }

  @Test("A call on 8 rows allocates nothing")
  func allocations() {
    guard Yardsticks.heapGrowth(during: {}) != nil else { return }  // this C library does not tell
    let loss = SoftmaxCrossEntropy(classWeights: [Double](repeating: 2, count: 10), ignoredLabel: -1)
    let growths = (0..<50).compactMap { _ in
      Yardsticks.heapGrowth {
        _ = try? smallBatch.mean(loss, repetitions: 100)
      }
    }
    // Other tests allocate and free in the meantime, and the buffers themselves are copied once in each attempt.
    #expect(growths.contains { (0..<100 * 16).contains($0) })
  }

  @Test("Small batches of the article: three lines")
  func example() throws {
    let logits: Matrix<Double> = [[2, 1, 0.1], [0, 3, 0]]
    var gradient = Matrix<Double>.zeros(rows: 2, columns: 3)
    let value = try SoftmaxCrossEntropy().mean(logits: logits, labels: [0, 1], gradient: &gradient)
    // log(e^2 + e + e^0.1) - 2 and log(2 + e^3) - 3, averaged.
    #expect(abs(value - 0.255_976_486_349_397_19) < 1e-15)
    #expect(abs(gradient[0, 0] - (0.659_001_138_885_967_9 - 1) / 2) < 1e-15)
  }
}

/// Eight rows of ten logits with their labels, and a buffer for the gradient.
private struct SmallBatch: Sendable {
  let logits = [Float](repeating: 0.5, count: 80)
  let labels: [Int32] = [0, 1, 2, 3, 4, -1, 6, 7]
  let gradient = [Float](repeating: 0, count: 80)

  func mean(_ loss: SoftmaxCrossEntropy, repetitions: Int) throws -> Double {
    var gradient = gradient
    var total = 0.0
    for _ in 0..<repetitions {
      total += try loss.mean(
        logits: logits.span, classes: 10, labels: labels.span, gradient: gradient.mutableSpan)
    }
    return total
  }
}

private let smallBatch = SmallBatch()

private func isClose(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 1e-14 * abs(y) }
