import LossAccel

/// A loss of several predictions or targets on files: a row of each is a sample.
struct JointEvaluation: EvaluableLoss {
  let loss: JointLoss
  var name: String { loss.name }
  var samplesAreRows: Bool { true }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    try requireColumns(batch.predictions, loss.predictions, "predictions")
    try requireColumns(batch.targets, loss.targets, "targets")
    guard batch.predictions.rows == batch.targets.rows else {
      throw DataError(
        """
        \(batch.targets.name) has \(batch.targets.rows) rows, but \(batch.predictions.name) has \(batch.predictions.rows). \(name) \
        needs a row of targets for every row of predictions.
        """)
    }
    return try evaluate(batch, targets: batch.targets.elements, wanted)
  }

  private func requireColumns(_ array: NumericArray, _ variables: [JointLoss.Variable], _ what: String) throws {
    guard array.columns == variables.count else {
      throw DataError(
        """
        \(array.name) has \(array.columns) columns, but the \(what) of \(name) are \
        \(variables.map(\.name).joined(separator: ", ")).
        """)
    }
  }

  private func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, targets: some NumericElements, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let rows = batch.predictions.rows
    var values = [Element](repeating: 0, count: wanted.reduction == .none ? rows : 0)
    // Derivatives come together, and are cheap beside reading files.
    var gradient = [Element](repeating: 0, count: batch.predictionValues.count)
    var curvature = [Element](repeating: 0, count: rows * loss.curvatureCount)
    var value = 0.0
    let predictions = batch.predictionValues.span, targets = targets.values.span, weights = batch.weights?.span
    switch wanted.reduction {
    case .mean:
      value = try loss.mean(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
    case .sum:
      value = try loss.sum(
        predictions: predictions, targets: targets, weights: weights, gradient: gradient.mutableSpan,
        curvature: curvature.mutableSpan)
    case .none:
      try loss.values(
        predictions: predictions, targets: targets, weights: weights, into: values.mutableSpan,
        gradient: gradient.mutableSpan, curvature: curvature.mutableSpan)
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, curvatureColumns: loss.curvatureCount,
      count: rows, weight: batch.weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(rows))
  }
}
