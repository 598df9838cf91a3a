// Losses times numbers and sums of losses are losses: `0.7 * .huber(delta: 1) + 0.3 * .logCosh`. A batch is still one pass, in which
// the parts share what they have in common.
extension PointwiseLoss {
  /// The loss times a positive number.
  public static func * (factor: Double, loss: PointwiseLoss) -> PointwiseLoss { loss.scaled(by: factor) }

  /// The sum of two losses of the same prediction and target. It is defined where both are.
  ///
  /// What is known of the parts carries over as far as it follows: sums of convex losses are convex, constants add up to bounds, and the
  /// curvatures are those that both have. The Fisher information does not: the sum is the likelihood of neither.
  ///
  /// - Precondition: there are predictions and targets for which both are defined.
  public static func + (left: PointwiseLoss, right: PointwiseLoss) -> PointwiseLoss {
    var surrogates: [CurvatureKind: Formula] = [:]
    for kind in [CurvatureKind.gaussNewton, .majorizer] {
      if let a = left.surrogates[kind], let b = right.surrogates[kind] { surrogates[kind] = a + b }
    }
    return PointwiseLoss(
      name: "\(left.name) + \(right.name)",
      summary: "The sum of two losses.",
      parameters: left.statedParameters + right.statedParameters,
      targetDomain: intersection(left.targetDomain, right.targetDomain, "targets"),
      predictionDomain: intersection(left.predictionDomain, right.predictionDomain, "predictions"),
      traits: left.traits.flatMap { a in right.traits.map { LossTraits.sum(a, $0) } },
      formula: left.formula + right.formula,
      gradient: left.gradient + right.gradient,
      curvature: left.curvature + right.curvature,
      surrogates: surrogates, proximalOperator: nil, conjugate: nil)
  }

  /// The loss times a positive number; all that is known of it carries over.
  ///
  /// - Precondition: the factor is positive and finite.
  public func scaled(by factor: Double) -> PointwiseLoss {
    precondition(factor > 0 && factor.isFinite, "a loss times \(factor): the factor must be positive and finite")
    let c = Formula(factor)
    return PointwiseLoss(
      name: "\(LossTraits.text(factor))·\(name)", summary: summary, parameters: statedParameters,
      targetDomain: targetDomain, predictionDomain: predictionDomain, traits: traits?.scaled(by: factor),
      formula: c * formula, gradient: c * gradient, curvature: c * curvature,
      surrogates: surrogates.mapValues { c * $0 },
      proximalOperator: proximalOperator?.atStep(c * .input(.covariate(0))),
      conjugate: conjugate.map { c * $0.atPrediction(.input(.prediction(0)) / c) })
  }

  /// What both domains have in common.
  static func intersection(
    _ a: ClosedRange<Double>?, _ b: ClosedRange<Double>?, _ what: StaticString
  ) -> ClosedRange<Double>? {
    guard let a, let b else { return a ?? b }
    precondition(a.overlaps(b), "one loss is defined for \(what) in \(a), the other in \(b)")
    return a.clamped(to: b)
  }
}
