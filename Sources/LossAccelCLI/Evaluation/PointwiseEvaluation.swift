import LossAccel

/// A pointwise loss on files: every element of the predictions is a sample.
struct PointwiseEvaluation: EvaluableLoss {
  let loss: PointwiseLoss
  var name: String { loss.name }
  var samplesAreRows: Bool { false }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    guard batch.targets.plainShape == batch.predictions.plainShape else {
      throw DataError(
        """
        \(batch.targets.name) has the shape \(batch.targets.shapeText), but \(batch.predictions.name) has \
        \(batch.predictions.shapeText). \(name) needs one target for every prediction.
        """)
    }
    return try evaluate(batch, targets: batch.targets.elements, wanted)
  }

  private func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, targets: some NumericElements, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let count = batch.predictionValues.count
    var values = [Element](repeating: 0, count: wanted.reduction == .none ? count : 0)
    var gradient = [Element](repeating: 0, count: wanted.derivatives ? count : 0)
    var curvature = gradient
    var value = 0.0
    let predictions = batch.predictionValues.span, targets = targets.values.span, weights = batch.weights?.span
    switch (wanted.reduction, wanted.derivatives) {
    case (.mean, false):
      value = try loss.mean(predictions: predictions, targets: targets, weights: weights)
    case (.mean, true):
      value = try loss.mean(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
    case (.sum, false):
      value = try loss.sum(predictions: predictions, targets: targets, weights: weights)
    case (.sum, true):
      value = try loss.sum(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
    case (.none, false):
      try loss.values(predictions: predictions, targets: targets, weights: weights, into: values.mutableSpan)
    case (.none, true):
      try loss.values(
        predictions: predictions, targets: targets, weights: weights, into: values.mutableSpan,
        gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: count,
      weight: batch.weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(count))
  }
}
