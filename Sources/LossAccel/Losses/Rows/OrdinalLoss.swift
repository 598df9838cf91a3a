/// A loss of one score per sample and an ordered target: a level 0, 1, … K − 1, between which K − 1 increasing cuts lie.
///
/// ```swift
/// let loss = OrdinalLoss.cumulativeLogit
/// var gradient = [Double](repeating: 0, count: scores.count), cutGradient = [0.0, 0.0]
/// let value = try loss.mean(
///   scores: scores, levels: levels, cuts: [-1, 1], gradient: &gradient, cutGradient: &cutGradient)
/// ```
///
/// Level y lies between the cuts b_(y−1) and b_y, where b_(−1) = −∞ and b_(K−1) = +∞. Scores and cuts are both predicted: gradients and
/// curvature are given for both. Where each row has its own K scores, see ``RowLoss/rankedProbability``.
///
/// - Domain: every finite score; levels 0 ..< K, or the ignored one. Distances of scores and cuts are formed without rounding, so
///   that scores far from the cuts, and cuts that almost touch, keep their digits.
/// - Weights: samples of weight 0 and of the ignored level are left out, whatever they hold. The mean is Σ wᵢℓᵢ / Σ wᵢ.
/// - Cuts and their gradient are `Double` for every batch type.
/// - Properties: all three are convex in scores and cuts together. A constant added to all scores and cuts changes nothing.
public struct OrdinalLoss: Sendable, Hashable {
  /// The name that it goes by.
  public let name: String

  /// What it is, in one sentence.
  public let summary: String

  /// The loss of one sample, with η the score, y the level and b the cuts.
  public let formula: String

  /// Its derivative with respect to the score.
  public let gradient: String

  /// Its second derivative with respect to the score.
  public let curvature: String

  /// What is known about it as a function of its score.
  public var traits: LossTraits {
    LossTraits(
      convexity: .convex, lipschitzConstant: lipschitzConstant, smoothness: smoothness,
      differentiability: kind == .allThresholdHinge ? LossTraits.Differentiability.none : .smooth, robustness: .bounded)
  }

  /// Samples of this level are left out; it need not be one.
  public private(set) var ignoredLevel: Int?

  let kind: OrdinalKernel.Kind
  private let lipschitzConstant, smoothness: Double?

  /// All ordinal losses.
  public static let all: [OrdinalLoss] = [.cumulativeLogit, .allThresholdLogistic, .allThresholdHinge]

  /// The proportional-odds model's negative log-likelihood −log(σ(b_y − η) − σ(b_(y−1) − η)).
  ///
  /// Computed as log(1 + e^(η−b_y)) + log(1 + e^(b_(y−1)−η)) − log(1 − e^(b_(y−1)−b_y)), in which nothing cancels. Convex in (η, b),
  /// Lipschitz 1 and smooth ½ in η. Source: McCullagh 1980.
  public static let cumulativeLogit = OrdinalLoss(
    name: "cumulative-logit", summary: "Negative log-likelihood of proportional odds: ordered levels.",
    formula: "log(1 + exp(η − b_y)) + log(1 + exp(b_{y−1} − η)) − log(1 − exp(b_{y−1} − b_y))",
    gradient: "σ(η − b_y) − σ(b_{y−1} − η)", curvature: "σ′(η − b_y) + σ′(b_{y−1} − η)", kind: .cumulativeLogit,
    lipschitzConstant: 1, smoothness: 0.5)

  /// The all-threshold logistic loss Σ log(1 + e^(−s·(η − b))) over all cuts, s = 1 for cuts below the level and −1 for the others: what
  /// CORAL trains. Consistent for the absolute error. Source: Rennie and Srebro 2005; Cao, Mirjalili and Raschka 2020.
  public static let allThresholdLogistic = OrdinalLoss(
    name: "all-threshold-logistic", summary: "One logistic loss per cut: ordered levels, for the absolute error.",
    formula: "Σ log(1 + exp(−sₖ·(η − bₖ))), sₖ = 1 for k < y and −1 otherwise", gradient: "−Σ sₖ·σ(−sₖ·(η − bₖ))",
    curvature: "Σ σ′(η − bₖ)", kind: .allThresholdLogistic, lipschitzConstant: nil, smoothness: nil)

  /// The ordinal hinge Σ (1 − s·(η − b))₊ over all cuts: the slope grows by 1 with every cut on the wrong side. Without curvature.
  public static let allThresholdHinge = OrdinalLoss(
    name: "ordinal-hinge", summary: "One hinge per cut: ordered levels, with slopes that count the cuts missed.",
    formula: "Σ max(0, 1 − sₖ·(η − bₖ)), sₖ = 1 for k < y and −1 otherwise", gradient: "−Σ sₖ over the cuts missed",
    curvature: "0", kind: .allThresholdHinge, lipschitzConstant: nil, smoothness: nil)

  private init(
    name: String, summary: String, formula: String, gradient: String, curvature: String, kind: OrdinalKernel.Kind,
    lipschitzConstant: Double?, smoothness: Double?
  ) {
    (self.name, self.summary, self.formula) = (name, summary, formula)
    (self.gradient, self.curvature, self.kind) = (gradient, curvature, kind)
    (self.lipschitzConstant, self.smoothness) = (lipschitzConstant, smoothness)
  }

  /// The same loss without the samples of this level, which need not be one.
  public func ignoring(level: Int?) -> OrdinalLoss {
    var result = self
    result.ignoredLevel = level
    return result
  }
}
