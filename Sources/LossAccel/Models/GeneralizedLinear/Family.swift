/// What the targets of a ``GeneralizedLinearModel`` are distributed as: `.poisson`, `.gamma`, `.negativeBinomial(theta: 2)`, …
///
/// | family | targets | variance | links, the usual one first | φ |
/// |---|---|---|---|---|
/// | ``gaussian`` | all | φ | identity, log, reciprocal | estimated |
/// | ``binomial`` | shares of trials, 0...1 | μ(1 − μ)/trials | logit, probit, complementary log-log, log, identity | 1 |
/// | ``poisson`` | y ≥ 0 | μ | log, identity, square root | 1 |
/// | ``negativeBinomial(theta:)`` | y ≥ 0 | μ + μ²/θ | log, identity, square root | 1 |
/// | ``tweedie(power:)`` | y ≥ 0 | φμ^ρ | log, identity, square root | estimated |
/// | ``gamma`` | y > 0 | φμ² | reciprocal, log, identity | estimated |
/// | ``inverseGaussian`` | y > 0 | φμ³ | inverse square, reciprocal, log, identity | estimated |
///
/// The usual link is the canonical one, save for the negative binomial and Tweedie, whose canonical links keep no mean positive.
public struct Family: Sendable {
  let definition: any FamilyDefinition

  /// Normal targets of one variance; with the identity link it is linear regression.
  public static let gaussian = Family(definition: GaussianFamily())
  /// Shares of successes, with the number of trials as weights; 0 and 1 for single trials.
  public static let binomial = Family(definition: BinomialFamily())
  /// Counts whose variance is their mean.
  public static let poisson = Family(definition: PoissonFamily())
  /// Positive amounts whose standard deviation is in proportion to their mean.
  public static let gamma = Family(definition: GammaFamily())
  /// Positive amounts with a variance in proportion to the cube of their mean.
  public static let inverseGaussian = Family(definition: InverseGaussianFamily())

  /// Counts with the variance μ + μ²/θ.
  ///
  /// - Precondition: θ is positive and finite.
  public static func negativeBinomial(theta: Double) -> Family {
    precondition(theta > 0 && theta.isFinite, "the negative binomial needs a positive, finite theta, not \(theta)")
    return Family(definition: NegativeBinomialFamily(theta: theta))
  }

  /// Amounts, many of them exactly 0, with the variance φμ^ρ.
  ///
  /// - Precondition: 1 < ρ < 2. At the ends it is the Poisson and the gamma family.
  public static func tweedie(power: Double = 1.5) -> Family {
    precondition(power > 1 && power < 2, "the Tweedie family needs a power between 1 and 2, not \(power)")
    return Family(definition: TweedieFamily(power: power))
  }

  /// All families; those with a parameter have it from `parameter`, or else are left out.
  static func all(parameter: Double?) -> [Family] {
    [gaussian, binomial, poisson, gamma, inverseGaussian]
      + (parameter.map { $0 > 0 && $0.isFinite ? [negativeBinomial(theta: $0)] : [] } ?? [])
      + (parameter.map { $0 > 1 && $0 < 2 ? [tweedie(power: $0)] : [] } ?? [])
  }

  /// The names of all families.
  public static var names: [String] { all(parameter: 1.5).map(\.name) }

  /// The family of that name, `nil` if there is none or if it needs a parameter other than this.
  public static func named(_ name: String, parameter: Double? = nil) -> Family? {
    all(parameter: parameter).first { $0.name == name && ($0.parameter == nil) == (parameter == nil) }
  }

  /// The name that it goes by on the command line.
  public var name: String { definition.name }
  /// What it is, in one sentence.
  public var summary: String { definition.summary }
  /// θ or ρ, by name, where there is one.
  public var parameter: (name: String, value: Double)? { definition.parameter }
  /// The links that it can be fitted with, the usual one first.
  public var links: [Link] { definition.links }
  /// Half of the unit deviance as a loss of the predictor, up to what does not depend on it.
  ///
  /// - Precondition: the family has the link.
  public func loss(_ link: Link) -> PointwiseLoss {
    precondition(links.contains(link), "the \(name) family is not fitted with the \(link) link")
    return definition.loss(link)
  }
  /// Whether the dispersion φ is estimated; it is 1 otherwise.
  public var hasDispersion: Bool { definition.hasDispersion }
  /// The valid targets.
  public var targets: ClosedRange<Double> { definition.targets }
}

extension Family: Hashable, CustomStringConvertible {
  /// Whether name and parameter are the same.
  public static func == (left: Family, right: Family) -> Bool {
    left.name == right.name && left.parameter?.value == right.parameter?.value
  }

  /// Hashes name and parameter.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(parameter?.value)
  }

  /// The name with the parameter, such as `negative-binomial (theta 2)`.
  public var description: String {
    parameter.map { "\(name) (\($0.name) \(LossTraits.text($0.value)))" } ?? name
  }
}

extension Family: Codable {
  private enum CodingKeys: String, CodingKey { case name, parameter }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .name)
    let parameter = try values.decodeIfPresent(Double.self, forKey: .parameter)
    guard let family = Family.named(name, parameter: parameter) else {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: values, debugDescription: "“\(name)” is no family, or needs another parameter")
    }
    self = family
  }

  /// Writes name and parameter.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(name, forKey: .name)
    try values.encodeIfPresent(parameter?.value, forKey: .parameter)
  }
}
