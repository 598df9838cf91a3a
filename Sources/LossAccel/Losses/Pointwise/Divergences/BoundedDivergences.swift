extension PointwiseLoss {
  /// One element of the squared Hellinger distance, ½(√μ − √y)²: from 0 to 1 for distributions.
  ///
  /// - Domain: μ ≥ 0, y ≥ 0. Nothing cancels where μ is close to y.
  /// - Gradient ½(1 − √(y/μ)), curvature ¼√(y/μ)/μ.
  /// - Properties: convex; the gradient is unbounded only towards μ = 0.
  public static let squaredHellinger = PointwiseLoss(
    "squared-hellinger", summary: "One element of the squared Hellinger distance of a predicted distribution.",
    targetDomain: 0 ... .greatestFiniteMagnitude, predictionDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none),
    gradient: { mean, target in
      select(target .== 0, 0.5, 0.5 * differenceOfRoots(mean, target) / squareRoot(mean))
    },
    curvature: { mean, target in
      select(target .== 0, 0, 0.25 * (squareRoot(target) / squareRoot(mean) / mean))
    },
    conjugate: { dual, target in
      select(
        dual .< 0.5, target * dual / (1 - 2 * dual),
        select(max(target, dual - 0.5) .<= 0, 0, Formula(.infinity)))
    }
  ) { mean, target in
    // The difference of roots would be 0/0 where both are 0.
    0.5 * select(target .== 0, mean, square(differenceOfRoots(mean, target)))
  }

  /// √μ − √y, in which nothing cancels.
  private static func differenceOfRoots(_ mean: Formula, _ target: Formula) -> Formula {
    (mean - target) / (squareRoot(mean) + squareRoot(target))
  }

  /// One element of the Jensen–Shannon divergence, ½(y·log(y/m) + μ·log(μ/m)) with m = ½(y + μ): from 0 to log 2 for distributions.
  ///
  /// - Domain: μ ≥ 0, y ≥ 0. Nothing cancels where μ is close to y.
  /// - Gradient ½·log(2μ/(μ + y)), curvature ½y/(μ(μ + y)).
  /// - Properties: convex; the gradient is unbounded only towards μ = 0.
  public static let jensenShannon = PointwiseLoss(
    "jensen-shannon", summary: "One element of the Jensen–Shannon divergence of a predicted distribution.",
    targetDomain: 0 ... .greatestFiniteMagnitude, predictionDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none),
    gradient: { mean, target in
      // m/μ − 1, at least −½, of a difference that is not rounded as m is.
      let x = 0.5 * (target - mean) / mean
      // log(μ/m) is −log(1 + x), which far out would cancel in the form that the value has a part of.
      let logarithm = select(x .< 1, logOnePlusDeficit(x) - x, logRatio(mean, middle(mean, target)))
      return select(target .== 0, 0.34657359027997264, 0.5 * logarithm)
    },
    curvature: { mean, target in select(target .== 0, 0, 0.5 * (target / (mean + target)) / mean) }
  ) { mean, target in
    let middle = middle(mean, target)
    // a·log(a/m) − a + m, at least 0; the terms beside the logarithms add up to 0.
    func entropy(of amount: Formula, difference: Formula) -> Formula {
      let x = difference / amount
      // Where m is so much greater, the logarithm is lost beside it, and x may overflow.
      return select(amount .== 0, middle, select(x .> 1e30, difference, amount * logOnePlusDeficit(x)))
    }
    return 0.5
      * (entropy(of: target, difference: 0.5 * (mean - target)) + entropy(of: mean, difference: 0.5 * (target - mean)))
  }

  private static func middle(_ mean: Formula, _ target: Formula) -> Formula { 0.5 * mean + 0.5 * target }

  /// One element of the total variation distance, ½|μ − y|: from 0 to 1 for distributions.
  ///
  /// - Domain: μ ≥ 0, y ≥ 0.
  /// - Gradient ±½, 0 where μ = y. Curvature 0.
  /// - Properties: convex, Lipschitz ½; minimised by the median.
  public static let totalVariation = PointwiseLoss(
    "total-variation", summary: "One element of the total variation distance of a predicted distribution.",
    targetDomain: 0 ... .greatestFiniteMagnitude, predictionDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 0.5, differentiability: LossTraits.Differentiability.none,
      robustness: .bounded, elicits: .median),
    proximalOperator: { point, target, step in
      // Towards the target by at most t/2, and not below 0.
      max(0, point - max(-0.5 * step, min(0.5 * step, point - target)))
    },
    conjugate: { dual, target in select(dual .> 0.5, Formula(.infinity), max(dual, -0.5) * target) }
  ) { mean, target in
    0.5 * abs(mean - target)
  }
}
