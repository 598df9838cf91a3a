extension RankingLoss {
  /// RankNet: the logistic loss of every pair of items of different relevance, Σ log(1 + e^−(sᵢ − sⱼ)) over yᵢ > yⱼ.
  ///
  /// - Gradient: −σ(sⱼ − sᵢ) for the more relevant item of a pair, its negative for the other.
  /// - Domain: all scores, finite relevances. Computed without forming the matrix of pairs: O(n²) time, O(n) memory.
  /// - Properties: convex, not strictly (a constant added to all scores changes nothing); each pair Lipschitz √2, smooth ½.
  ///   Source: Burges et al. (2005).
  public static let logistic = RankingLoss(
    "ranking-logistic", summary: "RankNet: the logistic loss of every pair of items of different relevance.",
    formula: "Σ log(1 + e^−(sᵢ − sⱼ)) over the pairs with yᵢ > yⱼ",
    traits: LossTraits(convexity: .convex, differentiability: .smooth, robustness: .bounded),
    RankingKernel.Options(kind: .logistic))

  /// LambdaRank: the logistic loss of every pair of items of different relevance, times the change of NDCG that swapping their places
  /// would make: Σ ∣ΔNDCG∣·log(1 + e^−(sᵢ − sⱼ)) over yᵢ > yⱼ.
  ///
  /// ∣ΔNDCG∣ = ∣Gᵢ − Gⱼ∣·∣Dᵢ − Dⱼ∣ / (the ideal Σ G·D), with gains G = 2^y − 1 and discounts D = 1/log₂(1 + rank); ranks are those by the
  /// scores, the first of equal ones first.
  ///
  /// - Gradient and curvature are those with the ranks held: the loss jumps where two scores change places.
  /// - Domain: all scores, relevances in 0...1000. A list without a relevant item costs nothing.
  /// - Properties: convex between changes of the order, not across them. Source: Burges, Ragno, Le (2006); Wang et al. (2018).
  public static let lambda = RankingLoss(
    "ranking-lambda", summary: "LambdaRank: pairs count as much as swapping them would change NDCG.",
    formula: "Σ |ΔNDCG|·log(1 + e^−(sᵢ − sⱼ)) over the pairs with yᵢ > yⱼ",
    traits: LossTraits(convexity: .none, differentiability: LossTraits.Differentiability.none),
    RankingKernel.Options(kind: .lambda, lowestRelevance: 0, highestRelevance: 1000))
}
