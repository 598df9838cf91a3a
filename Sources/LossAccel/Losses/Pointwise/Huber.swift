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
      traits: LossTraits(convexity: .convex, lipschitzConstant: delta, smoothness: 1),
      gradient: { prediction, target in clamped(prediction - target, to: limit) },
      curvature: { prediction, target in abs(prediction - target) .<= limit }
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
