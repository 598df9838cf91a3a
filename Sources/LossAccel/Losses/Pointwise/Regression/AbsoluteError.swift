extension PointwiseLoss {
  /// The absolute error |ŷ − y|. Its mean is the mean absolute error.
  ///
  /// - Gradient sign r with r = ŷ − y, 0 at r = 0; curvature 0.
  /// - Domain: all predictions and targets.
  /// - Properties: convex, Lipschitz 1, not differentiable at r = 0; minimised by the median. Its majorizer 1/|r| is infinite at
  ///   r = 0.
  public static let absoluteError = PointwiseLoss(
    "absolute-error", summary: "The absolute difference; its mean is the mean absolute error.",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 1, differentiability: LossTraits.Differentiability.none,
      robustness: .bounded, elicits: .median),
    majorizer: { prediction, target in 1 / abs(prediction - target) },
    proximalOperator: { point, target, step in point - max(-step, min(point - target, step)) },
    conjugate: { dual, target in select(abs(dual) .<= 1, dual * target, Formula(.infinity)) }
  ) { prediction, target in
    abs(prediction - target)
  }

  /// The absolute error relative to the target, |ŷ − y| / max(|y|, floor). Its mean is the mean absolute percentage error, as a
  /// fraction.
  ///
  /// - Gradient sign(ŷ − y) / max(|y|, floor), curvature 0.
  /// - Domain: all predictions and targets. The floor says what a target of 0 means: errors of targets that are smaller count
  ///   relative to it. It must be positive; there is no other.
  /// - Properties: convex, Lipschitz 1/floor; minimised by the median of the distribution with density proportional to f(y)/|y|.
  public static func absoluteRelativeError(floor: Double = 1e-7) -> PointwiseLoss {
    precondition(
      floor > 0 && floor.isFinite, "the absolute relative error needs a positive, finite floor, not \(floor)")
    let least = Formula.parameter("floor", floor)
    return PointwiseLoss(
      "absolute-relative-error", summary: "The absolute difference as a fraction of the target; its mean is the MAPE.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 1 / floor, differentiability: LossTraits.Differentiability.none,
        robustness: .bounded, elicits: .named("median of the density weighted by 1/|y|")),
      majorizer: { prediction, target in 1 / (max(abs(target), least) * abs(prediction - target)) },
      proximalOperator: { point, target, step in
        let limit = step / max(abs(target), least)
        return point - max(-limit, min(point - target, limit))
      },
      conjugate: { dual, target in
        select(abs(dual) * max(abs(target), least) .<= 1, dual * target, Formula(.infinity))
      }
    ) { prediction, target in
      abs(prediction - target) / max(abs(target), least)
    }
  }
}
