/// What a search for a minimum came to.
public struct Solution: Sendable {
  /// The best point.
  public let point: [Double]
  /// What the data cost there.
  public let loss: Double
  /// What the parameters cost there.
  public let penalty: Double
  /// The Euclidean norm of the gradient (of the smallest subgradient, where there are kinks) there.
  public let gradientNorm: Double
  /// √(gᵀH⁻¹g): by about half its square the value still exceeds the minimum. `nil` where the method has no Hessian.
  public let newtonDecrement: Double?
  /// Why it ended.
  public let stop: StopReason
  /// Every iteration, the starting point first.
  public let history: [Iteration]
  /// The method's name.
  public internal(set) var method: String

  /// Loss plus penalty.
  public var value: Double { loss + penalty }
  /// Whether it is a minimum, as far as double precision can tell.
  public var isConverged: Bool { stop.isConvergence }
  /// Passes over the data.
  public var passes: Int { history.last?.passes ?? 0 }
}

/// Why a search ended.
public enum StopReason: Sendable, Hashable, Codable {
  /// The gradient is as small as was asked for.
  case gradientVanished
  /// No step lowers the value any more: what is left of the gradient is rounding.
  case atRoundingLimit
  /// As many iterations as were allowed.
  case iterationLimit(Int)
  /// The value falls without end: there is no minimum.
  case unbounded
  /// The line search found no step that lowers the value, though the gradient says there is one.
  case noDescent
  /// No step along the search direction stays where the loss takes every prediction.
  case atDomainEdge
  /// The progress handler or the task's cancellation.
  case interrupted

  /// Whether the point is a minimum, as far as double precision can tell.
  public var isConvergence: Bool { self == .gradientVanished || self == .atRoundingLimit }
}

extension StopReason: CustomStringConvertible {
  /// In words, with what to try.
  public var description: String {
    switch self {
    case .gradientVanished:
      "The gradient vanished: this is a minimum to the tolerance that was asked for."
    case .atRoundingLimit:
      "No step lowers the value any more: this is a minimum as far as double precision can tell."
    case .iterationLimit(let count):
      "Stopped after \(count) iterations, before the minimum. Allow more iterations, or loosen the tolerance."
    case .unbounded:
      "The value falls without end, so there is no minimum: the data may be separable. Add a ridge penalty."
    case .noDescent:
      "No step along the search direction lowers the value, though its slope is negative. The loss may have kinks: choose a smooth one, or another method."
    case .atDomainEdge:
      "Every step that promises a lower value leads out of the loss's domain: a minimum, if there is one, lies on its edge. Choose a loss that takes any prediction, such as one of logits or logarithms, or add a ridge penalty."
    case .interrupted:
      "Interrupted before the minimum."
    }
  }
}
