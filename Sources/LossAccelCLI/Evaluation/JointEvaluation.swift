import LossAccel

/// A loss of several predictions or targets on files: a row of each is a sample.
struct JointEvaluation: EvaluableLoss {
  let loss: JointLoss
  let missingTargets: Double?
  var name: String { loss.name }
  var samplesAreRows: Bool { true }

  init(_ loss: JointLoss, options: LossOptions) throws {
    try options.require(within: loss.options, of: loss.name)
    self.loss = loss
    missingTargets = options.missingTargets
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ reduction: Reduction
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
    var result = try loss.evaluate(
      batch, targets: batch.targets.elements, targetsPerSample: loss.targets.count, curvatures: loss.curvatureCount,
      missingTargets: missingTargets, reduction)
    result.curvatureColumns = loss.curvatureCount
    return result
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
}
