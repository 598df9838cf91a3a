/// The losses of several predictions or targets by name.
///
/// A loss is one static member of ``JointLoss`` and one line here: the tests find it through this list.
public enum JointLossCatalogue {
  package static let entries: [Entry] = [
    Entry(.gaussianLikelihood),
    Entry(.laplaceLikelihood),
    Entry(.studentLikelihood(), parameter: .positive("degrees")) { .studentLikelihood(degrees: $0) },
    Entry(.gaussianRankedProbability),
    Entry(.logisticRankedProbability),
    Entry(.intervalScore(), parameter: .fraction("alpha")) { .intervalScore(alpha: $0) },
    Entry(.normalFailureTime(), parameter: .positive("scale")) { .normalFailureTime(scale: $0) },
    Entry(.logisticFailureTime(), parameter: .positive("scale")) { .logisticFailureTime(scale: $0) },
    Entry(.extremeFailureTime(), parameter: .positive("scale")) { .extremeFailureTime(scale: $0) },
    Entry(.exponentialSurvival),
    Entry(.weibullSurvival(), parameter: .positive("shape")) { .weibullSurvival(shape: $0) },
    Entry(.zeroInflatedPoisson),
    Entry(.poissonHurdle),
    Entry(.quantileScore()),
    Entry(.orderedQuantileScore()),
  ]

  /// Every loss, with its parameters at their defaults.
  public static let all: [JointLoss] = entries.map(\.standard)

  /// The loss of that name, with the given parameters and the defaults of the others.
  ///
  /// - Throws: ``LossCatalogueError`` for a name, a parameter or a value that there is not.
  public static func loss(
    named name: String, parameters: [String: Double] = [:]
  ) throws(LossCatalogueError) -> JointLoss {
    guard let entry = entries.first(where: { $0.standard.name == name }) else {
      throw .unknownLoss(name: name, known: entries.map(\.standard.name))
    }
    for other in parameters.keys.sorted() where other != entry.parameter?.name {
      throw .unknownParameter(loss: name, parameter: other, known: entry.parameter.map { [$0.name] } ?? [])
    }
    guard let parameter = entry.parameter, let value = parameters[parameter.name] else { return entry.standard }
    guard parameter.accepts(value) else {
      throw .invalidParameter(loss: name, parameter: parameter.name, value: value, requirement: parameter.requirement)
    }
    return entry.make(value)
  }
}

extension JointLossCatalogue {
  /// A loss and how to make it with another parameter.
  package struct Entry: Sendable {
    package let standard: JointLoss
    package let parameter: LossCatalogue.Parameter?
    fileprivate let make: @Sendable (Double) -> JointLoss

    init(_ loss: JointLoss) {
      standard = loss
      parameter = nil
      make = { _ in loss }
    }

    init(_ standard: JointLoss, parameter: LossCatalogue.Parameter, make: @escaping @Sendable (Double) -> JointLoss) {
      self.standard = standard
      self.parameter = parameter
      self.make = make
    }
  }
}
