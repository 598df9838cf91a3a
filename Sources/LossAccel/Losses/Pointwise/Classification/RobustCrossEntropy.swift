extension PointwiseLoss {
  /// The generalised cross-entropy (1 − σ(m)^κ)/κ of a logit z with the margin m = (2y − 1)·z: from cross-entropy (κ → 0) to the
  /// probability of the wrong label (κ = 1), ever less impressed by mislabelled samples.
  ///
  /// - Gradient −(2y − 1)·σ(m)^κ·σ(−m), curvature σ(m)^κ·σ(−m)·(σ(m) − κσ(−m)). The value is −expm1(−κ·log(1 + e^(−m)))/κ, which does not
  ///   cancel.
  /// - Domain: every logit z; labels 0 and 1 (Bool will do); 0 < κ ≤ 1.
  /// - Properties: not convex, bounded by 1/κ, classification-calibrated, robust to mislabelled samples. Source: Zhang and Sabuncu,
  ///   NeurIPS 2018.
  public static func generalizedCrossEntropy(kappa: Double = 0.7) -> PointwiseLoss {
    precondition(kappa > 0 && kappa <= 1, "the generalised cross-entropy needs 0 < kappa ≤ 1, not \(kappa)")
    let exponent = Formula.parameter("kappa", kappa)
    // σ(m)^κ, its exponential in two factors of which neither has a great and rounded exponent.
    func trust(_ margin: Formula) -> Formula {
      expProduct(exponent, -positivePart(-margin)) * exp(-(exponent * Operation.logisticTail(margin)))
    }
    return margin(
      "generalized-cross-entropy", summary: "Cross-entropy made robust to mislabelled samples: bounded.",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: ElementaryFunctions.power(kappa / (kappa + 1), kappa) / (kappa + 1),
        smoothness: greatestBend(kappa: kappa), differentiability: .smooth, robustness: .redescending,
        classificationCalibrated: true),
      slope: { margin in -(trust(margin) * Logistic(margin).wrong) },
      bend: { margin in
        let logistic = Logistic(margin)
        return (trust(margin) * logistic.wrong) * (logistic.right - exponent * logistic.wrong)
      }
    ) { margin in
      // Where a small loss times κ would be subnormal the quotient is the loss itself.
      let loss = softplus(-margin)
      return select(loss .< 0x1p-60, loss, -expMinusOne(-(exponent * loss)) / exponent)
    }
  }

  /// The poly-1 loss log(1 + e^(−m)) + ε·σ(−m) of a logit z with the margin m = (2y − 1)·z: cross-entropy with another weight on the
  /// first term of its series in the probability of the wrong label.
  ///
  /// - Gradient −(2y − 1)·σ(−m)·(1 + εσ(m)), curvature σ(m)·σ(−m)·(1 + ε(σ(m) − σ(−m))).
  /// - Domain: every logit z; labels 0 and 1 (Bool will do); ε > −1.
  /// - Properties: convex for |ε| ≤ 1, classification-calibrated. Source: Leng et al., PolyLoss, ICLR 2022.
  public static func poly1(epsilon: Double = 1) -> PointwiseLoss {
    precondition(epsilon > -1 && epsilon.isFinite, "the poly-1 loss needs a finite epsilon above −1, not \(epsilon)")
    let weight = Formula.parameter("epsilon", epsilon)
    return margin(
      "poly-1", summary: "Cross-entropy with another weight on its first term.",
      traits: LossTraits(
        convexity: epsilon <= 1 ? .strict : .none,
        lipschitzConstant: epsilon <= 1 ? 1 : (1 + epsilon) * (1 + epsilon) / (4 * epsilon),
        smoothness: greatestBend(epsilon: epsilon), differentiability: .smooth, robustness: .bounded,
        classificationCalibrated: true),
      slope: { margin in
        let logistic = Logistic(margin)
        return -(logistic.wrong + weight * logistic.variance)
      },
      bend: { margin in
        let logistic = Logistic(margin)
        // 1 + ε(σ(m) − σ(−m)), from the probability that keeps it from cancelling for |ε| ≤ 1.
        let share =
          epsilon > 0 ? (1 - weight) + 2 * (weight * logistic.right) : (1 + weight) - 2 * (weight * logistic.wrong)
        return logistic.variance * share
      }
    ) { margin in
      softplus(-margin) + weight * Logistic(margin).wrong
    }
  }

  /// The greatest of p^κ·(1 − p)·(p − κ(1 − p)), at the greater root of its derivative by p.
  private static func greatestBend(kappa: Double) -> Double {
    let (a, b, c) = ((1 + kappa) * (2 + kappa), (1 + kappa) * (1 + 2 * kappa), kappa * kappa)
    let p = (b + (b * b - 4 * a * c).squareRoot()) / (2 * a)
    return ElementaryFunctions.power(p, kappa) * (1 - p) * (p - kappa * (1 - p))
  }

  /// The greatest of ¼(1 − d²)(1 + εd) with d = σ(m) − σ(−m), at the inner root of its derivative by d.
  private static func greatestBend(epsilon: Double) -> Double {
    let d = epsilon / (1 + (1 + 3 * epsilon * epsilon).squareRoot())
    return 0.25 * (1 - d) * (1 + d) * (1 + epsilon * d)
  }
}
