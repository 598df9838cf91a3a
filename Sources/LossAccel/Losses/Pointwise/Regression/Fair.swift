extension PointwiseLoss {
  /// Fair's loss c²(a − log(1 + a)) with a = |ŷ − y|/c: about ½r² near zero, c|r| far from it.
  ///
  /// - Gradient r/(1 + a), curvature 1/(1 + a)². The value keeps its digits near zero, where a − log(1 + a) as it stands has none.
  /// - Domain: all predictions and targets; c > 0. The default gives 95 % efficiency for normal errors of variance 1.
  /// - Properties: strictly convex, Lipschitz c, smooth 1. Source: Fair, Annals of Economic and Social Measurement 3 (1974).
  public static func fair(scale: Double = 1.3998) -> PointwiseLoss {
    precondition(scale > 0 && scale.isFinite, "Fair's loss needs a positive, finite scale, not \(scale)")
    let c = Formula.parameter("scale", scale)
    return PointwiseLoss(
      "fair", summary: "Between squared and absolute error, with the simplest of weights.",
      traits: LossTraits(
        convexity: .strict, lipschitzConstant: scale, smoothness: 1, differentiability: .twice, robustness: .bounded),
      gradient: { prediction, target in
        let residual = prediction - target
        return residual / (1 + abs(residual) / c)
      },
      curvature: { prediction, target in
        let inverse = 1 / (1 + abs(prediction - target) / c)
        return inverse * inverse
      },
      majorizer: { prediction, target in 1 / (1 + abs(prediction - target) / c) },
      proximalOperator: { point, target, step in
        // The size s of the new residual solves s² + s(c + tc − |r|) − c|r| = 0: its positive root, without cancellation.
        let residual = point - target
        let size = abs(residual)
        let half = 0.5 * (c * (1 + step) - size)
        let root = squareRoot(square(half) + c * size)
        return target + copySign(select(half .> 0, c * size / (half + root), root - half), sign: residual)
      },
      conjugate: { dual, target in
        let share = abs(dual) / c
        return select(share .< 1, dual * target + c * (c * logOnePlusDeficit(-share)), Formula(.infinity))
      }
    ) { prediction, target in
      c * (c * logOnePlusDeficit(abs(prediction - target) / c))
    }
  }
}
