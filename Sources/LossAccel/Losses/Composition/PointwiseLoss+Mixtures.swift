extension PointwiseLoss {
  /// The negative log-likelihood of a mixture: −log Σ πₖ·exp(−ℓₖ), for losses that are negative log-likelihoods themselves. A smooth
  /// minimum: a sample costs about as little as the component that explains it best.
  ///
  /// The gradient is Σ ρₖ·ℓₖ′ and the curvature Σ ρₖ·(ℓₖ″ − ℓₖ′²) + (Σ ρₖ·ℓₖ′)², with ρₖ = πₖ·exp(−ℓₖ)/Σ the share of each component
  /// in the sample, both from the components' own derivatives.
  ///
  /// - Parameter components: Pairs of πₖ and ℓₖ, at least one.
  /// - Precondition: the shares are positive and finite.
  public static func mixture(_ components: [(share: Double, loss: PointwiseLoss)]) -> PointwiseLoss {
    blend(components, sign: -1, name: "mixture", summary: "The negative log-likelihood of a mixture.")
  }

  /// A smooth maximum: log Σ πₖ·exp(ℓₖ). It is convex if the losses are; gradient and curvature are Σ ρₖ·ℓₖ′ and Σ ρₖ·(ℓₖ″ + ℓₖ′²) −
  /// (Σ ρₖ·ℓₖ′)² with the shares ρₖ = πₖ·exp(ℓₖ)/Σ.
  ///
  /// - Parameter components: Pairs of πₖ and ℓₖ, at least one.
  /// - Precondition: the shares are positive and finite.
  public static func smoothMaximum(_ components: [(share: Double, loss: PointwiseLoss)]) -> PointwiseLoss {
    blend(components, sign: 1, name: "smooth maximum", summary: "A maximum of losses without kinks.")
  }

  private static func blend(
    _ components: [(share: Double, loss: PointwiseLoss)], sign: Double, name: String, summary: String
  ) -> PointwiseLoss {
    precondition(!components.isEmpty, "a \(name) of no losses")
    for (share, loss) in components {
      precondition(share > 0 && share.isFinite, "the share of \(loss.name) is \(share), it must be positive and finite")
    }
    let s = Formula(sign)
    let exponents = components.map { log(Formula($0.share)) + s * $0.loss.formula }
    let total = exponents.dropFirst().reduce(exponents[0]) { logAddExp($0, $1) }
    let shares = exponents.map { exp($0 - total) }
    var slope: Formula = 0
    var bend: Formula = 0
    for (share, component) in zip(shares, components) {
      slope = slope + share * component.loss.gradient
      bend = bend + share * (component.loss.curvature + s * square(component.loss.gradient))
    }
    let losses = components.map(\.loss)
    let bounds = losses.map { $0.traits?.lipschitzConstant }
    var traits = LossTraits(
      convexity: sign > 0 && losses.allSatisfy { $0.traits?.convexity.isConvex ?? false } ? .convex : .unknown)
    traits.lipschitzConstant = bounds.contains(nil) ? nil : bounds.compactMap(\.self).max()
    let smoothness = losses.map { $0.traits?.differentiability }
    traits.differentiability = smoothness.contains(nil) ? nil : smoothness.compactMap(\.self).min()
    return PointwiseLoss(
      name: "\(name) of " + losses.map(\.name).joined(separator: ", "), summary: summary,
      parameters: losses.flatMap(\.statedParameters),
      targetDomain: losses.reduce(nil) { intersection($0, $1.targetDomain, "targets") },
      predictionDomain: losses.reduce(nil) { intersection($0, $1.predictionDomain, "predictions") },
      traits: traits, formula: s * total, gradient: slope, curvature: bend - s * square(slope), surrogates: [:],
      proximalOperator: nil, conjugate: nil)
  }
}
