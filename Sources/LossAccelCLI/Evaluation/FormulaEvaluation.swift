import LossAccel

/// A loss that is written as a formula of a sample's predictions and targets: of one of each, or of several.
protocol FormulaLoss: Sendable {
  func mean<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, weights: Span<T>?, mask: Span<Bool>?, offsets: Span<T>?,
    missingTargets: Double?, gradient: consuming MutableSpan<T>?, curvature: consuming MutableSpan<T>?,
    as kind: CurvatureKind
  ) throws(LossError) -> Double

  func sum<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, weights: Span<T>?, mask: Span<Bool>?, offsets: Span<T>?,
    missingTargets: Double?, scale: Double, gradient: consuming MutableSpan<T>?, curvature: consuming MutableSpan<T>?,
    as kind: CurvatureKind
  ) throws(LossError) -> Double

  func values<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, weights: Span<T>?, mask: Span<Bool>?, offsets: Span<T>?,
    missingTargets: Double?, into values: consuming MutableSpan<T>, gradient: consuming MutableSpan<T>?,
    curvature: consuming MutableSpan<T>?, as kind: CurvatureKind
  ) throws(LossError)
}

extension PointwiseLoss: FormulaLoss {}
extension JointLoss: FormulaLoss {}

extension FormulaLoss {
  /// The loss of a batch whose samples have `width` targets and `curvatures` second derivatives each.
  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, targets: some NumericElements, targetsPerSample width: Int, curvatures: Int,
    missingTargets: Double?, _ reduction: Reduction
  ) throws -> Evaluation<Element> {
    let count = targets.values.count / width
    var values = [Element](repeating: 0, count: reduction == .none ? count : 0)
    var gradient = [Element](repeating: 0, count: batch.predictionValues.count)
    var curvature = [Element](repeating: 0, count: count * curvatures)
    var value = 0.0
    let predictions = batch.predictionValues.span, weights = batch.weights?.span, mask = batch.mask?.span
    let offsets = batch.offsets?.span
    switch reduction {
    case .mean:
      value = try mean(
        predictions: predictions, targets: targets.values.span, weights: weights, mask: mask, offsets: offsets,
        missingTargets: missingTargets, gradient: gradient.mutableSpan, curvature: curvature.mutableSpan, as: .exact)
    case .sum:
      value = try sum(
        predictions: predictions, targets: targets.values.span, weights: weights, mask: mask, offsets: offsets,
        missingTargets: missingTargets, scale: 1, gradient: gradient.mutableSpan, curvature: curvature.mutableSpan,
        as: .exact)
    case .none:
      try self.values(
        predictions: predictions, targets: targets.values.span, weights: weights, mask: mask, offsets: offsets,
        missingTargets: missingTargets, into: values.mutableSpan, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan, as: .exact)
    }
    let weight = batch.weight(of: count) { sample in
      guard let missingTargets else { return false }
      return (sample * width..<(sample + 1) * width).contains {
        let target = targets.values[$0].asDouble
        return target == missingTargets || target.isNaN && missingTargets.isNaN
      }
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: count, weight: weight)
  }
}
