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
    var result = Evaluation<Element>()
    result.count = count
    result.weight = batch.weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(count)
    var values = [Element](repeating: 0, count: wanted.reduction == .none ? count : 0)
    var gradient = [Element](repeating: 0, count: wanted.gradient || wanted.curvature ? count : 0)
    var curvature = [Element](repeating: 0, count: wanted.curvature ? count : 0)

    let predictions = batch.predictionValues.span
    let targets = targets.values.span
    let weights = batch.weights?.span
    switch (wanted.reduction, wanted.curvature, wanted.gradient) {
    case (.mean, true, _):
      result.value = try loss.mean(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
    case (.mean, false, true):
      result.value = try loss.mean(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan)
    case (.mean, false, false):
      result.value = try loss.mean(predictions: predictions, targets: targets, weights: weights)
    case (.sum, true, _):
      result.value = try loss.sum(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
    case (.sum, false, true):
      result.value = try loss.sum(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan)
    case (.sum, false, false):
      result.value = try loss.sum(predictions: predictions, targets: targets, weights: weights)
    case (.none, true, _):
      try loss.values(
        predictions: predictions, targets: targets, weights: weights, into: values.mutableSpan,
        gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
    case (.none, false, true):
      try loss.values(
        predictions: predictions, targets: targets, weights: weights, into: values.mutableSpan,
        gradient: gradient.mutableSpan)
    case (.none, false, false):
      try loss.values(predictions: predictions, targets: targets, weights: weights, into: values.mutableSpan)
    }
    result.values = values
    result.gradient = gradient
    result.curvature = curvature
    return result
  }
}
