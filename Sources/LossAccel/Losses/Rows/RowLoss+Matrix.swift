// One row of a matrix is one sample. Each call is the Span-based one of the same name.

extension RowLoss {
  /// The weighted mean of the losses of rows with labels; see ``mean(scores:classes:labels:weights:mask:gradient:)``.
  public func mean<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights, mask) }
    return try mean(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted mean of the losses of rows with labels, and its gradient, a matrix of the scores' shape that is reused.
  public func mean<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights, mask, gradient) }
    requireShape(of: gradient, as: scores)
    return try mean(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the losses of rows with labels; see ``sum(scores:classes:labels:weights:mask:scale:gradient:)``.
  public func sum<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights, mask) }
    return try sum(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted sum of the losses of rows with labels, and its gradient, a matrix of the scores' shape that is reused.
  public func sum<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights, mask, gradient) }
    requireShape(of: gradient, as: scores)
    return try sum(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The loss of every row with its label, times its weight, as a new array.
  public func values<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(scores, labels, weights, mask) }
    var result = [T](repeating: 0, count: scores.rows)
    try values(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span,
      into: result.mutableSpan)
    return result
  }
}

extension RowLoss {
  /// The weighted mean of the losses of rows with target distributions; see ``mean(scores:classes:targets:weights:mask:gradient:)``.
  public func mean<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights, mask) }
    requireShape(of: targets, as: scores)
    return try mean(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted mean of the losses of rows with target distributions, and its gradient, a matrix that is reused.
  public func mean<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights, mask, gradient) }
    requireShape(of: targets, as: scores)
    requireShape(of: gradient, as: scores)
    return try mean(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the losses of rows with target distributions.
  public func sum<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights, mask) }
    requireShape(of: targets, as: scores)
    return try sum(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted sum of the losses of rows with target distributions, and its gradient, a matrix that is reused.
  public func sum<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights, mask, gradient) }
    requireShape(of: targets, as: scores)
    requireShape(of: gradient, as: scores)
    return try sum(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The loss of every row with its target distribution, times its weight, as a new array.
  public func values<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(scores, targets, weights, mask) }
    requireShape(of: targets, as: scores)
    var result = [T](repeating: 0, count: scores.rows)
    try values(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span,
      into: result.mutableSpan)
    return result
  }
}
