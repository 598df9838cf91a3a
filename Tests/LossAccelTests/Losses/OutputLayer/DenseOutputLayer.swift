import LossAccel
import TestSupport

/// An output layer's batch and the loss of all of its logits at once, from the definition, in Double.
struct DenseOutputLayer {
  var hidden: Matrix<Double>
  var classifier: Matrix<Double>
  var bias: [Double]
  var labels: [Int]
  var weights: [Double]
  let loss: LinearCrossEntropy

  /// Elements are numbers of `T`, so that both compute with the same.
  init<T: Scalar>(
    tokens: Int, width: Int, classes: Int, _ loss: LinearCrossEntropy, as type: T.Type = Double.self, seed: UInt64 = 1
  ) {
    var random = SeededGenerator(seed: seed)
    let h: Matrix<T> = random.matrix(rows: tokens, columns: width, in: -1...1)
    let w: Matrix<T> = random.matrix(rows: classes, columns: width, in: -1...1)
    let b: Matrix<T> = random.matrix(rows: 1, columns: classes, in: -2...2)
    let v: Matrix<T> = random.matrix(rows: 1, columns: tokens, in: 0.5...2)
    (hidden, classifier) = (Matrix(h), Matrix(w))
    (bias, weights) = (Matrix<Double>(b).elements, Matrix<Double>(v).elements)
    labels = random.labels(tokens, classes: classes)
    // Some tokens do not count.
    for token in 0..<tokens where token % 5 == 3 { weights[token] = 0 }
    if let ignored = loss.ignoredLabel { for token in 0..<tokens where token % 7 == 2 { labels[token] = ignored } }
    self.loss = loss
  }

  var tokens: Int { hidden.rows }
  var width: Int { hidden.columns }
  var classes: Int { classifier.rows }

  func cast<T: Scalar>(_ type: T.Type) -> (Matrix<T>, Matrix<T>, [T], [T]) {
    (Matrix(hidden), Matrix(classifier), bias.map { T($0) }, weights.map { T($0) })
  }

  func counts(_ token: Int) -> Bool {
    if weights[token] == 0 || labels[token] == loss.ignoredLabel { return false }
    return loss.labelSmoothing > 0 || loss.classWeights?[labels[token]] ?? 1 > 0
  }

  /// What a mean divides by.
  var divisor: Double {
    (0..<tokens).reduce(0) { counts($1) ? $0 + weights[$1] * (loss.classWeights?[labels[$1]] ?? 1) : $0 }
  }

  func target(_ token: Int) -> [Double] {
    (0..<classes).map { k in
      let weight = loss.classWeights?[k] ?? 1
      let own = k == labels[token] ? (1 - loss.labelSmoothing) * weight : 0
      return own + weight * loss.labelSmoothing / Double(classes)
    }
  }

  /// Logits, as they are and capped, with the slopes and bends of the cap.
  func logits(_ token: Int) -> [(z: Double, a: Double, slope: Double, bend: Double)] {
    (0..<classes).map { k in
      var z = bias[k]
      for j in 0..<width { z += hidden[token, j] * classifier[k, j] }
      guard let cap = loss.cap else { return (z, z, 1, 0) }
      let t = ElementaryFunctions.tanh(z / cap)
      return (z, cap * t, 1 - t * t, -2 * t * (1 - t * t) / cap)
    }
  }

  /// By token: the weighted loss, its gradient with respect to the capped logits, the shares and the log-partition function.
  func row(_ token: Int) -> (loss: Double, slopes: [Double], shares: [Double], partition: Double, mass: Double) {
    let a = logits(token).map(\.a), t = target(token), top = a.max()!
    let sum = a.reduce(0) { $0 + ElementaryFunctions.exp($1 - top) }
    let partition = top + ElementaryFunctions.log(sum), mass = t.reduce(0, +), price = loss.logPartitionPrice
    var value = mass * (partition + price * partition * partition)
    for k in 0..<classes { value -= t[k] * a[k] }
    let shares = a.map { ElementaryFunctions.exp($0 - partition) }
    let w = weights[token]
    let slopes = (0..<classes).map { w * (mass * (1 + 2 * price * partition) * shares[$0] - t[$0]) }
    return (w * value, slopes, shares, partition, mass)
  }

