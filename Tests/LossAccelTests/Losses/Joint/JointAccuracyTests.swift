import LossAccel
import TestSupport
import Testing

/// Losses of several predictions against references of 80 digits.
struct JointAccuracyTests {
  /// The published bound, in units of the last place; wider where a function with a wider bound of its own dominates.
  static func bound(_ loss: String) -> Double {
    switch loss {
    case "aft-normal": 12  // log Φ and φ/Φ are within 5 ulp each, and the curvature is made of squares of them
    case "gaussian-nll", "student-nll", "aft-extreme", "crps-gaussian": 6  // squares of products with an exponential
    case "zero-inflated-poisson", "poisson-hurdle": 6  // products of four functions that are rounded each
    default: 4
    }
  }

  @Test func everyLossHasReferencesInBothPrecisions() {
    for loss in JointLossCatalogue.all {
      for precision in ["f32", "f64"] {
        let sets = JointReferenceSet.all.filter { $0.loss == loss.name && $0.precision == precision }
        #expect(sets.contains { $0.samples.count >= 30 }, "\(loss.name) has no \(precision) references")
      }
    }
  }

  @Test(arguments: JointReferenceSet.all) func staysWithinTheBound(_ references: JointReferenceSet) throws {
    let worst =
      references.precision == "f32"
      ? try worstErrors(references, as: Float.self) : try worstErrors(references, as: Double.self)
    for (result, error) in worst.enumerated() {
      #expect(error.ulps <= Self.bound(references.loss), "result \(result) on \(KernelTarget.current): \(error.text)")
    }
  }

  private func worstErrors<T: Scalar>(
    _ references: JointReferenceSet, as type: T.Type
  ) throws -> [(ulps: Double, text: String)] {
    let loss = try JointLossCatalogue.loss(named: references.loss, parameters: references.parameters)
    let (width, pairs, count) = (loss.predictions.count, loss.curvatureCount, references.samples.count)
    let predictions = references.samples.flatMap { $0.predictions.map { T($0) } }
    let targets = references.samples.flatMap { $0.targets.map { T($0) } }
    var values = [T](repeating: 0, count: count)
    var gradient = [T](repeating: 0, count: count * width)
    var hessian = [T](repeating: 0, count: count * pairs)
    var fisher = hessian
    try loss.values(
      predictions: predictions.span, targets: targets.span, into: values.mutableSpan, gradient: gradient.mutableSpan,
      curvature: hessian.mutableSpan)
    if loss.fisher != nil {
      try loss.values(
        predictions: predictions.span, targets: targets.span, into: values.mutableSpan,
        curvature: fisher.mutableSpan, as: .fisher)
    }
    let all = 1 + width + pairs * loss.curvatureKinds.count
    var worst = [(ulps: Double, text: String)](repeating: (0, "exact"), count: all)
    for (index, sample) in references.samples.enumerated() {
      let actual =
        [values[index]] + gradient[index * width..<(index + 1) * width] + hessian[index * pairs..<(index + 1) * pairs]
        + (loss.fisher == nil ? [] : fisher[index * pairs..<(index + 1) * pairs])
      #expect(actual.count == sample.results.count)
      for (k, exact) in sample.results.enumerated() {
        let ulps = exact.error(of: actual[k])
        if !(ulps <= worst[k].ulps) {
          let place = "ŷ = \(sample.predictions), y = \(sample.targets)"
          worst[k] = (ulps, "\(ulps) ulp at \(place): \(actual[k]), not \(exact)")
        }
      }
    }
    return worst
  }
}
