/// What is known about a loss as a function of its prediction, with the constants that optimisers need.
///
/// Every claim that a loss of the catalogue makes is tested against the kernels. What is `nil` is not claimed.
public struct LossTraits: Sendable, Hashable {
  /// How the loss bends.
  public enum Convexity: Sendable, Hashable {
    /// Some chord lies below the loss.
    case none
    /// No chord lies below the loss.
    case convex
    /// Every chord lies above the loss.
    case strict
    /// The curvature is at least this everywhere.
    case strong(Double)
    /// Nothing is known.
    case unknown
  }

  /// How often the loss can be differentiated everywhere in its domain.
  public enum Differentiability: String, Sendable, Hashable, Codable, CaseIterable {
    /// It has kinks, as the absolute error does.
    case none
    /// The gradient is continuous, the curvature jumps.
    case once
    /// The curvature is continuous.
    case twice
    /// As often as one likes.
    case smooth
  }

  /// How far a single sample can pull.
  public enum Robustness: String, Sendable, Hashable, Codable, CaseIterable {
    /// Without bound: the gradient grows with the error.
    case none
    /// The gradient is bounded.
    case bounded
    /// The gradient goes back to 0 for large errors: outliers lose their influence.
    case redescending
  }

  /// Whether the true distribution minimises the expected loss.
  public enum Properness: String, Sendable, Hashable, Codable, CaseIterable {
    /// It does, perhaps beside others.
    case proper
    /// It does, and nothing else.
    case strictlyProper
  }

  /// What of the target's distribution minimises the expected loss.
  public enum Functional: Sendable, Hashable {
    /// The expectation.
    case mean
    /// A middle: half of the probability on either side.
    case median
    /// The most probable value.
    case mode
    /// The value below which that share of the probability lies.
    case quantile(Double)
    /// The quantile's counterpart for squared errors.
    case expectile(Double)
    /// The direction of the expected unit vector.
    case circularMean
    /// All of it, as the probabilities of the classes.
    case distribution
    /// One that has another name.
    case named(String)
  }

  /// How the loss bends.
  public var convexity: Convexity

  /// The greatest absolute gradient, `nil` if there is none; of a loss made of others a bound, `nil` if none is known.
  public var lipschitzConstant: Double?

  /// The greatest curvature, `nil` likewise: the loss never rises above its tangent by more than half of it times the squared
  /// distance.
  public var smoothness: Double?

  /// How often the loss can be differentiated.
  public var differentiability: Differentiability?

  /// How far a single sample can pull.
  public var robustness: Robustness?

  /// Whether the sign of the minimiser of the expected loss is the more probable class; `nil` where there are no two classes.
  public var classificationCalibrated: Bool?

  /// Whether the loss, with its link, is a proper scoring rule.
  public var properness: Properness?

  /// What the minimiser of the expected loss is, after the inverse link: `nil` if it is nothing that has a name.
  public var elicits: Functional?

  /// What takes the elicited functional to the prediction.
  public var link: Link

  /// The given traits. A constant that is left out does not exist; anything else that is left out is not claimed.
  public init(
    convexity: Convexity, lipschitzConstant: Double? = nil, smoothness: Double? = nil,
    differentiability: Differentiability? = nil, robustness: Robustness? = nil, classificationCalibrated: Bool? = nil,
    properness: Properness? = nil, elicits: Functional? = nil, link: Link = .identity
  ) {
    self.convexity = convexity
    self.lipschitzConstant = lipschitzConstant
    self.smoothness = smoothness
    self.differentiability = differentiability
    self.robustness = robustness
    self.classificationCalibrated = classificationCalibrated
    self.properness = properness
    self.elicits = elicits
    self.link = link
  }
}

extension LossTraits.Convexity {
  /// Whether it is known that no chord lies below the loss.
  public var isConvex: Bool {
    switch self {
    case .none, .unknown: false
    case .convex, .strict, .strong: true
    }
  }

  /// The greatest constant by which the loss is strongly convex: 0 if it is not.
  public var strength: Double {
    if case .strong(let constant) = self { constant } else { 0 }
  }
}

extension LossTraits.Differentiability: Comparable {
  /// Whether the left side is differentiable less often.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

extension LossTraits.Robustness: Comparable {
  /// Whether a sample can pull farther by the left side.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
  private var rank: Int { Self.allCases.firstIndex(of: self)! }
}
