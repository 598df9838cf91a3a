// Functions ψ of each class's cost c = −log q, for the loss Σ tₖ·ψ(cₖ): with a label y, ψ(c_y).

extension RowLoss {
  /// The focal loss Σ tₖ·(1 − qₖ)^γ·(−log qₖ): cross-entropy that pays less attention to what is classified well already.
  ///
  /// - Parameter gamma: γ ≥ 0; 0 is cross-entropy. The authors' weights α are class weights: ``weighted(classes:)``.
  /// - Domain: all logits. 1 − q is computed from the other classes, so that a loss near 0 keeps its digits.
  /// - Properties: not convex in the logits for γ > 0, but convex in the shares; classification-calibrated, not proper: the shares are
  ///   no calibrated probabilities.
  ///
  /// Source: Lin et al. 2017, Focal Loss for Dense Object Detection.
  public static func focal(gamma: Double = 2) -> RowLoss {
    precondition(gamma >= 0 && gamma.isFinite, "gamma is \(gamma), it must be at least 0")
    return RowLoss(
      "focal-cross-entropy", summary: "Cross-entropy that discounts the classes predicted well already.",
      formula: "Σ tₖ·(1 − qₖ)^gamma·(−log qₖ) with q = softmax(z)",
      gradient: "Σ tₖ·s(qₖ)·(q − eₖ), s(q) = (1 − q)^gamma·(1 + gamma·q·(−log q)/(1 − q))",
      curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)",
      traits: LossTraits(
        convexity: gamma == 0 ? .convex : .none, lipschitzConstant: gamma == 0 ? 2.0.squareRoot() : nil,
        smoothness: gamma == 0 ? 0.5 : nil, differentiability: .smooth, robustness: .bounded,
        properness: gamma == 0 ? .strictlyProper : nil,
        elicits: gamma == 0 ? .distribution : nil),
      curvatures: [.exact, .gaussNewton], factors: gamma == 0 ? [.exact, .gaussNewton] : [.gaussNewton],
      parameters: [("gamma", gamma)], kernel: "focal")
  }

  /// The poly-1 loss Σ tₖ·(−log qₖ + ε·(1 − qₖ)): cross-entropy with another weight on the first term of its power series in 1 − q.
  ///
  /// - Parameter epsilon: ε ≥ −1.
  /// - Properties: convex for |ε| ≤ 1, and then Lipschitz √2; proper for no ε but 0.
  ///
  /// Source: Leng et al. 2022, PolyLoss.
  public static func poly1(epsilon: Double = 1) -> RowLoss {
    precondition(epsilon >= -1 && epsilon.isFinite, "epsilon is \(epsilon), it must be at least -1")
    let isConvex = epsilon <= 1
    return RowLoss(
      "softmax-poly-1", summary: "Cross-entropy with another weight on the first term of its series in 1 − q.",
      formula: "Σ tₖ·(−log qₖ + epsilon·(1 − qₖ)) with q = softmax(z)",
      gradient: "Σ tₖ·(1 + epsilon·qₖ)·(q − eₖ)", curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)",
      traits: LossTraits(
        convexity: isConvex ? .convex : .none,
        lipschitzConstant: 2.0.squareRoot() * (isConvex ? 1 : (1 + epsilon) * (1 + epsilon) / (4 * epsilon)),
        differentiability: .smooth, robustness: .bounded),
      curvatures: [.exact, .gaussNewton], factors: isConvex ? [.exact, .gaussNewton] : [.gaussNewton],
      parameters: [("epsilon", epsilon)], kernel: "poly")
  }

  /// Generalised cross-entropy Σ tₖ·(1 − qₖ^κ)/κ, between cross-entropy (κ → 0) and the mean absolute error (κ = 1).
  ///
  /// Bounded by 1/κ, so that a wrong label cannot cost more than that: for noisy labels.
  ///
  /// - Parameter exponent: κ in 0...1 without 0.
  /// - Properties: not convex in the logits, convex in the shares; Lipschitz √2·κ^κ/(1 + κ)^(1 + κ).
  ///
  /// Source: Zhang and Sabuncu 2018, Generalized Cross Entropy Loss.
  public static func generalizedCrossEntropy(exponent: Double = 0.7) -> RowLoss {
    precondition(exponent > 0 && exponent <= 1, "the exponent is \(exponent), it must lie above 0 and not above 1")
    let power = { ElementaryFunctions.exp($1 * ElementaryFunctions.log($0)) }
    return RowLoss(
      "softmax-generalized-cross-entropy", summary: "Bounded cross-entropy for noisy labels.",
      formula: "Σ tₖ·(1 − qₖ^exponent)/exponent with q = softmax(z)", gradient: "Σ tₖ·qₖ^exponent·(q − eₖ)",
      curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)",
      traits: LossTraits(
        convexity: .none,
        lipschitzConstant: 2.0.squareRoot() * power(exponent, exponent) / power(1 + exponent, 1 + exponent),
        differentiability: .smooth, robustness: .redescending),
      curvatures: [.exact, .gaussNewton], factors: [.gaussNewton], parameters: [("exponent", exponent)],
      kernel: "generalized_cross_entropy")
  }

  /// Symmetric cross-entropy Σ tₖ·(−α·log qₖ + β·A·(1 − qₖ)): cross-entropy plus its reverse −Σ q·log t, in which log 0 is −A.
  ///
  /// - Parameters:
  ///   - alpha: α ≥ 0, the weight of cross-entropy.
  ///   - beta: β ≥ 0, the weight of the reverse.
  ///   - logarithmOfZero: −A, below 0.
  /// - Properties: convex where β·A ≤ α.
  ///
  /// Source: Wang et al. 2019, Symmetric Cross Entropy for Robust Learning with Noisy Labels.
  public static func symmetricCrossEntropy(
    alpha: Double = 0.1, beta: Double = 1, logarithmOfZero: Double = -4
  ) -> RowLoss {
    precondition(alpha >= 0 && alpha.isFinite, "alpha is \(alpha), it must be at least 0")
    precondition(beta >= 0 && beta.isFinite, "beta is \(beta), it must be at least 0")
    precondition(
      logarithmOfZero < 0 && logarithmOfZero.isFinite, "the logarithm of zero is \(logarithmOfZero), it must be below 0"
    )
    let reverse = -beta * logarithmOfZero
    let isConvex = reverse <= alpha
    return RowLoss(
      "symmetric-cross-entropy", summary: "Cross-entropy plus its reverse, for noisy labels.",
      formula: "Σ tₖ·(−alpha·log qₖ + reverse·(1 − qₖ)) with q = softmax(z)",
      gradient: "Σ tₖ·(alpha + reverse·qₖ)·(q − eₖ)", curvature: "(I − q·1ᵀ)·diag(e)·(I − 1·qᵀ)",
      traits: LossTraits(
        convexity: isConvex ? .convex : .none,
        lipschitzConstant: 2.0.squareRoot()
          * (isConvex ? alpha : (alpha + reverse) * (alpha + reverse) / (4 * reverse)),
        differentiability: .smooth, robustness: alpha == 0 ? .redescending : .bounded),
      curvatures: [.exact, .gaussNewton], factors: isConvex ? [.exact, .gaussNewton] : [.gaussNewton],
      parameters: [("alpha", alpha), ("reverse", reverse)], kernel: "symmetric_cross_entropy")
  }
}
