import LossAccel

/// The loss of that name with those parameters; a usage error that lists what there is otherwise.
func evaluableLoss(named name: String, parameters: [String: Double]) throws -> any EvaluableLoss {
  do {
    return PointwiseEvaluation(loss: try LossCatalogue.loss(named: name, parameters: parameters))
  } catch {
    throw UsageError("\(error) 'lossaccel losses' lists all losses and their parameters.")
  }
}
