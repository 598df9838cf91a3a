package import LossAccel

/// Samples of a loss: inside its domain, away from its boundaries.
package enum LossBatch {
  /// Random predictions and targets. Targets of a binary loss are 0, 1 and what lies between.
  @_specialize(where T == Float)
  @_specialize(where T == Double)
  package static func random<T: Scalar>(
    _ loss: PointwiseLoss, count: Int, seed: UInt64 = 1
  ) -> (predictions: [T], targets: [T]) {
    var random = SeededGenerator(seed: seed)
    let predictions = (0..<count).map { _ in T(inside(loss.predictionDomain, &random)) }
    let targets = (0..<count).map { index in
      let target = inside(loss.targetDomain, &random)
      // One in five amounts is 0 where that is allowed.
      if loss.targetDomain?.lowerBound == 0, loss.targetDomain!.upperBound > 1, index % 5 == 1 { return T(0) }
      // Two in three targets of a bounded domain lie on its ends.
      guard let domain = loss.targetDomain, domain.upperBound < 1e300, index % 3 != 0 else { return T(target) }
      return T(index % 3 == 1 ? domain.lowerBound : domain.upperBound)
    }
    return (predictions, targets)
  }

  private static func inside(_ domain: ClosedRange<Double>?, _ random: inout SeededGenerator) -> Double {
    guard let domain else { return .random(in: -4...4, using: &random) }
    let low = Swift.max(domain.lowerBound, -1e300), high = Swift.min(domain.upperBound, 1e300)
    switch (low > -1e300, high < 1e300) {
    case (true, true): return low + (high - low) * .random(in: 0.05...0.95, using: &random)
    case (true, false): return low + .random(in: 0.05...4, using: &random)
    case (false, true): return high - .random(in: 0.05...4, using: &random)
    default: return .random(in: -4...4, using: &random)
    }
  }
}
