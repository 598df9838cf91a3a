extension JointLoss {
  /// The continuous ranked probability score of a normal distribution whose mean μ and standard deviation σ are predicted:
  /// σ·(ω(2Φ(ω) − 1) + 2φ(ω) − 1/√π), with ω = (y − μ)/σ.
  ///
  /// - Predictions: mean, standard deviation (positive).
  /// - Gradient: 1 − 2Φ(ω) and 2φ(ω) − 1/√π. Hessian: (2φ(ω)/σ)·(1, ω, ω²), of rank 1.
  /// - Properties: convex in (μ, σ) together, strictly proper, Lipschitz √(1 + 1/π): the robust rival of the Gaussian likelihood.
  ///   Source: Gneiting, Raftery, Westveld and Goldman, Monthly Weather Review 133 (2005).
  public static let gaussianRankedProbability = JointLoss(
    "crps-gaussian", summary: "Continuous ranked probability score of a normal distribution.",
    predictions: ["mean", positive("standard deviation")],
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: (1 + 1 / Double.pi).squareRoot(), differentiability: .smooth,
      robustness: .bounded,
      elicits: .named("mean and standard deviation")),
    gradient: { prediction, target in
      let omega = (target[0] - prediction[0]) / prediction[1]
      return [-errorFunction(halfRoot * omega), 2 * normalDensity(omega) - inverseRootPi]
    },
    hessian: { prediction, target in
      let omega = (target[0] - prediction[0]) / prediction[1]
      return rankOne(2 * normalDensity(omega), omega, prediction[1])
    }
  ) { prediction, target in
    // With 2φ(ω) = 2φ(0) + √(2/π)·(e^(−ω²/2) − 1) nothing cancels near 0, and nothing overflows far out.
    let residual = target[0] - prediction[0]
    let omega = residual / prediction[1]
    let rest = 0.23369497725510916 + 0.7978845608028654 * expMinusOne(-0.5 * (omega * omega))
    return residual * errorFunction(halfRoot * omega) + prediction[1] * rest
  }

  /// The continuous ranked probability score of a logistic distribution whose mean μ and scale s are predicted:
  /// s·(ω − 2·log F(ω) − 1), with ω = (y − μ)/s and F the standard logistic distribution function.
  ///
  /// - Predictions: mean, scale (positive; the standard deviation is π/√3 times it).
  /// - Gradient: −tanh(ω/2), and the score of s = 1 less ω·tanh(ω/2). Hessian: (2F(ω)F(−ω)/s)·(1, ω, ω²), of rank 1.
  /// - Properties: convex in (μ, s) together, strictly proper, Lipschitz √2. Source: Jordan, Krüger and Lerch, Journal of Statistical
  ///   Software 90 (2019).
  public static let logisticRankedProbability = JointLoss(
    "crps-logistic", summary: "Continuous ranked probability score of a logistic distribution.",
    predictions: ["mean", positive("scale")],
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: (2.0).squareRoot(), differentiability: .smooth, robustness: .bounded,
      elicits: .named("mean and scale")),
    gradient: { prediction, target in
      let omega = (target[0] - prediction[0]) / prediction[1]
      let far = abs(omega)
      // |ω|(1 − tanh(|ω|/2)) = 2|ω|σ(−|ω|); an infinite ω has none.
      let excess = select(far .< 1e4, far * abs(Operation.logisticSide(omega)), 0)
      return [-tanh(0.5 * omega), 2 * (excess + Operation.logisticTail(omega)) - 1]
    },
    hessian: { prediction, target in
      let omega = (target[0] - prediction[0]) / prediction[1]
      let side = abs(Operation.logisticSide(omega))
      return rankOne(2 * (side * (1 - side)), omega, prediction[1])
    }
  ) { prediction, target in
    let residual = target[0] - prediction[0]
    return abs(residual) + prediction[1] * (2 * Operation.logisticTail(residual / prediction[1]) - 1)
  }

  /// (k/σ)·(1, ω, ω²), and 0 where ω is so far out that k is: there ω² may be infinite.
  private static func rankOne(_ k: Formula, _ omega: Formula, _ scale: Formula) -> [Formula] {
    let reach = select(abs(omega) .< 1e4, omega, 0)
    return [k / scale, k * reach / scale, k * (reach * reach) / scale]
  }

  static func positive(_ name: String) -> Variable {
    Variable(name, domain: .leastNonzeroMagnitude ... .infinity)
  }

  private static var halfRoot: Formula { 0.7071067811865476 }
  private static var inverseRootPi: Formula { 0.5641895835477563 }
}
