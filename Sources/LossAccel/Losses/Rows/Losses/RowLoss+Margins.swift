extension RowLoss {
  /// The multiclass hinge of Crammer and Singer: (1 + max over the other classes of zₖ − z_y)₊.
  ///
  /// Of several largest rivals the first has the derivative; at the kink where the margin is met exactly it is 0.
  ///
  /// - Properties: convex, Lipschitz √2, without curvature; not calibrated where no class has more than half of the probability.
  ///
  /// Source: Crammer and Singer 2001.
  public static let crammerSinger = RowLoss(
    "crammer-singer", summary: "Multiclass hinge: the margin over the strongest other class.",
    formula: "max(0, 1 + max_{k≠y} zₖ − z_y)", gradient: "eₖ − e_y for the strongest k, or 0", curvature: "0",
    scores: .margins, targets: .labels,
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 2.0.squareRoot(),
      differentiability: LossTraits.Differentiability.none, robustness: .bounded),
    factors: [.exact], kernel: "crammer_singer")

  /// The multiclass hinge of Weston and Watkins: Σ over the other classes of (1 + zₖ − z_y)₊.
  ///
  /// - Properties: convex, without curvature; not calibrated for three classes or more.
  ///
  /// Source: Weston and Watkins 1999.
  public static let westonWatkins = RowLoss(
    "weston-watkins", summary: "Multiclass hinge: the margins over all other classes.",
    formula: "Σ_{k≠y} max(0, 1 + zₖ − z_y)",
    gradient: "1 for every class that violates its margin, and minus their number at y",
    curvature: "0", scores: .margins, targets: .labels,
    traits: LossTraits(
      convexity: .convex, differentiability: LossTraits.Differentiability.none, robustness: .bounded),
    factors: [.exact],
    kernel: "weston_watkins")

  /// One binary cross-entropy per class: Σ cₖ·((1 − tₖ)·zₖ + (1 + (w − 1)·tₖ)·log(1 + e^−zₖ)). For memberships that do not exclude each
  /// other (several labels, given as targets in 0...1), and for one label against all other classes.
  ///
  /// - Parameter positiveWeight: w > 0, how much heavier a positive target weighs than a negative one.
  /// - Properties: strictly convex, smooth w'/4 with w' = max(1, w); the curvature is diagonal.
  public static func oneVersusAll(positiveWeight: Double = 1) -> RowLoss {
    precondition(
      positiveWeight > 0 && positiveWeight.isFinite, "the weight of positives is \(positiveWeight), it must be positive"
    )
    return RowLoss(
      "one-versus-all", summary: "One binary cross-entropy per class, for several labels or one.",
      formula: "Σ cₖ·((1 − tₖ)·zₖ + (1 + (positive-weight − 1)·tₖ)·log(1 + exp(−zₖ)))",
      gradient: "cₖ·(1 − tₖ − (1 + (positive-weight − 1)·tₖ)·σ(−zₖ))",
      curvature: "diag(cₖ·(1 + (positive-weight − 1)·tₖ)·σ(zₖ)·σ(−zₖ))", scores: .margins,
      traits: LossTraits(
        convexity: .strict, smoothness: max(1, positiveWeight) / 4, differentiability: .smooth,
        robustness: .bounded,
        properness: positiveWeight == 1 ? .strictlyProper : nil,
        elicits: positiveWeight == 1 ? .named("log odds of the means") : nil),
      curvatures: positiveWeight == 1 ? [.exact, .fisher] : [.exact],
      factors: positiveWeight == 1 ? [.exact, .fisher] : [.exact], parameters: [("positive-weight", positiveWeight)],
      weighsClasses: true, kernel: "one_versus_all")
  }

  /// The Fenchel-Young loss of the Tsallis entropy, Ω*(z) + Ω(t) − tᵀz with Ω(p) = Σ (pₖ^α − pₖ)/(α(α − 1)).
  ///
  /// Its prediction p = ((α − 1)·z − τ)₊^(1/(α − 1)), the entmax of the scores, gives classes far below the best exactly nothing;
  /// once the margin is wide enough loss and gradient are 0. α → 1 is softmax cross-entropy, α = 2 the sparsemax loss.
  ///
  /// - Parameter alpha: α in 1.01...2. Powers 1/(α − 1) magnify rounding: errors grow like 1/(α − 1).
  /// - Gradient: p − t. Curvature: diag(s) − s·sᵀ/Σs with s = p^(2 − α) on the support of p.
  /// - Properties: convex, at least 0 and 0 only at p = t where targets sum to 1, Lipschitz √2, smooth 2^(α − 2).
  ///
  /// Source: Blondel, Martins and Niculae 2020, Learning with Fenchel-Young Losses.
  public static func tsallis(alpha: Double = 1.5) -> RowLoss {
    precondition(alpha >= 1.01 && alpha <= 2, "alpha is \(alpha), it must lie in 1.01...2")
    return tsallis(
      "entmax", "Fenchel-Young loss of the Tsallis entropy: sparse shares.",
      "Ω*(z) + Ω(t) − tᵀz with Ω(p) = Σ (pₖ^alpha − pₖ)/(alpha·(alpha − 1))", alpha: alpha)
  }

  /// The sparsemax loss, ``tsallis(alpha:)`` with α = 2: ½‖p − t‖² plus what targets outside the support of p lack, with p the point
  /// of the simplex nearest to z.
  ///
  /// Source: Martins and Astudillo 2016, From Softmax to Sparsemax.
  public static let sparsemax = tsallis(
    "sparsemax", "Fenchel-Young loss of the Euclidean projection on the simplex: sparse shares.",
    "Ω*(z) + Ω(t) − tᵀz with Ω(p) = ½·(‖p‖² − 1)", alpha: 2)

  private static func tsallis(_ name: String, _ summary: String, _ formula: String, alpha: Double) -> RowLoss {
    RowLoss(
      name, summary: summary, formula: formula,
      gradient: "p − t with p = max(0, (alpha − 1)·z − τ)^(1/(alpha − 1)), Σp = 1",
      curvature: "diag(s) − s·sᵀ/Σs with s = p^(2 − alpha)", scores: .margins,
      traits: LossTraits(
        convexity: .convex, lipschitzConstant: 2.0.squareRoot(),
        smoothness: ElementaryFunctions.exp((alpha - 2) * ElementaryFunctions.log(2)),
        differentiability: alpha == 2 ? .once : .twice, robustness: .bounded, properness: .strictlyProper,
        elicits: .distribution),
      factors: [.exact], parameters: [("alpha", alpha)], kernel: "tsallis")
  }
}
