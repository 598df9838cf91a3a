extension JointLoss {
  /// The quantile score of several quantiles together, twice the mean of their pinball losses: a ranked probability score of the distribution
  /// that they outline.
  ///
  /// - Predictions: one quantile for each level; every number will do, and they may cross: see ``orderedQuantileScore(levels:)``.
  /// - Gradient: (2/K)·([qₖ > y] − τₖ). The Hessian is 0.
  /// - Properties: convex; elicits the quantiles. With evenly spaced levels it comes to the continuous ranked probability score as they
  ///   become more.
  /// - Parameter levels: τ, rising, each between 0 and 1: one to four of them, or six where no curvature is asked for.
  public static func quantileScore(levels: [Double] = [0.1, 0.5, 0.9]) -> JointLoss {
    let levels = checked(levels)
    // Steepest where every quantile is on the side on which it costs more.
    let slopes = levels.map { Swift.max($0, 1 - $0) }
    return JointLoss(
      "quantile-score",
      summary: "The pinball losses of several quantiles together: how well they outline a distribution.",
      predictions: levels.map { Variable("\(LossTraits.text($0)) quantile") },
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 2 / Double(levels.count) * length(of: slopes), smoothness: 0,
        differentiability: LossTraits.Differentiability.none, robustness: .bounded, elicits: .named("quantiles"))
    ) { prediction, target in score(prediction, target[0], levels) }
  }

  /// The quantile score of quantiles that cannot cross: the first is predicted, and for each of the others what its distance from the one before
  /// it is the softplus of.
  ///
  /// - Predictions: q₁, and gaps g with qₖ = qₖ₋₁ + log(1 + e^gₖ); every number will do.
  /// - Gradient: the sums of those by the quantiles from the k-th on, times σ(gₖ).
  /// - Properties: not convex, because of the softplus; elicits the same quantiles as ``quantileScore(levels:)``.
  /// - Parameter levels: τ, as there.
  public static func orderedQuantileScore(levels: [Double] = [0.1, 0.5, 0.9]) -> JointLoss {
    let levels = checked(levels)
    // The first quantiles below the target, the others above it; gaps so wide that they move as their logits do.
    let steepest = (0...levels.count).map { below in
      let slopes = levels.indices.map { $0 < below ? -levels[$0] : 1 - levels[$0] }
      return length(of: slopes.indices.map { slopes[$0...].reduce(0, +) })
    }
    return JointLoss(
      "ordered-quantile-score",
      summary: "The pinball losses of several quantiles that are predicted so that they cannot cross.",
      predictions: [Variable("\(LossTraits.text(levels[0])) quantile")]
        + levels.dropFirst().map { Variable("gap below the \(LossTraits.text($0)) quantile") },
      traits: LossTraits(
        convexity: levels.count == 1 ? .convex : .none,
        lipschitzConstant: 2 / Double(levels.count) * steepest.max()!,
        differentiability: LossTraits.Differentiability.none, robustness: .bounded, elicits: .named("quantiles"))
    ) { prediction, target in
      let quantiles = prediction.dropFirst().reduce(into: [prediction[0]]) { $0.append($0.last! + softplus($1)) }
      return score(quantiles, target[0], levels)
    }
  }

  private static func score(_ quantiles: [Formula], _ target: Formula, _ levels: [Double]) -> Formula {
    let costs = zip(quantiles, levels).map { quantile, level in
      let r = quantile - target
      return r * select(r .> 0, Formula(1 - level), Formula(-level))
    }
    return Formula(2 / Double(levels.count)) * costs.dropFirst().reduce(costs[0], +)
  }

  private static func checked(_ levels: [Double]) -> [Double] {
    precondition((1...6).contains(levels.count), "a quantile score of \(levels.count) levels; it has one to six")
    for (index, level) in levels.enumerated() {
      precondition(
        level > 0 && level < 1 && (index == 0 || level > levels[index - 1]),
        "the levels \(levels) of a quantile score must rise from above 0 to below 1")
    }
    return levels
  }

  private static func length(of vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
