extension PointwiseLoss {
  /// Binary cross-entropy from a logit z with a weight w on the positive part: −w·y·log σ(z) − (1 − y)·log σ(−z).
  ///
  /// - Gradient (1 − y)·σ(z) − w·y·σ(−z), curvature (1 + (w − 1)y)·σ(z)·σ(−z), both accurate in both tails.
  /// - Domain: every logit, targets in 0...1 (soft targets are allowed); w > 0. With w = 1 it is ``binaryCrossEntropyFromLogits``.
  /// - Properties: strictly convex, Lipschitz max(1, w), smooth max(1, w)/4. σ(z) is the probability only for w = 1: otherwise
  ///   subtract log w from the logit.
  public static func binaryCrossEntropyFromLogits(positiveWeight: Double) -> PointwiseLoss {
    precondition(
      positiveWeight > 0 && positiveWeight.isFinite,
      "the weight of the positive class must be positive and finite, not \(positiveWeight)")
    let weight = Formula.parameter("positiveWeight", positiveWeight)
    func total(_ target: Formula) -> Formula { (1 - target) + weight * target }
    /// The slope far from 0, on the side where the logit is.
    func far(_ logit: Formula, _ target: Formula) -> Formula {
      select(logit .> 0, 1 - target, -(weight * target))
    }
    let greatest = Swift.max(1, positiveWeight)
    return PointwiseLoss(
      "weighted-bce-logits", summary: "Binary cross-entropy of a logit, with a weight on positives.",
      targetDomain: 0...1,
      traits: LossTraits(
        convexity: .strict, lipschitzConstant: greatest, smoothness: greatest / 4,
        differentiability: .smooth, robustness: .bounded, classificationCalibrated: positiveWeight == 1,
        properness: positiveWeight == 1 ? .strictlyProper : nil,
        elicits: .named("log odds of the mean, plus log w")),
      gradient: { logit, target in
        far(logit, target) - total(target) * Operation.logisticSide(logit)
      },
      curvature: { logit, target in total(target) * Logistic(logit).variance },
      majorizer: { logit, target in
        total(target) * select(logit .== 0, 0.25, tanh(0.5 * logit) / (2 * logit))
      },
      conjugate: { dual, target in
        // With s = (u + w·y)/k and k = 1 − y + w·y it is k(s·log s + (1 − s)·log(1 − s)).
        let share = (dual + weight * target) / total(target)
        let rest = ((1 - target) - dual) / total(target)
        return select(
          min(share, rest) .< 0, Formula(.infinity), total(target) * (xLogY(share, share) + xLogY(rest, rest)))
      }
    ) { logit, target in
      far(logit, target) * logit + total(target) * Operation.logisticTail(logit)
    }
  }
}
