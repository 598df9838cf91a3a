extension PointwiseLoss {
  /// The Tweedie loss of the log-mean η with variance μ^ρ, 1 ≤ ρ ≤ 2: amounts that are often exactly 0.
  ///
  /// ℓ = (e^((2 − ρ)η) − 1)/(2 − ρ) − y·(e^((1 − ρ)η) − 1)/(1 − ρ), which is 0 at η = 0. In this form it is continuous in ρ: at 1 it is the
  /// Poisson loss e^η − 1 − yη, at 2 the gamma loss η + y(e^(−η) − 1), and near them nothing is divided by the small difference that was
  /// not there before.
  ///
  /// - Domain: every η; y ≥ 0, and y > 0 for ρ = 2.
  /// - Gradient e^((2 − ρ)η) − y·e^((1 − ρ)η), curvature (2 − ρ)e^((2 − ρ)η) + (ρ − 1)y·e^((1 − ρ)η), Fisher information e^((2 − ρ)η).
  /// - Properties: strictly convex (convex for ρ = 2 and y = 0), neither Lipschitz nor smooth; minimised by the logarithm of the mean.
  /// - The derivative of ℓ with respect to ρ is not that of a likelihood: the density's normaliser, which is left out here, depends on ρ
  ///   too. So ρ is chosen by a criterion of its own, not by minimising this.
  public static func tweedie(power: Double = 1.5) -> PointwiseLoss {
    precondition((1...2).contains(power), "the Tweedie loss needs a power from 1 to 2, not \(power)")
    let rho = Formula.parameter("power", power)
    // Both differences are exact.
    let (ofMean, ofTarget) = (2 - rho, 1 - rho)
    func grown(_ rate: Formula, _ isZero: Bool, _ logMean: Formula) -> Formula {
      isZero ? logMean : expMinusOne(rate * logMean) / rate
    }
    /// 0 for an amount of 0, even times what overflows.
    func times(_ target: Formula, _ factor: Formula) -> Formula { select(target .== 0, 0, target * factor) }
    return PointwiseLoss(
      "tweedie", summary: "Amounts with a variance that is a power of the mean, many of them exactly 0.",
      parameters: ["power": power],
      targetDomain: (power == 2 ? .leastNonzeroMagnitude : 0) ... .greatestFiniteMagnitude,
      traits: LossTraits(
        convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
        elicits: .mean, link: .log),
      gradient: { logMean, target in exp(ofMean * logMean) - times(target, exp(ofTarget * logMean)) },
      curvature: { logMean, target in
        ofMean * exp(ofMean * logMean) + (rho - 1) * times(target, exp(ofTarget * logMean))
      },
      fisher: { logMean, _ in exp(ofMean * logMean) }
    ) { logMean, target in
      grown(ofMean, power == 2, logMean) - times(target, grown(ofTarget, power == 1, logMean))
    }
  }
}
