extension PointwiseLoss {
  /// The periodic loss 1 − cos kr with r = ŷ − y and k = 2π/T: for angles, times of day and everything else that starts over after
  /// a period T.
  ///
  /// - Gradient k·sin kr, curvature k²·cos kr. The residual is brought to −T/2…T/2 first, so 359° and 1° are 2° apart to the last
  ///   digit; the value is computed as 2·sin²(kr/2), which does not cancel.
  /// - Domain: all predictions and targets; T > 0, in their unit.
  /// - Properties: not convex, bounded by 2, Lipschitz k, smooth k²; minimised by the circular mean.
  public static func periodic(period: Double = 6.283185307179586) -> PointwiseLoss {
    precondition(period > 0 && period.isFinite, "the periodic loss needs a positive, finite period, not \(period)")
    let turn = Formula.parameter("period", period)
    let rate = 6.283185307179586 / turn
    func halfAngle(_ prediction: Formula, _ target: Formula) -> Formula {
      let residual = prediction - target
      return (3.141592653589793 / turn) * (residual - turn * nearest(residual / turn))
    }
    let constant = 2 * Double.pi / period
    return PointwiseLoss(
      "periodic", summary: "For angles and times of day: errors of whole periods cost nothing.",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: constant, smoothness: constant * constant, differentiability: .smooth,
        robustness: .bounded, elicits: .circularMean),
      gradient: { prediction, target in
        let half = halfAngle(prediction, target)
        return 2 * (rate * (sine(half) * cosine(half)))
      },
      curvature: { prediction, target in
        let half = halfAngle(prediction, target)
        return square(rate) * ((cosine(half) - sine(half)) * (cosine(half) + sine(half)))
      }
    ) { prediction, target in
      2 * square(sine(halfAngle(prediction, target)))
    }
  }
}
