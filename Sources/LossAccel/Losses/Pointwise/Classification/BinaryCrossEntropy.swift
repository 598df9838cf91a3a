extension PointwiseLoss {
  /// Binary cross-entropy from a logit z, the negative log-likelihood of logistic regression: log(1 + eᶻ) − y·z.
  ///
  /// - Domain: every logit, targets in 0...1 (soft targets are allowed). An infinite logit costs infinity on the wrong side of its
  ///   target; on the right side it is 0·∞, which IEEE 754 calls NaN (the gradient is 0).
  /// - Gradient σ(z) − y, curvature σ(z)·σ(−z), both accurate to their last digits in both tails. No clipping anywhere.
  /// - Properties: strictly convex, Lipschitz 1, smooth ¼, strictly proper.
  public static let binaryCrossEntropyFromLogits = PointwiseLoss(
    "bce-logits", summary: "Binary cross-entropy of a logit: the loss of logistic regression.", targetDomain: 0...1,
    traits: LossTraits(
      convexity: .strict, lipschitzConstant: 1, smoothness: 0.25, differentiability: .smooth, robustness: .bounded,
      classificationCalibrated: true, properness: .strictlyProper, elicits: .mean, link: .logit),
    fisher: { logit, _ in
      let side = abs(Operation.logisticSide(logit))
      return side * (1 - side)
    },
    conjugate: { dual, target in
      // With q = u + y in 0...1 it is q·log q + (1 − q)·log(1 − q).
      let share = dual + target
      let inside = xLogY(share, share) + xLogOnePlusY(1 - share, -share)
      return select(min(share, 1 - share) .< 0, Formula(.infinity), inside)
    }
  ) { logit, target in
    softplus(logit) - target * logit
  }

  /// Binary cross-entropy from a probability p: −y·log p − (1 − y)·log(1 − p), with 0·log 0 = 0.
  ///
  /// - Domain: probabilities and targets in 0...1. A certain prediction that is wrong costs infinity: nothing is clipped.
  /// - Gradient (p − y) / (p(1 − p)), curvature y/p² + (1 − y)/(1 − p)², Fisher information 1/(p(1 − p)).
  /// - Properties: convex, strictly proper. Where the model yields logits use ``binaryCrossEntropyFromLogits``: a probability
  ///   near 1 has lost the digits that the loss depends on.
  public static let binaryCrossEntropy = PointwiseLoss(
    "bce", summary: "Binary cross-entropy of a probability.", targetDomain: 0...1, predictionDomain: 0...1,
    traits: LossTraits(
      convexity: .strict, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      classificationCalibrated: true, properness: .strictlyProper, elicits: .mean),
    gradient: { probability, target in
      // For y = 0 and y = 1 one factor cancels; left in, it would be 0/0 at a certain and right prediction.
      let numerator = select(target .== 0, 1, select(target .== 1, -1, probability - target))
      let complement = 1 - probability
      return numerator
        / select(target .== 0, complement, select(target .== 1, probability, probability * complement))
    },
    curvature: { probability, target in
      let complement = 1 - probability
      return select(target .== 0, 0, target / square(probability))
        + select(target .== 1, 0, (1 - target) / square(complement))
    },
    fisher: { probability, _ in 1 / (probability * (1 - probability)) }
  ) { probability, target in
    -xLogY(target, probability) - xLogOnePlusY(1 - target, -probability)
  }
}
