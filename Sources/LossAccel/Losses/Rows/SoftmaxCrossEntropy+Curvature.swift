extension SoftmaxCrossEntropy {
  /// The exact curvature of the sum or the mean of the losses of rows with labels; see ``SoftmaxCurvature``.
  ///
  /// - Throws: ``LossError``, as ``mean(logits:classes:labels:weights:mask:gradient:)``.
  public func curvature<T: Scalar, Label: LabelElement>(
    of reduction: RowReduction, logits: Span<T>, classes: Int, labels: Span<Label>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    try curvature(
      of: reduction, logits, classes: classes, targets: labels, areLabels: true, weights: weights, mask: mask)
  }

  /// The exact curvature of the sum or the mean of the losses of rows with target distributions; see ``SoftmaxCurvature``.
  ///
  /// - Throws: ``LossError``, as ``mean(logits:classes:targets:weights:mask:gradient:)``.
  public func curvature<T: Scalar>(
    of reduction: RowReduction, logits: Span<T>, classes: Int, targets: Span<T>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    try curvature(
      of: reduction, logits, classes: classes, targets: targets, areLabels: false, weights: weights, mask: mask)
  }

  /// The exact curvature of the sum or the mean of the losses of rows with labels; see ``SoftmaxCurvature``.
  public func curvature<T: Scalar, Label: LabelElement>(
    of reduction: RowReduction, logits: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    defer { keepAlive(logits, labels, weights, mask) }
    return try curvature(
      of: reduction, logits: logits.elements.span, classes: logits.columns, labels: labels.span,
      weights: weights?.span, mask: mask?.span)
  }

  /// The exact curvature of the sum or the mean of the losses of rows with target distributions; see ``SoftmaxCurvature``.
  public func curvature<T: Scalar>(
    of reduction: RowReduction, logits: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> SoftmaxCurvature<T> {
    defer { keepAlive(logits, targets, weights, mask) }
    requireShape(of: targets, as: logits)
    return try curvature(
      of: reduction, logits: logits.elements.span, classes: logits.columns, targets: targets.elements.span,
      weights: weights?.span, mask: mask?.span)
  }

  private func curvature<T: Scalar, Target: TargetElement>(
    of reduction: RowReduction, _ logits: Span<T>, classes: Int, targets: Span<Target>, areLabels: Bool,
    weights: Span<T>?, mask: Span<Bool>?
  ) throws(LossError) -> SoftmaxCurvature<T> {
    var scales = [T](repeating: 0, count: requireRows(logits.count, classes))
    var values: MutableSpan<T>?
    var gradient: MutableSpan<T>?
    var masses: MutableSpan<T>? = scales.mutableSpan
    let weight = try evaluate(
      logits, classes: classes, targets: targets, areLabels: areLabels, weights: weights, mask: mask,
      reduction: reduction,
      scale: 1, &values, &gradient, &masses
    ).weight
    if reduction == .mean {
      for row in scales.indices { scales[row] = T(Double(scales[row]) / weight) }
    }
    return SoftmaxCurvature(logits: logits, classes: classes, scales: scales)
  }
}
