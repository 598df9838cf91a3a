extension LossCatalogue {
  /// Losses of a real target: its mean, median, quantiles.
  static let regression: [Entry] = [
    Entry(.squaredError),
    Entry(.huber(), parameter: .positive("delta")) { .huber(delta: $0) },
    Entry(.logCosh),
  ]
}
