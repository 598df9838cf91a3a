import LossAccel

/// The loss of that name with those parameters; a usage error that lists what there is otherwise.
func evaluableLoss(named name: String, parameters: [String: Double]) throws -> any EvaluableLoss {
  if let listing = LossListing.rowLosses.first(where: { $0.name == name }) {
    for parameter in parameters.keys.sorted() where !listing.parameters.contains(where: { $0.name == parameter }) {
      let known = listing.parameters.map(\.name).joined(separator: ", ")
      throw UsageError("The loss \(name) has no parameter \"\(parameter)\". It has: \(known.isEmpty ? "none" : known).")
    }
    return name == CrossEntropyEvaluation.lossName
      ? CrossEntropyEvaluation() : try SoftmaxEvaluation(parameters: parameters)
  }
  do {
    return PointwiseEvaluation(loss: try LossCatalogue.loss(named: name, parameters: parameters))
  } catch .unknownLoss {
    let names = LossListing.all.map(\.name).joined(separator: ", ")
    throw UsageError("There is no loss \"\(name)\". There are: \(names).")
  } catch {
    throw UsageError("\(error) 'lossaccel losses \(name)' tells about its parameters.")
  }
}
