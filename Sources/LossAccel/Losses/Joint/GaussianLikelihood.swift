extension JointLoss {
  /// The negative log-likelihood of a normal distribution whose mean μ and log-variance v are both predicted: ½(v + r²·e⁻ᵛ), with
  /// r = μ − y; the constant ½·log 2π is left out.
  ///
  /// - Predictions: mean, log variance; every number will do. Where r²e⁻ᵛ is beyond the range of the type, so is the loss.
  /// - Gradient: r·e⁻ᵛ and ½(1 − r²e⁻ᵛ). Hessian: (e⁻ᵛ, −r·e⁻ᵛ, ½r²e⁻ᵛ). Fisher information: diag(e⁻ᵛ, ½).
  /// - Properties: not convex in (μ, v) together; strictly proper for the normal distributions.
  public static let gaussianLikelihood = JointLoss(
    "gaussian-nll", summary: "Negative log-likelihood of a normal distribution with predicted mean and log-variance.",
    predictions: ["mean", "log variance"],
    traits: LossTraits(
      convexity: .none, differentiability: .smooth, robustness: LossTraits.Robustness.none,
      elicits: .named("mean and log variance")),
    gradient: { prediction, target in
      let scale = exp(-0.5 * prediction[1])
      let w = (prediction[0] - target[0]) * scale
      return [w * scale, 0.5 * (1 - w * w)]
    },
    hessian: { prediction, target in
      let scale = exp(-0.5 * prediction[1])
      let w = (prediction[0] - target[0]) * scale
      return [scale * scale, -(w * scale), 0.5 * (w * w)]
    },
    fisher: { prediction, _ in
      let scale = exp(-0.5 * prediction[1])
      return [scale * scale, 0, 0.5]
    }
  ) { prediction, target in
    // e⁻ᵛ as a square of its root: r² may overflow where the product does not.
    let w = (prediction[0] - target[0]) * exp(-0.5 * prediction[1])
    return 0.5 * (w * w + prediction[1])
  }

  /// The negative log-likelihood of a Laplace distribution whose location μ and log-scale b are both predicted: |r|·e⁻ᵇ + b, with
  /// r = μ − y; the constant log 2 is left out.
  ///
  /// - Predictions: location, log scale; every number will do.
  /// - Gradient: e⁻ᵇ·sign r (0 at 0) and 1 − |r|e⁻ᵇ. Hessian: (0, −e⁻ᵇ·sign r, |r|e⁻ᵇ). Fisher information: diag(e⁻²ᵇ, 1).
  /// - Properties: not convex in (μ, b) together; strictly proper for the Laplace distributions.
  public static let laplaceLikelihood = JointLoss(
    "laplace-nll", summary: "Negative log-likelihood of a Laplace distribution with predicted location and log-scale.",
    predictions: ["location", "log scale"],
    traits: LossTraits(
      convexity: .none, differentiability: LossTraits.Differentiability.none, robustness: LossTraits.Robustness.none,
      elicits: .named("median and log mean deviation")),
    fisher: { prediction, _ in
      let scale = exp(-prediction[1])
      return [scale * scale, 0, 1]
    }
  ) { prediction, target in
    abs(prediction[0] - target[0]) * exp(-prediction[1]) + prediction[1]
  }

  /// The negative log-likelihood of Student's t distribution with `degrees` degrees of freedom ν, whose location μ and log-scale b are
  /// both predicted: b + ½(ν + 1)·log(1 + w²/ν), with w = (μ − y)·e⁻ᵇ; a constant of ν is left out.
  ///
  /// - Predictions: location, log scale; every number will do. ν > 0.
  /// - Fisher information: diag(e⁻²ᵇ(ν + 1), 2ν) / (ν + 3).
  /// - Properties: not convex; an outlier's pull on the location vanishes with its distance. Source: Lange, Little and Taylor, JASA 84
  ///   (1989).
  public static func studentLikelihood(degrees: Double = 4) -> JointLoss {
    precondition(degrees > 0 && degrees.isFinite, "Student's t needs positive, finite degrees, not \(degrees)")
    let nu = Formula.parameter("degrees", degrees)
    return JointLoss(
      "student-nll",
      summary: "Negative log-likelihood of Student's t distribution with predicted location and log-scale.",
      predictions: ["location", "log scale"],
      traits: LossTraits(
        convexity: .none, differentiability: .smooth, robustness: LossTraits.Robustness.none),
      gradient: { prediction, target in
        let t = StudentTriangle(prediction, target, nu)
        let root = squareRoot(nu)
        return [
          (nu + 1) * (t.sine * t.inverse) * sign(t.residual), (t.cosine - root * t.sine) * (t.cosine + root * t.sine),
        ]
      },
      hessian: { prediction, target in
        let t = StudentTriangle(prediction, target, nu)
        return [
          (nu + 1) * (t.inverse * (t.cosine - t.sine)) * (t.inverse * (t.cosine + t.sine)),
          -(2 * (nu + 1)) * ((t.sine * t.inverse) * square(t.cosine)) * sign(t.residual),
          2 * (nu + 1) * square(t.sine * t.cosine),
        ]
      },
      fisher: { prediction, _ in
        let scale = exp(-prediction[1])
        return [(nu + 1) / (nu + 3) * (scale * scale), 0, 2 * nu / (nu + 3)]
      }
    ) { prediction, target in
      let t = StudentTriangle(prediction, target, nu)
      let distance = log(abs(t.residual)) - (prediction[1] + 0.5 * log(nu))
      return (nu + 1) * (0.5 * logOnePlusSquare(t.small) + select(t.isFar, distance, 0)) + prediction[1]
    }
  }
}

/// The right triangle with the legs |r| and √ν·e^b: nothing in it overflows, however far the residual r is out.
private struct StudentTriangle {
  let residual, scale: Formula

  init(_ prediction: [Formula], _ target: [Formula], _ nu: Formula) {
    residual = prediction[0] - target[0]
    scale = squareRoot(nu) * exp(prediction[1])
  }

  var isFar: Formula { abs(residual) .> scale }
  /// The shorter leg by the longer.
  var small: Formula {
    select(isFar, scale / abs(residual), select(residual .== 0, 0, abs(residual) / scale))
  }
  private var longer: Formula { 1 / rootOfOnePlusSquare(small) }
  /// |r| by the hypotenuse.
  var sine: Formula { select(isFar, longer, small * longer) }
  /// √ν·e^b by the hypotenuse.
  var cosine: Formula { select(isFar, small * longer, longer) }
  /// 1 by the hypotenuse.
  var inverse: Formula { longer / select(isFar, abs(residual), scale) }
}
