/// The part of a penalty that has kinks, over the parameters of an objective: Σ thresholdₖ·|pₖ| + Σ over groups of strength·‖p of the group‖₂.
public struct NonsmoothPenalty: Sendable, Hashable {
  /// The strength on the magnitude of every parameter.
  public let thresholds: [Double]
  /// The groups, by parameter.
  public let groups: [Penalty.Group]

  /// Its value.
  public func value(at point: [Double]) -> Double {
    let lasso = zip(thresholds, point).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * abs($1.1)) }
    return groups.reduce(lasso) { $0 + $1.strength * Self.length(point, $1.columns) }
  }

  /// The proximal operator: the point that minimises ½‖z − point‖² + step·penalty(z).
  ///
  /// The lasso shrinks every parameter first, then the groups shrink what is left: for nested penalties the order is exact.
  public func proximalPoint(of point: [Double], step: Double) -> [Double] {
    var result = zip(thresholds, point).map { threshold, value in
      let rest = abs(value) - step * threshold
      // A value that is not a number stays one.
      return rest <= 0 ? 0 : value < 0 ? -rest : rest
    }
    for group in groups where group.strength > 0 {
      let length = Self.length(result, group.columns)
      let factor = length > step * group.strength ? 1 - step * group.strength / length : 0
      for index in group.columns { result[index] *= factor }
    }
    return result
  }

  /// The smallest element, by magnitude, of gradient + subdifferential: 0 everywhere at a minimum.
  public func smallestSubgradient(gradient: [Double], at point: [Double]) -> [Double] {
    var result = gradient.indices.map { index in
      let (slope, threshold) = (gradient[index], thresholds[index])
      if point[index] != 0 { return slope + (point[index] > 0 ? threshold : -threshold) }
      return abs(slope) <= threshold ? 0 : slope - (slope > 0 ? threshold : -threshold)
    }
    for group in groups where group.strength > 0 {
      let length = Self.length(point, group.columns)
      if length > 0 {
        for index in group.columns { result[index] += group.strength * point[index] / length }
      } else {
        let slope = Self.length(result, group.columns)
        let factor = slope > group.strength ? 1 - group.strength / slope : 0
        for index in group.columns { result[index] *= factor }
      }
    }
    return result
  }

  private static func length(_ point: [Double], _ indices: [Int]) -> Double {
    indices.reduce(0) { $0 + point[$1] * point[$1] }.squareRoot()
  }
}
