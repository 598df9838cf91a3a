extension LinearCrossEntropy {
  /// The weighted mean of the tokens' losses, Σ wᵢℓᵢ / Σ wᵢ·c_yᵢ over those that count, and on request its gradients.
  ///
  /// - Parameters:
  ///   - hidden: H, row after row, one for each token.
  ///   - classifier: W, row after row, one for each class.
  ///   - width: The number of elements of a hidden state, and of a row of the classifier.
  ///   - bias: b, one per class; 0 if left out.
  ///   - labels: y, one per token, integers of any width, 0 ..< classes or the ignored label.
  ///   - weights: w ≥ 0, one per token, 1 each if left out.
  ///   - hiddenGradient: Where the gradient with respect to H goes, if it is wanted: a buffer of its length.
  ///   - classifierGradient: Where that with respect to W goes, likewise.
  ///   - biasGradient: Where that with respect to b goes, likewise, also where there is no bias.
  /// - Returns: The mean, in `Double`.
  /// - Throws: ``LossError`` for an empty batch, a label out of range, weights that are negative or not finite, where nothing is left to
  ///   average, and for an element of the inputs that is not finite, or a logit: it says which, and where. All buffers then hold NaN.
  /// - Precondition: the lengths fit: whole rows, a label and a weight for each token, a bias and a class weight for each class.
  public func mean<H: StoredElement, W: StoredElement, Label: LabelElement>(
    hidden: Span<H>, classifier: Span<W>, width: Int, bias: Span<H.Arithmetic>? = nil, labels: Span<Label>,
    weights: Span<H.Arithmetic>? = nil, hiddenGradient: consuming MutableSpan<H.Arithmetic>? = nil,
    classifierGradient: consuming MutableSpan<H.Arithmetic>? = nil,
    biasGradient: consuming MutableSpan<H.Arithmetic>? = nil
  ) throws(LossError) -> Double where H.Arithmetic == W.Arithmetic {
    var values: MutableSpan<H.Arithmetic>?
    return try evaluate(
      .mean, hidden, classifier, width, bias, labels, weights, scale: 1, &values, hiddenGradient, classifierGradient,
      biasGradient)
  }

  /// The weighted sum of the tokens' losses, Σ wᵢℓᵢ, and on request its gradients.
  ///
  /// Parameters and errors are those of the mean, save that weights may be all 0: the sum is then 0. All is multiplied by `scale`: the
  /// derivative of whatever the sum flows into.
  public func sum<H: StoredElement, W: StoredElement, Label: LabelElement>(
    hidden: Span<H>, classifier: Span<W>, width: Int, bias: Span<H.Arithmetic>? = nil, labels: Span<Label>,
    weights: Span<H.Arithmetic>? = nil, scale: Double = 1,
    hiddenGradient: consuming MutableSpan<H.Arithmetic>? = nil,
    classifierGradient: consuming MutableSpan<H.Arithmetic>? = nil,
    biasGradient: consuming MutableSpan<H.Arithmetic>? = nil
  ) throws(LossError) -> Double where H.Arithmetic == W.Arithmetic {
    var values: MutableSpan<H.Arithmetic>?
    return try evaluate(
      .sum, hidden, classifier, width, bias, labels, weights, scale: scale, &values, hiddenGradient, classifierGradient,
      biasGradient)
  }

  /// The loss of every token, wᵢℓᵢ, in a buffer with one element per token; 0 for tokens that are left out. On request the gradients of
  /// their sum. Parameters and errors are those of the mean.
  public func values<H: StoredElement, W: StoredElement, Label: LabelElement>(
    hidden: Span<H>, classifier: Span<W>, width: Int, bias: Span<H.Arithmetic>? = nil, labels: Span<Label>,
    weights: Span<H.Arithmetic>? = nil, into values: consuming MutableSpan<H.Arithmetic>,
    hiddenGradient: consuming MutableSpan<H.Arithmetic>? = nil,
    classifierGradient: consuming MutableSpan<H.Arithmetic>? = nil,
    biasGradient: consuming MutableSpan<H.Arithmetic>? = nil
  ) throws(LossError) where H.Arithmetic == W.Arithmetic {
    var values: MutableSpan<H.Arithmetic>? = values
    _ = try evaluate(
      .sum, hidden, classifier, width, bias, labels, weights, scale: 1, &values, hiddenGradient, classifierGradient,
      biasGradient)
  }

  private func evaluate<H: StoredElement, W: StoredElement, Label: LabelElement>(
    _ reduction: RowReduction, _ hidden: Span<H>, _ classifier: Span<W>, _ width: Int, _ bias: Span<H.Arithmetic>?,
    _ labels: Span<Label>, _ weights: Span<H.Arithmetic>?, scale: Double, _ values: inout MutableSpan<H.Arithmetic>?,
    _ hiddenGradient: consuming MutableSpan<H.Arithmetic>?,
    _ classifierGradient: consuming MutableSpan<H.Arithmetic>?, _ biasGradient: consuming MutableSpan<H.Arithmetic>?
  ) throws(LossError) -> Double where H.Arithmetic == W.Arithmetic {
    var hiddenGradient = hiddenGradient
    var classifierGradient = classifierGradient
    var biasGradient = biasGradient
    // The pass holds addresses; the spans keep their memory until the call is over.
    defer {
      extendLifetime(hidden)
      extendLifetime(classifier)
      extendLifetime(bias)
      extendLifetime(labels)
      extendLifetime(weights)
    }
    let classes = requireLengths(hidden, classifier, width, bias, labels, weights)
    if let length = values?.count { requireCount(length, labels.count, "values", "tokens") }
    if let length = hiddenGradient?.count { requireCount(length, hidden.count, "elements of a gradient", "elements") }
    if let length = classifierGradient?.count {
      requireCount(length, classifier.count, "elements of a gradient", "elements")
    }
    if let length = biasGradient?.count { requireCount(length, classes, "elements of the bias's gradient", "classes") }
    do throws(LossError) {
      let wantsGradient = hiddenGradient != nil || classifierGradient != nil || biasGradient != nil
      let (pass, divisor) = try pass(
        reduction, hidden, classifier, width, bias, labels, weights, scale: scale, logits: 1,
        states: wantsGradient ? 2 : 1)
      let sum = try pass.run(
        values: &values, hiddenGradient: &hiddenGradient, classifierGradient: &classifierGradient,
        biasGradient: &biasGradient)
      return sum / divisor * scale
    } catch {
      values?.update(repeating: .nan)
      hiddenGradient?.update(repeating: .nan)
      classifierGradient?.update(repeating: .nan)
      biasGradient?.update(repeating: .nan)
      throw error
    }
  }
}

