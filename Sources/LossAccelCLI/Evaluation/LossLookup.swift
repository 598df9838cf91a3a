import LossAccel

/// The loss of that name with those parameters; a usage error that lists what there is otherwise.
func evaluableLoss(named name: String, parameters: [String: Double]) throws -> any EvaluableLoss {
  do {
    if RowLossCatalogue.all.contains(where: { $0.name == name }) {
      return try RowLossEvaluation(named: name, parameters: parameters)
    }
    return PointwiseEvaluation(loss: try LossCatalogue.loss(named: name, parameters: parameters))
  } catch LossCatalogueError.unknownLoss {
    let names = LossListing.all.map(\.name).joined(separator: ", ")
    throw UsageError("There is no loss \"\(name)\". There are: \(names).")
  } catch {
    throw UsageError("\(error) 'lossaccel losses \(name)' tells about its parameters.")
  }
}
