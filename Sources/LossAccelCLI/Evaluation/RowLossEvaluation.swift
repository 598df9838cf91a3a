import LossAccel

/// A row loss on files: a row of scores is a sample; targets are one label per row, or one distribution.
struct RowLossEvaluation: EvaluableLoss {
  let loss: RowLoss
  var name: String { loss.name }
  var samplesAreRows: Bool { true }

  init(_ loss: RowLoss, options: LossOptions) throws {
    try options.require(within: loss.options, of: loss.name)
    let loss = loss.smoothed(by: options.labelSmoothing ?? 0).ignoring(label: options.ignoredLabel)
    self.loss = options.classWeights.map { loss.weighted(classes: $0) } ?? loss
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ reduction: Reduction
  ) throws -> Evaluation<Element> {
    let predictions = batch.predictions, targets = batch.targets
    if let weights = loss.classWeights, weights.count != predictions.columns {
      throw DataError(
        """
        --class-weights names \(weights.count) weights, but a row of \(predictions.name) has \(predictions.columns) scores, one for \
        each class.
        """)
    }
    if targets.plainShape == [predictions.rows], predictions.columns > 1 || targets.shape != predictions.shape {
      return try evaluate(batch, try labels(of: batch), [], reduction)
    }
    guard loss.targets.contains(.distributions), targets.shape == predictions.shape else {
      let choice =
        loss.targets.contains(.distributions)
        ? "one label for every row, or a distribution of the same shape" : "one label for every row"
      throw DataError(
        """
        \(targets.name) has the shape \(targets.shapeText), but \(predictions.name) has \(predictions.shapeText). \(name) \
        needs \(choice).
        """)
    }
    return try evaluate(batch, nil, targets.elements.doubles.map { Element($0) }, reduction)
  }

  /// With labels, or else with distributions.
  private func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ labels: [Int]?, _ distributions: [Element], _ reduction: Reduction
  ) throws -> Evaluation<Element> {
    let rows = batch.predictions.rows, classes = batch.predictions.columns
    let scores = batch.predictionValues.span, weights = batch.weights?.span, mask = batch.mask?.span
    let targets = distributions.span
    var gradient = [Element](repeating: 0, count: scores.count)
    var values = [Element](repeating: 0, count: reduction == .none ? rows : 0)
    var value = 0.0
    switch (reduction, labels) {
    case (.mean, let labels?):
      value = try loss.mean(
        scores: scores, classes: classes, labels: labels.span, weights: weights, mask: mask,
        gradient: gradient.mutableSpan)
    case (.mean, nil):
      value = try loss.mean(
        scores: scores, classes: classes, targets: targets, weights: weights, mask: mask,
        gradient: gradient.mutableSpan)
    case (.sum, let labels?):
      value = try loss.sum(
        scores: scores, classes: classes, labels: labels.span, weights: weights, mask: mask,
        gradient: gradient.mutableSpan)
    case (.sum, nil):
      value = try loss.sum(
        scores: scores, classes: classes, targets: targets, weights: weights, mask: mask,
        gradient: gradient.mutableSpan)
    case (.none, let labels?):
      try loss.values(
        scores: scores, classes: classes, labels: labels.span, weights: weights, mask: mask, into: values.mutableSpan,
        gradient: gradient.mutableSpan)
    case (.none, nil):
      try loss.values(
        scores: scores, classes: classes, targets: targets, weights: weights, mask: mask, into: values.mutableSpan,
        gradient: gradient.mutableSpan)
    }
    let kind: RowReduction = reduction == .mean ? .mean : .sum
    let curvature =
      try labels.map {
        try loss.curvature(
          of: kind, scores: scores, classes: classes, labels: $0.span, weights: weights, mask: mask)
      }
      ?? loss.curvature(of: kind, scores: scores, classes: classes, targets: targets, weights: weights, mask: mask)
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature.diagonal().elements, count: rows,
      weight: batch.weight(of: rows) { labels?[$0] == loss.ignoredLabel && loss.ignoredLabel != nil })
  }
}
