extension RankingLoss {
  /// The hinge loss of every pair of items of different relevance, Σ max(0, m − (sᵢ − sⱼ)) over yᵢ > yⱼ: a convex bound of the number of
  /// pairs in the wrong order, and so of 1 − AUC.
  ///
  /// All pairs in O(n log n), by merging lists sorted by score.
  ///
  /// - Gradient: for each item the number of its pairs within the margin, exactly; 0 is taken at the kink. Curvature 0 almost everywhere.
  /// - Domain: finite scores (an infinite one makes its list NaN), finite relevances; m > 0.
  /// - Properties: convex. Source: Joachims (2005).
  public static func hinge(margin: Double = 1) -> RankingLoss {
    RankingLoss(
      "ranking-hinge", summary: "The hinge loss of every pair of items of different relevance, in O(n log n).",
      formula: "Σ max(0, margin − (sᵢ − sⱼ)) over the pairs with yᵢ > yⱼ",
      traits: LossTraits(
        convexity: .convex, differentiability: LossTraits.Differentiability.none, robustness: .bounded),
      parameters: [Parameter(name: "margin", value: checked(margin, "margin"))],
      RankingKernel.Options(kind: .hinge, parameter: margin))
  }

  /// The squared hinge loss of every pair of items of different relevance, Σ max(0, m − (sᵢ − sⱼ))² over yᵢ > yⱼ.
  ///
  /// All pairs in O(n log n), and so are products with the Hessian.
  ///
  /// - Gradient: −2·max(0, m − (sᵢ − sⱼ)) for the more relevant item of a pair, its negative for the other.
  /// - Domain: finite scores (an infinite one makes its list NaN), finite relevances; m > 0.
  /// - Properties: convex, each pair smooth 4; once differentiable. Source: Lee and Lin (2014).
  public static func squaredHinge(margin: Double = 1) -> RankingLoss {
    RankingLoss(
      "ranking-squared-hinge", summary: "The squared hinge loss of every pair of items, in O(n log n).",
      formula: "Σ max(0, margin − (sᵢ − sⱼ))² over the pairs with yᵢ > yⱼ",
      traits: LossTraits(
        convexity: .convex, differentiability: .once, robustness: LossTraits.Robustness.none),
      parameters: [Parameter(name: "margin", value: checked(margin, "margin"))],
      RankingKernel.Options(kind: .squaredHinge, parameter: margin))
  }

  static func checked(_ value: Double, _ name: StaticString) -> Double {
    precondition(value > 0 && value.isFinite, "a ranking loss needs a positive, finite \(name), not \(value)")
    return value
  }
}
