import LossAccel

/// A pointwise loss, its gradient and its curvature as functions of the prediction, for one target.
struct LossCurves {
  struct Curve {
    let name: String
    /// One value for each prediction; those that are not finite leave a gap.
    let values: [Double]
  }

  let title: String
  let predictions: [Double]
  let curves: [Curve]
  /// What of the values is shown: all of them, or the part within a few times the loss's own where they run away.
  let range: ClosedRange<Double>

  /// The curves around the target, within the loss's domain.
  init(_ loss: PointwiseLoss, target: Double, points: Int = 481) {
    // Domains that leave out their ends do so by a rounding error.
    let lowest = max(loss.predictionDomain?.lowerBound ?? -.infinity, (loss.predictionDomain == nil ? target : 0) - 4)
    let highest = min(loss.predictionDomain?.upperBound ?? .infinity, target + 4)
    predictions = (0..<points).map { lowest + (highest - lowest) * Double($0) / Double(points - 1) }
    curves = [
      Curve(name: "loss", values: predictions.map { loss.value(prediction: $0, target: target) }),
      Curve(name: "gradient", values: predictions.map { loss.gradient(prediction: $0, target: target) }),
      Curve(name: "curvature", values: predictions.map { loss.curvature(prediction: $0, target: target) }),
    ]
    title = "\(loss.name), target \(shown(target))"
    range = Self.range(of: curves)
  }

  /// A target that tells something: 0, or else the nearest that the loss is defined for, 1 where only positive ones are.
  static func typicalTarget(of loss: PointwiseLoss) -> Double {
    guard let domain = loss.targetDomain, domain.lowerBound >= 0 else { return 0 }
    return domain.contains(1) ? 1 : domain.lowerBound
  }

  /// Up to the 95th percentile of magnitudes, so that a pole does not flatten everything else.
  private static func range(of curves: [Curve]) -> ClosedRange<Double> {
    var lowest = 0.0, highest = 0.0
    for curve in curves {
      let values = curve.values.filter(\.isFinite).sorted()
      guard !values.isEmpty else { continue }
      let last = values.count - 1
      let (low, high) = (values[last / 20], values[last - last / 20])
      let room = 1.5 * max(abs(low), abs(high))
      lowest = min(lowest, max(values[0], -room))
      highest = max(highest, min(values[last], room))
    }
    return highest > lowest ? lowest...highest : -1...1
  }
}
