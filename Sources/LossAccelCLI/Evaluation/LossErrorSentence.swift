import LossAccel

/// What is wrong with a batch, with the file, and the line and column where it is a text table.
func sentence<Element>(
  for error: LossError, in batch: Batch<Element>, weights: NumericArray?, samplesAreRows: Bool
) -> String {
  let predictions = batch.predictions, targets = batch.targets
  let columns = samplesAreRows ? 1 : predictions.columns
  switch error {
  case .emptyBatch:
    return "\(predictions.name) holds no samples, so there is nothing to compute."
  case .nothingToAverage:
    if let weights, batch.weights?.allSatisfy({ $0 == 0 }) == true {
      return "\(weights.name): all weights are zero, so there is no mean. Ask for --reduction sum."
    }
    return """
      No sample of \(predictions.name) counts: each has the weight 0, also that of its class, or is masked, or its target is missing or \
      ignored.
      """
  case .invalidWeight(let index, let value):
    let sharedByRow = weights.map { $0.plainShape == [predictions.rows] } ?? true
    let position = sharedByRow ? index / columns : index
    return
      "\(place(position, sharedByRow ? 1 : columns, in: weights ?? predictions)): the weight is \(value). Weights must be finite and not negative; 0 leaves a sample out."
  case .targetOutsideDomain(let index, let value, let lowest, let highest):
    return """
      \(place(index, targets.columns, in: targets)): the target is \(value), outside \(lowest)…\(highest). Correct it, or give the \
      sample the weight 0.
      """
  case .predictionOutsideDomain(let index, let value, let lowest, let highest):
    return """
      \(place(index, predictions.columns, in: predictions)): the prediction is \(value), outside \(lowest)…\(highest). Correct it, or use a \
      loss on the model's raw output.
      """
  case .labelOutOfRange(let row, let label, let classes):
    return """
      \(place(row, 1, in: targets)): the label is \(label), but \(predictions.name) has \(classes) columns, so labels run from 0 \
      to \(classes - 1). Correct it, or give the row the weight 0.
      """
  case .invalidProbability(let row, let column, let value):
    return """
      Row \(row + 1), column \(column + 1) of \(predictions.name) or \(targets.name): the probability is \(value). Probabilities \
      lie in 0…1; for logits use softmax-cross-entropy.
      """
  case .curvatureNotAvailable, .closedFormNotAvailable, .curvatureNotPositive, .invalidStep, .linearAlgebra,
    .invalidCut, .invalidPrecision, .inputNotFinite:
    return "\(predictions.name): \(error)"
  }
}
