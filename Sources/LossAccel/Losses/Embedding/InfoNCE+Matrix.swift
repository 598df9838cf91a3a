// One row of a matrix is one embedding. Each call is the Span-based one of the same name.

extension InfoNCE {
  /// The weighted mean of the queries' losses.
  public func mean<T: Scalar>(
    queries: Matrix<T>, keys: Matrix<T>, positives: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(queries, keys, weights, mask) }
    requireWidth(of: keys, as: queries)
    return try mean(
      queries: queries.elements.span, keys: keys.elements.span, columns: queries.columns, positives: positives,
      weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean and its gradients with respect to queries and keys, matrices of their shapes that are reused.
  public func mean<T: Scalar>(
    queries: Matrix<T>, keys: Matrix<T>, positives: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil,
    queryGradient: inout Matrix<T>, keyGradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer {
      keepAlive(queries, keys, weights, mask)
      keepAlive(queryGradient, keyGradient)
    }
    requireWidth(of: keys, as: queries)
    requireShape(of: queryGradient, as: queries)
    requireShape(of: keyGradient, as: keys)
    return try mean(
      queries: queries.elements.span, keys: keys.elements.span, columns: queries.columns, positives: positives,
      weights: weights?.span, mask: mask?.span, queryGradient: queryGradient.elements.mutableSpan,
      keyGradient: keyGradient.elements.mutableSpan)
  }

  /// The weighted sum of the queries' losses and its gradients, matrices of their shapes that are reused.
  public func sum<T: Scalar>(
    queries: Matrix<T>, keys: Matrix<T>, positives: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil,
    queryGradient: inout Matrix<T>, keyGradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer {
      keepAlive(queries, keys, weights, mask)
      keepAlive(queryGradient, keyGradient)
    }
    requireWidth(of: keys, as: queries)
    requireShape(of: queryGradient, as: queries)
    requireShape(of: keyGradient, as: keys)
    return try sum(
      queries: queries.elements.span, keys: keys.elements.span, columns: queries.columns, positives: positives,
      weights: weights?.span, mask: mask?.span, queryGradient: queryGradient.elements.mutableSpan,
      keyGradient: keyGradient.elements.mutableSpan)
  }

  /// The curvature of the sum or the mean as an operator on queries and keys: ``CurvatureKind/exact``, or
  /// ``CurvatureKind/gaussNewton``, which takes the similarities as linear in the embeddings.
  ///
  /// - Throws: ``LossError``, as the mean, and for another kind.
  public func curvature<T: Scalar>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, queries: Matrix<T>, keys: Matrix<T>,
    positives: [Int]? = nil, weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> EmbeddingCurvature<T> {
    defer { keepAlive(queries, keys, weights, mask) }
    requireWidth(of: keys, as: queries)
    let evaluation = try evaluation(
      reduction, queries.elements.count, keys.elements.count, queries.columns, positives, weights?.span, mask?.span)
    return try evaluation.curvature(kind, name, [queries, keys])
  }
}

extension SimilarityEvaluation {
  func curvature<T: Scalar>(
    _ kind: CurvatureKind, _ name: String, _ matrices: [Matrix<T>]
  ) throws(LossError) -> EmbeddingCurvature<T> {
    guard kind == .exact || kind == .gaussNewton else {
      throw .curvatureNotAvailable(loss: name, kind: kind, available: [.exact, .gaussNewton])
    }
    return EmbeddingCurvature(kind: kind, shapes: matrices) { direction throws(LossError) in
      try product(kind, matrices, direction)
    }
  }
}

func requireWidth<T: Scalar>(of matrix: Matrix<T>, as other: Matrix<T>) {
  precondition(
    matrix.columns == other.columns,
    "embeddings of \(matrix.columns) elements beside embeddings of \(other.columns)")
}
