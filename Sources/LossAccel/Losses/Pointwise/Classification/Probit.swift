extension PointwiseLoss {
  /// The probit loss −y·log Φ(z) − (1 − y)·log Φ(−z) of the score z: the negative log-likelihood of a class whose probability is Φ(z).
  ///
  /// - Domain: every score, targets in 0...1 (soft targets are allowed).
  /// - Gradient −yλ(z) + (1 − y)λ(−z) with λ = φ/Φ, curvature yλ(z)(λ(z) + z) + (1 − y)λ(−z)(λ(−z) − z), accurate in both tails;
  ///   Fisher information λ(z)λ(−z).
  /// - Properties: strictly convex, smooth 1, not Lipschitz: far on the wrong side it is ½z². Strictly proper.
  public static let probit = PointwiseLoss(
    "probit", summary: "Binary cross-entropy of a score whose probability is the normal distribution function.",
    targetDomain: 0...1,
    traits: LossTraits(
      convexity: .strict, smoothness: 1, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      classificationCalibrated: true, properness: .strictlyProper, elicits: .mean, link: .probit),
    gradient: { score, target in
      let terms = LabelTerms(score, target)
      return terms.side
        * (Operation.weightedMills(terms.lesser, -terms.margin) - terms.greater * inverseMillsRatio(terms.margin))
    },
    curvature: { score, target in
      let terms = LabelTerms(score, target)
      return terms.greater * (inverseMillsRatio(terms.margin) * inverseMillsExcess(terms.margin))
        + Operation.weightedMillsFall(terms.lesser, -terms.margin)
    },
    fisher: { score, _ in inverseMillsRatio(score) * inverseMillsRatio(-score) }
  ) { score, target in
    let terms = LabelTerms(score, target)
    return
      -(terms.greater * logNormalCumulative(terms.margin)
      + Operation.weightedLogNormal(terms.lesser, -terms.margin))
  }

  /// What the two terms of the likelihood are made of, the likelier class first: the other's weight is 0 for the labels 0 and 1.
  private struct LabelTerms {
    let side, margin, greater, lesser: Formula

    init(_ score: Formula, _ target: Formula) {
      side = copySign(1, sign: 2 * target - 1)
      margin = side * score
      greater = max(target, 1 - target)
      lesser = min(target, 1 - target)
    }
  }

  /// The complementary log-log loss of the score z, the negative log-likelihood of a class whose probability is 1 − exp(−e^z):
  /// (1 − y)·e^z − y·log(1 − exp(−e^z)). It is the likelihood of whether a time with hazard e^z has ended within one unit.
  ///
  /// - Domain: every score, targets in 0...1 (soft targets are allowed). e^z is infinite beyond the logarithm of the greatest number.
  /// - Gradient (1 − y)x − yx/(e^x − 1) with x = e^z, Fisher information x²/(e^x − 1).
  /// - Properties: strictly convex, neither Lipschitz nor smooth. Strictly proper. Right and wrong are not alike: the probability leaves
  ///   0 slowly and reaches 1 fast, so its sign does not tell the more probable class.
  public static let complementaryLogLog = PointwiseLoss(
    "cloglog", summary: "Binary cross-entropy of the logarithm of a hazard.", targetDomain: 0...1,
    traits: LossTraits(
      convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      properness: .strictlyProper, elicits: .mean, link: .complementaryLogLog),
    gradient: { score, target in
      let hazard = exp(score)
      return weighted(1 - target, hazard) - weighted(target, exponentialRatio(hazard))
    },
    curvature: { score, target in
      let hazard = exp(score)
      return weighted(1 - target, hazard)
        + weighted(target, exponentialRatio(hazard) * exponentialRatioExcess(hazard))
    },
    fisher: { score, _ in
      let hazard = exp(score)
      return select(hazard .> 1e3, 0, hazard * exponentialRatio(hazard))
    }
  ) { score, target in
    // log(1 − exp(−x)) is log x = z where x is so small that it may underflow.
    let hazard = exp(score)
    let chance = select(score .< -40, score, logOneMinusExp(hazard))
    return weighted(1 - target, hazard) - weighted(target, chance)
  }

  /// The product, and 0 where the weight is: the other class's part may be infinite there.
  private static func weighted(_ weight: Formula, _ value: Formula) -> Formula {
    select(weight .== 0, 0, weight * value)
  }
}
