extension RowLoss {
  /// The multiclass Brier score Σ (qₖ − tₖ)² of q = softmax(z).
  ///
  /// - Properties: strictly proper, bounded by 2; not convex in the logits, convex in the shares.
  public static let brier = RowLoss(
    "softmax-brier", summary: "Squared distance of softmax shares from targets, a strictly proper score.",
    formula: "Σ (qₖ − tₖ)² with q = softmax(z)", gradient: "q∘(a − qᵀa) with a = 2·(q − t)",
    curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)",
    traits: .ofShares(properness: .strictlyProper, elicits: .distribution),
    curvatures: [.exact, .gaussNewton], factors: [.gaussNewton], kernel: "brier")

  /// The multiclass Brier score Σ (qₖ − tₖ)² of probabilities.
  public static let brierOfProbabilities = RowLoss(
    "brier-probabilities", summary: "Squared distance of probabilities from targets, a strictly proper score.",
    formula: "Σ (qₖ − tₖ)²", gradient: "2·(qₖ − tₖ)", curvature: "diag(2)", scores: .probabilities,
    traits: LossTraits(
      convexity: .strong(2), smoothness: 2, differentiability: .smooth, robustness: .bounded,
      properness: .strictlyProper, elicits: .distribution),
    factors: [.exact],
    kernel: "brier_of_probabilities")

  /// The spherical score as a loss, −tᵀq/‖q‖ of q = softmax(z).
  ///
  /// - Properties: strictly proper, in −1...0; not convex.
  public static let spherical = RowLoss(
    "spherical", summary: "The spherical score of softmax shares, strictly proper.",
    formula: "−Σ tₖ·qₖ/‖q‖ with q = softmax(z)", gradient: "q∘(a − qᵀa) with a = (tᵀq/‖q‖²·q − t)/‖q‖",
    curvature: "diag(g) − g·qᵀ − q·gᵀ + J·A·J with J = diag(q) − q·qᵀ, A = ∂a/∂q",
    traits: .ofShares(properness: .strictlyProper, elicits: .distribution), kernel: "spherical")

  /// The ranked probability score of q = softmax(z) over ordered classes: Σ (Fₖ − Gₖ)² for k < K, with F and G the cumulative sums of
  /// q and t. It is the squared earth mover's distance of classes one apart.
  ///
  /// A prediction is charged for how far it is off: labels are levels, counted from 0.
  ///
  /// - Properties: strictly proper; not convex in the logits, convex in the shares.
  public static let rankedProbability = RowLoss(
    "ranked-probability", summary: "Squared distance of cumulative shares, for ordered classes; strictly proper.",
    formula: "Σ_{k<K} (Fₖ − Gₖ)² with F = Σ_{j≤k} qⱼ, G = Σ_{j≤k} tⱼ, q = softmax(z)",
    gradient: "q∘(a − qᵀa) with aⱼ = 2·Σ_{j≤k<K} (Fₖ − Gₖ)",
    curvature: "diag(g) − g·qᵀ − q·gᵀ + J·A·J with J = diag(q) − q·qᵀ, Aᵢⱼ = 2·(K − max(i, j))",
    traits: .ofShares(properness: .strictlyProper, elicits: .distribution),
    curvatures: [.exact, .gaussNewton],
    kernel: "ranked_probability")
}
