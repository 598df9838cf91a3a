/// The pointwise losses by name.
///
/// A loss is one file in `Losses/Pointwise` and one line in its group, in one of the `LossCatalogue+….swift` files: the tests, the
/// command line, the benchmarks and the documentation find it through this list.
public enum LossCatalogue {
  package static let entries: [Entry] = regression + classification + counts

  /// Every loss, with its parameters at their defaults.
  public static let all: [PointwiseLoss] = entries.map(\.standard)

  /// The loss of that name, with the given parameters and the defaults of the others.
  ///
  /// - Throws: ``LossCatalogueError`` for a name, a parameter or a value that there is not.
  public static func loss(
    named name: String, parameters: [String: Double] = [:]
  ) throws(LossCatalogueError) -> PointwiseLoss {
    guard let entry = entries.first(where: { $0.standard.name == name }) else {
      throw .unknownLoss(name: name, known: entries.map(\.standard.name))
    }
    return try entry.loss(parameters)
  }
}

/// A loss that the catalogue does not have.
public enum LossCatalogueError: Error, Equatable, Sendable {
  /// No loss has that name.
  case unknownLoss(name: String, known: [String])
  /// The loss has no such parameter.
  case unknownParameter(loss: String, parameter: String, known: [String])
  /// The parameter cannot have that value.
  case invalidParameter(loss: String, parameter: String, value: Double, requirement: String)
}

extension LossCatalogueError: CustomStringConvertible {
  /// What is wrong, and what there is instead.
  public var description: String {
    switch self {
    case .unknownLoss(let name, let known):
      "There is no loss “\(name)”. The pointwise losses are: \(known.joined(separator: ", "))."
    case .unknownParameter(let loss, let parameter, let known) where known.isEmpty:
      "The loss \(loss) has no parameters, so “\(parameter)” cannot be set."
    case .unknownParameter(let loss, let parameter, let known):
      "The loss \(loss) has no parameter “\(parameter)”. It has: \(known.joined(separator: ", "))."
    case .invalidParameter(let loss, let parameter, let value, let requirement):
      "The parameter \(parameter) of the loss \(loss) is \(value); it must be \(requirement)."
    }
  }
}
