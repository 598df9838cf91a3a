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
      ? try worstErrors(references, as: Float.self) : try worstErrors(references, as: Double.self)
    for (result, error) in zip(["value", "gradient", "curvature"], worst) {
      #expect(error.ulps <= Self.bound, "\(result) on \(KernelTarget.current): \(error)")
    }
  }

  @Test(arguments: PointwiseReferenceSet.all.filter { $0.precision == "f64" })
  func scalarEvaluationStaysWithinTheBound(_ references: PointwiseReferenceSet) throws {
    let loss = try LossCatalogue.loss(named: references.loss, parameters: references.parameters)
    for sample in references.samples {
      let actual = [
        loss.value(prediction: sample.prediction, target: sample.target),
        loss.gradient(prediction: sample.prediction, target: sample.target),
        loss.curvature(prediction: sample.prediction, target: sample.target),
      ]
      for (exact, number) in zip(sample.results, actual) {
        #expect(exact.error(of: number) <= Self.bound, "\(sample.prediction), \(sample.target): \(number) for \(exact)")
      }
    }
  }

  private struct Worst: CustomStringConvertible {
    var ulps = 0.0
    var description: String
  }

  private func worstErrors<T: Scalar>(_ references: PointwiseReferenceSet, as type: T.Type) throws -> [Worst] {
    let loss = try LossCatalogue.loss(named: references.loss, parameters: references.parameters)
    let predictions = references.samples.map { T($0.prediction) }
    let targets = references.samples.map { T($0.target) }
    var values = [T](repeating: 0, count: predictions.count)
    var gradient = values
    var curvature = values
    try loss.values(
      predictions: predictions.span, targets: targets.span, into: values.mutableSpan, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan)
    var worst = [Worst](repeating: Worst(description: "exact"), count: 3)
    for (index, sample) in references.samples.enumerated() {
      for (k, actual) in [values[index], gradient[index], curvature[index]].enumerated() {
        let ulps = sample.results[k].error(of: actual)
        if ulps > worst[k].ulps {
          worst[k] = Worst(
            ulps: ulps,
            description:
              "\(ulps) ulp at ŷ = \(sample.prediction), y = \(sample.target): \(actual), not \(sample.results[k])")
        }
      }
    }
    return worst
  }
}
