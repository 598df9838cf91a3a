extension PointwiseLoss {
  /// The log-cosh loss log cosh(ŷ − y): about ½r² near zero, |r| − log 2 far from it.
  ///
  /// - Gradient tanh r, curvature 1 − tanh² r, without cancellation anywhere: the value keeps its digits for the smallest
  ///   residuals, where the usual form log((eʳ + e⁻ʳ)/2) loses all of them.
  /// - Domain: all predictions and targets.
  /// - Properties: strictly but not strongly convex, Lipschitz 1, smooth 1, twice differentiable everywhere.
  public static let logCosh = PointwiseLoss(
    "log-cosh", summary: "A Huber loss that is smooth everywhere.",
    traits: LossTraits(
      convexity: .strict, lipschitzConstant: 1, smoothness: 1, differentiability: .smooth, robustness: .bounded),
    majorizer: { prediction, target in
      let residual = prediction - target
      return select(residual .== 0, 1, tanh(residual) / residual)
    },
    conjugate: { dual, target in
      // ½((1 + u)·log(1 + u) + (1 − u)·log(1 − u)) + u·y.
      let bent = 0.5 * (xLogOnePlusY(1 + dual, dual) + xLogOnePlusY(1 - dual, -dual))
      return select(abs(dual) .<= 1, bent + dual * target, Formula(.infinity))
    }
  ) { prediction, target in
    LossAccel.logCosh(prediction - target)
  }
}
