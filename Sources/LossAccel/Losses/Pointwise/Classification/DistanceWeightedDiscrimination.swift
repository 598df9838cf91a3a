extension PointwiseLoss {
  /// The loss of distance-weighted discrimination, of the margin m = (2y − 1)·z: 1 − m for m ≤ q/(q + 1), and
  /// (q/((q + 1)m))^q/(q + 1) beyond, so that every sample keeps pulling a little.
  ///
  /// - Gradient −(2y − 1)·min(1, q/((q + 1)m))^(q + 1); curvature 0 where the loss is linear, (q + 1)²/q·(q/((q + 1)m))^(q + 2)
  ///   beyond.
  /// - Domain: every score z; labels 0 and 1 (Bool will do); q > 0. As q → ∞ it is the hinge loss.
  /// - Properties: convex, Lipschitz 1, smooth (q + 1)²/q, classification-calibrated. Source: Marron, Todd and Ahn, Journal of the
  ///   American Statistical Association 102 (2007); Wang and Zou, Journal of the Royal Statistical Society B 80 (2018).
  public static func distanceWeightedDiscrimination(q: Double = 1) -> PointwiseLoss {
    precondition(q > 0 && q.isFinite, "distance-weighted discrimination needs a positive, finite q, not \(q)")
    let exponent = Formula.parameter("q", q)
    let edge = exponent / (exponent + 1)
    func ratio(_ margin: Formula) -> Formula { edge / max(margin, edge) }
    return margin(
      "dwd", summary: "Distance-weighted discrimination: a hinge whose flat side still falls.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 1, smoothness: (q + 1) * (q + 1) / q, differentiability: .once,
        robustness: .bounded, classificationCalibrated: true),
      // All three share one power.
      slope: { margin in -(power(ratio(margin), exponent) * ratio(margin)) },
      bend: { margin in
        let slope = power(ratio(margin), exponent) * ratio(margin)
        return (exponent + 1) / edge * select(margin .<= edge, 0, slope * ratio(margin))
      },
      dual: { slope in conjugate(of: slope, within: -1...0, -power(-slope, edge)) }
    ) { margin in
      select(margin .<= edge, 1 - margin, power(ratio(margin), exponent) / (exponent + 1))
    }
  }
}
