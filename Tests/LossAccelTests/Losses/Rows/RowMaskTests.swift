import LossAccel
import TestSupport
import Testing

@Suite("Masks of losses of rows are weights of 0")
struct RowMaskTests {
  @Test("Row losses, with labels and with distributions", arguments: RowLossCatalogue.all.indices)
  func rows(index: Int) throws {
    let loss = RowLossCatalogue.all[index]
    let mask = (0..<12).map { $0 % 3 != 1 }, none = mask.map { _ in false }
    for batch in RowLossBatch<Double>.all(loss, rows: 12, classes: 4) {
      var without = batch
      for row in 0..<12 where !mask[row] { without.weights[row] = 0 }
      var (gradient, expected) = (batch.scores, batch.scores)
      let vector = Matrix<Double>(rows: 12, columns: 4) { 0.25 * Double($0) - Double($1) }
      let mean: Double, product: Matrix<Double>
      if batch.usesLabels {
        mean = try loss.mean(
          scores: batch.scores, labels: batch.labels, weights: batch.weights, mask: mask, gradient: &gradient)
        product = try loss.curvature(
          of: .mean, scores: batch.scores, labels: batch.labels, weights: batch.weights, mask: mask
        ).product(with: vector)
        #expect(throws: LossError.nothingToAverage) {
          try loss.sum(scores: batch.scores, labels: batch.labels, mask: none)
        }
        #expect(throws: LossError.nothingToAverage) {
          try loss.curvature(of: .sum, scores: batch.scores, labels: batch.labels, mask: none)
        }
      } else {
        mean = try loss.mean(
          scores: batch.scores, targets: batch.targets, weights: batch.weights, mask: mask, gradient: &gradient)
        product = try loss.curvature(
          of: .mean, scores: batch.scores, targets: batch.targets, weights: batch.weights, mask: mask
        ).product(with: vector)
        #expect(throws: LossError.nothingToAverage) {
          try loss.sum(scores: batch.scores, targets: batch.targets, mask: none)
        }
      }
      #expect(try without.mean(loss, gradient: &expected) == mean)
      #expect(gradient == expected)
      #expect(try without.curvature(loss).product(with: vector) == product)
    }
  }

  @Test("Softmax cross-entropy and cross-entropy")
  func crossEntropies() throws {
    let logits: Matrix<Double> = [[1, -2, 0.5], [.nan, 0, 1], [0.25, 3, -1], [2, 2, 1]]
    let shares: Matrix<Double> = [[0.5, 0.25, 0.25], [0, 0, 1], [0.125, 0.75, 0.125], [1, 0, 0]]
    let labels = [2, 7, 0, 1], mask = [true, false, true, true], weights = [2.0, -1, 0.5, 1]
    let without = [2.0, 0, 0.5, 1], none = mask.map { _ in false }
    let vector = Matrix<Double>(rows: 4, columns: 3) { 0.5 * Double($0) - Double($1) }
    let softmax = SoftmaxCrossEntropy(classWeights: [1, 2, 3], labelSmoothing: 0.1)
    var (gradient, expected) = (logits, logits)

    let byLabels = try softmax.mean(logits: logits, labels: labels, weights: weights, mask: mask, gradient: &gradient)
    #expect(try softmax.mean(logits: logits, labels: labels, weights: without, gradient: &expected) == byLabels)
    #expect(gradient == expected && gradient.row(1).allSatisfy { $0 == 0 })
    #expect(
      try softmax.curvature(of: .mean, logits: logits, labels: labels, weights: weights, mask: mask)
        .product(with: vector)
        == softmax.curvature(of: .mean, logits: logits, labels: labels, weights: without).product(with: vector))
    #expect(throws: LossError.nothingToAverage) { try softmax.sum(logits: logits, labels: labels, mask: none) }

    let byShares = try softmax.sum(logits: logits, targets: shares, weights: weights, mask: mask, gradient: &gradient)
    #expect(try softmax.sum(logits: logits, targets: shares, weights: without, gradient: &expected) == byShares)
    #expect(gradient == expected)

    let entropy = try CrossEntropy().mean(
      predictions: shares, targets: shares, weights: weights, mask: mask, gradient: &gradient)
    #expect(
      try CrossEntropy().mean(predictions: shares, targets: shares, weights: without, gradient: &expected) == entropy)
    #expect(gradient == expected)
    #expect(throws: LossError.nothingToAverage) {
      try CrossEntropy().values(predictions: shares, targets: shares, mask: none)
    }
  }

  @Test("Ordinal losses and the normal likelihood")
  func others() throws {
    let scores = [0.5, -1, 2, 0.25], levels = [0, 1, 2, 1], cuts = [-0.5, 1.0]
    let mask = [true, false, true, true], weights = [1.0, 0, 1, 1], none = mask.map { _ in false }
    for loss in OrdinalLoss.all {
      var (gradient, expected) = (scores, scores)
      var (cutGradient, cutExpected) = (cuts, cuts)
      let mean = try loss.mean(
        scores: scores, levels: levels, cuts: cuts, mask: mask, gradient: &gradient, cutGradient: &cutGradient)
      #expect(
        try loss.mean(
          scores: scores, levels: levels, cuts: cuts, weights: weights, gradient: &expected, cutGradient: &cutExpected)
          == mean)
      #expect(gradient == expected && cutGradient == cutExpected && gradient[1] == 0)
      #expect(throws: LossError.nothingToAverage) {
        try loss.sum(scores: scores, levels: levels, cuts: cuts, mask: none)
      }
    }
    let means = Matrix(rows: 4, columns: 1, elements: scores), targets = Matrix<Double>.zeros(rows: 4, columns: 1)
    let factor: Matrix<Double> = [[2]]
    var (gradient, expected) = (means, means)
    let loss = MultivariateGaussian()
    let mean = try loss.mean(
      predictions: means, targets: targets, precisionFactor: factor, mask: mask, gradient: &gradient)
    #expect(
      try loss.mean(
        predictions: means, targets: targets, precisionFactor: factor, weights: weights, gradient: &expected) == mean)
    #expect(gradient == expected)
    #expect(throws: LossError.nothingToAverage) {
      try loss.mean(predictions: means, targets: targets, precisionFactor: factor, mask: none)
    }
  }
}
