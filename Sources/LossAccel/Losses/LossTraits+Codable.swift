/// One flat object of names and numbers: `{"convexity": "strong", "strongConvexity": 2, "smoothness": 2, "elicits": "mean",
/// "link": "identity"}`. What is not claimed is left out.
extension LossTraits: Codable {
  private enum CodingKeys: String, CodingKey {
    case convexity, strongConvexity, lipschitzConstant, smoothness, differentiability, robustness
    case classificationCalibrated, properness, elicits, level, link
  }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let bends = try values.decode(String.self, forKey: .convexity)
    switch bends {
    case "none": convexity = .none
    case "unknown": convexity = .unknown
    case "convex": convexity = .convex
    case "strict": convexity = .strict
    case "strong": convexity = .strong(try values.decode(Double.self, forKey: .strongConvexity))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .convexity, in: values,
        debugDescription: "“\(bends)” is none of unknown, none, convex, strict and strong")
    }
    lipschitzConstant = try values.decodeIfPresent(Double.self, forKey: .lipschitzConstant)
    smoothness = try values.decodeIfPresent(Double.self, forKey: .smoothness)
    differentiability = try values.decodeIfPresent(Differentiability.self, forKey: .differentiability)
    robustness = try values.decodeIfPresent(Robustness.self, forKey: .robustness)
    classificationCalibrated = try values.decodeIfPresent(Bool.self, forKey: .classificationCalibrated)
    properness = try values.decodeIfPresent(Properness.self, forKey: .properness)
    link = try values.decodeIfPresent(Link.self, forKey: .link) ?? .identity
    switch try values.decodeIfPresent(String.self, forKey: .elicits) {
    case nil: elicits = nil
    case "mean": elicits = .mean
    case "median": elicits = .median
    case "mode": elicits = .mode
    case "quantile": elicits = .quantile(try values.decode(Double.self, forKey: .level))
    case "expectile": elicits = .expectile(try values.decode(Double.self, forKey: .level))
    case "circular mean": elicits = .circularMean
    case "distribution": elicits = .distribution
    case .some(let name): elicits = .named(name)
    }
  }

  /// Writes the traits as one flat object.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    switch convexity {
    case .none: try values.encode("none", forKey: .convexity)
    case .unknown: try values.encode("unknown", forKey: .convexity)
    case .convex: try values.encode("convex", forKey: .convexity)
    case .strict: try values.encode("strict", forKey: .convexity)
    case .strong(let constant):
      try values.encode("strong", forKey: .convexity)
      try values.encode(constant, forKey: .strongConvexity)
    }
    try values.encodeIfPresent(lipschitzConstant, forKey: .lipschitzConstant)
    try values.encodeIfPresent(smoothness, forKey: .smoothness)
    try values.encodeIfPresent(differentiability, forKey: .differentiability)
    try values.encodeIfPresent(robustness, forKey: .robustness)
    try values.encodeIfPresent(classificationCalibrated, forKey: .classificationCalibrated)
    try values.encodeIfPresent(properness, forKey: .properness)
    switch elicits {
    case nil: break
    case .quantile(let level):
      try values.encode("quantile", forKey: .elicits)
      try values.encode(level, forKey: .level)
    case .expectile(let level):
      try values.encode("expectile", forKey: .elicits)
      try values.encode(level, forKey: .level)
    case .some(let functional): try values.encode(functional.description, forKey: .elicits)
    }
    try values.encode(link, forKey: .link)
  }
}
