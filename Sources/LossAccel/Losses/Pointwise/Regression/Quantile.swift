extension PointwiseLoss {
  /// The pinball loss max(τ(y − ŷ), (1 − τ)(ŷ − y)), the loss of quantile regression: its minimiser is the τ-quantile.
  ///
  /// - Gradient 1 − τ for ŷ > y, otherwise −τ; curvature 0.
  /// - Domain: all predictions and targets; 0 < τ < 1. With τ = ½ it is half the absolute error.
  /// - Properties: convex, Lipschitz max(τ, 1 − τ), not differentiable at ŷ = y. Source: Koenker and Bassett, Econometrica 46
  ///   (1978).
  public static func pinball(tau: Double = 0.5) -> PointwiseLoss {
    let slope = slope(tau)
    return PointwiseLoss(
      "pinball", summary: "Quantile regression: its minimiser is the τ-quantile.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: Swift.max(tau, 1 - tau),
        differentiability: LossTraits.Differentiability.none, robustness: .bounded, elicits: .quantile(tau)),
      majorizer: { prediction, target in 0.5 / abs(prediction - target) },
      proximalOperator: { point, target, step in
        point - max(step * slope(-1), min(point - target, step * slope(1)))
      },
      conjugate: { dual, target in
        select(min(dual - slope(-1), slope(1) - dual) .>= 0, dual * target, Formula(.infinity))
      }
    ) { prediction, target in
      let residual = prediction - target
      return residual * slope(residual)
    }
  }

  /// The smoothed pinball loss κ·log(1 + e^(r/κ)) − τr with r = ŷ − y, which Newton's method can minimise.
  ///
  /// - Gradient σ(r/κ) − τ, curvature σ(r/κ)·σ(−r/κ)/κ. As κ → 0 it is the pinball loss.
  /// - Domain: all predictions and targets; 0 < τ < 1, κ > 0 in the unit of the targets. Its minimiser is the τ-quantile of the target
  ///   plus logistic noise of scale κ.
  /// - Properties: strictly convex, Lipschitz max(τ, 1 − τ), smooth 1/(4κ). Source: Zheng, Gradient descent algorithms for
  ///   quantile regression with smooth approximation, 2011.
  public static func smoothPinball(tau: Double = 0.5, kappa: Double = 1) -> PointwiseLoss {
    precondition(kappa > 0 && kappa.isFinite, "the smoothed pinball loss needs a positive, finite kappa, not \(kappa)")
    let slope = slope(tau)
    let width = Formula.parameter("kappa", kappa)
    return PointwiseLoss(
      "smooth-pinball", summary: "Quantile regression with a rounded corner of width κ.",
      traits: LossTraits(
        convexity: .strict, lipschitzConstant: Swift.max(tau, 1 - tau), smoothness: 1 / (4 * kappa),
        differentiability: .smooth, robustness: .bounded,
        elicits: .named("\(tau) quantile of the target plus logistic noise")),
      gradient: { prediction, target in
        let residual = prediction - target
        return slope(residual) - Operation.logisticSide(residual / width)
      },
      curvature: { prediction, target in Logistic((prediction - target) / width).variance / width },
      majorizer: { prediction, target in
        let residual = prediction - target
        return select(residual .== 0, 0.25 / width, tanh(0.5 * (residual / width)) / (2 * residual))
      },
      conjugate: { dual, target in
        // With s = u + τ in 0...1 it is κ(s·log s + (1 − s)·log(1 − s)) + u·y.
        let share = dual - slope(-1)
        let rest = slope(1) - dual
        return select(
          min(share, rest) .< 0, Formula(.infinity),
          width * (xLogY(share, share) + xLogY(rest, rest)) + dual * target)
      }
    ) { prediction, target in
      // κ·log(1 + e^(r/κ)) − τr is the pinball loss plus a tail, both positive.
      let residual = prediction - target
      return residual * slope(residual) + width * Operation.logisticTail(residual / width)
    }
  }

  /// The expectile loss ½|τ − [ŷ > y]|·(ŷ − y)²: squared error with different weights for errors above and below.
  ///
  /// - Gradient w·r and curvature w, with r = ŷ − y and w = 1 − τ for r > 0, otherwise τ.
  /// - Domain: all predictions and targets; 0 < τ < 1. With τ = ½ it is a quarter of the squared error.
  /// - Properties: strongly convex min(τ, 1 − τ), smooth max(τ, 1 − τ); minimised by the τ-expectile. Source: Newey and Powell,
  ///   Econometrica 55 (1987).
  public static func expectile(tau: Double = 0.5) -> PointwiseLoss {
    let slope = slope(tau)
    func weight(_ residual: Formula) -> Formula { abs(slope(residual)) }
    return PointwiseLoss(
      "expectile", summary: "Squared error with different weights above and below.",
      traits: LossTraits(
        convexity: .strong(Swift.min(tau, 1 - tau)), smoothness: Swift.max(tau, 1 - tau),
        differentiability: tau == 0.5 ? .smooth : .once, robustness: LossTraits.Robustness.none,
        elicits: .expectile(tau)),
      gradient: { prediction, target in weight(prediction - target) * (prediction - target) },
      curvature: { prediction, target in weight(prediction - target) },
      proximalOperator: { point, target, step in
        let residual = point - target
        let pull = step * weight(residual)
        return point - pull * residual / (1 + pull)
      },
      conjugate: { dual, target in dual * (target + dual / (2 * weight(dual))) }
    ) { prediction, target in
      let residual = prediction - target
      return (0.5 * residual) * (weight(residual) * residual)
    }
  }

  /// The slope of the pinball loss, 1 − τ for a positive residual, otherwise −τ.
  private static func slope(_ tau: Double) -> (Formula) -> Formula {
    precondition(tau > 0 && tau < 1, "the level tau must lie between 0 and 1, not be \(tau)")
    let level = Formula.parameter("tau", tau)
    return { residual in select(residual .> 0, 1 - level, -level) }
  }
}
