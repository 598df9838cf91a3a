extension SegmentationLoss {
  /// The Dice loss of a map, 1 − (2Σpt + ε)/(Σp + Σt + ε): one minus the F₁ score of its pixels.
  ///
  /// - Gradient affine in the target; Hessian of rank 2.
  /// - Domain: predictions and targets in 0...1. ε ≥ 0 is added as it stands to both terms.
  /// - Properties: not convex; bounded by 1; all derivatives if ε > 0. Sources: Milletari et al. (2016), Sudre et al. (2017).
  public static func dice(smoothing: Double = 0) -> SegmentationLoss {
    SegmentationLoss(
      name: "dice", summary: "One minus the Dice coefficient of a predicted and a true region.",
      formula: "1 − (2·Σpt + ε)/(Σp + Σt + ε)", traits: overlapTraits(smoothing),
      parameters: [Parameter(name: "smoothing", value: checked(smoothing, "smoothing"))],
      form: .ratio(OverlapRatio(alpha: 1, beta: 1, both: 2, smoothing: smoothing)))
  }

  /// The Jaccard loss of a map, 1 − (Σpt + ε)/(Σp + Σt − Σpt + ε): one minus intersection over union.
  ///
  /// - Gradient affine in the target; Hessian of rank 2.
  /// - Domain: predictions and targets in 0...1, ε ≥ 0.
  /// - Properties: not convex; bounded by 1; all derivatives if ε > 0. Source: Rahman and Wang (2016).
  public static func jaccard(smoothing: Double = 0) -> SegmentationLoss {
    SegmentationLoss(
      name: "jaccard", summary: "One minus intersection over union of a predicted and a true region.",
      formula: "1 − (Σpt + ε)/(Σp + Σt − Σpt + ε)", traits: overlapTraits(smoothing),
      parameters: [Parameter(name: "smoothing", value: checked(smoothing, "smoothing"))],
      form: .ratio(OverlapRatio(alpha: 1, beta: 1, smoothing: smoothing)))
  }

  /// The generalised Dice loss of an image with several classes, 1 − (2Σ w·Σpt + ε)/(Σ w·(Σp + Σt) + ε) over its classes, with
  /// w = 1/(Σt)²: small regions count as much as large ones.
  ///
  /// - Layout: the `classes` maps of an image one after the other; weights are one per image.
  /// - A class without true pixels has no weight: it is left out.
  /// - Domain: predictions and targets in 0...1, ε ≥ 0.
  /// - Properties: not convex; bounded by 1; all derivatives. Source: Sudre et al. (2017).
  public static func generalizedDice(classes: Int, smoothing: Double = 0) -> SegmentationLoss {
    precondition(classes >= 1, "an image of \(classes) classes; there must be at least 1")
    return SegmentationLoss(
      name: "generalized-dice", summary: "The Dice loss of all classes of an image, rare ones weighted up.",
      formula: "1 − (2·Σw·Σpt + ε)/(Σw·(Σp + Σt) + ε) with w = 1/(Σt)²",
      traits: LossTraits(convexity: .none, differentiability: .smooth),
      parameters: [
        Parameter(name: "classes", value: Double(classes)),
        Parameter(name: "smoothing", value: checked(smoothing, "smoothing")),
      ],
      form: .generalizedDice(classes: classes, smoothing: smoothing))
  }

  /// Of a loss of overlap to the power γ. Without ε it jumps from 0 to 1 where a map without true pixels gets its first predicted one. A
  /// power of what may become 0 has as many derivatives as its exponent allows.
  static func overlapTraits(_ smoothing: Double, power: Double = 1) -> LossTraits {
    let differentiability: LossTraits.Differentiability
    if smoothing == 0 || power < 1 {
      differentiability = .none
    } else if power == power.rounded() {
      differentiability = .smooth
    } else {
      differentiability = power > 2 ? .twice : .once
    }
    return LossTraits(convexity: .none, differentiability: differentiability)
  }
}
