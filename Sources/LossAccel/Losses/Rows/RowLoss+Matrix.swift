// One row of a matrix is one sample. Each call is the Span-based one of the same name.

extension RowLoss {
  /// The weighted mean of the losses of rows with labels; see ``mean(scores:classes:labels:weights:gradient:)``.
  public func mean<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights) }
    return try mean(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span)
  }

  /// The weighted mean of the losses of rows with labels, and its gradient, a matrix of the scores' shape that is reused.
  public func mean<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights, gradient) }
    requireShape(of: gradient, as: scores)
    return try mean(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the losses of rows with labels; see ``sum(scores:classes:labels:weights:scale:gradient:)``.
  public func sum<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights) }
    return try sum(scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span)
  }

  /// The weighted sum of the losses of rows with labels, and its gradient, a matrix of the scores' shape that is reused.
  public func sum<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, labels, weights, gradient) }
    requireShape(of: gradient, as: scores)
    return try sum(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The loss of every row with its label, times its weight, as a new array.
  public func values<T: Scalar, Label: LabelElement>(
    scores: Matrix<T>, labels: [Label], weights: [T]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(scores, labels, weights) }
    var result = [T](repeating: 0, count: scores.rows)
    try values(
      scores: scores.elements.span, classes: scores.columns, labels: labels.span, weights: weights?.span,
      into: result.mutableSpan)
    return result
  }
}

extension RowLoss {
  /// The weighted mean of the losses of rows with target distributions; see ``mean(scores:classes:targets:weights:gradient:)``.
  public func mean<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights) }
    requireShape(of: targets, as: scores)
    return try mean(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span)
  }

  /// The weighted mean of the losses of rows with target distributions, and its gradient, a matrix that is reused.
  public func mean<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights, gradient) }
    requireShape(of: targets, as: scores)
    requireShape(of: gradient, as: scores)
    return try mean(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the losses of rows with target distributions.
  public func sum<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights) }
    requireShape(of: targets, as: scores)
    return try sum(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span)
  }

  /// The weighted sum of the losses of rows with target distributions, and its gradient, a matrix that is reused.
  public func sum<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(scores, targets, weights, gradient) }
    requireShape(of: targets, as: scores)
    requireShape(of: gradient, as: scores)
    return try sum(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The loss of every row with its target distribution, times its weight, as a new array.
  public func values<T: Scalar>(
    scores: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(scores, targets, weights) }
    requireShape(of: targets, as: scores)
    var result = [T](repeating: 0, count: scores.rows)
    try values(
      scores: scores.elements.span, classes: scores.columns, targets: targets.elements.span, weights: weights?.span,
      into: result.mutableSpan)
    return result
  }
}
