// One row of a matrix is one map. Each call is the Span-based one of the same name.

extension SegmentationLoss {
  /// The weighted mean of the losses of maps.
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: Matrix<T>, targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask) }
    return try mean(
      predictions: predictions.elements.span, targets: targets.span, pixels: predictions.columns,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean of the losses of maps, and its gradient, a matrix of the predictions' shape that is reused.
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: Matrix<T>, targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient) }
    requireShape(of: gradient, as: predictions)
    return try mean(
      predictions: predictions.elements.span, targets: targets.span, pixels: predictions.columns,
      weights: weights?.span, mask: mask?.span, gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the losses of maps.
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: Matrix<T>, targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask) }
    return try sum(
      predictions: predictions.elements.span, targets: targets.span, pixels: predictions.columns,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted sum of the losses of maps, and its gradient, a matrix of the predictions' shape that is reused.
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: Matrix<T>, targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(predictions, targets, weights, mask, gradient) }
    requireShape(of: gradient, as: predictions)
    return try sum(
      predictions: predictions.elements.span, targets: targets.span, pixels: predictions.columns,
      weights: weights?.span, mask: mask?.span, gradient: gradient.elements.mutableSpan)
  }

  /// The exact curvature of the sum or the mean as an operator. Of the Dice family it has rank 2 (3 with a power) for every sample, and a
  /// product costs O(n); of the Lovász losses, which are linear between kinks, it is 0.
  ///
  /// - Throws: ``LossError``, as the mean.
  public func curvature<T: Scalar, Target: TargetElement>(
    of reduction: RowReduction, predictions: Matrix<T>, targets: [Target], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> BatchCurvature<T> {
    defer { keepAlive(predictions, targets, weights, mask) }
    let elements = predictions.elements, pixels = predictions.columns
    requireMaps(elements.span, targets.span, pixels, weights?.span, mask?.span)
    // Whatever is wrong with the batch is thrown now.
    let sums = try sums(elements.span, targets.span, pixels, mask?.span)
    let factors = try factors(reduction, sums, weights?.span, isMasked: mask != nil)
    if case .lovasz(let fromLogits) = form {
      var none: MutableSpan<T>?
      let results = OverlapKernel.lovasz(
        predictions: elements.span, targets: targets.span, pixels: pixels, mask: mask?.span, fromLogits: fromLogits,
        scales: factors, output: &none)
      try refuse(results.map(\.violation), factors, elements.span, targets.span)
    } else {
      try refuse(sums.map(\.violation), factors, elements.span, targets.span)
    }
    return BatchCurvature(kind: .exact, count: elements.count) { vector, result in
      defer { keepAlive(elements, targets, mask) }
      let sums = OverlapKernel.sums(
        predictions: elements.span, targets: targets.span, pixels: pixels, mask: mask?.span, direction: vector)
      var output = result
      fill(&output, products(sums), factors, elements.span, targets.span, pixels, mask?.span)
    }
  }
}
