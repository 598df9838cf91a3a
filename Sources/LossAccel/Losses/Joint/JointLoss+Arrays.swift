extension JointLoss {
  /// The weighted mean of the losses of arrays; see the call on spans.
  @inlinable
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil,
    offsets: [T]? = nil, missingTargets: Double? = nil
  ) throws(LossError) -> Double {
    defer {
      keepAlive(mask, offsets)
      keepAlive(predictions, targets, weights)
    }
    return try mean(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets)
  }

  /// The weighted mean and its gradient. The array of the gradient must have as many elements as the predictions; it is reused.
  @inlinable
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil,
    offsets: [T]? = nil, missingTargets: Double? = nil, gradient: inout [T]
  ) throws(LossError) -> Double {
    defer {
      keepAlive(mask, offsets)
      keepAlive(predictions, targets, weights, gradient)
    }
    return try mean(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, gradient: gradient.mutableSpan)
  }

  /// The weighted mean, its gradient and its curvature.
  @inlinable
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil,
    offsets: [T]? = nil, missingTargets: Double? = nil, gradient: inout [T], curvature: inout [T],
    as kind: CurvatureKind = .exact
  ) throws(LossError) -> Double {
    defer {
      keepAlive(mask, offsets)
      keepAlive(predictions, targets, weights, gradient, curvature)
    }
    return try mean(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, gradient: gradient.mutableSpan,
      curvature: curvature.mutableSpan, as: kind)
  }

  /// The weighted mean, of a loss with two targets that lie in arrays of their own, each of its own type.
  @inlinable
  public func mean<T: Scalar, First: TargetElement, Second: TargetElement>(
    predictions: [T], targets first: [First], _ second: [Second], weights: [T]? = nil, mask: [Bool]? = nil,
    offsets: [T]? = nil, missingTargets: Double? = nil
  ) throws(LossError) -> Double {
    defer {
      keepAlive(mask, offsets)
      keepAlive(predictions, first, second, weights)
    }
    return try mean(
      predictions: predictions.span, targets: first.span, second.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets)
  }

  /// The weighted mean and its gradient, of a loss with two targets in arrays of their own.
  @inlinable
  public func mean<T: Scalar, First: TargetElement, Second: TargetElement>(
    predictions: [T], targets first: [First], _ second: [Second], weights: [T]? = nil, mask: [Bool]? = nil,
    offsets: [T]? = nil, missingTargets: Double? = nil, gradient: inout [T]
  ) throws(LossError) -> Double {
    defer {
      keepAlive(mask, offsets)
      keepAlive(predictions, first, second, weights, gradient)
    }
    return try mean(
      predictions: predictions.span, targets: first.span, second.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets,
      gradient: gradient.mutableSpan)
  }

  /// The loss of every sample, times its weight, as a new array.
  @inlinable
  public func values<T: Scalar, Target: TargetElement>(
    predictions: [T], targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil,
    offsets: [T]? = nil, missingTargets: Double? = nil
  ) throws(LossError) -> [T] {
    defer {
      keepAlive(mask, offsets)
      keepAlive(predictions, targets, weights)
    }
    var result = [T](repeating: 0, count: targets.count / self.targets.count)
    try values(
      predictions: predictions.span, targets: targets.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets, into: result.mutableSpan)
    return result
  }

  /// The loss of every sample, times its weight, as a new array, of a loss with two targets in arrays of their own.
  @inlinable
  public func values<T: Scalar, First: TargetElement, Second: TargetElement>(
    predictions: [T], targets first: [First], _ second: [Second], weights: [T]? = nil, mask: [Bool]? = nil,
    offsets: [T]? = nil, missingTargets: Double? = nil
  ) throws(LossError) -> [T] {
    defer {
      keepAlive(mask, offsets)
      keepAlive(predictions, first, second, weights)
    }
    var result = [T](repeating: 0, count: first.count)
    try values(
      predictions: predictions.span, targets: first.span, second.span, weights: weights?.span, mask: mask?.span,
      offsets: offsets?.span, missingTargets: missingTargets,
      into: result.mutableSpan)
    return result
  }
}
