extension PointwiseLoss {
  /// The Geman–McClure loss ½r²/(1 + u²) with r = ŷ − y and u = r/δ: no outlier costs more than ½δ².
  ///
  /// - Gradient r/(1 + u²)², curvature (1 − 3u²)/(1 + u²)³.
  /// - Domain: all predictions and targets; δ > 0.
  /// - Properties: not convex, bounded, Lipschitz 9δ/(16√3) ≈ 0.325δ, smooth 1, redescending. Source: Geman and McClure,
  ///   Bulletin of the International Statistical Institute 52 (1987).
  public static func gemanMcClure(delta: Double = 1) -> PointwiseLoss {
    precondition(delta > 0 && delta.isFinite, "the Geman–McClure loss needs a positive, finite delta, not \(delta)")
    let scale = Formula.parameter("delta", delta)
    return PointwiseLoss(
      "geman-mcclure", summary: "A squared error that levels off: bounded, not convex.",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: 0.3247595264191645 * delta, smoothness: 1, differentiability: .smooth,
        robustness: .redescending),
      gradient: { prediction, target in
        let u = (prediction - target) / scale
        return scale * (overOnePlusSquare(u) * inverseOnePlusSquare(u))
      },
      curvature: { prediction, target in
        let u = (prediction - target) / scale
        let weight = inverseOnePlusSquare(u)
        return weight * (weight * (weight - 3 * (u * overOnePlusSquare(u))))
      },
      majorizer: { prediction, target in square(inverseOnePlusSquare((prediction - target) / scale)) }
    ) { prediction, target in
      let residual = prediction - target
      return (0.5 * residual) * (scale * overOnePlusSquare(residual / scale))
    }
  }
}
