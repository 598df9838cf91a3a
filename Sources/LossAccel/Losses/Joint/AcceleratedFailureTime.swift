// Accelerated failure times: the logarithm of a time T is η + s·Z, with Z of a known distribution. Of T it is known that it lies
// between a lower and an upper end: equal ends are an event, an infinite upper end a time that was censored, a lower end of 0 an
// event that had already happened. The loss is −log(F(b) − F(a)) with a, b = (log end − η)/s, or −log of T's density at an event.
extension JointLoss {
  /// Accelerated failure time with log-normal times.
  ///
  /// - Prediction: η, the mean of log T, any number. Targets: lower end ≥ 0, upper end > 0, which may be infinite. With the ends in the wrong
  ///   order the loss is NaN. The scale s > 0 is the standard deviation of log T.
  /// - Properties: convex in η, smooth 1/s². Nothing is clipped: far censored samples keep their gradient.
  public static func normalFailureTime(scale: Double = 1) -> JointLoss {
    let s = scaleParameter(scale)
    return failureTime(
      "aft-normal", summary: "Accelerated failure time, log-normal, interval-censored.",
      traits: LossTraits(
        convexity: .convex, smoothness: 1 / (scale * scale), differentiability: .smooth,
        robustness: LossTraits.Robustness.none),
      value: { ends in
        let t = NormalTails(ends, s)
        let event = 0.5 * square(t.a) + (ends.logLower + (log(s) + 0.9189385332046728))
        // Beyond the range of log Φ both ends' logarithms are infinite.
        let censored = select(
          t.logUpper .<= -.greatestFinite, .infinity, -(t.logUpper + logOneMinusExp(t.distance)))
        return (event, censored)
      },
      gradient: { ends in
        let t = NormalTails(ends, s)
        return (-t.a / s, t.sign * (t.densityUpper - t.densityLower) / s)
      },
      curvature: { ends in
        let t = NormalTails(ends, s)
        let upper = t.densityUpper * (t.excessUpper + t.share)
        let lower = select(
          t.hasLower, t.densityLower * ((2 * t.densityUpper - t.densityLower) + t.lower), 0)
        return (1 / (s * s), (upper - lower) / (s * s))
      })
  }

  /// Accelerated failure time with log-logistic times.
  ///
  /// - Prediction: η, the mean of log T, any number. Targets: lower end ≥ 0, upper end > 0, which may be infinite. With the ends in the wrong
  ///   order the loss is NaN. The scale s > 0 is that of log T.
  /// - Properties: strictly convex in η where an end is known, Lipschitz 1/s, smooth ½/s²; exact however narrow the interval is.
  public static func logisticFailureTime(scale: Double = 1) -> JointLoss {
    let s = scaleParameter(scale)
    return failureTime(
      "aft-logistic", summary: "Accelerated failure time, log-logistic, interval-censored.",
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 1 / scale, smoothness: 0.5 / (scale * scale), differentiability: .smooth,
        robustness: .bounded),
      value: { ends in
        let (a, b) = ((ends.logLower - ends.prediction) / s, (ends.logUpper - ends.prediction) / s)
        let event = (abs(a) + 2 * Operation.logisticTail(a)) + (ends.logLower + log(s))
        return (event, (softplus(-b) + softplus(a)) - logOneMinusExp(ends.logRatio / s))
      },
      gradient: { ends in
        let (a, b) = ((ends.logLower - ends.prediction) / s, (ends.logUpper - ends.prediction) / s)
        return (-tanh(0.5 * a) / s, (sigmoid(-b) - sigmoid(a)) / s)
      },
      curvature: { ends in
        let (a, b) = ((ends.logLower - ends.prediction) / s, (ends.logUpper - ends.prediction) / s)
        let (lower, upper) = (abs(Operation.logisticSide(a)), abs(Operation.logisticSide(b)))
        let atLower = lower * (1 - lower)
        return (2 * atLower / (s * s), (atLower + upper * (1 - upper)) / (s * s))
      })
  }

  /// Accelerated failure time with Weibull times: log T is η + s·Z with the smallest-extreme-value distribution, F(z) = 1 − exp(−e^z).
  ///
  /// - Prediction: η, the logarithm of the time that e⁻¹ of all survive, any number. Targets: lower end ≥ 0, upper end > 0, which may be
  ///   infinite. With the ends in the wrong order the loss is NaN. The scale s > 0 is the inverse of the Weibull shape.
  /// - Properties: convex in η.
  public static func extremeFailureTime(scale: Double = 1) -> JointLoss {
    let s = scaleParameter(scale)
    return failureTime(
      "aft-extreme", summary: "Accelerated failure time, Weibull, interval-censored.",
      traits: LossTraits(
        convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none),
      value: { ends in
        let h = Hazards(ends, s)
        let event = (h.atLower - h.a) + (ends.logLower + log(s))
        // log(1 − e^(−D)) is log D where D is so small that it may underflow.
        let logDifference = select(
          ends.lower .== 0, h.b, h.a + (ends.logRatio / s + logOneMinusExp(ends.logRatio / s)))
        let chance = select(h.difference .< 0x1p-80, logDifference, logOneMinusExp(h.difference))
        return (event, h.atLower - chance)
      },
      gradient: { ends in
        let h = Hazards(ends, s)
        return (-expMinusOne(h.a) / s, (h.ratio - h.atLower) / s)
      },
      curvature: { ends in
        let h = Hazards(ends, s)
        return (h.atLower / (s * s), (h.atLower + h.ratio * h.ratioExcess) / (s * s))
      })
  }
}

