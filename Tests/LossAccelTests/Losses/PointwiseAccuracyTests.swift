import LossAccel
import TestSupport
import Testing

/// Value, gradient and curvature against 60-digit references, on the instruction set of this run of the suite.
struct PointwiseAccuracyTests {
  /// The published bound, in units of the last place.
  static let bound = 4.0

  @Test func everyLossHasReferencesInBothPrecisions() {
    for loss in LossCatalogue.all {
      for precision in ["f32", "f64"] {
        let sets = PointwiseReferenceSet.all.filter { $0.loss == loss.name && $0.precision == precision }
        #expect(sets.contains { $0.samples.count >= 50 }, "\(loss.name) has no \(precision) references")
      }
    }
  }

  @Test(arguments: PointwiseReferenceSet.all) func staysWithinTheBound(_ references: PointwiseReferenceSet) throws {
    let worst =
      references.precision == "f32"
      ? try worstOfKernels(references, as: Float.self) : try worstOfKernels(references, as: Double.self)
    expect(worst, "on \(KernelTarget.current)")
  }

  @Test(arguments: PointwiseReferenceSet.all.filter { $0.precision == "f64" })
  func scalarEvaluationStaysWithinTheBound(_ references: PointwiseReferenceSet) throws {
    let loss = try LossCatalogue.loss(named: references.loss, parameters: references.parameters)
    var worst = [Worst](repeating: Worst(), count: 3)
    for sample in references.samples {
      worst[0].note(loss.value(prediction: sample.prediction, target: sample.target), 0, sample)
      worst[1].note(loss.gradient(prediction: sample.prediction, target: sample.target), 1, sample)
      worst[2].note(loss.curvature(prediction: sample.prediction, target: sample.target), 2, sample)
    }
    expect(worst, "one by one")
  }

  private func worstOfKernels<T: Scalar>(_ references: PointwiseReferenceSet, as type: T.Type) throws -> [Worst] {
    let loss = try LossCatalogue.loss(named: references.loss, parameters: references.parameters)
    let predictions = references.samples.map { T($0.prediction) }
    let targets = references.samples.map { T($0.target) }
    var values = [T](repeating: 0, count: predictions.count)
    var gradient = values
    var curvature = values
    try loss.values(
      predictions: predictions.span, targets: targets.span, into: values.mutableSpan, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan)
    var worst = [Worst](repeating: Worst(), count: 3)
    for (index, sample) in references.samples.enumerated() {
      worst[0].note(values[index], 0, sample)
      worst[1].note(gradient[index], 1, sample)
      worst[2].note(curvature[index], 2, sample)
    }
    return worst
  }

  private func expect(_ worst: [Worst], _ how: String) {
    for (result, error) in zip(["value", "gradient", "curvature"], worst) {
      #expect(error.ulps <= Self.bound, "\(result) \(how): \(error.description)")
    }
  }

  /// The sample with the greatest error.
  private struct Worst {
    var ulps = 0.0
    var description = "exact"

    mutating func note<T: Scalar>(_ actual: T, _ result: Int, _ sample: PointwiseReference) {
      let exact = sample.results[result]
      let error = exact.error(of: actual)
      if error <= ulps { return }
      ulps = error
      description =
        "\(error) ulp at ŷ = \(sample.prediction), y = \(sample.target): \(actual), not \(exact.number) ± \(exact.magnitude) ε"
    }
  }
}
