// What is known of a loss that is made of others. Constants of sums are bounds that the sum need not reach; what does not follow is not
// claimed.
extension LossTraits {
  /// Of the loss times a positive number.
  func scaled(by factor: Double) -> LossTraits {
    var result = self
    if case .strong(let constant) = convexity { result.convexity = .strong(factor * constant) }
    result.lipschitzConstant = lipschitzConstant.map { factor * $0 }
    result.smoothness = smoothness.map { factor * $0 }
    return result
  }

  /// Of the sum of two losses.
  static func sum(_ a: LossTraits, _ b: LossTraits) -> LossTraits {
    let sameMinimiser = a.elicits == b.elicits && a.link == b.link && a.elicits != nil
    let strict = [a, b].contains { $0.properness == .strictlyProper }
    return LossTraits(
      convexity: .sum(a.convexity, b.convexity),
      lipschitzConstant: a.lipschitzConstant.flatMap { x in b.lipschitzConstant.map { x + $0 } },
      smoothness: a.smoothness.flatMap { x in b.smoothness.map { x + $0 } },
      differentiability: a.differentiability.flatMap { x in b.differentiability.map { Swift.min(x, $0) } },
      robustness: a.robustness.flatMap { x in b.robustness.map { Swift.min(x, $0) } },
      classificationCalibrated: a.convexity.isConvex && b.convexity.isConvex && a.classificationCalibrated == true
        && b.classificationCalibrated == true ? true : nil,
      properness: sameMinimiser && a.properness != nil && b.properness != nil
        ? (strict ? .strictlyProper : .proper) : nil,
      elicits: sameMinimiser ? a.elicits : nil,
      link: sameMinimiser ? a.link : .identity)
  }

  /// Of a loss that multiplies, shifts or masks by sample: the shape stays, what it elicits does not.
  func withoutStatistics() -> LossTraits {
    LossTraits(
      convexity: convexity, lipschitzConstant: lipschitzConstant, smoothness: smoothness,
      differentiability: differentiability, robustness: robustness)
  }
}

extension LossTraits.Convexity {
  static func sum(_ a: Self, _ b: Self) -> Self {
    guard a.isConvex && b.isConvex else { return .unknown }
    let strength = a.strength + b.strength
    if strength > 0 { return .strong(strength) }
    return a == .strict || b == .strict ? .strict : .convex
  }
}
