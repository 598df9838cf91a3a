import LossAccel
import TestSupport
import Testing

@Suite("Row losses: weights, labels, smoothing and errors, the same for all of them")
struct RowLossServiceTests {
  static let losses = RowLossCatalogue.all

  private func isClose(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 2e-14 * max(abs(x), abs(y)) + 1e-300 }

  @Test("Mean, sum and values fit each other, with and without gradient", arguments: losses.indices)
  func reductions(index: Int) throws {
    let loss = Self.losses[index]
    for classes in [1, 2, 7, 43] {
      for batch in RowLossBatch<Double>.all(loss, rows: 19, classes: classes) {
        var gradient = batch.scores
        let mean = try batch.mean(loss), total = batch.weights.reduce(0, +)
        #expect(try batch.mean(loss, gradient: &gradient) == mean)
        #expect(isClose(try batch.sum(loss), mean * total))
        #expect(isClose(try batch.values(loss).reduce(0, +), mean * total))
      }
    }
  }

  @Test("Weight 2 is the row twice; weight 0 removes it, whatever it holds", arguments: losses.indices)
  func weights(index: Int) throws {
    let loss = Self.losses[index]
    for classes in [3, 41] {
      for batch in RowLossBatch<Double>.all(loss, rows: 9, classes: classes) {
        var doubled = batch
        doubled.weights[4] *= 2
        #expect(isClose(try doubled.mean(loss), try batch.repeating(row: 4).mean(loss)))
        var without = batch, broken = batch
        without.weights[4] = 0
        broken.weights[4] = 0
        broken.labels[4] = 999
        for k in 0..<classes { (broken.scores[4, k], broken.targets[4, k]) = (k % 2 == 0 ? .nan : .infinity, .nan) }
        #expect(try broken.mean(loss) == without.mean(loss))
        let gradient = try broken.gradient(loss)
        #expect(sameBits(gradient.elements, try without.gradient(loss).elements))
        #expect(gradient.row(4).allSatisfy { $0 == 0 })
        #expect(try broken.values(loss)[4] == 0)
        let vector = Matrix<Double>(repeating: 1.5, rows: 9, columns: classes)
        let product = try broken.curvature(loss).product(with: vector)
        #expect(product.row(4).allSatisfy { $0 == 0 })
        #expect(sameBits(product.elements, try without.curvature(loss).product(with: vector).elements))
      }
    }
  }

  @Test("Rows with the ignored label do not count", arguments: losses.indices)
  func ignored(index: Int) throws {
    let loss = Self.losses[index]
    guard loss.targets.contains(.labels), !loss.name.contains("reverse-kl") else { return }
    for classes in [3, 41] {
      var batch = RowLossBatch<Float>(loss, rows: 9, classes: classes, labels: true, seed: 3)
      var without = batch
      without.weights[2] = 0
      batch.labels[2] = -100
      for k in 0..<classes { batch.scores[2, k] = .nan }
      let ignoring = loss.ignoring(label: -100)
      #expect(try batch.mean(ignoring) == without.mean(loss))
      #expect(sameBits(try batch.gradient(ignoring).elements, try without.gradient(loss).elements))
      batch.labels = batch.labels.map { _ in -100 }
      #expect(throws: LossError.nothingToAverage) { try batch.mean(ignoring) }
      #expect(throws: LossError.nothingToAverage) { try batch.sum(ignoring) }
    }
  }

