import LossAccel

/// What `lossaccel losses` tells about a loss.
struct LossListing: Sendable {
  let name: String
  let summary: String
  /// What a sample is: one prediction, or one row of them.
  let sample: String
  let formula: String
  let gradient: String
  let curvature: String
  let predictionDomain: String
  let targetDomain: String
  /// Convexity and constants.
  let properties: String
  /// With their defaults; NaN for one that is not set.
  let parameters: [(name: String, value: Double)]

  /// All losses that `lossaccel evaluate` knows, in the catalogue's order.
  static var all: [LossListing] { LossCatalogue.all.map(LossListing.init) + rowLosses }

  /// The losses of whole rows, which no pointwise formula can say.
  static let rowLosses = [
    LossListing(
      name: SoftmaxEvaluation.lossName, summary: "Cross-entropy of a row of logits: the loss of classifiers.",
      sample: "one row of logits, and one label or one distribution", formula: "Σt·log Σ exp(ŷₖ) − Σ tₖ·ŷₖ",
      gradient: "Σt·qₖ − tₖ with q = softmax(ŷ)", curvature: "Σt·qₖ·(1 − qₖ), the diagonal of Σt·(diag(q) − q·qᵀ)",
      predictionDomain: "every number", targetDomain: "labels 0…classes − 1, or distributions in 0…1",
      properties: "convex, Lipschitz √2, smooth 0.5, elicits the distribution",
      parameters: [("label-smoothing", 0), ("ignored-label", .nan)]),
    LossListing(
      name: CrossEntropyEvaluation.lossName, summary: "Cross-entropy of distributions given as probabilities.",
      sample: "one row of probabilities and one distribution", formula: "−Σ tₖ·log ŷₖ", gradient: "−tₖ / ŷₖ",
      curvature: "tₖ / ŷₖ²", predictionDomain: "0…1", targetDomain: "0…1",
      properties: "convex, elicits the distribution", parameters: []),
  ]

  private init(
    name: String, summary: String, sample: String, formula: String, gradient: String, curvature: String,
    predictionDomain: String, targetDomain: String, properties: String,
    parameters: [(name: String, value: Double)]
  ) {
    (self.name, self.summary, self.sample, self.formula) = (name, summary, sample, formula)
    (self.gradient, self.curvature, self.predictionDomain) = (gradient, curvature, predictionDomain)
    (self.targetDomain, self.properties, self.parameters) = (targetDomain, properties, parameters)
  }

  init(_ loss: PointwiseLoss) {
    name = loss.name
    summary = loss.summary
    sample = "one prediction and one target"
    formula = loss.formula.description
    gradient = loss.gradient.description
    curvature = loss.curvature.description
    predictionDomain = Self.text(of: loss.predictionDomain)
    targetDomain = Self.text(of: loss.targetDomain)
    properties = loss.traits?.description ?? "not stated"
    parameters = loss.parameters
  }

  private static func text(of domain: ClosedRange<Double>?) -> String {
    guard let domain else { return "every number" }
    return "\(shown(domain.lowerBound))…\(shown(domain.upperBound))"
  }

  var json: JSON {
    .object([
      ("name", .string(name)), ("summary", .string(summary)), ("sample", .string(sample)),
      ("formula", .string(formula)),
      ("gradient", .string(gradient)), ("curvature", .string(curvature)), ("predictions", .string(predictionDomain)),
      ("targets", .string(targetDomain)), ("properties", .string(properties)),
      ("parameters", .object(parameters.map { ($0.name, $0.value.isNaN ? .null : .number($0.value)) })),
    ])
  }
}
