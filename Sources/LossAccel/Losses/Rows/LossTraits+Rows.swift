// What several losses of rows have in common.
extension LossTraits {
  /// Of a divergence of probabilities: convex, smooth inside of its domain, and ever steeper towards an end where it is infinite.
  static func ofProbabilities(properness: Properness? = nil, elicits: Functional? = nil) -> LossTraits {
    LossTraits(
      convexity: .convex, differentiability: .smooth, robustness: LossTraits.Robustness.none, properness: properness,
      elicits: elicits)
  }

  /// Of a bounded loss of softmax shares: not convex in the logits, and flat where one class has everything.
  static func ofShares(
    differentiability: Differentiability = .smooth, properness: Properness? = nil, elicits: Functional? = nil
  ) -> LossTraits {
    LossTraits(
      convexity: .none, differentiability: differentiability, robustness: .redescending, properness: properness,
      elicits: elicits)
  }
}
