extension CoxPartialLikelihood {
  /// The mean loss of an event.
  public func mean<T: Scalar>(
    predictions: [T], targets: SurvivalTimes, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, weights, mask) }
    return try mean(predictions: predictions.span, targets: targets, weights: weights?.span, mask: mask?.span)
  }

  /// The mean loss of an event and its gradient, an array of the batch's length that is reused.
  public func mean<T: Scalar>(
    predictions: [T], targets: SurvivalTimes, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, weights, mask, gradient) }
    return try mean(
      predictions: predictions.span, targets: targets, weights: weights?.span, mask: mask?.span,
      gradient: gradient.mutableSpan)
  }

  /// The mean loss of an event, its gradient and the diagonal of its Hessian.
  public func mean<T: Scalar>(
    predictions: [T], targets: SurvivalTimes, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout [T],
    curvature: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, weights, mask, gradient, curvature) }
    return try mean(
      predictions: predictions.span, targets: targets, weights: weights?.span, mask: mask?.span,
      gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
  }

  /// The sum of the losses of all events.
  public func sum<T: Scalar>(
    predictions: [T], targets: SurvivalTimes, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, weights, mask) }
    return try sum(predictions: predictions.span, targets: targets, weights: weights?.span, mask: mask?.span)
  }

  /// The sum of the losses of all events and its gradient, an array of the batch's length that is reused.
  public func sum<T: Scalar>(
    predictions: [T], targets: SurvivalTimes, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, weights, mask, gradient) }
    return try sum(
      predictions: predictions.span, targets: targets, weights: weights?.span, mask: mask?.span,
      gradient: gradient.mutableSpan)
  }

  /// The sum of the losses of all events, its gradient and the diagonal of its Hessian.
  public func sum<T: Scalar>(
    predictions: [T], targets: SurvivalTimes, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout [T],
    curvature: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, weights, mask, gradient, curvature) }
    return try sum(
      predictions: predictions.span, targets: targets, weights: weights?.span, mask: mask?.span,
      gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
  }

  /// The exact curvature of the sum or the mean as an operator: H·v in O(n), H positive semidefinite.
  ///
  /// - Throws: ``LossError``, as the mean.
  public func curvature<T: Scalar>(
    of reduction: RowReduction, predictions: [T], targets: SurvivalTimes, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> BatchCurvature<T> {
    defer { keepAlive(predictions, weights, mask) }
    requireCount(predictions.count, targets.count, "predictions", "times")
    let factor = try factor(reduction, targets, weights?.span, mask?.span)
    return BatchCurvature(kind: .exact, count: targets.count) { vector, result in
      var gradient: MutableSpan<T>?
      var diagonal: MutableSpan<T>?
      var product: MutableSpan<T>? = result
      defer { keepAlive(predictions, weights, mask) }
      _ = run(
        predictions.span, targets, weights?.span, mask?.span, factor, vector, &gradient, &diagonal, &product)
    }
  }
}
