extension LossTraits: CustomStringConvertible {
  /// The traits in one line, such as “strictly convex, Lipschitz 1, smooth 0.25, elicits the mean”.
  public var description: String {
    let bends =
      switch convexity {
      case .unknown: "convexity unknown"
      case .none: "not convex"
      case .convex: "convex"
      case .strict: "strictly convex"
      case .strong(let constant): "strongly convex \(Self.text(constant))"
      }
    let differentiable: String? =
      switch differentiability {
      case nil: nil
      case .some(.none): "not differentiable"
      case .once: "once differentiable"
      case .twice: "twice differentiable"
      case .smooth: "infinitely differentiable"
      }
    let robust: String? =
      switch robustness {
      case nil, .some(.none): nil
      case .bounded: "robust"
      case .redescending: "redescending"
      }
    let calibrated = classificationCalibrated.map { $0 ? "classification-calibrated" : "not classification-calibrated" }
    let proper = properness.map { $0 == .proper ? "proper" : "strictly proper" }
    let elicited = elicits.map { "elicits the \($0)" + (link == .identity ? "" : " by the \(link) link") }
    let constants = [
      lipschitzConstant.map { "Lipschitz \(Self.text($0))" }, smoothness.map { "smooth \(Self.text($0))" },
    ]
    return ([bends] + (constants + [differentiable, robust, calibrated, proper, elicited]).compactMap(\.self))
      .joined(separator: ", ")
  }

  static func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

extension LossTraits.Functional: CustomStringConvertible {
  /// Its name, such as “mean” or “0.9 quantile”.
  public var description: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .mode: "mode"
    case .quantile(let level): "\(LossTraits.text(level)) quantile"
    case .expectile(let level): "\(LossTraits.text(level)) expectile"
    case .circularMean: "circular mean"
    case .distribution: "distribution"
    case .named(let name): name
    }
  }
}
