extension PointwiseLoss {
  /// The gamma loss η + y·e^(−η) of the log-mean η: the negative log-likelihood of a positive amount whose standard deviation is in
  /// proportion to its mean, up to a factor (the shape) and terms that do not depend on η.
  ///
  /// - Domain: every η, y > 0.
  /// - Gradient 1 − y·e^(−η), curvature y·e^(−η), Fisher information 1. Twice the loss less its least value is ``gammaDeviance``.
  /// - Properties: strictly convex, neither Lipschitz nor smooth; minimised by the logarithm of the mean. With −η in place of η it is the
  ///   loss of an exponential time's log-hazard.
  public static let gamma = PointwiseLoss(
    "gamma", summary: "Negative log-likelihood of a positive amount, from the logarithm of its mean.",
    targetDomain: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
      elicits: .mean, link: .log),
    gradient: { logMean, target in 1 - ratioToMean(target, logMean) },
    curvature: { logMean, target in ratioToMean(target, logMean) },
    fisher: { _, _ in 1 },
    conjugate: { dual, target in
      let rest = 1 - dual
      return select(rest .< 0, Formula(.infinity), xLogY(rest, rest / target) - rest)
    }
  ) { logMean, target in
    logMean + ratioToMean(target, logMean)
  }

  /// The deviance of a positive amount, 2·(y/μ − 1 − log(y/μ)) with μ = e^η: 0 where μ = y, and never negative.
  ///
  /// - Domain: every η, y > 0. With t = log y − η it is 2·(e^t − 1 − t), computed so that nothing cancels near t = 0.
  /// - Gradient 2(1 − y/μ), curvature 2y/μ, Fisher information 2.
  /// - Properties: strictly convex, neither Lipschitz nor smooth; minimised by the logarithm of the mean.
  public static let gammaDeviance = PointwiseLoss(
    "gamma-deviance", summary: "Twice the log-likelihood that a positive amount's prediction falls short of the best.",
    targetDomain: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
      elicits: .mean, link: .log),
    gradient: { logMean, target in 2 * (1 - ratioToMean(target, logMean)) },
    curvature: { logMean, target in 2 * ratioToMean(target, logMean) },
    fisher: { _, _ in 2 }
  ) { logMean, target in
    let t = log(target) - logMean
    return 2 * select(t .> 3, ratioToMean(target, logMean) - (1 + t), expExcess(t))
  }

  /// y·e^(−η) with half of the exponent on each side: e^(−η) alone may overflow, or lose its digits, where the product does not.
  private static func ratioToMean(_ target: Formula, _ logMean: Formula) -> Formula {
    let half = exp(-0.5 * logMean)
    return half * (half * target)
  }
}
