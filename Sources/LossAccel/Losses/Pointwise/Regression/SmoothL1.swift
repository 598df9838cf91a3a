extension PointwiseLoss {
  /// The smooth L1 loss: r² / 2β for |r| ≤ β, |r| − ½β beyond, with r = ŷ − y. It is the Huber loss divided by β.
  ///
  /// - Gradient r/β clamped to ±1; curvature 1/β for |r| ≤ β, otherwise 0.
  /// - Domain: all predictions and targets; β > 0.
  /// - Properties: convex, Lipschitz 1, smooth 1/β. Source: Girshick, Fast R-CNN, ICCV 2015.
  public static func smoothL1(beta: Double = 1) -> PointwiseLoss {
    precondition(beta > 0 && beta.isFinite, "the smooth L1 loss needs a positive, finite beta, not \(beta)")
    let limit = Formula.parameter("beta", beta)
    func clamped(_ residual: Formula) -> Formula { max(-limit, min(residual, limit)) }
    return PointwiseLoss(
      "smooth-l1", summary: "Absolute error with a rounded corner.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 1, smoothness: 1 / beta, differentiability: .once, robustness: .bounded),
      gradient: { prediction, target in clamped(prediction - target) / limit },
      curvature: { prediction, target in (abs(prediction - target) .<= limit) / limit },
      majorizer: { prediction, target in 1 / max(abs(prediction - target), limit) },
      proximalOperator: { point, target, step in
        point - step * max(-1, min((point - target) / (limit + step), 1))
      },
      conjugate: { dual, target in
        select(abs(dual) .<= 1, dual * (target + (0.5 * limit) * dual), Formula(.infinity))
      }
    ) { prediction, target in
      // With c the residual clamped to ±β both branches are c/β·(r − ½c).
      let residual = prediction - target
      let c = clamped(residual)
      return (c / limit) * (residual - 0.5 * c)
    }
  }
}
