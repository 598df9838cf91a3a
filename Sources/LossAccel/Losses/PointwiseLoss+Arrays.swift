extension PointwiseLoss {
  /// The weighted mean of the losses of arrays; see
  /// ``mean(predictions:targets:weights:mask:offsets:missingTargets:gradient:curvature:as:)-(Span<T>,_,_,_,_,_,_,_,_)``.
  @inlinable
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, offsets) }
    return try mean(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets)
  }

  /// The weighted mean and its gradient. The array of the gradient must have the batch's length; it is reused, never resized.
  @inlinable
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil, gradient: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, offsets, gradient) }
    return try mean(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, gradient: gradient.mutableSpan)
  }

  /// The weighted mean, its gradient and its curvature.
  @inlinable
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil, gradient: inout [T], curvature: inout [T], as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, offsets, gradient, curvature) }
    return try mean(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan, as: kind)
  }

  /// The weighted sum of the losses of arrays.
  @inlinable
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, offsets) }
    return try sum(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets)
  }

  /// The weighted sum and its gradient.
  @inlinable
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil, gradient: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, offsets, gradient) }
    return try sum(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, gradient: gradient.mutableSpan)
  }

  /// The weighted sum, its gradient and its curvature.
  @inlinable
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil, gradient: inout [T], curvature: inout [T], as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, offsets, gradient, curvature) }
    return try sum(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan, as: kind)
  }

  /// The loss of every sample, times its weight, as a new array.
  @inlinable
  public func values<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, offsets: [T]? = nil,
    missingTargets: Double? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(predictions, targets, weights, mask, offsets) }
    var result = [T](repeating: 0, count: predictions.count)
    try values(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, into: result.mutableSpan)
    return result
  }
}
