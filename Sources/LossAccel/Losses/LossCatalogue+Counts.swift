extension LossCatalogue {
  /// Losses of counts, positive amounts and times.
  static let counts: [Entry] = []
}