extension JointLoss {
  /// What a failure-time loss is made of.
  fileprivate struct Ends {
    let prediction, lower, upper: Formula
    var logLower: Formula { log(lower) }
    var logUpper: Formula { log(upper) }
    /// log(upper / lower), to full relative accuracy however close they are.
    var logRatio: Formula { logOnePlus((upper - lower) / lower) }
  }

  private static func failureTime(
    _ name: String, summary: String, traits: LossTraits,
    value: (Ends) -> (event: Formula, censored: Formula),
    gradient: @escaping (Ends) -> (event: Formula, censored: Formula),
    curvature: @escaping (Ends) -> (event: Formula, censored: Formula)
  ) -> JointLoss {
    func chosen(
      _ form: (Ends) -> (event: Formula, censored: Formula), _ prediction: [Formula], _ target: [Formula]
    ) -> Formula {
      let parts = form(Ends(prediction: prediction[0], lower: target[0], upper: target[1]))
      return select(target[0] .== target[1], parts.event, parts.censored)
    }
    return JointLoss(
      name, summary: summary, predictions: ["log time"],
      targets: [Variable("lower end", domain: 0 ... .infinity), positive("upper end")], traits: traits,
      gradient: { [chosen(gradient, $0, $1)] }, hessian: { [chosen(curvature, $0, $1)] },
      { chosen(value, $0, $1) })
  }

  private static func scaleParameter(_ scale: Double) -> Formula {
    precondition(scale > 0 && scale.isFinite, "a failure time needs a positive, finite scale, not \(scale)")
    return .parameter("scale", scale)
  }
}

/// The two ends under a normal distribution, mirrored so that the interval lies mostly left of 0, where Φ keeps its digits.
private struct NormalTails {
  let a, sign, lower, upper: Formula

  init(_ ends: JointLoss.Ends, _ s: Formula) {
    a = (ends.logLower - ends.prediction) / s
    let b = (ends.logUpper - ends.prediction) / s
    let mirrors = (a + b) .> 0
    lower = select(mirrors, -b, a)
    upper = select(mirrors, -a, b)
    sign = select(mirrors, -1, 1)
  }

  var hasLower: Formula { lower .> -.infinity }
  var logUpper: Formula { logNormalCumulative(upper) }
  /// log Φ(upper) − log Φ(lower).
  var distance: Formula { logUpper - logNormalCumulative(lower) }
  /// φ(upper) / Φ(upper) · Φ(lower) / (Φ(upper) − Φ(lower)).
  var share: Formula { inverseMillsRatio(upper) / expMinusOne(distance) }
  /// φ(upper) / (Φ(upper) − Φ(lower)).
  var densityUpper: Formula { inverseMillsRatio(upper) + share }
  /// φ(lower) / (Φ(upper) − Φ(lower)).
  var densityLower: Formula { select(hasLower, inverseMillsRatio(lower) / expMinusOne(distance), 0) }
  /// upper + φ(upper) / Φ(upper), and 0 where that is multiplied by the density at infinity.
  var excessUpper: Formula { select(upper .< .infinity, inverseMillsExcess(upper), 0) }
}

/// The cumulative hazards e^a and e^b at the two ends.
private struct Hazards {
  let a, b, atLower, difference: Formula

  init(_ ends: JointLoss.Ends, _ s: Formula) {
    a = (ends.logLower - ends.prediction) / s
    b = (ends.logUpper - ends.prediction) / s
    atLower = exp(a)
    // At an open end 0·∞ would come in between.
    difference = select(
      ends.lower .== 0, exp(b), select(ends.upper .== .infinity, .infinity, exp(a) * expMinusOne(ends.logRatio / s)))
  }

  var ratio: Formula { exponentialRatio(difference) }
  var ratioExcess: Formula { exponentialRatioExcess(difference) }
}

extension Formula {
  fileprivate static var infinity: Formula { Formula(.infinity) }
  fileprivate static var greatestFinite: Formula { Formula(.greatestFiniteMagnitude) }
}
