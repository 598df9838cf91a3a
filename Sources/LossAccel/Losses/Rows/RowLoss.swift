/// A loss of a row of scores: one number per class, and as target a label or one number per class.
///
/// ```swift
/// let loss = RowLoss.focal(gamma: 2).weighted(classes: [1, 4, 4]).ignoring(label: -100)
/// var gradient = Matrix<Float>.zeros(rows: scores.rows, columns: scores.columns)
/// let value = try loss.mean(scores: scores, labels: labels, gradient: &gradient)
/// let curvature = try loss.curvature(.majorizer, of: .mean, scores: scores, labels: labels)
/// let product = try curvature.product(with: direction)
/// ```
///
/// All row losses share one shape; ``RowLossCatalogue`` lists them.
///
/// | | with labels | with targets (distributions) |
/// |---|---|---|
/// | ``sum(scores:classes:labels:weights:mask:scale:gradient:)`` | Σ wᵢℓᵢ | Σ wᵢℓᵢ |
/// | ``mean(scores:classes:labels:weights:mask:gradient:)`` | Σ wᵢℓᵢ / Σ wᵢ·c_yᵢ | Σ wᵢℓᵢ / Σ wᵢ |
/// | left out | weight 0, ignored label, class weight 0 | weight 0 |
///
/// Rows that are left out count nowhere, whatever they hold; their gradient and their curvature are 0. The mean over nothing is an error.
///
/// - Label smoothing ε turns the targets t (a label y is [k = y]) into (1 − ε)·t + ε/K.
/// - Class weights c multiply, class by class, what a loss that is a sum over the targets adds up: tₖ·cₖ, as in ``SoftmaxCrossEntropy``.
///   Other losses have no such parts: there they multiply the row, by c_y or Σ cₖtₖ of the targets before smoothing. One-versus-all
///   losses multiply each class's own loss by its weight, and their mean is Σ wᵢℓᵢ / Σ wᵢ.
/// - A label is the same as the distribution that has 1 there.
/// - Sums run in twice the precision of their elements or with compensation; results are the same bits for any number of threads.
public struct RowLoss: Sendable {
  /// What the numbers of a row are.
  public enum Scores: String, Sendable, Hashable {
    /// Any numbers, from which the loss makes shares q = softmax(z). A logit −∞ is an impossible class.
    case logits
    /// Probabilities in 0...1, taken as they stand.
    case probabilities
    /// Any numbers.
    case margins
  }

  /// What targets a loss accepts.
  public struct Targets: OptionSet, Sendable, Hashable {
    /// One bit for each way of giving targets.
    public let rawValue: Int
    /// The ways whose bits are set.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// One class per row; for ordinal losses a level, counted from 0.
    public static let labels = Targets(rawValue: 1)
    /// One number in 0...1 per class and row.
    public static let distributions = Targets(rawValue: 2)
  }

  /// The name that it goes by in the catalogue and on the command line.
  public let name: String

  /// What it is, in one sentence.
  public let summary: String

  /// The loss of one row, with z the scores, q the shares or probabilities, t the targets and y the label.
  public let formula: String

  /// Its gradient with respect to the scores.
  public let gradient: String

  /// Its curvature with respect to the scores.
  public let curvature: String

  /// What its scores are.
  public let scores: Scores

  /// What targets it accepts.
  public let targets: Targets

  /// What is known about it as a function of its scores; with the catalogue's losses every claim is tested.
  public let traits: LossTraits

  /// The curvatures that it has, the one to take first.
  public let curvatures: [CurvatureKind]

  /// Those of them that have a factor B with B·Bᵀ = H.
  public let factors: [CurvatureKind]

  /// The parameters in its formula, by name.
  public let parameters: [(name: String, value: Double)]

  /// cₖ, one per class; 1 each if `nil`.
  public private(set) var classWeights: [Double]?

  /// ε, the share of a target that is spread evenly over all classes.
  public private(set) var labelSmoothing = 0.0

  /// Rows with this label are left out; it need not be a class.
  public private(set) var ignoredLabel: Int?

  package let kernel: RowLossKernel
  let weighsClasses: Bool

  init(
    _ name: String, summary: String, formula: String, gradient: String, curvature: String, scores: Scores = .logits,
    targets: Targets = [.labels, .distributions], traits: LossTraits, curvatures: [CurvatureKind] = [.exact],
    factors: [CurvatureKind] = [], parameters: [(name: String, value: Double)] = [], weighsClasses: Bool = false,
    kernel: String
  ) {
    (self.name, self.summary, self.formula, self.gradient) = (name, summary, formula, gradient)
    (self.curvature, self.scores, self.targets, self.traits) = (curvature, scores, targets, traits)
    (self.curvatures, self.factors, self.parameters) = (curvatures, factors, parameters)
    self.weighsClasses = weighsClasses
    self.kernel = RowLossKernel(kernel)
  }
}

extension RowLoss {
  /// The same loss with class weights.
  ///
  /// - Precondition: they are finite and not negative.
  public func weighted(classes weights: [Double]) -> RowLoss {
    for (index, weight) in weights.enumerated() {
      precondition(weight >= 0 && weight.isFinite, "the weight of class \(index) is \(weight), it must be at least 0")
    }
    var result = self
    result.classWeights = weights
    return result
  }

  /// The same loss with targets of which the share `smoothing` is spread evenly over all classes.
  ///
  /// - Precondition: the smoothing lies in 0...1, and is 0 for a loss that knows labels only.
  public func smoothed(by smoothing: Double) -> RowLoss {
    precondition(smoothing >= 0 && smoothing <= 1, "the label smoothing is \(smoothing), it must lie in 0...1")
    precondition(
      smoothing == 0 || targets.contains(.distributions),
      "\(name) knows labels only, which cannot be smoothed by \(smoothing)")
    var result = self
    result.labelSmoothing = smoothing
    return result
  }

  /// The same loss without the rows that have this label, which need not be a class.
  public func ignoring(label: Int?) -> RowLoss {
    var result = self
    result.ignoredLabel = label
    return result
  }
}
