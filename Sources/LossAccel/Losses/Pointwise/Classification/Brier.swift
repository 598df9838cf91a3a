extension PointwiseLoss {
  /// The Brier score (p − y)² of a probability p.
  ///
  /// - Gradient 2(p − y), curvature 2.
  /// - Domain: probabilities and targets in 0...1; soft targets are allowed.
  /// - Properties: strongly convex 2, strictly proper, bounded by 1. Source: Brier, Monthly Weather Review 78 (1950).
  public static let brier = PointwiseLoss(
    "brier", summary: "The squared error of a probability.", targetDomain: 0...1, predictionDomain: 0...1,
    traits: LossTraits(
      convexity: .strong(2), lipschitzConstant: 2, smoothness: 2, differentiability: .smooth, robustness: .bounded,
      classificationCalibrated: true, properness: .strictlyProper, elicits: .mean),
    proximalOperator: { point, target, step in
      max(0, min((point + 2 * (step * target)) / (1 + 2 * step), 1))
    },
    conjugate: { dual, target in
      let best = max(0, min(target + 0.5 * dual, 1))
      return dual * best - square(best - target)
    }
  ) { probability, target in
    square(probability - target)
  }

  /// The Brier score (p − y)² of the probability p = σ(z), from its logit z.
  ///
  /// - Gradient 2(p − y)·p(1 − p), curvature 2p(1 − p)·(p(1 − p) + (p − y)(1 − 2p)); for targets 0 and 1 accurate in both tails.
  /// - Domain: every logit; targets in 0...1, soft ones are allowed.
  /// - Properties: not convex in the logit, bounded by 1, Lipschitz 8/27, strictly proper. See ``brier`` for probabilities.
  public static let brierFromLogits = PointwiseLoss(
    "brier-logits", summary: "The Brier score of a logit.", targetDomain: 0...1,
    traits: LossTraits(
      convexity: .none, lipschitzConstant: 0.2962962962962963, smoothness: 0.15405857012135051,
      differentiability: .smooth, robustness: .redescending, classificationCalibrated: true,
      properness: .strictlyProper, elicits: .mean, link: .logit),
    gradient: { logit, target in
      2 * ((sigmoid(logit) - target) * Logistic(logit).variance)
    },
    curvature: { logit, target in
      let logistic = Logistic(logit)
      let error = sigmoid(logit) - target
      return 2 * (logistic.variance * (logistic.variance - error * logistic.lead))
    }
  ) { logit, target in
    square(sigmoid(logit) - target)
  }
}
