// One row of a matrix is one sample. Each call is the Span-based one of the same name.

extension SoftmaxCrossEntropy {
  /// The weighted mean of the losses of rows with labels; see ``mean(logits:classes:labels:weights:mask:gradient:)``.
  public func mean<T: Scalar, Label: LabelElement>(
    logits: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, labels, weights, mask) }
    return try mean(
      logits: logits.elements.span, classes: logits.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted mean of the losses of rows with labels, and its gradient, a matrix of the logits' shape that is reused.
  public func mean<T: Scalar, Label: LabelElement>(
    logits: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, labels, weights, mask, gradient) }
    requireShape(of: gradient, as: logits)
    return try mean(
      logits: logits.elements.span, classes: logits.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the losses of rows with labels; see ``sum(logits:classes:labels:weights:mask:scale:gradient:)``.
  public func sum<T: Scalar, Label: LabelElement>(
    logits: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, labels, weights, mask) }
    return try sum(
      logits: logits.elements.span, classes: logits.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted sum of the losses of rows with labels, and its gradient, a matrix of the logits' shape that is reused.
  public func sum<T: Scalar, Label: LabelElement>(
    logits: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, labels, weights, mask, gradient) }
    requireShape(of: gradient, as: logits)
    return try sum(
      logits: logits.elements.span, classes: logits.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The loss of every row with its label, times its weight, as a new array.
  public func values<T: Scalar, Label: LabelElement>(
    logits: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(logits, labels, weights, mask) }
    var result = [T](repeating: 0, count: logits.rows)
    try values(
      logits: logits.elements.span, classes: logits.columns, labels: labels.span, weights: weights?.span,
      mask: mask?.span,
      into: result.mutableSpan)
    return result
  }
}

extension SoftmaxCrossEntropy {
  /// The weighted mean of the losses of rows with target distributions; see ``mean(logits:classes:targets:weights:mask:gradient:)``.
  public func mean<T: Scalar>(
    logits: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, targets, weights, mask) }
    requireShape(of: targets, as: logits)
    return try mean(
      logits: logits.elements.span, classes: logits.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted mean of the losses of rows with target distributions, and its gradient, a matrix that is reused.
  public func mean<T: Scalar>(
    logits: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, targets, weights, mask, gradient) }
    requireShape(of: targets, as: logits)
    requireShape(of: gradient, as: logits)
    return try mean(
      logits: logits.elements.span, classes: logits.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the losses of rows with target distributions.
  public func sum<T: Scalar>(
    logits: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, targets, weights, mask) }
    requireShape(of: targets, as: logits)
    return try sum(
      logits: logits.elements.span, classes: logits.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted sum of the losses of rows with target distributions, and its gradient, a matrix that is reused.
  public func sum<T: Scalar>(
    logits: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(logits, targets, weights, mask, gradient) }
    requireShape(of: targets, as: logits)
    requireShape(of: gradient, as: logits)
    return try sum(
      logits: logits.elements.span, classes: logits.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span,
      gradient: gradient.elements.mutableSpan)
  }

  /// The loss of every row with its target distribution, times its weight, as a new array.
  public func values<T: Scalar>(
    logits: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(logits, targets, weights, mask) }
    requireShape(of: targets, as: logits)
    var result = [T](repeating: 0, count: logits.rows)
    try values(
      logits: logits.elements.span, classes: logits.columns, targets: targets.elements.span, weights: weights?.span,
      mask: mask?.span,
      into: result.mutableSpan)
    return result
  }
}

func requireShape<T: Scalar>(of matrix: Matrix<T>, as other: Matrix<T>) {
  precondition(
    matrix.rows == other.rows && matrix.columns == other.columns,
    "a matrix of \(matrix.rows) × \(matrix.columns) beside one of \(other.rows) × \(other.columns)")
}
