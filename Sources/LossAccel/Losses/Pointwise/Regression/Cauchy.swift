extension PointwiseLoss {
  /// The Cauchy loss ½δ²·log(1 + u²) with u = (ŷ − y)/δ, also called Lorentzian: outliers weigh the less the farther they are.
  ///
  /// - Gradient r/(1 + u²), curvature (1 − u²)/(1 + u²)². Nothing overflows before the result does.
  /// - Domain: all predictions and targets; δ > 0. The default gives 95 % efficiency for normal errors of variance 1.
  /// - Properties: not convex, Lipschitz ½δ, smooth 1, redescending: the gradient of far outliers tends to 0.
  public static func cauchy(delta: Double = 2.3849) -> PointwiseLoss {
    precondition(delta > 0 && delta.isFinite, "the Cauchy loss needs a positive, finite delta, not \(delta)")
    let scale = Formula.parameter("delta", delta)
    return PointwiseLoss(
      "cauchy", summary: "The logarithm of a squared error: robust to far outliers, not convex.",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: delta / 2, smoothness: 1, differentiability: .smooth,
        robustness: .redescending),
      gradient: { prediction, target in scale * overOnePlusSquare((prediction - target) / scale) },
      curvature: { prediction, target in cauchyCurvature((prediction - target) / scale) },
      majorizer: { prediction, target in inverseOnePlusSquare((prediction - target) / scale) }
    ) { prediction, target in
      scale * (scale * (0.5 * logOnePlusSquare((prediction - target) / scale)))
    }
  }

  /// Student's t loss, ½(ν + 1)·log(1 + r²/(νσ²)) with r = ŷ − y: the negative log-likelihood of a location, up to a constant, when
  /// errors have Student's distribution with ν degrees of freedom and scale σ.
  ///
  /// - Gradient (ν + 1)r/(νσ² + r²), curvature (ν + 1)(νσ² − r²)/(νσ² + r²)². It is the Cauchy loss of δ² = νσ² times
  ///   (ν + 1)/δ².
  /// - Domain: all predictions and targets; ν > 0, σ > 0. The constant log σ + … of the likelihood is left out.
  /// - Properties: not convex, Lipschitz (ν + 1)/(2σ√ν), smooth (ν + 1)/(νσ²), redescending.
  public static func studentT(degreesOfFreedom nu: Double = 4, scale sigma: Double = 1) -> PointwiseLoss {
    precondition(
      nu > 0 && nu.isFinite && sigma > 0 && sigma.isFinite,
      "Student's loss needs positive, finite degrees of freedom and scale, not \(nu) and \(sigma)")
    let degrees = Formula.parameter("nu", nu)
    let scale = Formula.parameter("sigma", sigma)
    let delta = scale * squareRoot(degrees)
    let variance = degrees * square(scale)
    return PointwiseLoss(
      "student-t", summary: "Errors with Student's distribution: robust to far outliers, not convex.",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: (nu + 1) / (2 * sigma * nu.squareRoot()),
        smoothness: (nu + 1) / (nu * sigma * sigma), differentiability: .smooth, robustness: .redescending),
      gradient: { prediction, target in
        ((degrees + 1) / delta) * overOnePlusSquare((prediction - target) / delta)
      },
      curvature: { prediction, target in
        ((degrees + 1) / variance) * cauchyCurvature((prediction - target) / delta)
      },
      majorizer: { prediction, target in
        ((degrees + 1) / variance) * inverseOnePlusSquare((prediction - target) / delta)
      }
    ) { prediction, target in
      (0.5 * (degrees + 1)) * logOnePlusSquare((prediction - target) / delta)
    }
  }

  /// (1 − u²)/(1 + u²)², from two quotients that cannot overflow.
  static func cauchyCurvature(_ u: Formula) -> Formula {
    let weight = inverseOnePlusSquare(u)
    return weight * (weight - u * overOnePlusSquare(u))
  }
}
