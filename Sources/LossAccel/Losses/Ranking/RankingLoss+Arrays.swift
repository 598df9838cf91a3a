extension RankingLoss {
  /// The weighted mean of the lists' losses.
  public func mean<T: Scalar, Relevance: TargetElement>(
    predictions: [T], targets: [Relevance], lists: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask) }
    return try mean(
      predictions: predictions.span, targets: targets.span, lists: lists, weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean and its gradient, an array of the batch's length that is reused.
  public func mean<T: Scalar, Relevance: TargetElement>(
    predictions: [T], targets: [Relevance], lists: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil,
    gradient: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient) }
    return try mean(
      predictions: predictions.span, targets: targets.span, lists: lists, weights: weights?.span, mask: mask?.span,
      gradient: gradient.mutableSpan)
  }

  /// The weighted sum of the lists' losses.
  public func sum<T: Scalar, Relevance: TargetElement>(
    predictions: [T], targets: [Relevance], lists: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask) }
    return try sum(
      predictions: predictions.span, targets: targets.span, lists: lists, weights: weights?.span, mask: mask?.span)
  }

  /// The weighted sum and its gradient, an array of the batch's length that is reused.
  public func sum<T: Scalar, Relevance: TargetElement>(
    predictions: [T], targets: [Relevance], lists: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil,
    gradient: inout [T]
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient) }
    return try sum(
      predictions: predictions.span, targets: targets.span, lists: lists, weights: weights?.span, mask: mask?.span,
      gradient: gradient.mutableSpan)
  }

  /// The loss of every list, times its weight, as a new array.
  public func values<T: Scalar, Relevance: TargetElement>(
    predictions: [T], targets: [Relevance], lists: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(predictions, targets, weights, mask) }
    var result = [T](repeating: 0, count: lists?.count ?? 1)
    try values(
      predictions: predictions.span, targets: targets.span, lists: lists, weights: weights?.span, mask: mask?.span,
      into: result.mutableSpan)
    return result
  }

  /// The exact curvature of the sum or the mean as an operator.
  ///
  /// - Throws: ``LossError``, as the mean.
  public func curvature<T: Scalar, Relevance: TargetElement>(
    of reduction: RowReduction, predictions: [T], targets: [Relevance], lists: [Int]? = nil, weights: [T]? = nil,
    mask: [Bool]? = nil
  ) throws(LossError) -> BatchCurvature<T> {
    defer { keepAlive(predictions, targets, weights, mask) }
    let starts = starts(lists, count: predictions.count)
    let factor = try factor(reduction, predictions.span, targets.span, starts, weights?.span, mask?.span)
    return BatchCurvature(kind: .exact, count: predictions.count) { vector, result in
      var values: MutableSpan<T>?
      var gradient: MutableSpan<T>?
      var product: MutableSpan<T>? = result
      defer { keepAlive(predictions, targets, weights, mask) }
      _ = RankingKernel.run(
        options, scores: predictions.span, relevance: targets.span, starts: starts.span, weights: weights?.span,
        mask: mask?.span, scale: factor, direction: vector, values: &values, gradient: &gradient, product: &product)
    }
  }
}
