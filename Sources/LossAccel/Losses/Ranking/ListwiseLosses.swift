extension RankingLoss {
  /// ListNet (top one): the cross-entropy −Σ tₖ·log qₖ between t = softmax(relevances) and q = softmax(scores).
  ///
  /// - Gradient q − t, Hessian diag q − q·qᵀ.
  /// - Domain: all scores, finite relevances.
  /// - Properties: convex, Lipschitz √2, smooth ½. Source: Cao et al. (2007).
  public static let listwiseSoftmax = RankingLoss(
    "ranking-softmax", summary: "ListNet: the cross-entropy of the softmax of relevances and that of scores.",
    formula: "−Σ softmax(y)·log softmax(s)",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 2.0.squareRoot(), smoothness: 0.5, differentiability: .smooth,
      robustness: .bounded),
    RankingKernel.Options(kind: .listwiseSoftmax))

  /// ListMLE: the negative log of the Plackett-Luce probability of the order by relevance, Σᵢ (log Σ_{j from i on} e^sⱼ − sᵢ).
  ///
  /// O(n) after sorting, with scores that may differ by thousands: the sums are kept relative to the greatest score they contain.
  /// Equally relevant items stand in the order they are given in.
  ///
  /// - Gradient: each item's share in the sums that it is in, less 1 for items whose place counts.
  /// - Domain: all scores, finite relevances. `top`: only the first places count, all if left out.
  /// - Properties: convex; each place's term Lipschitz √2 and smooth ½. Source: Xia et al. (2008).
  public static func orderLikelihood(top: Int? = nil) -> RankingLoss {
    precondition(top.map { $0 > 0 } ?? true, "\(top ?? 0) places of a list count; there must be at least 1")
    return RankingLoss(
      "ranking-likelihood", summary: "ListMLE: the Plackett-Luce likelihood of the order by relevance.",
      formula: "Σ (log Σ e^sⱼ over j from i on − sᵢ), items in order of falling y",
      traits: LossTraits(convexity: .convex, differentiability: .smooth, robustness: .bounded),
      parameters: [Parameter(name: "top", value: top.map(Double.init) ?? .nan)],
      RankingKernel.Options(kind: .likelihood, top: top ?? .max))
  }

  /// 1 − NDCG with ranks made smooth: πᵢ = 1 + Σ_{j ≠ i} σ((sⱼ − sᵢ)/T), and 1 − Σ (2^yᵢ − 1)/log₂(1 + πᵢ) over its ideal.
  ///
  /// - Gradient and product with the Hessian are exact, in O(n²) time and O(n) memory.
  /// - Domain: all scores, relevances in 0...1000, T > 0. A list without a relevant item costs nothing.
  /// - Properties: not convex; goes to 1 − NDCG as T → 0. Source: Qin, Liu, Li (2010).
  public static func approximateNDCG(temperature: Double = 1) -> RankingLoss {
    RankingLoss(
      "ranking-approximate-ndcg", summary: "1 − NDCG with ranks made smooth.",
      formula: "1 − Σ (2^yᵢ − 1)/log₂(2 + Σ σ((sⱼ − sᵢ)/temperature)) over its ideal",
      traits: LossTraits(convexity: .none, differentiability: .smooth),
      parameters: [Parameter(name: "temperature", value: checked(temperature, "temperature"))],
      RankingKernel.Options(
        kind: .approximateNDCG, parameter: temperature, lowestRelevance: 0, highestRelevance: 1000))
  }
}
