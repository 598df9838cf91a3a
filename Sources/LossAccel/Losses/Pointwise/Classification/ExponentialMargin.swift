extension PointwiseLoss {
  /// The exponential loss e^(−m) of the margin m = (2y − 1)·z: that of AdaBoost.
  ///
  /// - Gradient −(2y − 1)e^(−m), curvature e^(−m): one exponential of −m, never 1/e^m, so the smallest are right too.
  /// - Domain: every score z; labels 0 and 1 (Bool will do). It overflows where e^(−m) does.
  /// - Properties: strictly convex, classification-calibrated, strictly proper; σ(2z) is the probability. Source: Freund and
  ///   Schapire, Journal of Computer and System Sciences 55 (1997).
  public static let exponential = margin(
    "exponential", summary: "The loss of AdaBoost: gross errors cost exponentially much.",
    traits: LossTraits(
      convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      classificationCalibrated: true, properness: .strictlyProper, elicits: .named("half the log odds")),
    slope: { margin in -exp(-margin) },
    dual: { slope in conjugate(of: slope, within: -.infinity...0, slope - xLogY(slope, -slope)) }
  ) { margin in
    exp(-margin)
  }
}
