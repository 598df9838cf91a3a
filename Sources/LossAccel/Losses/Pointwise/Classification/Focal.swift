extension PointwiseLoss {
  /// The focal loss α·σ(−m)^γ·log(1 + e^(−m)) of a logit z with the margin m = (2y − 1)·z: cross-entropy in which samples that are
  /// right already hardly count. α weighs the label 1, 1 − α the label 0.
  ///
  /// - Gradient −(2y − 1)·α·σ(−m)^γ·(γσ(m)log(1 + e^(−m)) + σ(−m)); at saturated logits −(2y − 1)·α, never 0 or NaN.
  /// - Curvature α·σ(−m)^γ·σ(m)·(γ·log(1 + e^(−m))·(γσ(m) − σ(−m)) + (1 + 2γ)σ(−m)).
  /// - Domain: every logit z; labels 0 and 1 (Bool will do); γ > 0, 0 < α < 1.
  /// - Properties: not convex, classification-calibrated, not proper: σ(z) is not the probability. Source: Lin et al., Focal Loss for Dense
  ///   Object Detection, ICCV 2017.
  public static func focal(gamma: Double = 2, alpha: Double = 0.25) -> PointwiseLoss {
    precondition(gamma > 0 && gamma.isFinite, "the focal loss needs a positive, finite gamma, not \(gamma)")
    precondition(alpha > 0 && alpha < 1, "the focal loss needs an alpha between 0 and 1, not \(alpha)")
    let focus = Formula.parameter("gamma", gamma)
    let share = Formula.parameter("alpha", alpha)
    func label(_ target: Formula) -> Formula { 2 * target - 1 }
    func balance(_ target: Formula) -> Formula { share * target + (1 - share) * (1 - target) }
    // e^(−γx). A product by a power of two is exact.
    func decay(_ x: Formula) -> Formula { gamma.significand == 1 ? exp(-focus * x) : expProduct(-focus, x) }
    // σ(−m)^γ, its exponential in two factors of which neither has a great and rounded exponent.
    func attention(_ margin: Formula) -> Formula { decay(positivePart(margin)) * decay(Operation.logisticTail(margin)) }
    // Beyond 2²⁰ the probability that it is multiplied by is 0, which must not meet an infinity.
    func tail(_ margin: Formula) -> Formula { focus * min(softplus(-margin), 0x1p20) }
    return PointwiseLoss(
      "focal", summary: "Cross-entropy in which samples that are right already hardly count.", targetDomain: 0...1,
      traits: LossTraits(
        convexity: .none, lipschitzConstant: Swift.max(alpha, 1 - alpha) * steepest(gamma),
        smoothness: Swift.max(alpha, 1 - alpha) * mostBent(gamma), differentiability: .smooth, robustness: .bounded,
        classificationCalibrated: alpha == 0.5),
      gradient: { logit, target in
        let margin = label(target) * logit
        let logistic = Logistic(margin)
        let inner = tail(margin) * logistic.right + logistic.wrong
        return -(label(target) * (balance(target) * (attention(margin) * inner)))
      },
      curvature: { logit, target in
        let margin = label(target) * logit
        let logistic = Logistic(margin)
        let bent =
          tail(margin) * (focus * logistic.right - logistic.wrong) + (1 + 2 * focus) * logistic.wrong
        return square(label(target)) * (balance(target) * (attention(margin) * (logistic.right * bent)))
      }
    ) { logit, target in
      let margin = label(target) * logit
      return balance(target) * (attention(margin) * softplus(-margin))
    }
  }

  /// The greatest slope of the focal loss with α = 1, as a function of p = σ(m).
  private static func steepest(_ gamma: Double) -> Double {
    greatest { p in
      ElementaryFunctions.power(1 - p, gamma) * (1 - p - gamma * p * ElementaryFunctions.log(p))
    }
  }

  /// Its greatest curvature.
  private static func mostBent(_ gamma: Double) -> Double {
    greatest { p in
      let q = 1 - p
      let inner = -gamma * ElementaryFunctions.log(p) * (gamma * p - q) + q * (1 + 2 * gamma)
      return ElementaryFunctions.power(q, gamma) * p * inner
    }
  }

  /// The greatest value on the open interval from 0 to 1: the best of a grid, then the best around it, ever finer. Both functions
  /// have one peak; the result is below it by less than its rounding.
  private static func greatest(_ function: (Double) -> Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while true {
      let width = (high - low) / 32
      let best = (1..<32).max { function(low + Double($0) * width) < function(low + Double($1) * width) }!
      let peak = low + Double(best) * width
      if width < 1e-9 { return Swift.max(function(peak), function(.leastNormalMagnitude)) * (1 + 1e-15) }
      (low, high) = (peak - width, peak + width)
    }
  }
}
