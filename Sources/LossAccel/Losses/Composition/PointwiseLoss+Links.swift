extension PointwiseLoss {
  /// The loss of a mean as a loss of the linear predictor: ℓ(μ(η), y), with μ the inverse of the link.
  ///
  /// Gradient and curvature come by the chain rule from those of the loss, so nothing that was stated for accuracy is lost. The
  /// Gauss-Newton curvature ℓ″(μ)·μ′² is there besides the exact one, and the Fisher information where the loss has it. Where a loss on
  /// the linear predictor exists by itself, such as ``binaryCrossEntropyFromLogits``, it is the more accurate one: a probability near 1
  /// has lost the digits that the loss depends on.
  ///
  /// - Precondition: the loss is defined for every mean that the link has.
  public func composed(with link: Link) -> PointwiseLoss {
    if let domain = predictionDomain {
      precondition(
        domain.contains(link.means.lowerBound)
          && domain.contains(Swift.min(link.means.upperBound, .greatestFiniteMagnitude)),
        "the loss \(name) is defined for predictions in \(domain), but the \(link) link yields \(link.means)")
    }
    var traits = traits?.withoutStatistics()
    traits?.convexity = .unknown
    traits?.lipschitzConstant = nil
    traits?.smoothness = nil
    traits?.robustness = nil
    if self.traits?.link == .identity {
      traits?.properness = self.traits?.properness
      traits?.elicits = self.traits?.elicits
      traits?.link = link
    }
    return composed("\(name) of the \(link) link's mean", traits: link == .identity ? self.traits : traits) {
      link.mean($0)
    }
  }

  /// The loss of a function of the prediction, ℓ(h(p), y), with the derivatives by the chain rule from those of the loss.
  ///
  /// - Parameters:
  ///   - name: The name of the result.
  ///   - traits: What is known of the result.
  ///   - function: h, twice differentiable and with values for which the loss is defined.
  public func composed(
    _ name: String, traits: LossTraits? = nil, with function: (_ prediction: Formula) -> Formula
  ) -> PointwiseLoss {
    let inner = function(.input(.prediction(0)))
    let slope = inner.derivative(withRespectTo: .prediction(0))
    let bend = slope.derivative(withRespectTo: .prediction(0))
    let outer = gradient.atPrediction(inner), squared = square(slope)
    let gaussNewton = curvature.atPrediction(inner) * squared
    var surrogates: [CurvatureKind: Formula] = [.gaussNewton: gaussNewton]
    surrogates[.fisher] = self.surrogates[.fisher].map { $0.atPrediction(inner) * squared }
    surrogates[.majorizer] = traits?.smoothness.map { Formula($0) }
    return PointwiseLoss(
      name: name, summary: summary, parameters: statedParameters, targetDomain: targetDomain, predictionDomain: nil,
      traits: traits, formula: formula.atPrediction(inner), gradient: outer * slope,
      curvature: gaussNewton + outer * bend, surrogates: surrogates, proximalOperator: nil, conjugate: nil)
  }
}

extension Link {
  /// The means that the link is defined for, with their limits.
  public var means: ClosedRange<Double> {
    switch self {
    case .identity, .reciprocal: -Double.infinity...Double.infinity
    case .log, .squareRoot, .inverseSquare: 0...Double.infinity
    case .logit, .probit, .complementaryLogLog: 0...1
    }
  }
}
