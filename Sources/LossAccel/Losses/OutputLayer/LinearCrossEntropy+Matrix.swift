// One row of the hidden states is one token. Each call is the Span-based one of the same name.

extension LinearCrossEntropy {
  /// The weighted mean of the tokens' losses.
  public func mean<T: Scalar, Label: LabelElement>(
    hidden: Matrix<T>, classifier: Matrix<T>, bias: [T]? = nil, labels: [Label], weights: [T]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(hidden, classifier, bias, labels, weights) }
    requireWidth(of: classifier, as: hidden)
    return try mean(
      hidden: hidden.elements.span, classifier: classifier.elements.span, width: hidden.columns, bias: bias?.span,
      labels: labels.span, weights: weights?.span)
  }

  /// The weighted mean of the tokens' losses and its gradient, whose memory is reused.
  public func mean<T: Scalar, Label: LabelElement>(
    hidden: Matrix<T>, classifier: Matrix<T>, bias: [T]? = nil, labels: [Label], weights: [T]? = nil,
    gradient: inout OutputLayerTangent<T>
  ) throws(LossError) -> Double {
    gradient.requireShapes(hidden, classifier)
    return try evaluate(
      .mean, hidden, classifier, bias, labels, weights, &gradient.hidden.elements, &gradient.classifier.elements,
      &gradient.bias)
  }

  /// The weighted sum of the tokens' losses.
  public func sum<T: Scalar, Label: LabelElement>(
    hidden: Matrix<T>, classifier: Matrix<T>, bias: [T]? = nil, labels: [Label], weights: [T]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(hidden, classifier, bias, labels, weights) }
    requireWidth(of: classifier, as: hidden)
    return try sum(
      hidden: hidden.elements.span, classifier: classifier.elements.span, width: hidden.columns, bias: bias?.span,
      labels: labels.span, weights: weights?.span)
  }

  /// The weighted sum of the tokens' losses and its gradient, whose memory is reused.
  public func sum<T: Scalar, Label: LabelElement>(
    hidden: Matrix<T>, classifier: Matrix<T>, bias: [T]? = nil, labels: [Label], weights: [T]? = nil,
    gradient: inout OutputLayerTangent<T>
  ) throws(LossError) -> Double {
    gradient.requireShapes(hidden, classifier)
    return try evaluate(
      .sum, hidden, classifier, bias, labels, weights, &gradient.hidden.elements, &gradient.classifier.elements,
      &gradient.bias)
  }

  /// The loss of every token, times its weight, as a new array.
  public func values<T: Scalar, Label: LabelElement>(
    hidden: Matrix<T>, classifier: Matrix<T>, bias: [T]? = nil, labels: [Label], weights: [T]? = nil
  ) throws(LossError) -> [T] {
    defer { keepAlive(hidden, classifier, bias, labels, weights) }
    requireWidth(of: classifier, as: hidden)
    var result = [T](repeating: 0, count: hidden.rows)
    try values(
      hidden: hidden.elements.span, classifier: classifier.elements.span, width: hidden.columns, bias: bias?.span,
      labels: labels.span, weights: weights?.span, into: result.mutableSpan)
    return result
  }

  /// The product of the curvature of the sum or the mean of the losses with a direction of hidden states, classifier and bias.
  public func product<T: Scalar, Label: LabelElement>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, hidden: Matrix<T>, classifier: Matrix<T>,
    bias: [T]? = nil, labels: [Label], weights: [T]? = nil, with direction: OutputLayerTangent<T>
  ) throws(LossError) -> OutputLayerTangent<T> {
    defer {
      keepAlive(hidden, classifier, bias, labels, weights)
      extendLifetime(direction)
    }
    requireWidth(of: classifier, as: hidden)
    direction.requireShapes(hidden, classifier)
    var states = [T](uninitialized: hidden.elements.count), rows = [T](uninitialized: classifier.elements.count)
    var sums = [T](uninitialized: classifier.rows)
    try product(
      kind, of: reduction, hidden: hidden.elements.span, classifier: classifier.elements.span, width: hidden.columns,
      bias: bias?.span, labels: labels.span, weights: weights?.span,
      hiddenDirection: direction.hidden.elements.span, classifierDirection: direction.classifier.elements.span,
      biasDirection: direction.bias.span, hiddenProduct: states.mutableSpan,
      classifierProduct: rows.mutableSpan, biasProduct: sums.mutableSpan)
    return OutputLayerTangent(
      hidden: Matrix(rows: hidden.rows, columns: hidden.columns, elements: states),
      classifier: Matrix(rows: classifier.rows, columns: classifier.columns, elements: rows), bias: sums)
  }

  // Spans of several properties of one value cannot be had at once; those of parameters can.
  private func evaluate<T: Scalar, Label: LabelElement>(
    _ reduction: RowReduction, _ hidden: Matrix<T>, _ classifier: Matrix<T>, _ bias: [T]?, _ labels: [Label],
    _ weights: [T]?, _ states: inout [T], _ rows: inout [T], _ sums: inout [T]
  ) throws(LossError) -> Double {
    defer {
      keepAlive(hidden, classifier, bias, labels, weights)
      keepAlive(states, rows, sums)
    }
    if reduction == .mean {
      return try mean(
        hidden: hidden.elements.span, classifier: classifier.elements.span, width: hidden.columns, bias: bias?.span,
        labels: labels.span, weights: weights?.span, hiddenGradient: states.mutableSpan,
        classifierGradient: rows.mutableSpan, biasGradient: sums.mutableSpan)
    }
    return try sum(
      hidden: hidden.elements.span, classifier: classifier.elements.span, width: hidden.columns, bias: bias?.span,
      labels: labels.span, weights: weights?.span, hiddenGradient: states.mutableSpan,
      classifierGradient: rows.mutableSpan, biasGradient: sums.mutableSpan)
  }
}
