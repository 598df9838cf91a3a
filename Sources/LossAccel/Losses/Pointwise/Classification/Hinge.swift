// The losses of support vector machines and their kin: 0 for scores beyond a margin. All take labels 0 and 1 (or Bool) and the
// margin m = (2y − 1)·z of a score z; a label between 0 and 1 shrinks the margin.
extension PointwiseLoss {
  /// The perceptron loss max(−m, 0) of the margin m = (2y − 1)·z: errors cost what it takes to undo them.
  ///
  /// - Gradient −(2y − 1) for m < 0, otherwise 0; curvature 0.
  /// - Domain: every score z; labels 0 and 1 (Bool will do).
  /// - Properties: convex, Lipschitz 1; not classification-calibrated: the score 0 costs nothing.
  public static let perceptron = margin(
    "perceptron", summary: "Scores of the wrong sign cost their size.",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 1, differentiability: LossTraits.Differentiability.none,
      robustness: .bounded, classificationCalibrated: false),
    slope: { margin in -step(-margin) },
    bound: { margin in 0.5 / abs(margin) },
    pull: { margin, step in max(0, min(-margin / step, 1)) },
    dual: { slope in conjugate(of: slope, within: -1...0, 0) }
  ) { margin in
    positivePart(-margin)
  }

  /// The hinge loss max(1 − m, 0) of the margin m = (2y − 1)·z: that of support vector machines.
  ///
  /// - Gradient −(2y − 1) for m < 1, otherwise 0; curvature 0.
  /// - Domain: every score z; labels 0 and 1 (Bool will do).
  /// - Properties: convex, Lipschitz 1, classification-calibrated; it yields decisions, not probabilities. Source: Cortes and
  ///   Vapnik, Machine Learning 20 (1995).
  public static let hinge = margin(
    "hinge", summary: "The loss of support vector machines.",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 1, differentiability: LossTraits.Differentiability.none,
      robustness: .bounded, classificationCalibrated: true, elicits: .named("sign of the log odds")),
    slope: { margin in -step(1 - margin) },
    bound: { margin in 0.5 / abs(1 - margin) },
    pull: { margin, step in max(0, min((1 - margin) / step, 1)) },
    dual: { slope in conjugate(of: slope, within: -1...0, slope) }
  ) { margin in
    positivePart(1 - margin)
  }

  /// The squared hinge loss max(1 − m, 0)² of the margin m = (2y − 1)·z.
  ///
  /// - Convention: without the factor ½. Gradient −2(2y − 1)·max(1 − m, 0); curvature 2 for m < 1, otherwise 0.
  /// - Domain: every score z; labels 0 and 1 (Bool will do).
  /// - Properties: convex, smooth 2, classification-calibrated; (clamp(z, −1…1) + 1)/2 estimates the probability.
  public static let squaredHinge = margin(
    "squared-hinge", summary: "The hinge loss squared: differentiable everywhere.",
    traits: LossTraits(
      convexity: .convex, smoothness: 2, differentiability: .once, robustness: LossTraits.Robustness.none,
      classificationCalibrated: true, properness: .proper, elicits: .named("2p − 1 of the probability p")),
    slope: { margin in -2 * positivePart(1 - margin) },
    pull: { margin, step in positivePart(1 - margin) / (0.5 + step) },
    dual: { slope in conjugate(of: slope, within: -.infinity...0, slope * (1 + 0.25 * slope)) }
  ) { margin in
    square(positivePart(1 - margin))
  }

  /// The smoothed hinge loss of the margin m = (2y − 1)·z: 0 for m ≥ 1, (1 − m)²/2γ down to 1 − γ, 1 − m − γ/2 below.
  ///
  /// - Gradient −(2y − 1)·clamp((1 − m)/γ, 0…1); curvature 1/γ for 1 − γ ≤ m < 1, otherwise 0.
  /// - Domain: every score z; labels 0 and 1 (Bool will do); γ > 0.
  /// - Properties: convex, Lipschitz 1, smooth 1/γ, classification-calibrated. Source: Shalev-Shwartz and Zhang, Journal of Machine
  ///   Learning Research 14 (2013).
  public static func smoothHinge(gamma: Double = 1) -> PointwiseLoss {
    precondition(gamma > 0 && gamma.isFinite, "the smoothed hinge loss needs a positive, finite gamma, not \(gamma)")
    let width = Formula.parameter("gamma", gamma)
    func clamped(_ distance: Formula) -> Formula { min(positivePart(distance), width) }
    return margin(
      "smooth-hinge", summary: "The hinge loss with a rounded corner of width γ.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 1, smoothness: 1 / gamma, differentiability: .once,
        robustness: .bounded, classificationCalibrated: true),
      slope: { margin in -(clamped(1 - margin) / width) },
      bend: { margin in select(margin .< 1, margin .>= 1 - width, 0) / width },
      pull: { margin, step in max(0, min((1 - margin) / (width + step), 1)) },
      dual: { slope in conjugate(of: slope, within: -1...0, slope * (1 + (0.5 * width) * slope)) }
    ) { margin in
      // With c the distance clamped to 0…γ all three branches are c/γ·(distance − ½c).
      let distance = 1 - margin
      let c = clamped(distance)
      return (c / width) * (distance - 0.5 * c)
    }
  }

  /// The modified Huber loss of the margin m = (2y − 1)·z: max(1 − m, 0)² for m ≥ −1, −4m below.
  ///
  /// - Gradient −2(2y − 1)·clamp(1 − m, 0…2); curvature 2 for −1 ≤ m < 1, otherwise 0.
  /// - Domain: every score z; labels 0 and 1 (Bool will do).
  /// - Properties: convex, Lipschitz 4, smooth 2, classification-calibrated; (clamp(z, −1…1) + 1)/2 estimates the probability.
  ///   Source: Zhang, ICML 2004.
  public static let modifiedHuber = margin(
    "modified-huber", summary: "The squared hinge loss, linear for gross errors.",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 4, smoothness: 2, differentiability: .once, robustness: .bounded,
      classificationCalibrated: true, properness: .proper, elicits: .named("2p − 1 of the probability p")),
    slope: { margin in -2 * min(positivePart(1 - margin), 2) },
    bend: { margin in 2 * select(margin .< 1, margin .>= -1, 0) },
    pull: { margin, step in max(0, min((1 - margin) / (0.5 + step), 4)) },
    dual: { slope in conjugate(of: slope, within: -4...0, slope * (1 + 0.25 * slope)) }
  ) { margin in
    // With c the distance clamped to 0…2 all three branches are c·(2·distance − c).
    let distance = 1 - margin
    let c = min(positivePart(distance), 2)
    return c * (2 * distance - c)
  }
}
