extension LossCatalogue {
  /// Losses of a binary target.
  static let classification: [Entry] = [
    Entry(.binaryCrossEntropyFromLogits),
    Entry(.binaryCrossEntropy),
  ]
}
