// One row of a matrix is one embedding. Each call is the Span-based one of the same name.

extension TripletLoss {
  /// The weighted mean of the triplets' losses.
  public func mean<T: Scalar>(
    anchors: Matrix<T>, positives: Matrix<T>, negatives: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(anchors, positives, negatives, weights, mask) }
    requireShape(of: positives, as: anchors)
    requireShape(of: negatives, as: anchors)
    return try mean(
      anchors: anchors.elements.span, positives: positives.elements.span, negatives: negatives.elements.span,
      columns: anchors.columns, weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean and its gradients with respect to the three embeddings, matrices of their shape that are reused.
  public func mean<T: Scalar>(
    anchors: Matrix<T>, positives: Matrix<T>, negatives: Matrix<T>, weights: [T]? = nil, mask: [Bool]? = nil,
    anchorGradient: inout Matrix<T>, positiveGradient: inout Matrix<T>, negativeGradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer {
      keepAlive(anchors, positives, negatives, weights, mask)
      keepAlive(anchorGradient, positiveGradient, negativeGradient)
    }
    for matrix in [positives, negatives] { requireShape(of: matrix, as: anchors) }
    requireShape(of: anchorGradient, as: anchors)
    requireShape(of: positiveGradient, as: anchors)
    requireShape(of: negativeGradient, as: anchors)
    return try mean(
      anchors: anchors.elements.span, positives: positives.elements.span, negatives: negatives.elements.span,
      columns: anchors.columns, weights: weights?.span, mask: mask?.span,
      anchorGradient: anchorGradient.elements.mutableSpan, positiveGradient: positiveGradient.elements.mutableSpan,
      negativeGradient: negativeGradient.elements.mutableSpan)
  }

  /// The exact curvature of the sum or the mean as an operator on the three matrices of embeddings.
  ///
  /// - Throws: ``LossError``, as the mean.
  public func curvature<T: Scalar>(
    of reduction: RowReduction, anchors: Matrix<T>, positives: Matrix<T>, negatives: Matrix<T>,
    weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> EmbeddingCurvature<T> {
    defer { keepAlive(anchors, positives, negatives, weights, mask) }
    requireShape(of: positives, as: anchors)
    requireShape(of: negatives, as: anchors)
    let factor = try meanFactor(reduction, weights?.span, mask?.span, count: anchors.rows)
    return EmbeddingCurvature(kind: .exact, shapes: [anchors, positives, negatives]) { direction throws(LossError) in
      defer { keepAlive(anchors, positives, negatives, weights, mask) }
      var batch = batch(
        anchors.elements.span, positives.elements.span, negatives.elements.span, anchors.columns, weights?.span,
        mask?.span)
      for index in 0..<3 { batch.move(index, along: direction[index].elements.span) }
      // Overwritten everywhere.
      var (first, second, third) = (anchors, positives, negatives)
      var firstSpan = first.elements.mutableSpan, secondSpan = second.elements.mutableSpan
      var thirdSpan = third.elements.mutableSpan
      batch.store(0, in: &firstSpan, scale: factor)
      batch.store(1, in: &secondSpan, scale: factor)
      batch.store(2, in: &thirdSpan, scale: factor)
      _ = batch.run()
      extendLifetime(direction)
      extendLifetime(firstSpan)
      extendLifetime(secondSpan)
      extendLifetime(thirdSpan)
      return [first, second, third]
    }
  }
}
