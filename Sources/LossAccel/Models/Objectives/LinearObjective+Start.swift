extension LinearObjective {
  /// All coefficients zero, and the intercept where searches begin well.
  ///
  /// Predictions of a loss with a domain begin at the mean of the targets, inside of the domain. Where the loss says that its predictions are of
  /// the targets' kind and any number may be one, they begin at the targets' median less their offsets': far from there robust losses have no
  /// curvature, or even no slope. All other intercepts are zero. Mean and median are those of up to about a thousand rows.
  /// - Complexity: O(1)
  public var startingPoint: [Double] {
    let zeros = [Double](repeating: 0, count: dimension)
    guard coordinates.hasIntercept, let constant = startingConstant, constant.isFinite else { return zeros }
    return point(coefficients: [Double](repeating: 0, count: features.columns), intercept: constant)
  }

  private var startingConstant: Double? {
    if let domain = loss.predictionDomain {
      let sample = targetSample
      let mean = sample.reduce(0, +) / Double(sample.count)
      if mean > domain.lowerBound && mean < domain.upperBound { return mean }
      return domain.upperBound <= 1 ? 0.5 * (domain.lowerBound + domain.upperBound) : domain.lowerBound.rounded() + 1
    }
    guard let traits = loss.traits, traits.link == .identity, loss.targetDomain == nil else { return nil }
    let sample = targetSample
    return sample.isEmpty ? nil : sample[sample.count / 2]
  }

  /// Targets less offsets of some rows that count, in their order of size.
  private var targetSample: [Double] {
    CountedRows(rows, weights: weights).sample(1024).map { targets[$0] - (offsets?[$0] ?? 0) }.sorted()
  }

  /// The median distance of targets less offsets from their median, 1 where most are the same.
  var targetSpread: Double {
    let sample = targetSample
    guard !sample.isEmpty else { return 1 }
    let middle = sample[sample.count / 2]
    let spread = sample.map { abs($0 - middle) }.sorted()[sample.count / 2]
    return spread > 0 && spread.isFinite ? spread : 1
  }
}
