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
      parameters: [.atLeast("price", 0), .atLeast("cap", 0)]
    ) { .cappedCrossEntropy(cap: $0[1], logPartitionPrice: $0[0]) },
    Entry(.focal(), parameters: [.atLeast("gamma", 0)]) { .focal(gamma: $0[0]) },
    Entry(
      .poly1(), parameters: [.atLeast("epsilon", -1)]
    ) { .poly1(epsilon: $0[0]) },
    Entry(
      .generalizedCrossEntropy(),
      parameters: [.within("exponent", 0x1p-20...1)]
    ) { .generalizedCrossEntropy(exponent: $0[0]) },
    Entry(
      .symmetricCrossEntropy(), parameters: [.atLeast("alpha", 0), .atLeast("reverse", 0)]
    ) { .symmetricCrossEntropy(alpha: $0[0], beta: $0[1], logarithmOfZero: -1) },
    Entry(.kullbackLeibler),
    Entry(.kullbackLeiblerOfProbabilities),
    Entry(.generalizedKullbackLeiblerOfProbabilities),
    Entry(.reverseKullbackLeibler),
    Entry(.reverseKullbackLeiblerOfProbabilities),
    Entry(.jensenShannon(), parameters: [.fraction("mixture")]) { .jensenShannon(mixture: $0[0]) },
    Entry(.jensenShannonOfProbabilities(), parameters: [.fraction("mixture")]) {
      .jensenShannonOfProbabilities(mixture: $0[0])
    },
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
      .oneVersusAll(), parameters: [.positive("positive-weight")]
    ) { .oneVersusAll(positiveWeight: $0[0]) },
    Entry(.sparsemax, parameters: [.within("alpha", 2...2)]) { _ in .sparsemax },
    // Nearer to 1 the powers 1/(α − 1) leave no digits of the shares, and softmax cross-entropy is what is wanted.
    Entry(.tsallis(), parameters: [.within("alpha", 1.01...2)]) { .tsallis(alpha: $0[0]) },
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
      guard parameter.accepts(value) else {
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
    package let parameters: [LossCatalogue.Parameter]
    fileprivate let make: @Sendable ([Double]) -> RowLoss

    init(
      _ standard: RowLoss, parameters: [LossCatalogue.Parameter] = [], make: (@Sendable ([Double]) -> RowLoss)? = nil
    ) {
      self.standard = standard
      self.parameters = parameters
      self.make = make ?? { _ in standard }
    }
  }
}
