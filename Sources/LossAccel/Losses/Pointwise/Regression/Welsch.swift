extension PointwiseLoss {
  /// The Welsch loss ½δ²(1 − e^(−u²)) with u = (ŷ − y)/δ, also called Leclerc's: no outlier costs more than ½δ².
  ///
  /// - Gradient r·e^(−u²), curvature (1 − 2u²)e^(−u²).
  /// - Domain: all predictions and targets; δ > 0. The default gives 95 % efficiency for normal errors of variance 1.
  /// - Properties: not convex, bounded, Lipschitz δ/√(2e) ≈ 0.429δ, smooth 1, redescending. Source: Dennis and Welsch,
  ///   Communications in Statistics B7 (1978).
  public static func welsch(delta: Double = 2.9846) -> PointwiseLoss {
    precondition(delta > 0 && delta.isFinite, "the Welsch loss needs a positive, finite delta, not \(delta)")
    let scale = Formula.parameter("delta", delta)
    return PointwiseLoss(
      "welsch", summary: "A squared error that levels off exponentially: bounded, not convex.",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: 0.4288819424803534 * delta, smoothness: 1, differentiability: .smooth,
        robustness: .redescending),
      gradient: { prediction, target in
        let residual = prediction - target
        let half = halfBell(residual / scale)
        return (residual * half) * half
      },
      curvature: { prediction, target in
        // 1 − 2u² would overflow where the exponential is 0.
        let u = (prediction - target) / scale
        let half = halfBell(u)
        return (half - 2 * (u * (u * half))) * half
      },
      majorizer: { prediction, target in expNegativeSquare((prediction - target) / scale) }
    ) { prediction, target in
      scale * (scale * (-0.5 * expMinusOne(-square((prediction - target) / scale))))
    }
  }

  /// e^(−u²/2), whose square is less often subnormal than what it is multiplied by makes of it.
  private static func halfBell(_ u: Formula) -> Formula { expProduct(-0.5 * u, u) }
}
