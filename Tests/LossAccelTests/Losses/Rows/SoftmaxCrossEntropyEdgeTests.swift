import LossAccel
import TestSupport
import Testing

@Suite("Softmax cross-entropy: edges and errors")
struct SoftmaxCrossEntropyEdgeTests {
  private let loss = SoftmaxCrossEntropy()

  /// One row, in both precisions and in both layouts: as it is, and with impossible classes up to 50.
  private func row(_ logits: [Double], label: Int) throws -> [(value: Double, gradient: [Double])] {
    try [logits.count, 50].flatMap { classes in
      let padded = logits + [Double](repeating: -.infinity, count: classes - logits.count)
      var gradient = Matrix<Double>.zeros(rows: 1, columns: classes)
      let value = try loss.sum(logits: Matrix(row: padded), labels: [label], gradient: &gradient)
      var narrow = Matrix<Float>.zeros(rows: 1, columns: classes)
      let float = try loss.sum(logits: Matrix(row: padded.map { Float($0) }), labels: [label], gradient: &narrow)
      return [
        (value, Array(gradient.elements.prefix(logits.count))),
        (float, narrow.elements.prefix(logits.count).map { Double($0) }),
      ]
    }
  }

  @Test("Infinite and undefined logits")
  func infinities() throws {
    for (value, gradient) in try row([-.infinity, 1, 1], label: 1) {
      #expect(abs(value - 0.693_147_180_559_945_3) < 1e-7)
      #expect(gradient == [0, -0.5, 0.5])
    }
    for (value, gradient) in try row([-.infinity, 1, 1], label: 0) {
      #expect(value == .infinity)
      #expect(gradient == [-1, 0.5, 0.5])
    }
    let undefined: [[Double]] = [
      [.infinity, 0, 0], [.nan, 0, 0], [0, 1, .nan], [-.infinity, -.infinity, -.infinity],
    ]
    for logits in undefined {
      for (value, gradient) in try row(logits, label: 1) {
        #expect(value.isNaN)
        #expect(gradient.allSatisfy { $0.isNaN })
      }
    }
  }

  @Test("All finite logits give finite results")
  func extremes() throws {
    for (value, gradient) in try row([3e38, -3e38, 0], label: 0) {
      #expect(value == 0)
      #expect(gradient == [0, 0, 0])
    }
    for (value, gradient) in try row([1e38, 0, 2e38], label: 1) {
      #expect(abs(value - 2e38) <= 1e31)
      #expect(gradient == [0, -1, 1])
    }
  }

  @Test("A loss that is nearly 0, and its gradient, keep their digits")
  func tiny() throws {
    for (value, gradient) in try row([0, -40, -41], label: 0) {
      let expected = 5.811_236_444_622_658e-18  // e^-40 + e^-41
      #expect(abs(value - expected) < 5e-7 * expected)
      #expect(abs(gradient[0] + expected) < 5e-7 * expected)
    }
    let exact = try loss.sum(logits: [[0, -700]] as Matrix<Double>, labels: [0])
    #expect(abs(exact - 9.859_676_543_759_771e-305) < 0x1p-1059)
  }

