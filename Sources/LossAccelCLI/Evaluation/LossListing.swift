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
  /// What else `lossaccel evaluate` takes for it, as it is written there.
  let options: [String]

  /// All losses that `lossaccel evaluate` knows, in the catalogues' order.
  static var all: [LossListing] {
    LossCatalogue.all.map(LossListing.init) + JointLossCatalogue.all.map(LossListing.init)
      + RowLossCatalogue.all.map(LossListing.init) + OrdinalLoss.all.map(LossListing.init) + [.multivariateGaussian]
  }

  init(_ loss: JointLoss) {
    func names(_ variables: [JointLoss.Variable]) -> String { variables.map(\.name).joined(separator: ", ") }
    func domains(_ variables: [JointLoss.Variable]) -> String {
      variables.map { "\($0.name): \(Self.text(of: $0.domain))" }.joined(separator: "; ")
    }
    name = loss.name
    summary = loss.summary
    sample = "a row of \(names(loss.predictions)), and a row of \(names(loss.targets))"
    formula = loss.formula.description
    gradient = loss.gradient.map(\.description).joined(separator: "; ")
    curvature = loss.hessian.map(\.description).joined(separator: "; ")
    predictionDomain = domains(loss.predictions)
    targetDomain = domains(loss.targets)
    properties = loss.traits?.description ?? "not stated"
    parameters = loss.parameters
    options = Self.texts(loss.options)
  }

  init(_ loss: OrdinalLoss) {
    name = loss.name
    summary = loss.summary
    sample = "one score and one level, between cuts that all samples share (--cuts)"
    formula = loss.formula
    gradient = loss.gradient
    curvature = loss.curvature
    predictionDomain = "every number"
    targetDomain = "levels 0…number of cuts"
    properties = loss.traits.description
    parameters = []
    options = Self.texts(loss.options)
  }

  /// The one loss whose parameter is a matrix.
  private static let multivariateGaussian = LossListing(
    name: GaussianEvaluation.name,
    summary: "Negative log-likelihood of rows under a multivariate normal distribution of given precision.",
    sample: "a row of predictions and a row of targets, with a precision that all share (--precision-factor)",
    formula: "½·rᵀΛr − Σ log Lᵢᵢ with r = prediction − target, Λ = L·Lᵀ", gradient: "Λr", curvature: "Λ",
    predictionDomain: "every number", targetDomain: "every number", properties: "convex, strictly proper",
    parameters: [], options: texts([.precisionFactor]))

  private init(
    name: String, summary: String, sample: String, formula: String, gradient: String, curvature: String,
    predictionDomain: String, targetDomain: String, properties: String, parameters: [(name: String, value: Double)],
    options: [String]
  ) {
    (self.name, self.summary, self.sample, self.formula) = (name, summary, sample, formula)
    (self.gradient, self.curvature, self.properties) = (gradient, curvature, properties)
    (self.predictionDomain, self.targetDomain) = (predictionDomain, targetDomain)
    (self.parameters, self.options) = (parameters, options)
  }

  init(_ loss: RowLoss) {
    name = loss.name
    summary = loss.summary
    let distributions = loss.targets.contains(.distributions)
    let row = loss.scores == .margins ? "scores" : loss.scores.rawValue
    sample = "one row of \(row), and one label" + (distributions ? " or one distribution" : "")
    formula = loss.formula
    gradient = loss.gradient
    curvature = loss.curvature
    predictionDomain = loss.scores == .probabilities ? "0…1" : "every number"
    targetDomain = "labels 0…classes − 1" + (distributions ? ", or distributions in 0…1" : "")
    properties = loss.traits.description
    parameters = loss.parameters
    options = Self.texts(loss.options)
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
    options = Self.texts(loss.options)
  }

  /// Weights and masks are for every loss.
  private static func texts(_ options: [LossOptions.Name]) -> [String] {
    ["weights", "mask"] + options.map(\.rawValue).sorted()
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
      ("options", .array(options.map { .string($0) })),
    ])
  }
}
