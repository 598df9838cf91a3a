/// The row losses by name.
///
/// A loss is its arithmetic in the kernels (`CVectorKernels/row_losses.def`), an extension of ``RowLoss`` and one line here: the tests,
/// the command line and the documentation find it through this list.
public enum RowLossCatalogue {
  package static let entries: [Entry] = [
    Entry(.softmaxCrossEntropy),
    Entry(.crossEntropy),
    Entry(
      .cappedCrossEntropy(),
      parameters: [.notNegative("price"), .notNegative("cap")]
    ) { .cappedCrossEntropy(cap: $0[1], logPartitionPrice: $0[0]) },
    Entry(.focal(), parameters: [.notNegative("gamma")]) { .focal(gamma: $0[0]) },
    Entry(
      .poly1(), parameters: [.range("epsilon", -1 ... .greatestFiniteMagnitude, "at least −1 and finite")]
    ) { .poly1(epsilon: $0[0]) },
    Entry(
      .generalizedCrossEntropy(),
      parameters: [.range("exponent", .leastNonzeroMagnitude...1, "above 0 and not above 1")]
    ) { .generalizedCrossEntropy(exponent: $0[0]) },
    Entry(
      .symmetricCrossEntropy(), parameters: [.notNegative("alpha"), .notNegative("reverse")]
    ) { .symmetricCrossEntropy(alpha: $0[0], beta: $0[1], logarithmOfZero: -1) },
    Entry(.kullbackLeibler),
    Entry(.kullbackLeiblerOfProbabilities),
    Entry(.generalizedKullbackLeiblerOfProbabilities),
    Entry(.reverseKullbackLeibler),
    Entry(.reverseKullbackLeiblerOfProbabilities),
    Entry(.jensenShannon(), parameters: [.mixture]) { .jensenShannon(mixture: $0[0]) },
    Entry(.jensenShannonOfProbabilities(), parameters: [.mixture]) { .jensenShannonOfProbabilities(mixture: $0[0]) },
    Entry(.totalVariation),
    Entry(.totalVariationOfProbabilities),
    Entry(.squaredHellinger),
    Entry(.squaredHellingerOfProbabilities),
    Entry(.brier),
    Entry(.brierOfProbabilities),
    Entry(.spherical),
    Entry(.rankedProbability),
    Entry(.crammerSinger),
    Entry(.westonWatkins),
    Entry(
      .oneVersusAll(), parameters: [.range("positive-weight", .leastNonzeroMagnitude ... .greatestFiniteMagnitude, "positive and finite")]
    ) { .oneVersusAll(positiveWeight: $0[0]) },
    Entry(.sparsemax),
    Entry(.tsallis(), parameters: [.range("alpha", 1.0.nextUp...2, "above 1 and not above 2")]) { .tsallis(alpha: $0[0]) },
  ]

  /// Every loss, with its parameters at their defaults.
  public static let all: [RowLoss] = entries.map(\.standard)

  /// The loss of that name, with the given parameters and the defaults of the others.
  ///
  /// - Throws: ``LossCatalogueError`` for a name, a parameter or a value that there is not.
  public static func loss(
    named name: String, parameters: [String: Double] = [:]
  ) throws(LossCatalogueError) -> RowLoss {
    guard let entry = entries.first(where: { $0.standard.name == name }) else {
      throw .unknownLoss(name: name, known: entries.map(\.standard.name))
    }
    for parameter in parameters.keys.sorted() where !entry.parameters.contains(where: { $0.name == parameter }) {
      throw .unknownParameter(loss: name, parameter: parameter, known: entry.parameters.map(\.name))
    }
    var values: [Double] = []
    for (parameter, standard) in zip(entry.parameters, entry.standard.parameters) {
      let value = parameters[parameter.name] ?? standard.value
      guard parameter.range.contains(value) else {
        throw .invalidParameter(loss: name, parameter: parameter.name, value: value, requirement: parameter.requirement)
      }
      values.append(value)
    }
    return entry.make(values)
  }
}

extension RowLossCatalogue {
  /// A loss and how to make it with other parameters, in the order of its own.
  package struct Entry: Sendable {
    package let standard: RowLoss
    package let parameters: [Parameter]
    fileprivate let make: @Sendable ([Double]) -> RowLoss

    init(
      _ standard: RowLoss, parameters: [Parameter] = [], make: (@Sendable ([Double]) -> RowLoss)? = nil
    ) {
      self.standard = standard
      self.parameters = parameters
      self.make = make ?? { _ in standard }
    }
  }

  /// A parameter and the values it may have.
  package struct Parameter: Sendable {
    package let name: String
    package let range: ClosedRange<Double>
    package let requirement: String

    static func range(_ name: String, _ range: ClosedRange<Double>, _ requirement: String) -> Parameter {
      Parameter(name: name, range: range, requirement: requirement)
    }

    static func notNegative(_ name: String) -> Parameter {
      Parameter(name: name, range: 0 ... .greatestFiniteMagnitude, requirement: "at least 0 and finite")
    }

    static let mixture = Parameter(
      name: "mixture", range: .leastNonzeroMagnitude...1.0.nextDown, requirement: "between 0 and 1")
  }
}
