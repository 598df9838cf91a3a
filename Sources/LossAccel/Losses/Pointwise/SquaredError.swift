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
    traits: LossTraits(convexity: .strong(2), smoothness: 2, elicits: "mean")
  ) { prediction, target in
    square(prediction - target)
  }
}
