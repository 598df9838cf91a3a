extension PointwiseLoss {
  /// The squared logarithmic error d² with d = log(1 + ŷ) − log(1 + y). Its mean is the mean squared logarithmic error.
  ///
  /// - Convention: without the factor ½, so the gradient is 2d / (1 + ŷ) and the curvature 2(1 − d) / (1 + ŷ)².
  /// - Domain: predictions from −1, where the loss is infinite; targets above −1.
  /// - d is computed as log(1 + |ŷ − y| / (1 + min(ŷ, y))) with the sign of ŷ − y: to the last digits for predictions next to
  ///   their targets, where the difference of two logarithms has none.
  /// - Properties: not convex in ŷ (the curvature is negative where d > 1), convex in log(1 + ŷ); minimised by
  ///   exp(E log(1 + y)) − 1, a geometric mean.
  public static let squaredLogError = PointwiseLoss(
    "squared-log-error", summary: "The squared difference of log(1 + y): errors in ratio count, not in size.",
    targetDomain: (-1.0).nextUp ... .greatestFiniteMagnitude, predictionDomain: -1 ... .infinity,
    traits: LossTraits(
      convexity: .none, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      elicits: .named("geometric mean of 1 + y, minus 1")),
    gradient: { prediction, target in 2 * logRatio(prediction, target) / (1 + prediction) },
    curvature: { prediction, target in
      2 * ((1 - logRatio(prediction, target)) / (1 + prediction) / (1 + prediction))
    }
  ) { prediction, target in
    square(logRatio(prediction, target))
  }

  /// log(1 + ŷ) − log(1 + y) without cancellation, and without overflow: a quotient beyond 2¹²⁰ is formed anew, 2⁶⁴ times
  /// smaller.
  private static func logRatio(_ prediction: Formula, _ target: Formula) -> Formula {
    let distance = abs(prediction - target)
    let base = 1 + min(prediction, target)
    let quotient = distance / base
    let isLarge = quotient .> 0x1p120
    let ratio = select(isLarge, distance / (0x1p64 * base), quotient)
    return copySign(logOnePlus(ratio) + select(isLarge, 44.3614195558364998, 0), sign: prediction - target)
  }
}
