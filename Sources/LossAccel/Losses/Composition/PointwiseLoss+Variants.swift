// Variants of a loss that are losses themselves. Options that other libraries have as flags of a call are values here.
extension PointwiseLoss {
  /// The loss of smoothed labels: ℓ(p, (1 − ε)·y + ε/2), so that a model is not rewarded for certainty.
  ///
  /// - Precondition: the loss has targets in 0...1, and ε lies there, too.
  public func smoothed(by smoothing: Double) -> PointwiseLoss {
    precondition(targetDomain == 0...1, "label smoothing needs a loss with targets in 0...1; \(name) is none")
    precondition(smoothing >= 0 && smoothing <= 1, "the label smoothing is \(smoothing), it must lie in 0...1")
    let label = (1 - Formula(smoothing)) * .input(.target(0)) + Formula(smoothing / 2)
    return mapped(
      "\(name) with labels smoothed by \(LossTraits.text(smoothing))", traits: traits?.withoutStatistics()
    ) { $0.atTarget(label) }
  }

  /// The loss times the weight of its target's class: (w₀·(1 − y) + w₁·y)·ℓ(p, y), for imbalanced classes.
  ///
  /// The weights are part of the loss: the mean divides by the sum of the sample weights alone.
  ///
  /// - Parameter weights: Of the targets 0 and 1.
  /// - Precondition: the loss has targets in 0...1; there are two weights, finite and not negative.
  public func weighted(classes weights: [Double]) -> PointwiseLoss {
    precondition(targetDomain == 0...1, "class weights need a loss with targets in 0...1; \(name) is none")
    precondition(weights.count == 2, "\(weights.count) class weights, but the loss \(name) has 2 classes")
    for (index, weight) in weights.enumerated() {
      precondition(weight >= 0 && weight.isFinite, "the weight of class \(index) is \(weight), it must be at least 0")
    }
    let c = Formula(weights[0]) + Formula(weights[1] - weights[0]) * .input(.target(0))
    let least = weights.min()!, greatest = weights.max()!
    var traits = traits?.withoutStatistics()
    switch traits?.convexity {
    case .strong(let constant): traits?.convexity = least > 0 ? .strong(least * constant) : .convex
    case .strict: traits?.convexity = least > 0 ? .strict : .convex
    default: break
    }
    traits?.lipschitzConstant = self.traits?.lipschitzConstant.map { greatest * $0 }
    traits?.smoothness = self.traits?.smoothness.map { greatest * $0 }
    let dual = Formula.input(.prediction(0))
    return PointwiseLoss(
      name: "\(name) with class weights \(LossTraits.text(weights[0])) and \(LossTraits.text(weights[1]))",
      summary: summary, parameters: statedParameters, targetDomain: targetDomain, predictionDomain: predictionDomain,
      traits: traits, formula: c * formula, gradient: c * gradient, curvature: c * curvature,
      surrogates: surrogates.mapValues { c * $0 },
      proximalOperator: proximalOperator?.atStep(c * .input(.covariate(0))),
      conjugate: least > 0 ? conjugate.map { c * $0.atPrediction(dual / c) } : nil)
  }

  /// The loss of the prediction clamped to a range: constant outside it, with gradient and curvature 0.
  public func predictionsClamped(to range: ClosedRange<Double>) -> PointwiseLoss {
    let prediction = Formula.input(.prediction(0))
    let low = Formula(range.lowerBound), high = Formula(range.upperBound)
    let inside = min(low .<= prediction, prediction .<= high)
    let clamped = max(low, min(prediction, high))
    var traits = traits?.withoutStatistics()
    traits?.convexity = .unknown
    traits?.smoothness = nil
    traits?.differentiability = LossTraits.Differentiability.none
    traits?.robustness = nil
    return PointwiseLoss(
      name: "\(name) clamped to \(LossTraits.text(range.lowerBound))...\(LossTraits.text(range.upperBound))",
      summary: summary, parameters: statedParameters, targetDomain: targetDomain, predictionDomain: nil, traits: traits,
      formula: formula.atPrediction(clamped), gradient: select(inside, gradient.atPrediction(clamped), 0),
      curvature: select(inside, curvature.atPrediction(clamped), 0), surrogates: [:], proximalOperator: nil,
      conjugate: nil)
  }

  /// The loss, but never more than the cap: samples beyond it cost the same however far they are, and have no gradient.
  ///
  /// - Precondition: the cap is positive and finite.
  public func capped(at cap: Double) -> PointwiseLoss {
    precondition(cap > 0 && cap.isFinite, "the cap is \(cap), it must be positive and finite")
    let below = formula .<= Formula(cap)
    var traits = traits?.withoutStatistics()
    traits?.convexity = .unknown
    traits?.smoothness = nil
    traits?.differentiability = LossTraits.Differentiability.none
    traits?.robustness = nil
    return PointwiseLoss(
      name: "\(name) capped at \(LossTraits.text(cap))", summary: summary, parameters: statedParameters,
      targetDomain: targetDomain, predictionDomain: predictionDomain, traits: traits,
      formula: min(formula, Formula(cap)), gradient: select(below, gradient, 0), curvature: select(below, curvature, 0),
      // A parabola above the loss is above its cap, where it is below the cap; beyond, the loss is the constant above it.
      surrogates: surrogates.filter { $0.key == .majorizer }.mapValues { select(below, $0, 0) }, proximalOperator: nil,
      conjugate: nil)
  }

  /// The loss where the condition holds, 0 elsewhere: a mask that depends on the sample's own prediction or target.
  ///
  /// - Parameter condition: A comparison, such as `target .> 0`; what is not 0 holds.
  public func masked(
    where condition: (_ prediction: Formula, _ target: Formula) -> Formula
  ) -> PointwiseLoss {
    let holds = condition(.input(.prediction(0)), .input(.target(0)))
    return PointwiseLoss(
      name: "\(name) where \(holds)", summary: summary, parameters: statedParameters, targetDomain: targetDomain,
      predictionDomain: predictionDomain, traits: nil, formula: select(holds, formula, 0),
      gradient: select(holds, gradient, 0), curvature: select(holds, curvature, 0), surrogates: [:],
      proximalOperator: nil, conjugate: nil)
  }

  /// The loss with all of its formulas changed in the same way.
  private func mapped(_ name: String, traits: LossTraits?, _ change: (Formula) -> Formula) -> PointwiseLoss {
    PointwiseLoss(
      name: name, summary: summary, parameters: statedParameters, targetDomain: targetDomain,
      predictionDomain: predictionDomain, traits: traits, formula: change(formula), gradient: change(gradient),
      curvature: change(curvature), surrogates: surrogates.mapValues(change),
      proximalOperator: proximalOperator.map(change), conjugate: conjugate.map(change))
  }
}
