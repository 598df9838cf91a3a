// Distances between a target distribution t and a predicted one q, each for q = softmax(z) and for probabilities q as they stand.
// Terms of opposite sign are added: errors are a few ulp of the sum of their magnitudes.

extension RowLoss {
  /// The Kullback-Leibler divergence KL(t‖q) = Σ tₖ·log(tₖ/qₖ) of q = softmax(z): cross-entropy minus the entropy of the targets.
  ///
  /// - Properties: convex, Lipschitz √2, smooth ½ where the targets sum to 1; 0 at q = t.
  public static let kullbackLeibler = RowLoss(
    "softmax-kl", summary: "Kullback-Leibler divergence of softmax shares from target distributions.",
    formula: "Σ tₖ·log(tₖ/qₖ) with q = softmax(z)", gradient: "T·q − t with T = Σt", curvature: "T·(diag(q) − q·qᵀ)",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 2.0.squareRoot(), smoothness: 0.5, differentiability: .smooth,
      robustness: .bounded, properness: .strictlyProper, elicits: .distribution),
    curvatures: [.exact, .fisher, .gaussNewton, .majorizer], factors: [.exact, .fisher, .gaussNewton, .majorizer],
    kernel: "kullback_leibler")

  /// The Kullback-Leibler divergence KL(t‖q) = Σ tₖ·log(tₖ/qₖ) of probabilities.
  public static let kullbackLeiblerOfProbabilities = RowLoss(
    "kl-probabilities", summary: "Kullback-Leibler divergence of probabilities from target distributions.",
    formula: "Σ tₖ·log(tₖ/qₖ)", gradient: "−tₖ / qₖ", curvature: "diag(tₖ / qₖ²)", scores: .probabilities,
    traits: .ofProbabilities(properness: .strictlyProper, elicits: .distribution), factors: [.exact],
    kernel: "kullback_leibler_of_probabilities")

  /// The generalised Kullback-Leibler divergence Σ tₖ·log(tₖ/qₖ) − tₖ + qₖ of probabilities that need not sum to 1; no term is negative.
  public static let generalizedKullbackLeiblerOfProbabilities = RowLoss(
    "generalized-kl-probabilities", summary: "Kullback-Leibler divergence of rows that need not sum to 1.",
    formula: "Σ tₖ·log(tₖ/qₖ) − tₖ + qₖ", gradient: "1 − tₖ / qₖ", curvature: "diag(tₖ / qₖ²)", scores: .probabilities,
    traits: .ofProbabilities(properness: .strictlyProper, elicits: .distribution), factors: [.exact],
    kernel: "generalized_kullback_leibler_of_probabilities")

  /// The reverse Kullback-Leibler divergence KL(q‖t) = Σ qₖ·log(qₖ/tₖ) of q = softmax(z), which seeks a mode of the targets.
  ///
  /// - Domain: infinite where a share is positive and its target 0; so not for labels as they stand.
  /// - Properties: not convex in the logits, convex in the shares.
  public static let reverseKullbackLeibler = RowLoss(
    "softmax-reverse-kl", summary: "Kullback-Leibler divergence of target distributions from softmax shares.",
    formula: "Σ qₖ·log(qₖ/tₖ) with q = softmax(z)", gradient: "q∘(a − qᵀa) with a = log(q/t)",
    curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)",
    traits: LossTraits(
      convexity: .none, differentiability: .smooth, robustness: LossTraits.Robustness.none),
    curvatures: [.exact, .gaussNewton], factors: [.gaussNewton], kernel: "reverse_kullback_leibler")

  /// The reverse Kullback-Leibler divergence KL(q‖t) = Σ qₖ·log(qₖ/tₖ) of probabilities.
  public static let reverseKullbackLeiblerOfProbabilities = RowLoss(
    "reverse-kl-probabilities", summary: "Kullback-Leibler divergence of target distributions from probabilities.",
    formula: "Σ qₖ·log(qₖ/tₖ)", gradient: "log(qₖ/tₖ) + 1", curvature: "diag(1 / qₖ)", scores: .probabilities,
    traits: .ofProbabilities(), factors: [.exact], kernel: "reverse_kullback_leibler_of_probabilities")

  /// The Jensen-Shannon divergence β·KL(t‖m) + (1 − β)·KL(q‖m) with m = β·t + (1 − β)·q, of q = softmax(z).
  ///
  /// - Parameter mixture: β, between 0 and 1; ½ is the symmetric one.
  /// - Properties: bounded (by log 2 for β = ½), finite for labels; not convex in the logits, convex in the shares.
  public static func jensenShannon(mixture: Double = 0.5) -> RowLoss {
    requireMixture(mixture)
    return RowLoss(
      "softmax-jensen-shannon", summary: "Jensen-Shannon divergence of softmax shares and target distributions.",
      formula: "Σ mixture·tₖ·log(tₖ/mₖ) + (1 − mixture)·qₖ·log(qₖ/mₖ), m = mixture·t + (1 − mixture)·q, q = softmax(z)",
      gradient: "q∘(a − qᵀa) with a = (1 − mixture)·log(q/m)", curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)",
      traits: .ofShares(), curvatures: [.exact, .gaussNewton], factors: [.gaussNewton],
      parameters: [("mixture", mixture)], kernel: "jensen_shannon")
  }

  /// The Jensen-Shannon divergence of probabilities; see ``jensenShannon(mixture:)``.
  public static func jensenShannonOfProbabilities(mixture: Double = 0.5) -> RowLoss {
    requireMixture(mixture)
    return RowLoss(
      "jensen-shannon-probabilities", summary: "Jensen-Shannon divergence of probabilities and target distributions.",
      formula: "Σ mixture·tₖ·log(tₖ/mₖ) + (1 − mixture)·qₖ·log(qₖ/mₖ), m = mixture·t + (1 − mixture)·q",
      gradient: "(1 − mixture)·log(qₖ/mₖ)", curvature: "diag(mixture·(1 − mixture)·tₖ/(qₖ·mₖ))",
      scores: .probabilities, traits: .ofProbabilities(), factors: [.exact],
      parameters: [("mixture", mixture)], kernel: "jensen_shannon_of_probabilities")
  }

  private static func requireMixture(_ mixture: Double) {
    precondition(mixture > 0 && mixture < 1, "the mixture is \(mixture), it must lie between 0 and 1")
  }

  /// The total variation distance ½·Σ |qₖ − tₖ| of q = softmax(z), in 0...1.
  ///
  /// Its derivatives are those of its pieces, with 0 for |0|.
  public static let totalVariation = RowLoss(
    "softmax-total-variation", summary: "Total variation distance of softmax shares and target distributions.",
    formula: "½·Σ |qₖ − tₖ| with q = softmax(z)", gradient: "½·q∘(a − qᵀa) with a = sign(q − t)",
    curvature: "½·(diag(g) − g·qᵀ − q·gᵀ) with g = q∘(a − qᵀa)", traits: .ofShares(differentiability: .none),
    kernel: "total_variation")

  /// The total variation distance ½·Σ |qₖ − tₖ| of probabilities.
  public static let totalVariationOfProbabilities = RowLoss(
    "total-variation-probabilities", summary: "Total variation distance of probabilities and target distributions.",
    formula: "½·Σ |qₖ − tₖ|", gradient: "½·sign(qₖ − tₖ)", curvature: "0", scores: .probabilities,
    traits: LossTraits(
      convexity: .convex, differentiability: LossTraits.Differentiability.none, robustness: .bounded),
    factors: [.exact],
    kernel: "total_variation_of_probabilities")

  /// The squared Hellinger distance ½·Σ (√qₖ − √tₖ)² of q = softmax(z), in 0...1.
  ///
  /// - Properties: not convex in the logits, convex in the shares.
  public static let squaredHellinger = RowLoss(
    "softmax-hellinger", summary: "Squared Hellinger distance of softmax shares and target distributions.",
    formula: "½·Σ (√qₖ − √tₖ)² with q = softmax(z)", gradient: "½·(q·Σ√(qₖtₖ) − √(q∘t))",
    curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)", traits: .ofShares(),
    curvatures: [.exact, .gaussNewton], factors: [.gaussNewton], kernel: "hellinger")

  /// The squared Hellinger distance ½·Σ (√qₖ − √tₖ)² of probabilities.
  public static let squaredHellingerOfProbabilities = RowLoss(
    "hellinger-probabilities", summary: "Squared Hellinger distance of probabilities and target distributions.",
    formula: "½·Σ (√qₖ − √tₖ)²", gradient: "½·(1 − √(tₖ/qₖ))", curvature: "diag(¼·√(tₖ/qₖ)/qₖ)",
    scores: .probabilities, traits: .ofProbabilities(), factors: [.exact],
    kernel: "hellinger_of_probabilities")
}
