extension PointwiseLoss {
  /// The negative binomial loss (y + θ)·log(1 + e^η/θ) − y·η of the log-mean η: the negative log-likelihood of a count with variance
  /// μ + μ²/θ, without terms that do not depend on η. As θ grows it becomes the Poisson loss e^η − yη.
  ///
  /// - Domain: every η, y ≥ 0; θ > 0.
  /// - Gradient θσ(z) − yσ(−z) with z = η − log θ, curvature (y + θ)σ(z)σ(−z), Fisher information θσ(z).
  /// - Properties: strictly convex; a sample pulls by at most y or θ, whichever is greater. Minimised by the logarithm of the mean.
  public static func negativeBinomial(theta: Double = 1) -> PointwiseLoss {
    precondition(theta > 0 && theta.isFinite, "the negative binomial needs a positive, finite theta, not \(theta)")
    let size = Formula.parameter("theta", theta)
    return PointwiseLoss(
      "negative-binomial",
      summary: "Negative log-likelihood of an overdispersed count, from the logarithm of its mean.",
      targetDomain: 0 ... .greatestFiniteMagnitude,
      traits: LossTraits(
        convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
        elicits: .mean, link: .log),
      gradient: { logMean, target in
        let z = logMean - log(size)
        return size * sigmoid(z) - target * sigmoid(-z)
      },
      curvature: { logMean, target in
        let side = abs(Operation.logisticSide(logMean - log(size)))
        return (target + size) * (side * (1 - side))
      },
      fisher: { logMean, _ in size * sigmoid(logMean - log(size)) }
    ) { logMean, target in
      // Of softplus(z) = max(z, 0) + tail the first part is taken together with y·η, which it nearly is for large z.
      let z = logMean - log(size)
      let straight = select(z .> 0, size * z - target * log(size), -(target * logMean))
      return (target + size) * Operation.logisticTail(z) + straight
    }
  }
}
