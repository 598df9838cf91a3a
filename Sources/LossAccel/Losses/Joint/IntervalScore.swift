extension JointLoss {
  /// The interval score of the interval a...b that is to hold the target with probability 1 − α: its width, and 2/α times the
  /// distance of a target that it misses: (b − a) + (2/α)·((a − y)₊ + (y − b)₊).
  ///
  /// - Predictions: lower end, upper end; every number will do, and the ends may cross. 0 < α < 1.
  /// - Gradient: −1 + (2/α)[y < a] and 1 − (2/α)[y > b]. The Hessian is 0.
  /// - Properties: convex; elicits the quantiles at α/2 and 1 − α/2. Source: Gneiting and Raftery, JASA 102 (2007).
  public static func intervalScore(alpha: Double = 0.1) -> JointLoss {
    precondition(alpha > 0 && alpha < 1, "the interval score needs an alpha between 0 and 1, not \(alpha)")
    let penalty = 2 / Formula.parameter("alpha", alpha)
    // Steepest where the ends have crossed and the target lies between them.
    return JointLoss(
      "interval-score", summary: "Width of a prediction interval, and a penalty for targets outside it.",
      predictions: ["lower end", "upper end"],
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: (2.0).squareRoot() * (2 / alpha - 1), smoothness: 0,
        differentiability: LossTraits.Differentiability.none, robustness: .bounded,
        elicits: .named("quantiles at α/2 and 1 − α/2"))
    ) { prediction, target in
      let (lower, upper, y) = (prediction[0], prediction[1], target[0])
      return (upper - lower) + penalty * (positivePart(lower - y) + positivePart(y - upper))
    }
  }
}
