extension LossCatalogue {
  /// A loss and how to make it with other parameters.
  package struct Entry: Sendable {
    package let standard: PointwiseLoss
    package let parameters: [Parameter]
    private let make: @Sendable ([Double]) -> PointwiseLoss

    init(_ loss: PointwiseLoss) {
      standard = loss
      parameters = []
      make = { _ in loss }
    }

    /// A loss with parameters: `make` gets their values in the order of the list.
    init(
      _ standard: PointwiseLoss, parameters: [Parameter], make: @escaping @Sendable ([Double]) -> PointwiseLoss
    ) {
      for parameter in parameters {
        precondition(
          standard.parameters.contains { $0.name == parameter.name },
          "the loss \(standard.name) has no parameter \(parameter.name)")
      }
      self.standard = standard
      self.parameters = parameters
      self.make = make
    }

    init(_ standard: PointwiseLoss, parameter: Parameter, make: @escaping @Sendable (Double) -> PointwiseLoss) {
      self.init(standard, parameters: [parameter]) { make($0[0]) }
    }

    /// The loss with the given parameters and the defaults of the others.
    package func loss(_ values: [String: Double]) throws(LossCatalogueError) -> PointwiseLoss {
      for name in values.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
        throw .unknownParameter(loss: standard.name, parameter: name, known: parameters.map(\.name))
      }
      if values.isEmpty { return standard }
      var all: [Double] = []
      for parameter in parameters {
        let value = values[parameter.name] ?? standard.parameters.first { $0.name == parameter.name }!.value
        guard parameter.accepts(value) else {
          throw .invalidParameter(
            loss: standard.name, parameter: parameter.name, value: value, requirement: parameter.requirement)
        }
        all.append(value)
      }
      return make(all)
    }
  }

  /// A parameter and the values it may have.
  package struct Parameter: Sendable {
    package let name: String
    /// The valid values lie in it; those that do not lie at an end are all valid.
    package let range: ClosedRange<Double>
    /// Whether the ends of the range are valid themselves.
    package let includesEnds: Bool
    package let requirement: String

    /// Whether the parameter may have the value.
    package func accepts(_ value: Double) -> Bool {
      range.contains(value) && (includesEnds || value != range.lowerBound && value != range.upperBound)
    }

    private static let greatest = Double.greatestFiniteMagnitude

    static func positive(_ name: String) -> Parameter {
      Parameter(
        name: name, range: .leastNonzeroMagnitude...greatest, includesEnds: true,
        requirement: "positive and finite")
    }

    /// Between 0 and 1, neither of them.
    static func fraction(_ name: String) -> Parameter {
      Parameter(name: name, range: 0...1, includesEnds: false, requirement: "greater than 0 and less than 1")
    }

    static func atLeast(_ name: String, _ least: Double) -> Parameter {
      Parameter(name: name, range: least...greatest, includesEnds: true, requirement: "at least \(least), and finite")
    }

    static func above(_ name: String, _ bound: Double) -> Parameter {
      Parameter(
        name: name, range: bound.nextUp...greatest, includesEnds: true,
        requirement: "greater than \(bound), and finite")
    }

    static func within(_ name: String, _ range: ClosedRange<Double>) -> Parameter {
      Parameter(
        name: name, range: range, includesEnds: true,
        requirement: "from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Any finite number.
    static func real(_ name: String) -> Parameter {
      Parameter(name: name, range: -greatest...greatest, includesEnds: true, requirement: "finite")
    }
  }
}
