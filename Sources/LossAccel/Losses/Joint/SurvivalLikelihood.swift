// Times until an event, with proportional hazards e^η·k·tᵏ⁻¹: each sample has a time and whether it ended with the event (1) or was
// censored then (0).
extension JointLoss {
  /// The negative log-likelihood of exponential survival with hazard e^η: e^η·t − δη.
  ///
  /// - Prediction: the log-hazard η, any number. Targets: the time t ≥ 0, and δ: 1 for an event, 0 for a censored time.
  /// - Gradient e^η·t − δ, curvature e^η·t. It is the Poisson loss of δ with the offset log t.
  /// - Properties: convex.
  public static let exponentialSurvival = JointLoss(
    "exponential-survival", summary: "Survival times with a constant hazard, some of them censored.",
    predictions: ["log hazard"],
    targets: [Variable("time", domain: 0 ... .infinity), Variable("event", domain: 0...1)],
    traits: LossTraits(
      convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      elicits: .named("log hazard"))
  ) { prediction, target in
    cumulativeHazard(prediction[0], target[0]) - target[1] * prediction[0]
  }

  /// The negative log-likelihood of Weibull survival with hazard e^η·k·tᵏ⁻¹, k the shape: e^η·tᵏ − δ(η + log k + (k − 1)·log t).
  ///
  /// - Prediction: η, any number. Targets: the time t ≥ 0, and δ: 1 for an event, 0 for a censored time. k > 0.
  /// - Gradient e^η·tᵏ − δ, curvature e^η·tᵏ.
  /// - Properties: convex in η.
  public static func weibullSurvival(shape: Double = 2) -> JointLoss {
    precondition(shape > 0 && shape.isFinite, "Weibull survival needs a positive, finite shape, not \(shape)")
    let k = Formula.parameter("shape", shape)
    return JointLoss(
      "weibull-survival", summary: "Survival times with a hazard that is a power of time, some of them censored.",
      predictions: ["log hazard"],
      targets: [Variable("time", domain: 0 ... .infinity), Variable("event", domain: 0...1)],
      traits: LossTraits(
        convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none,
        elicits: .named("log hazard"))
    ) { prediction, target in
      let (time, event) = (target[0], target[1])
      return cumulativeHazard(prediction[0], power(time, k))
        - (event * (prediction[0] + log(k)) + (k - 1) * xLogY(event, time))
    }
  }

  /// e^η·t with half of the exponent on each side: e^η alone may overflow, or lose its digits, where the product does not.
  private static func cumulativeHazard(_ logHazard: Formula, _ time: Formula) -> Formula {
    let half = exp(0.5 * logHazard)
    return half * (half * time)
  }
}
