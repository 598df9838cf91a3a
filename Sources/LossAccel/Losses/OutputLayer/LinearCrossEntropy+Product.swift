extension LinearCrossEntropy {
  /// The product of the curvature of the sum or the mean of the losses with a direction of hidden states, classifier and bias, all together.
  ///
  /// With U, S and r the direction of H, W and b the logits change by U·Wᵀ + H·Sᵀ + r. What they make of the gradient of the logits takes
  /// their place, some tokens at a time as for the gradient: two copies of their logits are within ``memory``. Seven matrix products
  /// run for ``CurvatureKind/exact``, and five for ``CurvatureKind/gaussNewton``; fewer for directions and products that are left out.
  ///
  /// - Parameters:
  ///   - kind: Which curvature.
  ///   - reduction: Whether it is that of the sum or of the mean.
  ///   - hidden: H, row after row, one for each token.
  ///   - classifier: W, row after row, one for each class.
  ///   - width: The number of elements of a hidden state, and of a row of the classifier.
  ///   - bias: b, one per class; 0 if left out.
  ///   - labels: y, one per token.
  ///   - weights: w ≥ 0, one per token, 1 each if left out.
  ///   - hiddenDirection: U, like H; 0 if left out.
  ///   - classifierDirection: S, like W; 0 if left out.
  ///   - biasDirection: r, one per class; 0 if left out.
  ///   - hiddenProduct: Where the product's part for H goes, if it is wanted: a buffer of its length.
  ///   - classifierProduct: Where that for W goes, likewise.
  ///   - biasProduct: Where that for b goes, likewise, also where there is no bias.
  /// - Throws: ``LossError``, as ``mean(hidden:classifier:width:bias:labels:weights:hiddenGradient:classifierGradient:biasGradient:)``,
  ///   for a direction that is not finite, and for another kind of curvature. The buffers then hold NaN.
  public func product<H: StoredElement, W: StoredElement, Label: LabelElement>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, hidden: Span<H>, classifier: Span<W>, width: Int,
    bias: Span<H.Arithmetic>? = nil, labels: Span<Label>, weights: Span<H.Arithmetic>? = nil,
    hiddenDirection: Span<H.Arithmetic>? = nil, classifierDirection: Span<H.Arithmetic>? = nil,
    biasDirection: Span<H.Arithmetic>? = nil, hiddenProduct: consuming MutableSpan<H.Arithmetic>? = nil,
    classifierProduct: consuming MutableSpan<H.Arithmetic>? = nil,
    biasProduct: consuming MutableSpan<H.Arithmetic>? = nil
  ) throws(LossError) where H.Arithmetic == W.Arithmetic {
    var hiddenProduct = hiddenProduct
    var classifierProduct = classifierProduct
    var biasProduct = biasProduct
    // The pass holds addresses; the spans keep their memory until the call is over.
    defer {
      extendLifetime(hidden)
      extendLifetime(classifier)
      extendLifetime(bias)
      extendLifetime(labels)
      extendLifetime(weights)
      extendLifetime(hiddenDirection)
      extendLifetime(classifierDirection)
      extendLifetime(biasDirection)
    }
    let classes = requireLengths(hidden, classifier, width, bias, labels, weights)
    for (length, expected) in [
      (hiddenDirection?.count, hidden.count), (classifierDirection?.count, classifier.count),
      (biasDirection?.count, classes), (hiddenProduct?.count, hidden.count),
      (classifierProduct?.count, classifier.count), (biasProduct?.count, classes),
    ] {
      if let length { requireCount(length, expected, "elements of a direction or product", "elements") }
    }
    do throws(LossError) {
      guard kind == .exact || kind == .gaussNewton else {
        throw .curvatureNotAvailable(loss: "linear-cross-entropy", kind: kind, available: [.exact, .gaussNewton])
      }
      let (pass, _) = try pass(
        reduction, hidden, classifier, width, bias, labels, weights, scale: 1, logits: 2, states: 3)
      var direction = OutputLayerDirection<H.Arithmetic>()
      if let hiddenDirection { direction.hidden = StoredRows(hiddenDirection, columns: width) }
      if let classifierDirection { direction.classifier = StoredRows(classifierDirection, columns: width) }
      if let biasDirection { direction.bias = StoredRows(biasDirection, columns: classes) }
      try pass.product(
        gaussNewton: kind == .gaussNewton, direction, hiddenProduct: &hiddenProduct,
        classifierProduct: &classifierProduct, biasProduct: &biasProduct)
    } catch {
      hiddenProduct?.update(repeating: .nan)
      classifierProduct?.update(repeating: .nan)
      biasProduct?.update(repeating: .nan)
      throw error
    }
  }
}
