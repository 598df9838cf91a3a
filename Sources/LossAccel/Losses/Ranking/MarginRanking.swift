extension JointLoss {
  /// The margin ranking loss of two scores, max(0, m − y·(s₁ − s₂)): y = 1 says that the first should be higher, y = −1 the second.
  ///
  /// For lists of more than two items see ``RankingLoss/hinge(margin:)``, which has this loss for every pair.
  ///
  /// - Gradient −y and y within the margin, 0 beyond and at the kink. The Hessian is 0.
  /// - Domain: all scores, targets in −1...1; m ≥ 0.
  /// - Properties: convex, Lipschitz √2.
  public static func marginRanking(margin: Double = 0) -> JointLoss {
    precondition(margin >= 0 && margin.isFinite, "the margin is \(margin); it must be at least 0 and finite")
    let limit = Formula.parameter("margin", margin)
    return JointLoss(
      "margin-ranking", summary: "Of two scores the right one should be higher, by a margin.",
      predictions: ["first score", "second score"], targets: [Variable("order", domain: -1...1)],
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 2.0.squareRoot(), smoothness: 0,
        differentiability: LossTraits.Differentiability.none, robustness: .bounded)
    ) { score, order in
      positivePart(limit - order[0] * (score[0] - score[1]))
    }
  }
}
