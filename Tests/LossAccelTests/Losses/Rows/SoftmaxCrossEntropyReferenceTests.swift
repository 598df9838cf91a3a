import LossAccel
import TestSupport
import Testing

@Suite("Softmax cross-entropy against 60 digits")
struct SoftmaxCrossEntropyReferenceTests {
  @Test("losses, sum, mean and gradient", arguments: SoftmaxReference.all)
  func references(_ batch: SoftmaxReference) throws {
    if batch.bits == 32 { try check(batch, Float.self) } else { try check(batch, Double.self) }
  }

  private func check<T: Scalar>(_ batch: SoftmaxReference, _ type: T.Type) throws {
    let logits = batch.logits.map { T($0) }
    let weights = batch.weights?.map { T($0) }
    var gradient = [T](repeating: 7, count: logits.count)
    var values = [T](repeating: 7, count: batch.rows)
    let mean: Double
    let sum: Double
    if let labels = batch.labels {
      mean = try batch.loss.mean(
        logits: logits.span, classes: batch.classes, labels: labels.span, weights: weights?.span,
        gradient: gradient.mutableSpan)
      sum = try batch.loss.sum(
        logits: logits.span, classes: batch.classes, labels: labels.span, weights: weights?.span)
      try batch.loss.values(
        logits: logits.span, classes: batch.classes, labels: labels.span, weights: weights?.span,
        into: values.mutableSpan)
    } else {
      let targets = batch.targets!.map { T($0) }
      mean = try batch.loss.mean(
        logits: logits.span, classes: batch.classes, targets: targets.span, weights: weights?.span,
        gradient: gradient.mutableSpan)
      sum = try batch.loss.sum(
        logits: logits.span, classes: batch.classes, targets: targets.span, weights: weights?.span)
      try batch.loss.values(
        logits: logits.span, classes: batch.classes, targets: targets.span, weights: weights?.span,
        into: values.mutableSpan)
    }

    for row in 0..<batch.rows {
      #expect(ulpDistance(values[row], T(batch.losses[row])) <= 4, "\(KernelTarget.current): loss of row \(row)")
    }
    let tolerance = 4 * Double(T(1).ulp)
    #expect(isClose(sum, batch.sum, tolerance), "\(KernelTarget.current): sum \(sum), expected \(batch.sum)")
    #expect(isClose(mean, batch.mean, tolerance), "\(KernelTarget.current): mean \(mean), expected \(batch.mean)")

    let isPlain = batch.labels != nil && batch.labelSmoothing == 0
    for row in 0..<batch.rows {
      for k in 0..<batch.classes {
        let expected = T(batch.gradient[row * batch.classes + k]), actual = gradient[row * batch.classes + k]
        var magnitude = abs(Double(expected))
        if !isPlain {
          magnitude += (batch.weights?[row] ?? 1) * batch.targetThatCounts(row, k) / batch.denominator
        }
        let error = abs(Double(actual) - batch.gradient[row * batch.classes + k])
        #expect(
          expected == actual || error <= 4 * Double(T(magnitude).ulp),
          "\(KernelTarget.current): gradient [\(row), \(k)] is \(actual), expected \(expected)")
      }
    }
  }
}

private func isClose(_ actual: Double, _ expected: Double, _ tolerance: Double) -> Bool {
  actual == expected || abs(actual - expected) <= tolerance * abs(expected)
}
