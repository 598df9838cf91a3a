// Losses of amounts on the logarithmic scale: the prediction is η = log μ, so every number will do, and μ = e^η is positive.
extension PointwiseLoss {
  /// The Poisson loss e^η − y·η of the log-mean η: the negative log-likelihood of a count without log y!, which does not depend on η.
  ///
  /// - Domain: every η, y ≥ 0 (not only whole numbers). e^η is infinite beyond the logarithm of the greatest number.
  /// - Gradient e^η − y, curvature e^η, which is the Fisher information too: the link is canonical. Twice the loss less its least value
  ///   is ``poissonDeviance``.
  /// - Properties: strictly convex, neither Lipschitz nor smooth; minimised by the logarithm of the mean.
  public static let poisson = PointwiseLoss(
    "poisson", summary: "Negative log-likelihood of a count, from the logarithm of its mean.",
    targetDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
      elicits: .mean, link: .log),
    fisher: { logMean, _ in exp(logMean) },
    conjugate: { dual, target in
      let sum = dual + target
      return select(sum .< 0, Formula(.infinity), xLogY(sum, sum) - sum)
    }
  ) { logMean, target in
    exp(logMean) - target * logMean
  }

  /// The deviance of a count, 2·(y·log(y/μ) − y + μ) with μ = e^η: 0 where μ = y, and never negative.
  ///
  /// - Domain: every η, y ≥ 0. With t = η − log y it is 2y·(e^t − 1 − t), computed so that nothing cancels near t = 0.
  /// - Gradient 2(e^η − y), curvature 2e^η, which is the Fisher information too.
  /// - Properties: strictly convex, neither Lipschitz nor smooth; minimised by the logarithm of the mean.
  public static let poissonDeviance = PointwiseLoss(
    "poisson-deviance", summary: "Twice the log-likelihood that a count's prediction falls short of the best.",
    targetDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
      elicits: .mean, link: .log),
    gradient: { logMean, target in 2 * (exp(logMean) - target) },
    curvature: { logMean, _ in 2 * exp(logMean) },
    fisher: { logMean, _ in 2 * exp(logMean) }
  ) { logMean, target in
    let t = logMean - log(target)
    // Far above the target e^t may overflow where y·e^t does not.
    let above = exp(logMean) - target * (1 + t)
    return 2 * select(target .== 0, exp(logMean), select(t .> 3, above, target * expExcess(t)))
  }
}
