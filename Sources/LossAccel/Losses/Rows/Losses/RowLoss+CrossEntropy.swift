extension RowLoss {
  /// Softmax cross-entropy, the negative log-likelihood of multinomial logistic regression: T·log Σ e^zₖ − Σ tₖzₖ with T = Σt.
  ///
  /// The same as ``SoftmaxCrossEntropy``, as one of the row losses. Its curvature does not depend on the targets but through T, so
  /// `.fisher` is `.exact`; `.majorizer` is T·(I − 1·1ᵀ/K)/2, which lies above it for all logits (Böhning 1992).
  ///
  /// - Domain: all logits; −∞ is an impossible class and costs nothing where its target is 0.
  /// - Properties: convex, Lipschitz √2, smooth ½, strictly proper.
  public static let softmaxCrossEntropy = RowLoss(
    "softmax-cross-entropy", summary: "Cross-entropy of a row of logits: the loss of classifiers.",
    formula: "T·log Σ exp(zₖ) − Σ tₖ·zₖ with T = Σt", gradient: "T·q − t with q = softmax(z)",
    curvature: "T·(diag(q) − q·qᵀ)",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 2.0.squareRoot(), smoothness: 0.5, differentiability: .smooth,
      robustness: .bounded, properness: .strictlyProper,
      elicits: .distribution),
    curvatures: [.exact, .fisher, .gaussNewton, .majorizer], factors: [.exact, .fisher, .gaussNewton, .majorizer],
    kernel: "cross_entropy")

  /// Cross-entropy of distributions that are given as probabilities: −Σ tₖ·log qₖ, in nats.
  ///
  /// - Domain: probabilities in 0...1, not renormalised. A class with t = 0 costs nothing, q = 0 where t > 0 costs infinity.
  /// - Gradient −t/q, curvature diag(t/q²), both 0 where t = 0.
  /// - Properties: convex, strictly proper among distributions. From logits use ``softmaxCrossEntropy``: a probability near 1 has lost
  ///   the digits that the loss depends on.
  public static let crossEntropy = RowLoss(
    "cross-entropy", summary: "Cross-entropy of distributions given as probabilities.", formula: "−Σ tₖ·log qₖ",
    gradient: "−tₖ / qₖ", curvature: "diag(tₖ / qₖ²)", scores: .probabilities,
    traits: .ofProbabilities(properness: .strictlyProper, elicits: .distribution), factors: [.exact],
    kernel: "cross_entropy_of_probabilities")

  /// Softmax cross-entropy of capped logits, with a price on the log-partition function: T·(log Σ e^aₖ + λ·(log Σ e^aₖ)²) − Σ tₖaₖ
  /// with a = c·tanh(z/c) and T = Σt.
  ///
  /// Both keep the logits of large models from drifting: the cap bounds them smoothly, and the price (the z-loss) holds log Σ e^a near 0.
  ///
  /// - Parameters:
  ///   - cap: c ≥ 0; 0 for no cap.
  ///   - logPartitionPrice: λ ≥ 0.
  /// - Domain: all logits. Without cap −∞ is an impossible class; with one it is −c, and no class is impossible. Capped logits are computed
  ///   to more digits than they are stored with, since shares would magnify their rounding by c.
  /// - Gradient: with D = diag(1/cosh²(z/c)) it is T·D·((1 + 2λ·lse)·q − t/T). The curvature contains that of the cap; without price
  ///   `.gaussNewton` leaves it out, and is positive semidefinite.
  /// - Properties: without cap, convex where lse ≥ −1/(2λ).
  ///
  /// Source: z-loss, Chowdhery et al. 2022 (PaLM), §5; capping, Gemma 2 report 2024, §2.
  public static func cappedCrossEntropy(cap: Double = 30, logPartitionPrice: Double = 1e-4) -> RowLoss {
    precondition(cap >= 0 && cap.isFinite, "the cap is \(cap), it must be at least 0")
    precondition(
      logPartitionPrice >= 0 && logPartitionPrice.isFinite, "the price is \(logPartitionPrice), it must be at least 0")
    let isConvex = cap == 0 && logPartitionPrice == 0
    return RowLoss(
      "capped-cross-entropy", summary: "Cross-entropy of capped logits, with a price on their log-partition function.",
      formula: "T·(L + price·L²) − Σ tₖ·aₖ with a = cap·tanh(z/cap), L = log Σ exp(aₖ), T = Σt",
      gradient: "(T·(1 + 2·price·L)·qₖ − tₖ) / cosh²(zₖ/cap) with q = softmax(a)",
      curvature: "D·(T·(1 + 2·price·L)·(diag(q) − q·qᵀ) + 2·price·T·q·qᵀ)·D + that of the cap",
      traits: LossTraits(
        convexity: isConvex ? .convex : .none, differentiability: .smooth,
        robustness: cap > 0 || logPartitionPrice == 0 ? .bounded : LossTraits.Robustness.none),
      curvatures: logPartitionPrice == 0 ? [.exact, .gaussNewton] : [.exact],
      parameters: [("price", logPartitionPrice), ("cap", cap)], kernel: "capped_cross_entropy")
  }
}
