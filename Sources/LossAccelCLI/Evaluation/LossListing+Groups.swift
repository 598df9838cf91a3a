import LossAccel

extension LossListing {
  /// All losses of the library: those that `lossaccel evaluate` knows, and those of pairs, lists, maps and studies, which are called from
  /// Swift.
  static var known: [LossListing] { all + GroupLossCatalogue.all.map(LossListing.init) }

  init(_ loss: GroupLoss) {
    name = loss.name
    summary = loss.summary
    sample = loss.sample
    formula = loss.formula
    gradient = "with respect to all predictions of the batch; in Swift: \(loss.call)"
    curvature = loss.curvatureKinds.map(\.words).joined(separator: ", ") + ", as products with directions"
    predictionDomain = "see \(loss.call)"
    targetDomain = "see \(loss.call)"
    properties = loss.traits.description
    parameters = loss.parameters
    options = []
  }
}

extension CurvatureKind {
  fileprivate var words: String {
    switch self {
    case .exact: "exact"
    case .fisher: "Fisher"
    case .gaussNewton: "Gauss-Newton"
    case .majorizer: "majorizer"
    }
  }
}
