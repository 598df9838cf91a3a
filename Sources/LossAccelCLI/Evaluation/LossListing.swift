import LossAccel

/// What `lossaccel losses` tells about a loss.
struct LossListing {
  let name: String
  let summary: String
  /// What a sample is: one prediction, or one row of them.
  let sample: String
  let formula: String
  let gradient: String
  let curvature: String
  let predictionDomain: String
  let targetDomain: String
  let parameters: [(name: String, value: Double)]

  /// All losses that `lossaccel evaluate` knows, in the catalogue's order.
  static var all: [LossListing] { LossCatalogue.all.map(LossListing.init) }

  init(_ loss: PointwiseLoss) {
    name = loss.name
    summary = loss.summary
    sample = "one prediction and one target"
    formula = loss.formula.description
    gradient = loss.gradient.description
    curvature = loss.curvature.description
    predictionDomain = Self.text(of: loss.predictionDomain)
    targetDomain = Self.text(of: loss.targetDomain)
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
      ("targets", .string(targetDomain)), ("parameters", .object(parameters.map { ($0.name, .number($0.value)) })),
    ])
  }
}
