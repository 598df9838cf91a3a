/// The search for a step along a direction that lowers the value enough.
enum LineSearch {
  /// The part of the decrease that the slope promises which a step must bring.
  static let sufficientDecrease = 1e-4

  /// Whether `value` is low enough at the step; `value` within rounding of `start` passes.
  static func isSufficient(_ value: Double, at step: Double, from start: Double, slope: Double) -> Bool {
    value <= start + sufficientDecrease * step * slope + 4 * Double.ulpOfOne * abs(start)
  }

  /// The largest step in 0..<`tried` found by interpolation that lowers the value enough, `nil` if there is none.
  ///
  /// Each try fits a parabola, or halves where there is nothing to fit: the value may be infinite or NaN.
  static func backtrack(
    along line: ObjectiveLine, from start: Double, slope: Double, tried: (step: Double, value: Double)
  ) throws(ObjectiveError) -> Double? {
    var (step, value) = tried
    for _ in 0..<60 {
      let bend = value - start - slope * step
      let minimiser = bend > 0 && bend.isFinite ? -slope * step * step / (2 * bend) : 0.5 * step
      step = min(max(minimiser, 0.1 * step), 0.5 * step)
      value = try line(step).value
      if isSufficient(value, at: step, from: start, slope: slope) { return step }
    }
    return nil
  }
}
