// One row of a matrix is one distribution. Each call is the Span-based one of the same name.

extension CrossEntropy {
  /// The weighted mean of the rows' cross-entropies; see ``mean(predictions:targets:classes:weights:mask:gradient:curvature:)``.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask) }
    requireShape(of: targets, as: predictions)
    return try mean(
      predictions: predictions.elements.span, targets: targets.elements.span, classes: predictions.columns,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean of the rows' cross-entropies, and its gradient, a matrix of the predictions' shape that is reused.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient) }
    requireShape(of: targets, as: predictions)
    requireShape(of: gradient, as: predictions)
    return try mean(
      predictions: predictions.elements.span, targets: targets.elements.span, classes: predictions.columns,
      weights: weights?.span, mask: mask?.span, gradient: gradient.elements.mutableSpan)
  }

  /// The weighted mean of the rows' cross-entropies, its gradient and the diagonal of its curvature.
  public func mean<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>,
    curvature: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient, curvature) }
    requireShape(of: targets, as: predictions)
    requireShape(of: gradient, as: predictions)
    requireShape(of: curvature, as: predictions)
    return try mean(
      predictions: predictions.elements.span, targets: targets.elements.span, classes: predictions.columns,
      weights: weights?.span, mask: mask?.span, gradient: gradient.elements.mutableSpan,
      curvature: curvature.elements.mutableSpan)
  }

  /// The weighted sum of the rows' cross-entropies.
  public func sum<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask) }
    requireShape(of: targets, as: predictions)
    return try sum(
      predictions: predictions.elements.span, targets: targets.elements.span, classes: predictions.columns,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted sum of the rows' cross-entropies, and its gradient, a matrix of the predictions' shape that is reused.
  public func sum<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient) }
    requireShape(of: targets, as: predictions)
    requireShape(of: gradient, as: predictions)
    return try sum(
      predictions: predictions.elements.span, targets: targets.elements.span, classes: predictions.columns,
      weights: weights?.span, mask: mask?.span, gradient: gradient.elements.mutableSpan)
  }

  /// The cross-entropy of every row, times its weight, as a new array.
  public func values<T: Scalar>(
    predictions: Matrix<T>, targets: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(predictions, targets, weights, mask) }
    requireShape(of: targets, as: predictions)
    var result = [T](repeating: 0, count: predictions.rows)
    try values(
      predictions: predictions.elements.span, targets: targets.elements.span, classes: predictions.columns,
      weights: weights?.span, mask: mask?.span, into: result.mutableSpan)
    return result
  }
}
