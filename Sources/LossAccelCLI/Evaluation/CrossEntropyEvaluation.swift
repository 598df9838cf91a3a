import LossAccel

/// The cross-entropy of distributions on files: a row of probabilities is a sample, and so is a row of targets.
struct CrossEntropyEvaluation: EvaluableLoss {
  static let lossName = "cross-entropy"

  var name: String { Self.lossName }
  var samplesAreRows: Bool { true }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let targets = batch.targets
    guard targets.shape == batch.predictions.shape else {
      throw DataError(
        """
        \(targets.name) has the shape \(targets.shapeText), but \(batch.predictions.name) has \
        \(batch.predictions.shapeText). \(name) needs a distribution of the same shape. For labels and logits use \
        \(SoftmaxEvaluation.lossName).
        """)
    }
    let rows = batch.predictions.rows, classes = batch.predictions.columns
    var values = [Element](repeating: 0, count: wanted.reduction == .none ? rows : 0)
    var gradient = [Element](repeating: 0, count: wanted.derivatives ? rows * classes : 0)
    var curvature = gradient
    var value = 0.0
    let loss = CrossEntropy()
    let distributions = targets.elements.doubles.map { Element($0) }
    let predictions = batch.predictionValues.span, targetSpan = distributions.span, weights = batch.weights?.span
    switch (wanted.reduction, wanted.derivatives) {
    case (.mean, false):
      value = try loss.mean(predictions: predictions, targets: targetSpan, classes: classes, weights: weights)
    case (.mean, true):
      value = try loss.mean(
        predictions: predictions, targets: targetSpan, classes: classes, weights: weights,
        gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
    case (.sum, false):
      value = try loss.sum(predictions: predictions, targets: targetSpan, classes: classes, weights: weights)
    case (.sum, true):
      value = try loss.sum(
        predictions: predictions, targets: targetSpan, classes: classes, weights: weights,
        gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
    case (.none, false):
      try loss.values(
        predictions: predictions, targets: targetSpan, classes: classes, weights: weights, into: values.mutableSpan)
    case (.none, true):
      try loss.values(
        predictions: predictions, targets: targetSpan, classes: classes, weights: weights, into: values.mutableSpan,
        gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: rows,
      weight: batch.weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(rows))
  }
}
