extension SegmentationLoss {
  /// The Lovász hinge of a map of logits: the Lovász extension of the Jaccard loss, of the errors max(0, 1 − (2t − 1)·z).
  ///
  /// With the errors in falling order, Σ eₖ·(Jₖ − Jₖ₋₁), where Jₖ is the Jaccard loss of taking the first k pixels for wrong: the tightest
  /// convex function of the errors that equals the Jaccard loss where they are 0 or 1. Without a true pixel it is the largest error.
  ///
  /// - Gradient: ∓(Jₖ − Jₖ₋₁) where the error is positive; among equal errors the order of the pixels decides. Curvature 0 almost
  ///   everywhere. O(n log n) per map.
  /// - Domain: all logits, targets 0 or 1.
  /// - Properties: convex, Lipschitz 1 (the slopes add up to 1 at most). Source: Berman, Triki, Blaschko (2018).
  public static let lovaszHinge = SegmentationLoss(
    name: "lovasz-hinge", summary: "The convex extension of the Jaccard loss, of a map of logits.",
    formula: "Σ max(0, 1 − (2t − 1)·z)·ΔJaccard, largest error first",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 1, differentiability: LossTraits.Differentiability.none,
      robustness: .bounded), parameters: [], form: .lovasz(fromLogits: true))

  /// The Lovász-softmax loss of a map of probabilities: the Lovász extension of the Jaccard loss, of the errors ∣t − p∣.
  ///
  /// For several classes give the maps of all of them, and leave out those that the image does not have with weight 0, as the authors
  /// do, or not.
  ///
  /// - Gradient: −(Jₖ − Jₖ₋₁) inside the true region, the positive of it outside; among equal errors the order of the pixels decides.
  ///   Curvature 0 almost everywhere. O(n log n) per map.
  /// - Domain: predictions in 0...1, targets 0 or 1.
  /// - Properties: convex in the predictions, Lipschitz 1. Source: Berman, Triki, Blaschko (2018).
  public static let lovaszSoftmax = SegmentationLoss(
    name: "lovasz-softmax", summary: "The convex extension of the Jaccard loss, of a map of probabilities.",
    formula: "Σ |t − p|·ΔJaccard, largest error first",
    traits: LossTraits(
      convexity: .convex, lipschitzConstant: 1, differentiability: LossTraits.Differentiability.none,
      robustness: .bounded), parameters: [], form: .lovasz(fromLogits: false))
}
