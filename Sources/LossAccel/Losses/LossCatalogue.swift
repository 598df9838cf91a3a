/// The pointwise losses by name.
///
/// A loss is one file in `Losses/Pointwise` and one line here: the tests, the command line, the benchmarks and the documentation
/// find it through this list.
public enum LossCatalogue {
  package static let entries: [Entry] = [
    Entry(.squaredError),
    Entry(.binaryCrossEntropyFromLogits),
    Entry(.binaryCrossEntropy),
    Entry(.huber(), parameter: .positive("delta")) { .huber(delta: $0) },
    Entry(.logCosh),
  ]

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
    for parameter in parameters.keys.sorted() where !entry.parameters.contains(where: { $0.name == parameter }) {
      throw .unknownParameter(loss: name, parameter: parameter, known: entry.parameters.map(\.name))
    }
    var values: [Double] = []
    for parameter in entry.parameters {
      let standard = entry.standard.parameters.first { $0.name == parameter.name }!.value
      let value = parameters[parameter.name] ?? standard
      guard parameter.range.contains(value) else {
        throw .invalidParameter(loss: name, parameter: parameter.name, value: value, requirement: parameter.requirement)
      }
      values.append(value)
    }
    return values.isEmpty ? entry.standard : entry.make(values)
  }
}

extension LossCatalogue {
  /// A loss and how to make it with other parameters.
  package struct Entry: Sendable {
    package let standard: PointwiseLoss
    package let parameters: [Parameter]
    fileprivate let make: @Sendable ([Double]) -> PointwiseLoss

    init(_ loss: PointwiseLoss) {
      standard = loss
      parameters = []
      make = { _ in loss }
    }

    init(_ standard: PointwiseLoss, parameter: Parameter, make: @escaping @Sendable (Double) -> PointwiseLoss) {
      self.standard = standard
      parameters = [parameter]
      self.make = { make($0[0]) }
    }
  }

  /// A parameter and the values it may have.
  package struct Parameter: Sendable {
    package let name: String
    package let range: ClosedRange<Double>
    package let requirement: String

    static func positive(_ name: String) -> Parameter {
      Parameter(
        name: name, range: .leastNonzeroMagnitude ... .greatestFiniteMagnitude, requirement: "positive and finite")
    }
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