  @Test("Rows that do not count are left out, whatever they hold")
  func leftOut() throws {
    for classes in [3, 45] {
      var random = SeededGenerator(seed: 8)
      let good: Matrix<Float> = random.matrix(rows: 2, columns: classes, in: -2...2)
      let bad = [Float](repeating: .nan, count: classes)
      let logits = Matrix(
        rows: 5, columns: classes,
        elements: bad + Array(good.row(0)) + bad.map { _ in .infinity } + Array(good.row(1)) + bad)
      let loss = SoftmaxCrossEntropy(ignoredLabel: -100)
      var gradient = Matrix<Float>(repeating: 5, rows: 5, columns: classes)
      let labels = [99, 1, -100, 2, 0], weights: [Float] = [0, 2, 1, 1, 0]
      let value = try loss.mean(logits: logits, labels: labels, weights: weights, gradient: &gradient)
      var expected = Matrix<Float>.zeros(rows: 2, columns: classes)
      let reference = try loss.mean(logits: good, labels: [1, 2], weights: [2, 1], gradient: &expected)
      #expect(value == reference)
      #expect(Array(gradient.row(1)) == Array(expected.row(0)))
      #expect(Array(gradient.row(3)) == Array(expected.row(1)))
      for row in [0, 2, 4] { #expect(gradient.row(row).allSatisfy { $0 == 0 }) }
      #expect(try loss.values(logits: logits, labels: labels, weights: weights)[0] == 0)

      let targets = Matrix<Float>(rows: 5, columns: classes) { row, _ in row % 2 == 0 ? .nan : 0.5 }
      _ = try loss.sum(logits: logits, targets: targets, weights: [0, 1, 0, 1, 0], gradient: &gradient)
      for row in [0, 2, 4] { #expect(gradient.row(row).allSatisfy { $0 == 0 }) }
    }
  }

  @Test("A class weight of 0 leaves its rows out, unless labels are smoothed")
  func classWeightZero() throws {
    let logits: Matrix<Double> = [[1, 2], [3, 4]]
    let loss = SoftmaxCrossEntropy(classWeights: [0, 1])
    #expect(try loss.mean(logits: logits, labels: [0, 1]) == loss.mean(logits: logits[rows: 1..<2], labels: [1]))
    #expect(throws: LossError.nothingToAverage) { try loss.mean(logits: logits, labels: [0, 0]) }
    #expect(try loss.sum(logits: logits, labels: [0, 0]) == 0)
    #expect(
      try SoftmaxCrossEntropy(classWeights: [0, 1], labelSmoothing: 0.5).sum(logits: logits, labels: [0, 0]) > 0)
  }

  @Test("A sum of rows whose classes weigh nothing is a sum; only ignored labels and masks can leave nothing to add up")
  func classesThatWeighNothing() throws {
    let logits: Matrix<Double> = [[1, 2], [3, 4]]
    for weights in [[0.0, 0], [0, 1]] {
      for smoothing in [0, 0.5] {
        let plain = SoftmaxCrossEntropy(classWeights: weights, labelSmoothing: smoothing)
        let ignoring = SoftmaxCrossEntropy(classWeights: weights, labelSmoothing: smoothing, ignoredLabel: -1)
        let row = RowLoss.softmaxCrossEntropy.weighted(classes: weights).smoothed(by: smoothing).ignoring(label: -1)
        let sum = try plain.sum(logits: logits, labels: [0, 0])
        #expect(try ignoring.sum(logits: logits, labels: [0, 0]) == sum)
        #expect(try row.sum(scores: logits, labels: [0, 0]) == sum)
        #expect((sum == 0) == (smoothing == 0 || weights[1] == 0))
        // The mean divides by the class weights of the labels, which are 0.
        #expect(throws: LossError.nothingToAverage) { try ignoring.mean(logits: logits, labels: [0, 0]) }
        for labels in [[-1, -1], [0, -1]] {
          let mask = labels.map { $0 == -1 }
          #expect(throws: LossError.nothingToAverage) { try ignoring.sum(logits: logits, labels: labels, mask: mask) }
          #expect(throws: LossError.nothingToAverage) { try row.sum(scores: logits, labels: labels, mask: mask) }
        }
      }
    }
  }

  @Test("Errors say what and where, and leave NaN behind")
  func errors() throws {
    let logits: Matrix<Double> = [[1, 2, 3], [4, 5, 6]]
    func check(_ expected: LossError, _ body: (inout Matrix<Double>) throws -> Double) {
      var gradient = Matrix<Double>.zeros(rows: 2, columns: 3)
      #expect(throws: expected) { try body(&gradient) }
      #expect(gradient.elements.allSatisfy { $0.isNaN })
    }
    check(.labelOutOfRange(row: 1, label: 3, classes: 3)) {
      try loss.mean(logits: logits, labels: [0, 3], gradient: &$0)
    }
    check(.labelOutOfRange(row: 0, label: -1, classes: 3)) {
      try loss.sum(logits: logits, labels: [-1, 0] as [Int8], gradient: &$0)
    }
    check(.labelOutOfRange(row: 1, label: .max, classes: 3)) {
      try loss.sum(logits: logits, labels: [1, .max] as [UInt64], gradient: &$0)
    }
    check(.invalidWeight(index: 1, value: -2)) {
      try loss.mean(logits: logits, labels: [0, 1], weights: [1, -2], gradient: &$0)
    }
    check(.invalidWeight(index: 0, value: .infinity)) {
      try loss.mean(logits: logits, targets: logits, weights: [.infinity, 1], gradient: &$0)
    }
    check(.nothingToAverage) { try loss.mean(logits: logits, labels: [0, 1], weights: [0, 0], gradient: &$0) }
    check(.nothingToAverage) {
      try SoftmaxCrossEntropy(ignoredLabel: 2).mean(logits: logits, labels: [2, 2], gradient: &$0)
    }
    check(.invalidProbability(row: 1, column: 2, value: 1.5)) {
      try loss.mean(logits: logits, targets: [[0, 1, 0], [0.5, 0, 1.5]], gradient: &$0)
    }
    #expect(throws: LossError.emptyBatch) {
      try loss.mean(logits: Matrix<Double>.zeros(rows: 0, columns: 3), labels: [Int]())
    }
    let wide = Matrix<Float>.zeros(rows: 20, columns: 60)
    var targets = wide
    targets[18, 59] = -0.25
    targets[19, 3] = .nan
    #expect(throws: LossError.invalidProbability(row: 18, column: 59, value: -0.25)) {
      try loss.mean(logits: wide, targets: targets)
    }
  }
}
