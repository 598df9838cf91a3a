import Foundation
import LossAccel

/// The inputs and outputs of a pointwise job: allocated, and touched, before anything is timed.
final class PointwiseBatch<T: NaiveScalar> {
  let predictions: [T]
  let targets: [T]
  var gradient: [T]
  /// The last value computed; kept so that no contestant's work is dead code.
  var value = 0.0

  /// Where a curvature goes; empty unless a job asks for it.
  var curvature: [T] = []

  /// Inputs as the loss meets them in practice: probabilities in 0...1 with labels 0 and 1, logits with labels that they predict
  /// most of the time, positive amounts with errors in proportion, and otherwise numbers with normal errors.
  init(for loss: PointwiseLoss, count: Int) {
    var generator = SeededGenerator()
    let isPositive = loss.targetDomain.map { $0.lowerBound >= 0 && $0.upperBound > 1 } ?? false
    if loss.predictionDomain == 0...1 {
      predictions = generator.array(count) { min(max($0.uniform(), 0x1p-12), 1 - 0x1p-12) }
      targets = predictions.map { generator.uniform() < Double($0) ? 1 : 0 }
    } else if loss.targetDomain == 0...1 {
      predictions = generator.array(count) { 3 * $0.normal() }
      targets = predictions.map { Double($0) + 2 * generator.normal() > 0 ? 1 : 0 }
    } else if isPositive || loss.predictionDomain != nil {
      // Predictions with a domain are amounts themselves, others logarithms of amounts.
      let amounts: [T] = generator.array(count) { exp($0.normal()) }
      predictions = loss.predictionDomain == nil ? amounts.map { T(log(Double($0))) } : amounts
      targets = amounts.map { $0 * T(exp(0.5 * generator.normal())) }
    } else {
      predictions = generator.array(count) { $0.normal() }
      targets = predictions.map { $0 + T(0.8 * generator.normal()) }
    }
    gradient = Array(repeating: 0, count: count)
  }

  /// Compares the value and gradient that are in this batch with those of another way to compute them.
  ///
  /// Both ways compute an element by at most eight operations that each round once (ours promises 4 ulp), on intermediate results
  /// no larger than 1 + |result|: so their results differ by less than 16·ε·(1 + |result|), and so does the mean, whose naive sum
  /// in `Double` adds n·2⁻⁵³ relatively.
  func check(_ what: String, against other: (PointwiseBatch) throws -> Double) throws {
    let (ours, value) = (gradient, value)
    let otherValue = try other(self)
    let count = Double(ours.count), epsilon = 16 * Double(T.ulpOfOne)
    try Disagreement.check(
      "\(what), value", value, otherValue, bound: epsilon * (1 + abs(value)) + count * 0x1p-53 * abs(value))
    for i in ours.indices {
      let element = Double(ours[i])
      let difference = abs(element - Double(gradient[i]))
      if difference * count <= epsilon * (1 + abs(element) * count) { continue }
      throw Disagreement(description: "\(what), gradient \(i): \(ours[i]) and \(gradient[i]) are too far apart")
    }
  }
}
