import LossAccel

/// A batch's value and derivatives in one call.
struct LossResults<T: Scalar> {
  var value = 0.0
  var gradient, curvature: [T]
}

extension PointwiseLoss {
  func results<T: Scalar>(
    _ predictions: [T], _ targets: [T], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil, as kind: CurvatureKind = .exact
  ) throws -> LossResults<T> {
    var results = LossResults<T>(gradient: predictions, curvature: predictions)
    results.value = try mean(
      predictions: predictions, targets: targets, weights: weights, mask: mask, offsets: offsets,
      missingTargets: missingTargets, gradient: &results.gradient, curvature: &results.curvature, as: kind)
    return results
  }
}