  var values: [Double] { (0..<tokens).map { counts($0) ? row($0).loss : 0 } }

  /// The gradient of the weighted sum.
  func gradient() -> OutputLayerTangent<Double> {
    var result = OutputLayerTangent<Double>.zeros(tokens: tokens, classes: classes, width: width)
    for token in 0..<tokens where counts(token) {
      let logits = logits(token), slopes = row(token).slopes
      spread((0..<classes).map { slopes[$0] * logits[$0].slope }, token, classifier, hidden, &result)
      for k in 0..<classes { result.bias[k] += slopes[k] * logits[k].slope }
    }
    return result
  }

  /// Adds g·rows to the token's hidden state, and g·its state to the classifier's rows.
  private func spread(
    _ g: [Double], _ token: Int, _ rows: Matrix<Double>, _ states: Matrix<Double>,
    _ result: inout OutputLayerTangent<Double>
  ) {
    for k in 0..<classes {
      for j in 0..<width {
        result.hidden[token, j] += g[k] * rows[k, j]
        result.classifier[k, j] += g[k] * states[token, j]
      }
    }
  }

  /// The product of the curvature of the weighted sum with a direction, from the matrix of the logits' second derivatives.
  func product(gaussNewton: Bool, with direction: OutputLayerTangent<Double>) -> OutputLayerTangent<Double> {
    var result = OutputLayerTangent<Double>.zeros(tokens: tokens, classes: classes, width: width)
    for token in 0..<tokens where counts(token) {
      let logits = logits(token), row = row(token), price = loss.logPartitionPrice
      let change = (0..<classes).map { k in
        (0..<width).reduce(direction.bias[k]) {
          $0 + direction.hidden[token, $1] * classifier[k, $1] + hidden[token, $1] * direction.classifier[k, $1]
        }
      }
      let heaviness = weights[token] * row.mass * (1 + 2 * price * row.partition)
      let pull = 2 * price * weights[token] * row.mass
      var g = [Double](repeating: 0, count: classes)
      for k in 0..<classes {
        for l in 0..<classes {
          let both = row.shares[k] * row.shares[l]
          let second = (k == l ? heaviness * row.shares[k] : 0) - heaviness * both + pull * both
          g[k] += logits[k].slope * second * logits[l].slope * change[l]
        }
        if !gaussNewton { g[k] += row.slopes[k] * logits[k].bend * change[k] }
        result.bias[k] += g[k]
      }
      spread(g, token, classifier, hidden, &result)
      guard !gaussNewton else { continue }
      let slopes = (0..<classes).map { row.slopes[$0] * logits[$0].slope }
      spread(slopes, token, direction.classifier, direction.hidden, &result)
    }
    return result
  }
}

extension SeededGenerator {
  mutating func tangent<T: Scalar>(tokens: Int, classes: Int, width: Int) -> OutputLayerTangent<T> {
    OutputLayerTangent(
      hidden: matrix(rows: tokens, columns: width, in: -1...1),
      classifier: matrix(rows: classes, columns: width, in: -1...1),
      bias: (matrix(rows: 1, columns: classes, in: -1...1) as Matrix<T>).elements)
  }
}

extension OutputLayerTangent {
  /// All elements, one part after the other, in Double.
  var all: [Double] { (hidden.elements + classifier.elements + bias).map { Double($0) } }

  init(_ other: OutputLayerTangent<Double>) {
    self.init(hidden: Matrix(other.hidden), classifier: Matrix(other.classifier), bias: other.bias.map { Element($0) })
  }
}

/// The largest difference of two lists of the same length; infinite if one holds a NaN.
func largestDifference(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count, "\(x.count) and \(y.count) numbers")
  return zip(x, y).reduce(0) { $1.0.isNaN || $1.1.isNaN ? .infinity : max($0, abs($1.0 - $1.1)) }
}
