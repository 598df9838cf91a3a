import LossAccel

/// A pointwise loss on files: every element of the predictions is a sample.
struct PointwiseEvaluation: EvaluableLoss {
  let loss: PointwiseLoss
  let name: String
  let missingTargets: Double?
  var samplesAreRows: Bool { false }

  init(_ loss: PointwiseLoss, options: LossOptions) throws {
    try options.require(within: loss.options, of: loss.name)
    if let weights = options.classWeights, weights.count != 2 {
      throw UsageError("\(loss.name) has 2 classes, 0 and 1, but --class-weights names \(weights.count) weights.")
    }
    let smoothed = options.labelSmoothing.map { loss.smoothed(by: $0) } ?? loss
    // The weights are those of the labels as they are given.
    self.loss = options.classWeights.map { smoothed.weighted(classes: $0) } ?? smoothed
    name = loss.name
    missingTargets = options.missingTargets
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ reduction: Reduction
  ) throws -> Evaluation<Element> {
    guard batch.targets.plainShape == batch.predictions.plainShape else {
      throw DataError(
        """
        \(batch.targets.name) has the shape \(batch.targets.shapeText), but \(batch.predictions.name) has \
        \(batch.predictions.shapeText). \(name) needs one target for every prediction.
        """)
    }
    return try loss.evaluate(
      batch, targets: batch.targets.elements, targetsPerSample: 1, curvatures: 1, missingTargets: missingTargets,
      reduction)
  }
}
