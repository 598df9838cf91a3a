extension PointwiseLoss {
  /// The squared error (ŷ − y)². Its mean is the mean squared error.
  ///
  /// - Convention: without the factor ½, so the gradient is 2(ŷ − y) and the curvature 2.
  /// - Domain: all predictions and targets.
  /// - Properties: strongly convex, minimised by the mean; least squares in closed form minimises its sum.
  ///
  /// ```swift
  /// try PointwiseLoss.squaredError.mean(predictions: [2.0, 3.5, 1.5, 4.0], targets: [1.8, 3.2, 1.4, 3.9])  // 0.0375
  /// ```
  public static let squaredError = PointwiseLoss(
    "squared-error", summary: "The squared difference; its mean is the mean squared error.",
    traits: LossTraits(
      convexity: .strong(2), smoothness: 2, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      elicits: .mean),
    fisher: { _, _ in 2 },
    proximalOperator: { point, target, step in point + (2 * step / (1 + 2 * step)) * (target - point) },
    conjugate: { dual, target in dual * (0.25 * dual + target) }
  ) { prediction, target in
    square(prediction - target)
  }
}
