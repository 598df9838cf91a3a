import LossAccel

/// What some losses need beside predictions and targets.
struct LossInputs {
  /// The cuts between the levels of ordinal losses.
  var cuts: [Double]?
  /// The factor of a normal distribution's precision.
  var precisionFactor: NumericArray?
}

/// The loss of that name with those parameters; a usage error that lists what there is otherwise.
func evaluableLoss(
  named name: String, parameters: [String: Double], inputs: LossInputs = LossInputs()
) throws -> any EvaluableLoss {
  let ordinal = OrdinalLoss.all.first { $0.name == name }
  if inputs.cuts != nil && ordinal == nil { throw UsageError("\(name) has no cuts; --cuts is for ordinal losses.") }
  if inputs.precisionFactor != nil && name != GaussianEvaluation.name {
    throw UsageError("\(name) has no precision; --precision-factor is for \(GaussianEvaluation.name).")
  }
  do {
    if let ordinal { return try OrdinalEvaluation(ordinal, cuts: inputs.cuts, parameters: parameters) }
    if name == GaussianEvaluation.name {
      return try GaussianEvaluation(precisionFactor: inputs.precisionFactor, parameters: parameters)
    }
    if RowLossCatalogue.all.contains(where: { $0.name == name }) {
      return try RowLossEvaluation(named: name, parameters: parameters)
    }
    if JointLossCatalogue.all.contains(where: { $0.name == name }) {
      return JointEvaluation(loss: try JointLossCatalogue.loss(named: name, parameters: parameters))
    }
    return PointwiseEvaluation(loss: try LossCatalogue.loss(named: name, parameters: parameters))
  } catch LossCatalogueError.unknownLoss {
    let names = LossListing.all.map(\.name).joined(separator: ", ")
    throw UsageError("There is no loss \"\(name)\". There are: \(names).")
  } catch let error as LossCatalogueError {
    throw UsageError("\(error) 'lossaccel losses \(name)' tells about its parameters.")
  }
}