  @Test("A label is the distribution that has 1 there, also smoothed and with class weights", arguments: losses.indices)
  func oneHot(index: Int) throws {
    let plain = Self.losses[index]
    guard plain.targets == [.labels, .distributions] else { return }
    for classes in [3, 45] {
      let weighted = plain.weighted(classes: (0..<classes).map { 0.5 + Double($0 % 3) })
      for loss in [plain, plain.smoothed(by: 0.2), weighted, weighted.smoothed(by: 0.2)] {
        if loss.labelSmoothing == 0, loss.name.contains("reverse-kl") { continue }
        var batch = RowLossBatch<Double>(loss, rows: 11, classes: classes, labels: true, seed: 9)
        let gradient = try batch.sumGradient(loss), sum = try batch.sum(loss)
        let vector = Matrix<Double>(rows: 11, columns: classes) { Double(($0 + $1) % 5) - 2 }
        let product = try loss.curvature(of: .sum, scores: batch.scores, labels: batch.labels).product(with: vector)
        batch.targets = Matrix(rows: 11, columns: classes) { batch.labels[$0] == $1 ? 1 : 0 }
        let targets = batch.targets
        let other = try loss.curvature(of: .sum, scores: batch.scores, targets: targets).product(with: vector)
        let distributed = RowLossBatch<Double>(distributionsOf: batch)
        #expect(isClose(try distributed.sum(loss), sum), "\(loss.name)")
        #expect(
          distance(gradient, try distributed.sumGradient(loss)) <= 1e-14 * max(1, magnitude(gradient)), "\(loss.name)")
        #expect(distance(product, other) <= 1e-14 * max(1, magnitude(product)), "\(loss.name)")
      }
    }
  }

  @Test("Class weights of a label multiply its row, and divide the mean", arguments: losses.indices)
  func classWeights(index: Int) throws {
    let loss = Self.losses[index]
    guard loss.targets.contains(.labels), !loss.name.contains("reverse-kl"), loss.name != "one-versus-all" else {
      return
    }
    for classes in [3, 45] {
      let weights = (0..<classes).map { Double($0 % 3) }
      var batch = RowLossBatch<Double>(loss, rows: 20, classes: classes, labels: true, seed: 10)
      let weighted = try (batch.mean(loss.weighted(classes: weights)), batch.gradient(loss.weighted(classes: weights)))
      batch.weights = batch.weights.enumerated().map { $1 * weights[batch.labels[$0]] }
      #expect(isClose(weighted.0, try batch.mean(loss)), "\(loss.name)")
      #expect(distance(weighted.1, try batch.gradient(loss)) < 1e-14 * max(1, magnitude(weighted.1)), "\(loss.name)")
    }
  }

  @Test("One-versus-all weighs each class's own loss")
  func oneVersusAllWeights() throws {
    for classes in [3, 45] {
      let weights = (0..<classes).map { Double($0 % 3) }
      let batch = RowLossBatch<Double>(.oneVersusAll(), rows: 5, classes: classes, labels: false, seed: 11)
      let value = try RowLoss.oneVersusAll().weighted(classes: weights).mean(
        scores: batch.scores, targets: batch.targets)
      var sum = 0.0
      for k in 0..<classes where weights[k] > 0 {
        let column = Array(batch.scores.column(k)), targets = Array(batch.targets.column(k))
        sum += try weights[k] * PointwiseLoss.binaryCrossEntropyFromLogits.mean(predictions: column, targets: targets)
      }
      #expect(isClose(value, sum))
    }
  }

  @Test("Errors say what and where, and leave NaN behind", arguments: losses.indices)
  func errors(index: Int) throws {
    let loss = Self.losses[index]
    for classes in [3, 42] {
      func check(
        _ expected: LossError, labels: Bool, _ change: (inout RowLossBatch<Double>) -> Void
      ) {
        var batch = RowLossBatch<Double>(loss, rows: 18, classes: classes, labels: labels, seed: 12)
        guard loss.targets.contains(labels ? .labels : .distributions) else { return }
        change(&batch)
        var gradient = batch.scores
        #expect(throws: expected) { try batch.mean(loss, gradient: &gradient) }
        #expect(gradient.elements.allSatisfy { $0.isNaN })
        #expect(throws: expected) { try batch.curvature(loss) }
      }
      check(.labelOutOfRange(row: 17, label: classes, classes: classes), labels: true) { $0.labels[17] = classes }
      check(.invalidWeight(index: 3, value: -1), labels: true) { $0.weights[3] = -1 }
      check(.nothingToAverage, labels: false) { $0.weights = $0.weights.map { _ in 0 } }
      check(.invalidProbability(row: 16, column: 2, value: 1.5), labels: false) { $0.targets[16, 2] = 1.5 }
      if loss.scores == .probabilities {
        check(.invalidProbability(row: 1, column: 1, value: -0.25), labels: false) { $0.scores[1, 1] = -0.25 }
      }
      for kind in CurvatureKind.allCases where !loss.curvatures.contains(kind) {
        let batch = RowLossBatch<Double>.all(loss, rows: 2, classes: classes)[0]
        #expect(throws: LossError.curvatureNotAvailable(loss: loss.name, kind: kind, available: loss.curvatures)) {
          try batch.curvature(loss, kind)
        }
      }
    }
    #expect(throws: LossError.emptyBatch) {
      try loss.mean(scores: Matrix<Float>.zeros(rows: 0, columns: 3), labels: [Int]())
    }
    // Nothing but ignored labels is an error of a sum, too; weights of 0 sum to 0.
    let ignored = Matrix<Float>.zeros(rows: 2, columns: 3)
    #expect(throws: LossError.nothingToAverage) {
      try loss.ignoring(label: -1).sum(scores: ignored, labels: [-1, -1])
    }
    #expect(try loss.sum(scores: ignored, labels: [0, 1], weights: [0, 0]) == 0)
  }
}

extension RowLossBatch {
  /// The same batch, to be used with its distributions.
  init(distributionsOf batch: RowLossBatch) {
    (scores, labels, targets, weights) = (batch.scores, batch.labels, batch.targets, batch.weights)
    usesLabels = false
  }

  func sumGradient(_ loss: RowLoss) throws -> Matrix<T> {
    var result = Matrix<T>(repeating: 7, rows: scores.rows, columns: scores.columns)
    _ =
      try usesLabels
      ? loss.sum(scores: scores, labels: labels, weights: weights, gradient: &result)
      : loss.sum(scores: scores, targets: targets, weights: weights, gradient: &result)
    return result
  }
}