extension LinearCrossEntropy {
  /// The number of classes, after the lengths have been compared.
  func requireLengths<H: StoredElement, W: StoredElement, A: Scalar, Label: LabelElement>(
    _ hidden: Span<H>, _ classifier: Span<W>, _ width: Int, _ bias: Span<A>?, _ labels: Span<Label>,
    _ weights: Span<A>?
  ) -> Int {
    precondition(width >= 1, "hidden states of \(width) elements; there must be at least 1")
    precondition(
      hidden.count % width == 0, "\(hidden.count) elements are no whole hidden states of \(width) elements")
    precondition(
      classifier.count % width == 0, "\(classifier.count) elements are no whole rows of \(width) elements")
    let classes = classifier.count / width
    precondition(
      classes >= 1 && classes <= Int(Int32.max) - 64, "\(classes) classes; there must be 1 to \(Int32.max - 64)")
    requireCount(labels.count, hidden.count / width, "labels", "hidden states")
    if let bias { requireCount(bias.count, classes, "elements of the bias", "classes") }
    if let weights { requireCount(weights.count, labels.count, "weights", "tokens") }
    if let classWeights { requireCount(classWeights.count, classes, "class weights", "classes") }
    return classes
  }

  /// The pass over a batch whose lengths fit, and what its sum is divided by. It holds the spans' addresses.
  func pass<H: StoredElement, W: StoredElement, A: Scalar, Label: LabelElement>(
    _ reduction: RowReduction, _ hidden: Span<H>, _ classifier: Span<W>, _ width: Int, _ bias: Span<A>?,
    _ labels: Span<Label>, _ weights: Span<A>?, scale: Double, logits: Int, states: Int
  ) throws(LossError) -> (pass: OutputLayerPass<A>, divisor: Double) where H.Arithmetic == A, W.Arithmetic == A {
    guard labels.count > 0 else { throw .emptyBatch }
    let classes = classifier.count / width
    let targets = TokenTargets(
      labels: labels, weights: weights, classes: classes, classWeights: classWeights, labelSmoothing: labelSmoothing,
      ignoredLabel: ignoredLabel)
    let (total, problem) = targets.weigh(as: A.self, reduction: reduction)
    switch problem {
    case .invalidWeight(let row): throw .invalidWeight(index: row, value: Double(weights![row]))
    case .invalidLabel(let row): throw .labelOutOfRange(row: row, label: labels[row].asLabel, classes: classes)
    case .some: throw .nothingToAverage
    case nil:
      if total == 0, let ignoredLabel, !anyRowCounts(labels, weights, ignoring: ignoredLabel) {
        throw .nothingToAverage
      }
    }
    let divisor = reduction == .mean ? total : 1
    let rows = StoredRows<A>(classifier, columns: width)
    let plan = OutputLayerPlan(
      tokens: labels.count, width: width, classes: classes, elementSize: MemoryLayout<A>.stride, logits: logits,
      states: states, convertsClassifier: !rows.isNative, memory: memory)
    let logitRows = LogitRows(
      classes: classes, stride: plan.stride, classWeights: classWeights, labelSmoothing: labelSmoothing, cap: cap ?? 0,
      logPartitionPrice: logPartitionPrice, scale: scale / divisor)
    var storedBias: StoredRows<A>?
    if let bias { storedBias = StoredRows(bias, columns: classes) }
    let pass = OutputLayerPass(
      hidden: StoredRows<A>(hidden, columns: width), classifier: rows, bias: storedBias, targets: targets,
      rows: logitRows, plan: plan)
    return (pass, divisor)
  }
}
