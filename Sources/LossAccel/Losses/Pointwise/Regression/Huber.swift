extension PointwiseLoss {
  /// The Huber loss: ½r² for |r| ≤ δ, δ(|r| − ½δ) beyond, with r = ŷ − y.
  ///
  /// - Gradient r clamped to ±δ; curvature 1 for |r| ≤ δ, otherwise 0.
  /// - Domain: all predictions and targets; δ > 0.
  /// - Properties: convex, Lipschitz δ, smooth 1; robust to outliers in the target. Source: Huber, Annals of Mathematical
  ///   Statistics 35 (1964).
  public static func huber(delta: Double = 1) -> PointwiseLoss {
    precondition(delta > 0 && delta.isFinite, "the Huber loss needs a positive, finite delta, not \(delta)")
    let limit = Formula.parameter("delta", delta)
    return PointwiseLoss(
      "huber", summary: "Squared near zero, absolute far from it: robust to outliers.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: delta, smoothness: 1, differentiability: .once, robustness: .bounded),
      gradient: { prediction, target in clamped(prediction - target, to: limit) },
      curvature: { prediction, target in abs(prediction - target) .<= limit },
      majorizer: { prediction, target in min(1, limit / abs(prediction - target)) },
      proximalOperator: { point, target, step in
        // A step of t shortens the residual by t·r/(1 + t) where that is at most t·δ, and by t·δ beyond.
        let residual = point - target
        return point - step * clamped(residual / (1 + step), to: limit)
      },
      conjugate: { dual, target in
        select(abs(dual) .<= limit, dual * (0.5 * dual + target), Formula(.infinity))
      }
    ) { prediction, target in
      // With c the residual clamped to ±δ both branches are c·(r − ½c).
      let residual = prediction - target
      let c = clamped(residual, to: limit)
      return c * (residual - 0.5 * c)
    }
  }

  private static func clamped(_ residual: Formula, to limit: Formula) -> Formula {
    max(-limit, min(residual, limit))
  }
}
