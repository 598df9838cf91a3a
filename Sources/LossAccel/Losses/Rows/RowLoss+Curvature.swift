extension RowLoss {
  /// The curvature of the sum or the mean of the losses of rows with labels; see ``RowCurvature``.
  ///
  /// - Throws: ``LossError``, as ``mean(scores:classes:labels:weights:mask:gradient:)``, and for a kind that the loss does not have.
  public func curvature<T: Scalar, Label: LabelElement>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, scores: Span<T>, classes: Int, labels: Span<Label>,
    weights: Span<T>? = nil, mask: Span<Bool>? = nil
  ) throws(LossError) -> RowCurvature<T> {
    try curvature(
      kind, of: reduction, scores.copied(), classes: classes, targets: labels.copied(), areLabels: true,
      weights: weights?.copied(), mask: mask?.copied())
  }

  /// The curvature of the sum or the mean of the losses of rows with target distributions; see ``RowCurvature``.
  ///
  /// - Throws: ``LossError``, as ``mean(scores:classes:targets:weights:mask:gradient:)``, and for a kind that the loss does not have.
  public func curvature<T: Scalar>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, scores: Span<T>, classes: Int, targets: Span<T>,
    weights: Span<T>? = nil, mask: Span<Bool>? = nil
  ) throws(LossError) -> RowCurvature<T> {
    try curvature(
      kind, of: reduction, scores.copied(), classes: classes, targets: targets.copied(), areLabels: false,
      weights: weights?.copied(), mask: mask?.copied())
  }

  /// The curvature of the sum or the mean of the losses of rows with labels; see ``RowCurvature``.
  public func curvature<T: Scalar, Label: LabelElement>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, scores: Matrix<T>, labels: [Label], weights: [T]? = nil,
    mask: [Bool]? = nil
  ) throws(LossError) -> RowCurvature<T> {
    try curvature(
      kind, of: reduction, scores.elements, classes: scores.columns, targets: labels, areLabels: true, weights: weights,
      mask: mask)
  }

  /// The curvature of the sum or the mean of the losses of rows with target distributions; see ``RowCurvature``.
  public func curvature<T: Scalar>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, scores: Matrix<T>, targets: Matrix<T>,
    weights: [T]? = nil,
    mask: [Bool]? = nil
  ) throws(LossError) -> RowCurvature<T> {
    requireShape(of: targets, as: scores)
    return try curvature(
      kind, of: reduction, scores.elements, classes: scores.columns, targets: targets.elements, areLabels: false,
      weights: weights, mask: mask)
  }

  private func curvature<T: Scalar, Target: TargetElement>(
    _ kind: CurvatureKind, of reduction: RowReduction, _ scores: [T], classes: Int, targets: [Target],
    areLabels: Bool, weights given: [T]?, mask: [Bool]?
  ) throws(LossError) -> RowCurvature<T> {
    var weights = given
    if let mask {
      defer { keepAlive(given, mask) }
      weights = try maskedWeights(given?.span, by: mask.span, rows: requireRows(scores.count, classes))
    }
    return try curvature(kind, of: reduction, scores, classes: classes, targets, areLabels: areLabels, weights)
  }

  private func curvature<T: Scalar, Target: TargetElement>(
    _ kind: CurvatureKind, of reduction: RowReduction, _ scores: [T], classes: Int, _ targets: [Target],
    areLabels: Bool, _ weights: [T]?
  ) throws(LossError) -> RowCurvature<T> {
    defer { keepAlive(scores, targets, weights) }
    guard curvatures.contains(kind) else {
      throw .curvatureNotAvailable(loss: name, kind: kind, available: curvatures)
    }
    // One pass without outputs finds out whether the data is valid.
    var values: MutableSpan<T>?
    var gradient: MutableSpan<T>?
    _ = try evaluate(
      scores.span, classes: classes, targets: targets.span, areLabels: areLabels, weights: weights?.span,
      reduction: reduction, scale: 1, &values, &gradient)
    let settings = settings(classes: classes, areLabels: areLabels, reduction: reduction, scale: 1)
    let matrix: RowLossKernel.Matrix =
      switch kind {
      case .exact, .fisher: .exact
      case .gaussNewton: .gaussNewton
      case .majorizer: .majorizer
      }
    return RowCurvature(kind: kind, rows: scores.count / classes, classes: classes, loss: self) {
      [kernel] operation, vector, result in
      defer { keepAlive(scores, targets, weights) }
      _ = kernel.multiply(
        operation, of: matrix, with: vector, scores: scores.span, targets: targets.span, weights: weights?.span,
        settings: settings, product: &result)
    }
  }
}
