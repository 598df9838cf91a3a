extension PointwiseLoss {
  /// Tukey's biweight: (c²/6)(1 − (1 − u²)³) for |u| ≤ 1, c²/6 beyond, with u = (ŷ − y)/c. Beyond the cutoff c an error has no
  /// influence at all.
  ///
  /// - Gradient r(1 − u²)² and curvature (1 − u²)(1 − 5u²) for |u| ≤ 1, otherwise 0.
  /// - Domain: all predictions and targets; c > 0. The default gives 95 % efficiency for normal errors of variance 1.
  /// - Properties: not convex, bounded, Lipschitz 16c/(25√5) ≈ 0.286c, smooth 1, redescending to exactly 0. Source: Beaton and
  ///   Tukey, Technometrics 16 (1974).
  public static func tukey(cutoff: Double = 4.685) -> PointwiseLoss {
    precondition(cutoff > 0 && cutoff.isFinite, "Tukey's loss needs a positive, finite cutoff, not \(cutoff)")
    let c = Formula.parameter("cutoff", cutoff)
    return PointwiseLoss(
      "tukey", summary: "Tukey's biweight: errors beyond a cutoff have no influence.",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: 0.2862167011199731 * cutoff, smoothness: 1, differentiability: .twice,
        robustness: .redescending),
      gradient: { prediction, target in
        let residual = prediction - target
        let u = residual / c
        return select(abs(u) .<= 1, residual * square((1 - u) * (1 + u)), 0)
      },
      curvature: { prediction, target in
        let u = (prediction - target) / c
        return select(abs(u) .<= 1, ((1 - u) * (1 + u)) * (1 - 5 * square(u)), 0)
      },
      majorizer: { prediction, target in
        let u = (prediction - target) / c
        return select(abs(u) .<= 1, square((1 - u) * (1 + u)), 0)
      }
    ) { prediction, target in
      // 1 − (1 − t)³ = t(3 − 3t + t²), which does not cancel.
      let residual = prediction - target
      let u = residual / c
      let t = square(u)
      return select(abs(u) .<= 1, square(residual) * (0.5 - t * (0.5 - (1.0 / 6) * t)), square(c) / 6)
    }
  }
}
