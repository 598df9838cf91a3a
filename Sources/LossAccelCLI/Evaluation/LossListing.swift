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

  /// All losses that `lossaccel evaluate` knows, in the catalogues' order.
  static var all: [LossListing] {
    LossCatalogue.all.map(LossListing.init) + RowLossCatalogue.all.map(LossListing.init)
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
    parameters = loss.parameters + RowLossEvaluation.settings.filter { $0.name != "label-smoothing" || distributions }
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
