extension SegmentationLoss {
  /// The Tversky loss of a map, 1 − (TP + ε)/(TP + α·FP + β·FN + ε): what is wrongly found and what is missed weigh differently.
  ///
  /// - α = β = ½ is the Dice loss (with twice its ε), α = β = 1 the Jaccard loss.
  /// - Gradient affine in the target; Hessian of rank 2.
  /// - Domain: predictions and targets in 0...1; α, β, ε ≥ 0.
  /// - Properties: not convex; bounded by 1; all derivatives if ε > 0. Source: Salehi, Erdogmus, Gholipour (2017).
  public static func tversky(alpha: Double = 0.3, beta: Double = 0.7, smoothing: Double = 0) -> SegmentationLoss {
    SegmentationLoss(
      name: "tversky", summary: "A Dice loss in which false alarms and misses weigh differently.",
      formula: "1 − (TP + ε)/(TP + α·FP + β·FN + ε)", traits: overlapTraits(smoothing),
      parameters: tverskyParameters(alpha, beta, smoothing),
      form: .ratio(OverlapRatio(alpha: alpha, beta: beta, smoothing: smoothing)))
  }

  /// The focal Tversky loss of a map: the Tversky loss to the power γ.
  ///
  /// γ < 1 (the default) makes badly found regions less, and nearly found ones more important; γ > 1 the reverse. Abraham and Khan write
  /// the power as 1/γ.
  ///
  /// - Gradient affine in the target; Hessian of rank 3. Where the overlap is perfect and γ < 1 the derivative has no finite value, and the
  ///   gradient is 0.
  /// - Domain: predictions and targets in 0...1; α, β, ε ≥ 0, γ > 0.
  /// - Properties: not convex; bounded by 1; differentiable if ε > 0 and γ ≥ 1, twice if γ ≥ 2. Source: Abraham and Khan (2019).
  public static func focalTversky(
    alpha: Double = 0.3, beta: Double = 0.7, gamma: Double = 0.75, smoothing: Double = 0
  ) -> SegmentationLoss {
    SegmentationLoss(
      name: "focal-tversky", summary: "The Tversky loss to a power, which shifts the weight to hard or easy regions.",
      formula: "(1 − (TP + ε)/(TP + α·FP + β·FN + ε))^γ", traits: overlapTraits(smoothing, power: gamma),
      parameters: tverskyParameters(alpha, beta, smoothing)
        + [Parameter(name: "gamma", value: checked(gamma, "exponent", positive: true))],
      form: .ratio(OverlapRatio(alpha: alpha, beta: beta, smoothing: smoothing, power: gamma)))
  }

  private static func tverskyParameters(_ alpha: Double, _ beta: Double, _ smoothing: Double) -> [Parameter] {
    [
      Parameter(name: "alpha", value: checked(alpha, "weight of false positives")),
      Parameter(name: "beta", value: checked(beta, "weight of false negatives")),
      Parameter(name: "smoothing", value: checked(smoothing, "smoothing")),
    ]
  }
}
