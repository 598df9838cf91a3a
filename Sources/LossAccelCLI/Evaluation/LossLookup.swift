import LossAccel

/// The loss of that name with those parameters and options; a usage error that lists what there is otherwise.
func evaluableLoss(
  named name: String, parameters: [String: Double], options: LossOptions = LossOptions()
) throws -> any EvaluableLoss {
  do {
    if let ordinal = OrdinalLoss.all.first(where: { $0.name == name }) {
      return try OrdinalEvaluation(ordinal, options: options, parameters: parameters)
    }
    if name == GaussianEvaluation.name { return try GaussianEvaluation(options: options, parameters: parameters) }
    if RowLossCatalogue.all.contains(where: { $0.name == name }) {
      return try RowLossEvaluation(RowLossCatalogue.loss(named: name, parameters: parameters), options: options)
    }
    if JointLossCatalogue.all.contains(where: { $0.name == name }) {
      return try JointEvaluation(JointLossCatalogue.loss(named: name, parameters: parameters), options: options)
    }
    return try PointwiseEvaluation(LossCatalogue.loss(named: name, parameters: parameters), options: options)
  } catch LossCatalogueError.unknownLoss {
    let names = LossListing.all.map(\.name).joined(separator: ", ")
    throw UsageError("There is no loss \"\(name)\". There are: \(names).")
  } catch let error as LossCatalogueError {
    throw UsageError("\(error) 'lossaccel losses \(name)' tells about its parameters.")
  }
}
