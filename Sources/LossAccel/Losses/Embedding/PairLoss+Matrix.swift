// One row of a matrix is one embedding. Each call is the Span-based one of the same name.

extension PairLoss {
  /// The weighted mean of the pairs' losses.
  public func mean<T: Scalar, Label: TargetElement>(
    first: Matrix<T>, second: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(first, second, labels, weights, mask) }
    requireShape(of: second, as: first)
    return try mean(
      first: first.elements.span, second: second.elements.span, columns: first.columns, labels: labels.span,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean and its gradients with respect to both embeddings, matrices of their shape that are reused.
  public func mean<T: Scalar, Label: TargetElement>(
    first: Matrix<T>, second: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil,
    firstGradient: inout Matrix<T>, secondGradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer {
      keepAlive(first, second, labels, weights, mask)
      keepAlive(firstGradient, secondGradient)
    }
    requireShape(of: second, as: first)
    requireShape(of: firstGradient, as: first)
    requireShape(of: secondGradient, as: first)
    return try mean(
      first: first.elements.span, second: second.elements.span, columns: first.columns, labels: labels.span,
      weights: weights?.span, mask: mask?.span, firstGradient: firstGradient.elements.mutableSpan,
      secondGradient: secondGradient.elements.mutableSpan)
  }

  /// The weighted sum of the pairs' losses.
  public func sum<T: Scalar, Label: TargetElement>(
    first: Matrix<T>, second: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(first, second, labels, weights, mask) }
    requireShape(of: second, as: first)
    return try sum(
      first: first.elements.span, second: second.elements.span, columns: first.columns, labels: labels.span,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted sum and its gradients with respect to both embeddings, matrices of their shape that are reused.
  public func sum<T: Scalar, Label: TargetElement>(
    first: Matrix<T>, second: Matrix<T>, labels: [Label], weights: [T]? = nil, mask: [Bool]? = nil,
    firstGradient: inout Matrix<T>, secondGradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer {
      keepAlive(first, second, labels, weights, mask)
      keepAlive(firstGradient, secondGradient)
    }
    requireShape(of: second, as: first)
    requireShape(of: firstGradient, as: first)
    requireShape(of: secondGradient, as: first)
    return try sum(
      first: first.elements.span, second: second.elements.span, columns: first.columns, labels: labels.span,
      weights: weights?.span, mask: mask?.span, firstGradient: firstGradient.elements.mutableSpan,
      secondGradient: secondGradient.elements.mutableSpan)
  }

  /// The exact curvature of the sum or the mean as an operator on both matrices of embeddings.
  ///
  /// - Throws: ``LossError``, as the mean.
  public func curvature<T: Scalar, Label: TargetElement>(
    of reduction: RowReduction, first: Matrix<T>, second: Matrix<T>, labels: [Label], weights: [T]? = nil,
    mask: [Bool]? = nil
  ) throws(LossError) -> EmbeddingCurvature<T> {
    defer { keepAlive(first, second, labels, weights, mask) }
    requireShape(of: second, as: first)
    let factor = try factor(
      reduction,
      batch(first.elements.span, second.elements.span, first.columns, labels.span, weights?.span, mask?.span),
      labels.span, weights?.span, mask?.span)
    return EmbeddingCurvature(kind: .exact, shapes: [first, second]) { direction throws(LossError) in
      defer { keepAlive(first, second, labels, weights, mask) }
      var batch = batch(
        first.elements.span, second.elements.span, first.columns, labels.span, weights?.span, mask?.span)
      batch.move(0, along: direction[0].elements.span)
      batch.move(1, along: direction[1].elements.span)
      // Overwritten everywhere.
      var (firstResult, secondResult) = (first, second)
      var firstSpan = firstResult.elements.mutableSpan, secondSpan = secondResult.elements.mutableSpan
      batch.store(0, in: &firstSpan, scale: factor)
      batch.store(1, in: &secondSpan, scale: factor)
      _ = batch.run()
      extendLifetime(direction)
      extendLifetime(firstSpan)
      extendLifetime(secondSpan)
      return [firstResult, secondResult]
    }
  }
}
