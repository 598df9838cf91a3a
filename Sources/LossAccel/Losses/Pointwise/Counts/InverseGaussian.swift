extension PointwiseLoss {
  /// The inverse Gaussian loss ½y·e^(−2η) − e^(−η) of the log-mean η: the negative log-likelihood of a positive amount with variance in
  /// proportion to μ³, up to a factor and terms that do not depend on η.
  ///
  /// - Domain: every η, y > 0.
  /// - Gradient e^(−η) − y·e^(−2η), curvature 2y·e^(−2η) − e^(−η), Fisher information e^(−η).
  /// - Properties: not convex (the curvature is negative where μ > 2y); minimised by the logarithm of the mean.
  public static let inverseGaussian = PointwiseLoss(
    "inverse-gaussian",
    summary: "Negative log-likelihood of an inverse Gaussian amount, from the logarithm of its mean.",
    targetDomain: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .none, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
      elicits: .mean, link: .log),
    gradient: { logMean, target in
      let inverse = exp(-logMean)
      return inverse * (1 - target * inverse)
    },
    curvature: { logMean, target in
      let inverse = exp(-logMean)
      return inverse * (2 * (target * inverse) - 1)
    },
    fisher: { logMean, _ in exp(-logMean) }
  ) { logMean, target in
    let inverse = exp(-logMean)
    return inverse * (0.5 * (target * inverse) - 1)
  }
}
