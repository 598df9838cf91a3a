extension SoftmaxCrossEntropy {
  /// The weighted mean of the losses of rows with target distributions, Σ wᵢℓᵢ / Σ wᵢ, and on request its gradient.
  ///
  /// A row's targets need not sum to 1: the loss is −Σ tₖ·log qₖ as it stands, and nothing is renormalised. The ignored label has
  /// no meaning here.
  ///
  /// - Parameters:
  ///   - logits: z, row after row.
  ///   - classes: The number of logits in a row.
  ///   - targets: t, as many as logits, each in 0...1.
  ///   - weights: w ≥ 0, one per row, 1 each if left out.
  ///   - mask: The rows that count, all if left out.
  ///   - gradient: Where the gradient of the mean goes, if it is wanted: a buffer of the logits' length.
  /// - Returns: The mean, in `Double` for every batch type; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, a target outside 0...1, and weights that are negative, not finite or all 0. The
  ///   gradient then holds NaN.
  /// - Precondition: the lengths fit: whole rows, a target for each logit, a weight for each row, a class weight for each class.
  public func mean<T: Scalar>(
    logits: Span<T>, classes: Int, targets: Span<T>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    return try evaluate(
      logits, classes: classes, targets: targets, areLabels: false, weights: weights, mask: mask, reduction: .mean,
      scale: 1,
      &values, &gradient)
  }

  /// The weighted sum of the losses of rows with target distributions, Σ wᵢℓᵢ, and on request its gradient; all multiplied by
  /// `scale`. See ``mean(logits:classes:targets:weights:mask:gradient:)``.
  public func sum<T: Scalar>(
    logits: Span<T>, classes: Int, targets: Span<T>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    return try evaluate(
      logits, classes: classes, targets: targets, areLabels: false, weights: weights, mask: mask, reduction: .sum,
      scale: scale,
      &values, &gradient)
  }

  /// The loss of every row with its target distribution, wᵢℓᵢ, in a buffer with one element per row. On request the gradient of
  /// their sum.
  public func values<T: Scalar>(
    logits: Span<T>, classes: Int, targets: Span<T>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    into values: consuming MutableSpan<T>, gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient = gradient
    _ = try evaluate(
      logits, classes: classes, targets: targets, areLabels: false, weights: weights, mask: mask, reduction: .sum,
      scale: 1,
      &values, &gradient)
  }
}
