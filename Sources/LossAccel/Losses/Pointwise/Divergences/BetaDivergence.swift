extension PointwiseLoss {
  /// The Itakura–Saito divergence y/μ − log(y/μ) − 1, which does not depend on the scale: half the gamma deviance of the mean μ.
  ///
  /// - Domain: μ > 0, y > 0. Nothing cancels where μ is close to y.
  /// - Gradient (μ − y)/μ², curvature (2y − μ)/μ³, Fisher information 1/μ².
  /// - Properties: not convex (the curvature is negative where μ > 2y); minimised by the mean.
  public static let itakuraSaito = PointwiseLoss(
    "itakura-saito", summary: "Divergence of spectra that does not depend on their scale; half the gamma deviance.",
    targetDomain: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
    predictionDomain: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .none, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
      elicits: .mean),
    gradient: { mean, target in -((target - mean) / mean / mean) },
    curvature: { mean, target in ((target - mean) + target) / mean / mean / mean },
    fisher: { mean, _ in 1 / mean / mean }
  ) { mean, target in
    ratioDeficit(target, mean)
  }

  /// The β-divergence (y^β + (β − 1)μ^β − βyμ^(β − 1)) / (β(β − 1)): half the squared error for β = 2, the generalised
  /// Kullback–Leibler divergence for β = 1, Itakura–Saito for β = 0, and continuous there.
  ///
  /// It is y^β·(E(β) − E(β − 1)) with E(a) = ((μ/y)^a − 1)/a: nothing is divided by a small difference, and where μ is close to y, the
  /// logarithm that is in both terms is left out of both. For β = 3/2 it is ⅔(√μ − √y)²(√μ + 2√y). It is half the Tweedie deviance of the
  /// mean μ with the power 2 − β.
  ///
  /// - Domain: μ > 0, and y > 0; y ≥ 0 for β > 0. β is any number.
  /// - Gradient μ^(β − 2)·(μ − y), curvature μ^(β − 3)·((β − 1)μ + (2 − β)y), Fisher information μ^(β − 2).
  /// - Properties: convex for 1 ≤ β ≤ 2 only; minimised by the mean. Source: Févotte and Idier, Neural Computation 23 (2011).
  public static func betaDivergence(beta: Double = 1.5) -> PointwiseLoss {
    precondition(beta.isFinite, "the β-divergence needs a finite beta, not \(beta)")
    let b = Formula.parameter("beta", beta)
    return PointwiseLoss(
      "beta-divergence", summary: "The family from squared error to Kullback–Leibler and Itakura–Saito.",
      parameters: ["beta": beta], targetDomain: (beta > 0 ? 0 : .leastNonzeroMagnitude) ... .greatestFiniteMagnitude,
      predictionDomain: .leastNonzeroMagnitude ... .greatestFiniteMagnitude,
      traits: LossTraits(
        convexity: (1...2).contains(beta) ? (beta == 2 ? .strong(1) : .convex) : .none,
        smoothness: beta == 2 ? 1 : nil, differentiability: .smooth, robustness: LossTraits.Robustness.none,
        properness: .proper, elicits: .mean),
      gradient: { mean, target in powerOfAmount(mean, b - 2) * (mean - target) },
      curvature: { mean, target in powerOfAmount(mean, b - 3) * ((b - 1) * mean + (2 - b) * target) },
      fisher: { mean, _ in powerOfAmount(mean, b - 2) }
    ) { mean, target in
      switch beta {
      case 0: return itakuraSaito.formula
      case 1: return generalizedKullbackLeibler.formula
      case 1.5:
        let (root, other, difference) = (squareRoot(mean), squareRoot(target), mean - target)
        let sum = root + other
        return (difference / sum) * (difference * ((sum + other) / (1.5 * sum)))
      case 2: return 0.5 * square(mean - target)
      default:
        let logarithm = logRatio(mean, target)
        let (high, low) = (b * logarithm, (b - 1) * logarithm)
        let near = expExcess(high) / b - expExcess(low) / (b - 1)
        let far = expMinusOne(high) / b - expMinusOne(low) / (b - 1)
        let positive = powerOfAmount(target, b) * select(abs(logarithm) .< 2, near, far)
        return beta > 0 ? select(target .== 0, powerOfAmount(mean, b) / b, positive) : positive
      }
    }
  }
}

/// x to the power of a number, for x ≥ 0: by the square root, several times faster, where it is half of ±1 or ±3.
private func powerOfAmount(_ x: Formula, _ exponent: Formula) -> Formula {
  switch exponent.lowered().constant {
  case 0.5: squareRoot(x)
  case 1.5: x * squareRoot(x)
  case -0.5: 1 / squareRoot(x)
  case -1.5: 1 / squareRoot(x) / x
  default: power(x, exponent)
  }
}
