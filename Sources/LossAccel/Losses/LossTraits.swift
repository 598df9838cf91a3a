/// What is known about a loss as a function of its prediction, with the constants that optimisers need.
///
/// Every claim is tested against the kernels.
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
  }

  /// How the loss bends.
  public var convexity: Convexity

  /// The greatest absolute gradient, `nil` if there is none.
  public var lipschitzConstant: Double?

  /// The greatest curvature, `nil` if there is none.
  public var smoothness: Double?

  /// What of the target's distribution the minimiser is: its mean, its median, … `nil` if it is nothing that has a name.
  public var elicits: String?

  /// The given traits; a constant that is left out does not exist.
  public init(
    convexity: Convexity, lipschitzConstant: Double? = nil, smoothness: Double? = nil, elicits: String? = nil
  ) {
    self.convexity = convexity
    self.lipschitzConstant = lipschitzConstant
    self.smoothness = smoothness
    self.elicits = elicits
  }
}

extension LossTraits: CustomStringConvertible {
  /// The traits in one line, such as “strictly convex, Lipschitz 1, smooth 0.25, elicits the mean”.
  public var description: String {
    let bends =
      switch convexity {
      case .none: "not convex"
      case .convex: "convex"
      case .strict: "strictly convex"
      case .strong(let constant): "strongly convex \(Self.text(constant))"
      }
    let constants = [
      lipschitzConstant.map { "Lipschitz \(Self.text($0))" }, smoothness.map { "smooth \(Self.text($0))" },
      elicits.map { "elicits the \($0)" },
    ]
    return ([bends] + constants.compactMap(\.self)).joined(separator: ", ")
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
