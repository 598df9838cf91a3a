extension LossCatalogue {
  /// Losses of a binary target.
  static let classification: [Entry] = [
    Entry(.binaryCrossEntropyFromLogits),
    Entry(.binaryCrossEntropyFromLogits(positiveWeight: 2), parameter: .positive("positiveWeight")) {
      .binaryCrossEntropyFromLogits(positiveWeight: $0)
    },
    Entry(.binaryCrossEntropy),
    Entry(.brier),
    Entry(.brierFromLogits),
    Entry(.logistic),
    Entry(.perceptron),
    Entry(.hinge),
    Entry(.squaredHinge),
    Entry(.smoothHinge(), parameter: .positive("gamma")) { .smoothHinge(gamma: $0) },
    Entry(.modifiedHuber),
    Entry(.exponential),
    Entry(.sigmoidLoss),
    Entry(.savage),
    Entry(.distanceWeightedDiscrimination(), parameter: .positive("q")) { .distanceWeightedDiscrimination(q: $0) },
    Entry(.focal(), parameters: [.positive("gamma"), .fraction("alpha")]) { .focal(gamma: $0[0], alpha: $0[1]) },
    Entry(.generalizedCrossEntropy(), parameter: .within("kappa", .leastNonzeroMagnitude...1)) {
      .generalizedCrossEntropy(kappa: $0)
    },
    Entry(.poly1(), parameter: .above("epsilon", -1)) { .poly1(epsilon: $0) },
  ]
}
