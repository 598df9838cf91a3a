extension SoftmaxCrossEntropy {
  /// The exact curvature of the sum or the mean of the losses of rows with labels; see ``SoftmaxCurvature``.
  ///
  /// - Throws: ``LossError``, as ``mean(logits:classes:labels:weights:gradient:)``.
  public func curvature<T: Scalar, Label: LabelElement>(
    of reduction: RowReduction, logits: Span<T>, classes: Int, labels: Span<Label>, weights: Span<T>? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    try curvature(
      of: reduction, logits, classes: classes, targets: labels, areLabels: true, weights: weights)
  }

  /// The exact curvature of the sum or the mean of the losses of rows with target distributions; see ``SoftmaxCurvature``.
  ///
  /// - Throws: ``LossError``, as ``mean(logits:classes:targets:weights:gradient:)``.
  public func curvature<T: Scalar>(
    of reduction: RowReduction, logits: Span<T>, classes: Int, targets: Span<T>, weights: Span<T>? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    try curvature(
      of: reduction, logits, classes: classes, targets: targets, areLabels: false, weights: weights)
  }

  /// The exact curvature of the sum or the mean of the losses of rows with labels; see ``SoftmaxCurvature``.
  public func curvature<T: Scalar, Label: LabelElement>(
    of reduction: RowReduction, logits: Matrix<T>, labels: [Label], weights: [T]? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    defer { keepAlive(logits, labels, weights) }
    return try curvature(
      of: reduction, logits: logits.elements.span, classes: logits.columns, labels: labels.span,
      weights: weights?.span)
  }

  /// The exact curvature of the sum or the mean of the losses of rows with target distributions; see ``SoftmaxCurvature``.
  public func curvature<T: Scalar>(
    of reduction: RowReduction, logits: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    defer { keepAlive(logits, targets, weights) }
    requireShape(of: targets, as: logits)
    return try curvature(
      of: reduction, logits: logits.elements.span, classes: logits.columns, targets: targets.elements.span,
      weights: weights?.span)
  }

  private func curvature<T: Scalar, Target: TargetElement>(
    of reduction: RowReduction, _ logits: Span<T>, classes: Int, targets: Span<Target>, areLabels: Bool,
    weights: Span<T>?
  ) throws(LossError) -> SoftmaxCurvature<T> {
    var scales = [T](repeating: 0, count: requireRows(logits.count, classes))
    var values: MutableSpan<T>?
    var gradient: MutableSpan<T>?
    var masses: MutableSpan<T>? = scales.mutableSpan
    let weight = try evaluate(
      logits, classes: classes, targets: targets, areLabels: areLabels, weights: weights, reduction: reduction,
      scale: 1, &values, &gradient, &masses
    ).weight
    if reduction == .mean {
      for row in scales.indices { scales[row] = T(Double(scales[row]) / weight) }
    }
    return SoftmaxCurvature(logits: logits, classes: classes, scales: scales)
  }
}
