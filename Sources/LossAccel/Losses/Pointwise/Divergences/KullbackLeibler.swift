// Divergences of one amount μ from another, y: both positive or 0, the elements of distributions, spectra or tables of counts. Over all
// elements their sum is the divergence of the whole.
extension PointwiseLoss {
  /// One element of the Kullback–Leibler divergence of distributions, y·log(y/μ); 0 where y is.
  ///
  /// - Domain: μ ≥ 0, y ≥ 0. Infinite where μ is 0 and y is not. Single elements may be negative; their sum over a distribution is not.
  /// - Gradient −y/μ, curvature y/μ².
  /// - Properties: convex. Without the terms μ − y it tells distributions apart only if both sum to 1: see
  ///   ``generalizedKullbackLeibler`` otherwise.
  public static let kullbackLeibler = PointwiseLoss(
    "kl", summary: "One element of the Kullback–Leibler divergence of a predicted distribution.",
    targetDomain: 0 ... .greatestFiniteMagnitude, predictionDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none),
    gradient: { mean, target in select(target .== 0, 0, -(target / mean)) },
    curvature: { mean, target in select(target .== 0, 0, target / mean / mean) },
    proximalOperator: { point, target, step in positiveRoot(0.5 * point, step * target) },
    conjugate: { dual, target in
      select(dual .> 0, Formula(.infinity), select(target .== 0, 0, -(target * (1 + log(-dual)))))
    }
  ) { mean, target in
    select(target .== 0, 0, -(target * logRatio(mean, target)))
  }

  /// The generalised Kullback–Leibler divergence, or I-divergence, y·log(y/μ) − y + μ: half the Poisson deviance of the mean μ.
  ///
  /// - Domain: μ ≥ 0, y ≥ 0. Infinite where μ is 0 and y is not. Nothing cancels where μ is close to y.
  /// - Gradient (μ − y)/μ, curvature y/μ², Fisher information 1/μ.
  /// - Properties: convex; minimised by the mean.
  public static let generalizedKullbackLeibler = PointwiseLoss(
    "generalized-kl",
    summary: "Kullback–Leibler divergence of amounts that need not sum to 1; half the Poisson deviance.",
    targetDomain: 0 ... .greatestFiniteMagnitude, predictionDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(
      convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: .proper,
      elicits: .mean),
    gradient: { mean, target in select(target .== 0, 1, (mean - target) / mean) },
    curvature: { mean, target in select(target .== 0, 0, target / mean / mean) },
    fisher: { mean, _ in 1 / mean },
    proximalOperator: { point, target, step in
      positiveRoot(0.5 * (point - step), step * target)
    },
    conjugate: { dual, target in
      select(dual .> 1, Formula(.infinity), -xLogOnePlusY(target, -dual))
    }
  ) { mean, target in
    // Where μ is so much greater, the logarithm is nothing beside it, and μ/y might overflow.
    select(
      target .== 0, mean, select(1e-30 * mean .> target, mean - target, target * ratioDeficit(mean, target)))
  }

  /// The reverse of the generalised Kullback–Leibler divergence, μ·log(μ/y) − μ + y: it prefers a prediction that lies within the
  /// target to one that covers it.
  ///
  /// - Domain: μ ≥ 0, y > 0. Nothing cancels where μ is close to y.
  /// - Gradient log(μ/y), curvature 1/μ.
  /// - Properties: strictly convex.
  public static let reverseKullbackLeibler = PointwiseLoss(
    "reverse-kl", summary: "Kullback–Leibler divergence of the target from the prediction: mode-seeking.",
    targetDomain: .leastNonzeroMagnitude ... .greatestFiniteMagnitude, predictionDomain: 0 ... .greatestFiniteMagnitude,
    traits: LossTraits(convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none),
    gradient: { mean, target in logRatio(mean, target) },
    curvature: { mean, _ in 1 / mean },
    conjugate: { dual, target in target * expMinusOne(dual) }
  ) { mean, target in
    let difference = target - mean
    let x = difference / mean
    // Where y is much less, 1 + x has lost its digits, and the gradient has the logarithm; where it is so much greater, the logarithm is
    // lost beside it.
    let less = difference + mean * logRatio(mean, target)
    return select(
      mean .== 0, target, select(x .< -0.75, less, select(x .> 1e30, difference, mean * logOnePlusDeficit(x))))
  }
}

/// The root of p² − 2bp − c that is not negative, for c ≥ 0, by the form in which nothing cancels.
private func positiveRoot(_ b: Formula, _ c: Formula) -> Formula {
  let root = squareRoot(square(b) + c)
  return select(b .>= 0, b + root, select(c .== 0, 0, c / (root - b)))
}
