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

extension LineSearch {
  /// The part of the slope at the start that may be left at the end.
  static let slopeReduction = 0.9

  /// Whether a step satisfies the strong Wolfe conditions: enough decrease, and a slope that has flattened.
  static func isWolfe(
    _ end: (value: Double, slope: Double), at step: Double, from start: Double, slope: Double
  ) -> Bool {
    isSufficient(end.value, at: step, from: start, slope: slope) && abs(end.slope) <= -slopeReduction * slope
  }

  /// A step with the strong Wolfe conditions, or the best with enough decrease that was seen; `nil` if there is none.
  ///
  /// A bracket of the step is kept and narrowed by the parabola or cubic through its ends. Source: Nocedal and Wright, Numerical
  /// Optimization, 2nd edition, algorithms 3.5 and 3.6.
  static func wolfe(
    along line: ObjectiveLine, from start: Double, slope: Double, first step: Double
  ) throws(ObjectiveError) -> Double? {
    var low = (step: 0.0, value: start, slope: slope)
    var high: (step: Double, value: Double, slope: Double)?
    var step = step
    for _ in 0..<50 {
      let (value, end) = try line(step)
      if !isSufficient(value, at: step, from: start, slope: slope) || (low.step > 0 && value >= low.value) {
        high = (step, value, end)
      } else {
        if abs(end) <= -slopeReduction * slope { return step }
        if let far = high {
          if end * (far.step - low.step) >= 0 { high = low }
        } else if end >= 0 {
          high = low
        }
        low = (step, value, end)
      }
      guard let far = high else {
        step *= 2.5
        continue
      }
      step = interpolated(low, far)
      if abs(far.step - low.step) <= 1e-12 * max(far.step, low.step) { break }
    }
    return low.step > 0 ? low.step : nil
  }

  /// The minimiser of the cubic through values and slopes at both ends, kept off the ends; the middle where there is none.
  private static func interpolated(
    _ a: (step: Double, value: Double, slope: Double), _ b: (step: Double, value: Double, slope: Double)
  ) -> Double {
    let width = b.step - a.step
    let middle = a.step + 0.5 * width
    guard b.value.isFinite, b.slope.isFinite else { return a.step + 0.1 * width }
    let first = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step)
    let radicand = first * first - a.slope * b.slope
    guard radicand >= 0 else { return middle }
    let second = width > 0 ? radicand.squareRoot() : -radicand.squareRoot()
    let step = b.step - width * (b.slope + second - first) / (b.slope - a.slope + 2 * second)
    let (least, most) = (a.step + 0.05 * width, a.step + 0.95 * width)
    guard step.isFinite else { return middle }
    return min(max(step, min(least, most)), max(least, most))
  }
}
