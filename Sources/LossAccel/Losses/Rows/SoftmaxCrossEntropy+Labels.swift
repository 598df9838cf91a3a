extension SoftmaxCrossEntropy {
  /// The weighted mean of the losses of rows with labels, Σ wᵢℓᵢ / Σ wᵢ·c_yᵢ over the rows that count, and on request its gradient.
  ///
  /// Dividing by the class weights of the labels, as PyTorch does, makes the mean independent of their scale; without class weights
  /// it is Σ wᵢℓᵢ / Σ wᵢ. One pass over the batch computes value and gradient.
  ///
  /// - Parameters:
  ///   - logits: z, row after row.
  ///   - classes: The number of logits in a row.
  ///   - labels: y, one per row, integers of any width, 0 ..< `classes` or the ignored label. They are converted while they are read.
  ///   - weights: w ≥ 0, one per row, 1 each if left out.
  ///   - mask: The rows that count, all if left out.
  ///   - gradient: Where the gradient of the mean goes, if it is wanted: a buffer of the logits' length.
  /// - Returns: The mean, in `Double` for every batch type: within 2 ulp of the mean of the rounded losses for a million rows.
  ///   Results are the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, a label out of range, weights that are negative or not finite, and where nothing
  ///   is left to average. The gradient then holds NaN.
  /// - Precondition: the lengths fit: whole rows, a label and a weight for each, a class weight for each class.
  public func mean<T: Scalar, Label: LabelElement>(
    logits: Span<T>, classes: Int, labels: Span<Label>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    return try evaluate(
      logits, classes: classes, targets: labels, areLabels: true, weights: weights, mask: mask, reduction: .mean,
      scale: 1,
      &values, &gradient)
  }

  /// The weighted sum of the losses of rows with labels, Σ wᵢℓᵢ, and on request its gradient.
  ///
  /// As ``mean(logits:classes:labels:weights:mask:gradient:)``, save that weights may be all 0: the sum is then 0. All is multiplied
  /// by `scale`: the derivative of whatever the sum flows into.
  public func sum<T: Scalar, Label: LabelElement>(
    logits: Span<T>, classes: Int, labels: Span<Label>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    return try evaluate(
      logits, classes: classes, targets: labels, areLabels: true, weights: weights, mask: mask, reduction: .sum,
      scale: scale,
      &values, &gradient)
  }

  /// The loss of every row with its label, wᵢℓᵢ, in a buffer with one element per row; 0 for rows that are left out. On request
  /// the gradient of their sum.
  public func values<T: Scalar, Label: LabelElement>(
    logits: Span<T>, classes: Int, labels: Span<Label>, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    into values: consuming MutableSpan<T>, gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient = gradient
    _ = try evaluate(
      logits, classes: classes, targets: labels, areLabels: true, weights: weights, mask: mask, reduction: .sum,
      scale: 1,
      &values, &gradient)
  }
}
