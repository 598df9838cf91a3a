import LossAccel
import TestSupport

/// A batch for any row loss: scores of its kind, with labels or with distributions, whichever it is asked for.
struct RowLossBatch<T: Scalar>: Sendable {
  var scores: Matrix<T>
  var labels: [Int]
  var targets: Matrix<T>
  var weights: [T]
  let usesLabels: Bool

  init(_ loss: RowLoss, rows: Int, classes: Int, labels usesLabels: Bool, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    if loss.scores == .probabilities {
      // Not quite summing to 1, and never 1 itself, from where no step goes up.
      scores = random.distributions(rows: rows, columns: classes)
      for i in scores.elements.indices { scores.elements[i] *= 0.9 }
    } else {
      scores = random.matrix(rows: rows, columns: classes, in: -3...3)
    }
    labels = random.labels(rows, classes: classes)
    targets = random.distributions(rows: rows, columns: classes)
    weights = (0..<rows).map { T(0.5 + Double($0 % 4)) }
    self.usesLabels = usesLabels
  }

  /// Both ways of giving targets that a loss knows.
  static func all(_ loss: RowLoss, rows: Int, classes: Int, seed: UInt64 = 31) -> [RowLossBatch] {
    var result: [RowLossBatch] = []
    // Labels make the reverse divergence infinite: every share has to be expected somewhere.
    if loss.targets.contains(.labels), !loss.name.contains("reverse-kl") {
      result.append(RowLossBatch(loss, rows: rows, classes: classes, labels: true, seed: seed))
    }
    if loss.targets.contains(.distributions) {
      result.append(RowLossBatch(loss, rows: rows, classes: classes, labels: false, seed: seed))
    }
    return result
  }

  func mean(_ loss: RowLoss) throws -> Double {
    try usesLabels
      ? loss.mean(scores: scores, labels: labels, weights: weights)
      : loss.mean(scores: scores, targets: targets, weights: weights)
  }

  func mean(_ loss: RowLoss, gradient: inout Matrix<T>) throws -> Double {
    try usesLabels
      ? loss.mean(scores: scores, labels: labels, weights: weights, gradient: &gradient)
      : loss.mean(scores: scores, targets: targets, weights: weights, gradient: &gradient)
  }

  func sum(_ loss: RowLoss) throws -> Double {
    try usesLabels
      ? loss.sum(scores: scores, labels: labels, weights: weights)
      : loss.sum(scores: scores, targets: targets, weights: weights)
  }

  func values(_ loss: RowLoss) throws -> [T] {
    try usesLabels
      ? loss.values(scores: scores, labels: labels, weights: weights)
      : loss.values(scores: scores, targets: targets, weights: weights)
  }

  func gradient(_ loss: RowLoss) throws -> Matrix<T> {
    var result = Matrix<T>(repeating: 7, rows: scores.rows, columns: scores.columns)
    _ = try mean(loss, gradient: &result)
    return result
  }

  func curvature(_ loss: RowLoss, _ kind: CurvatureKind = .exact) throws -> RowCurvature<T> {
    try usesLabels
      ? loss.curvature(kind, of: .mean, scores: scores, labels: labels, weights: weights)
      : loss.curvature(kind, of: .mean, scores: scores, targets: targets, weights: weights)
  }

  /// The batch with its scores moved along a direction.
  func moved(by step: Double, along direction: Matrix<T>) -> RowLossBatch {
    var result = self
    for i in scores.elements.indices { result.scores.elements[i] += T(step) * direction.elements[i] }
    return result
  }

  /// The batch with one row again at its end.
  func repeating(row: Int) -> RowLossBatch {
    var result = self
    result.scores = Matrix(
      rows: scores.rows + 1, columns: scores.columns, elements: scores.elements + Array(scores.row(row)))
    result.targets = Matrix(
      rows: scores.rows + 1, columns: scores.columns, elements: targets.elements + Array(targets.row(row)))
    result.labels.append(labels[row])
    result.weights.append(weights[row])
    return result
  }
}

/// Σ xᵢyᵢ.
func dot<T: Scalar>(_ x: Matrix<T>, _ y: Matrix<T>) -> Double {
  zip(x.elements, y.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// The largest magnitude.
func magnitude<T: Scalar>(_ x: Matrix<T>) -> Double { x.elements.reduce(0) { max($0, abs(Double($1))) } }

/// The largest difference.
func distance<T: Scalar>(_ x: Matrix<T>, _ y: Matrix<T>) -> Double {
  zip(x.elements, y.elements).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
}
