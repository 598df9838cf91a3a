extension PointwiseLoss {
  /// The pseudo-Huber loss δ²(√(1 + u²) − 1) with u = (ŷ − y)/δ: about ½r² near zero, δ|r| far from it. Also called Charbonnier's.
  ///
  /// - Gradient r/√(1 + u²), curvature (1 + u²)^(−3/2). The value is computed as r²/(1 + √(1 + u²)), which does not cancel.
  /// - Domain: all predictions and targets; δ > 0.
  /// - Properties: strictly convex, Lipschitz δ, smooth 1, differentiable as often as one likes. Source: Charbonnier et al.,
  ///   ICIP 1994.
  public static func pseudoHuber(delta: Double = 1) -> PointwiseLoss {
    precondition(delta > 0 && delta.isFinite, "the pseudo-Huber loss needs a positive, finite delta, not \(delta)")
    let scale = Formula.parameter("delta", delta)
    return PointwiseLoss(
      "pseudo-huber", summary: "A Huber loss that is smooth everywhere, with the scale δ.",
      traits: LossTraits(
        convexity: .strict, lipschitzConstant: delta, smoothness: 1, differentiability: .smooth, robustness: .bounded),
      gradient: { prediction, target in
        let residual = prediction - target
        return residual / rootOfOnePlusSquare(residual / scale)
      },
      curvature: { prediction, target in
        let u = (prediction - target) / scale
        return inverseOnePlusSquare(u) / rootOfOnePlusSquare(u)
      },
      majorizer: { prediction, target in 1 / rootOfOnePlusSquare((prediction - target) / scale) },
      conjugate: { dual, target in
        // δ²(1 − √(1 − (u/δ)²)), without cancellation.
        let share = dual / scale
        let bent = dual * (dual / (1 + squareRoot(1 - square(share))))
        return select(abs(share) .<= 1, dual * target + bent, Formula(.infinity))
      }
    ) { prediction, target in
      let residual = prediction - target
      return residual * (residual / (1 + rootOfOnePlusSquare(residual / scale)))
    }
  }
}
