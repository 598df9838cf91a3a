import LossAccel
import TestSupport
import Testing

@Suite("What row losses say of their smoothness and robustness")
struct RowLossTraitTests {
  private static let steps = 4000

  /// Rows along a line through the scores, and for each the batch's first target.
  private static func line(_ loss: RowLoss, _ batch: RowLossBatch<Double>, to end: Matrix<Double>) -> Matrix<Double> {
    Matrix(rows: steps + 1, columns: 3) { row, column in
      let s = Double(row) / Double(steps)
      return (1 - s) * batch.scores[0, column] + s * end[0, column]
    }
  }

  /// The gradient of every row of scores, with the same target for all.
  private static func gradients(
    _ loss: RowLoss, _ scores: Matrix<Double>, _ batch: RowLossBatch<Double>
  ) throws -> Matrix<Double> {
    var gradient = scores
    if batch.usesLabels {
      _ = try loss.sum(
        scores: scores, labels: [Int](repeating: batch.labels[0], count: scores.rows), gradient: &gradient)
    } else {
      let targets = Matrix<Double>(rows: scores.rows, columns: scores.columns) { batch.targets[0, $1] }
      _ = try loss.sum(scores: scores, targets: targets, gradient: &gradient)
    }
    return gradient
  }

  /// What the curvature makes of (1, −2, 0.5), of every row.
  private static func products(
    _ loss: RowLoss, _ scores: Matrix<Double>, _ batch: RowLossBatch<Double>
  ) throws -> Matrix<Double> {
    let vector = Matrix<Double>(rows: scores.rows, columns: 3) { [1, -2, 0.5][$1] }
    if batch.usesLabels {
      return try loss.curvature(
        of: .sum, scores: scores, labels: [Int](repeating: batch.labels[0], count: scores.rows)
      ).product(with: vector)
    }
    let targets = Matrix<Double>(rows: scores.rows, columns: 3) { batch.targets[0, $1] }
    return try loss.curvature(of: .sum, scores: scores, targets: targets).product(with: vector)
  }

  /// The greatest step from one row to the next, relative to what is there.
  private static func jump(_ rows: Matrix<Double>) -> Double {
    let elements = rows.elements
    return (3..<elements.count).reduce(0) { worst, index in
      let (now, before) = (elements[index], elements[index - 3])
      return max(worst, abs(now - before) / (1 + max(abs(now), abs(before))))
    }
  }

  @Test("Kinks and jumps of the curvature are where they are said to be", arguments: RowLossCatalogue.all.indices)
  func differentiability(index: Int) throws {
    let loss = RowLossCatalogue.all[index]
    let said = try #require(loss.traits.differentiability, "\(loss.name) does not say how smooth it is")
    var (kink, bend) = (0.0, 0.0)
    for seed in [61, 62, 63] as [UInt64] {
      for batch in RowLossBatch<Double>.all(loss, rows: 1, classes: 3, seed: seed) {
        for end in RowLossBatch<Double>.all(loss, rows: 1, classes: 3, seed: seed + 100) {
          let scores = Self.line(loss, batch, to: end.scores)
          kink = max(kink, Self.jump(try Self.gradients(loss, scores, batch)))
          bend = max(bend, Self.jump(try Self.products(loss, scores, batch)))
        }
      }
    }
    // Along lines of length up to 10 a step is 2.5e-3 at most: smooth derivatives change by a few times that.
    switch said {
    case .none: #expect(kink > 0.08, "\(loss.name) \(kink)")
    case .once: #expect(kink < 0.02 && bend > 0.08, "\(loss.name) \(kink) \(bend)")
    case .twice, .smooth: #expect(kink < 0.02 && bend < 0.05, "\(loss.name) \(kink) \(bend)")
    }
  }

  @Test("Gradients are bounded, or go back to 0, as they are said to", arguments: RowLossCatalogue.all.indices)
  func robustness(index: Int) throws {
    let loss = RowLossCatalogue.all[index]
    let said = try #require(loss.traits.robustness, "\(loss.name) does not say how robust it is")
    var (largest, far) = (0.0, 0.0)
    for seed in 1...20 as ClosedRange<UInt64> {
      for var batch in RowLossBatch<Double>.all(loss, rows: 1, classes: 3, seed: seed) {
        // One class has everything, whatever the target; probabilities are as small as they get.
        let order = [[0, 1, 2], [2, 0, 1], [1, 2, 0]][Int(seed % 3)]
        let certain = Matrix<Double>(rows: 1, columns: 3) {
          loss.scores == .probabilities ? [1e-300, 1e-300, 1][order[$1]] : 80 * Double(order[$1])
        }
        let gradient = magnitude(try Self.gradients(loss, certain, batch))
        far = max(far, gradient)
        batch.targets = [[1e-300, 0.5, 0.5]]
        let evens = loss.scores == .probabilities ? certain : Matrix<Double>(rows: 1, columns: 3) { _, _ in 0 }
        largest = try max(
          largest, gradient, magnitude(Self.gradients(loss, batch.scores, batch)),
          magnitude(Self.gradients(loss, evens, batch)))
      }
    }
    switch said {
    case .none: #expect(largest > 100, "\(loss.name) \(largest)")
    // By the number of classes, or some price times the cap.
    case .bounded: #expect(largest <= 4.1 && far > 0.01, "\(loss.name) \(largest) \(far)")
    case .redescending: #expect(largest <= 4.1 && far < 1e-9, "\(loss.name) \(largest) \(far)")
    }
  }
}
