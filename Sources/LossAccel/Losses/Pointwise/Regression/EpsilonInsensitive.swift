extension PointwiseLoss {
  /// The ε-insensitive loss max(|r| − ε, 0) with r = ŷ − y, that of support vector regression: errors up to ε cost nothing.
  ///
  /// - Gradient sign r for |r| > ε, otherwise 0; curvature 0.
  /// - Domain: all predictions and targets; ε ≥ 0.
  /// - Properties: convex, Lipschitz 1, not differentiable at |r| = ε. Source: Vapnik, The Nature of Statistical Learning
  ///   Theory, 1995.
  public static func epsilonInsensitive(epsilon: Double = 0.1) -> PointwiseLoss {
    let tube = tube(epsilon)
    return PointwiseLoss(
      "epsilon-insensitive", summary: "The absolute error beyond a tolerance: support vector regression.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 1, differentiability: LossTraits.Differentiability.none,
        robustness: .bounded),
      gradient: { prediction, target in sign(beyond(tube, prediction - target)) },
      curvature: { _, _ in 0 },
      proximalOperator: { point, target, step in
        point - max(-step, min(beyond(tube, point - target), step))
      },
      conjugate: { dual, target in
        select(abs(dual) .<= 1, dual * target + tube * abs(dual), Formula(.infinity))
      }
    ) { prediction, target in
      positivePart(abs(prediction - target) - tube)
    }
  }

  /// The squared ε-insensitive loss ½max(|r| − ε, 0)² with r = ŷ − y.
  ///
  /// - Gradient sign r·max(|r| − ε, 0); curvature 1 for |r| > ε, otherwise 0.
  /// - Domain: all predictions and targets; ε ≥ 0.
  /// - Properties: convex but not strictly, smooth 1, differentiable everywhere.
  public static func squaredEpsilonInsensitive(epsilon: Double = 0.1) -> PointwiseLoss {
    let tube = tube(epsilon)
    return PointwiseLoss(
      "squared-epsilon-insensitive", summary: "The squared error beyond a tolerance.",
      traits: LossTraits(
        convexity: .convex, smoothness: 1, differentiability: .once, robustness: LossTraits.Robustness.none),
      gradient: { prediction, target in beyond(tube, prediction - target) },
      curvature: { prediction, target in abs(prediction - target) .> tube },
      proximalOperator: { point, target, step in point - step * beyond(tube, point - target) / (1 + step) },
      conjugate: { dual, target in dual * (0.5 * dual + target) + tube * abs(dual) }
    ) { prediction, target in
      0.5 * square(positivePart(abs(prediction - target) - tube))
    }
  }

  private static func tube(_ epsilon: Double) -> Formula {
    precondition(
      epsilon >= 0 && epsilon.isFinite, "the tolerance epsilon must be finite and not negative, not \(epsilon)")
    return .parameter("epsilon", epsilon)
  }

  /// How far the residual is outside ±ε, with its sign.
  private static func beyond(_ tube: Formula, _ residual: Formula) -> Formula {
    residual - max(-tube, min(residual, tube))
  }
}
