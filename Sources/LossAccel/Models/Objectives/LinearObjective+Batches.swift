extension LinearObjective: BatchedObjective {
  /// The number of rows.
  public var rows: Int { features.rows }

  /// The objective over a range of rows, and its gradient: an estimate of the whole's, whatever the reduction. A batch without weight
  /// has loss 0.
  ///
  /// - Complexity: O(rows of the range · columns)
  public func evaluate(
    rows range: Range<Int>, at point: [Double]
  ) throws(ObjectiveError) -> (value: Double, gradient: [Double]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "the rows \(range) of \(rows)")
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    let sums = try LinearPass.run([pass(.gradient, at: point)], range)[0].sums
    let weight = weights.map { weights in range.reduce(0) { $0 + weights[$1] } } ?? Double(range.count)
    let factor = weight > 0 ? normaliser * totalWeight / weight : 0
    let smooth = smoothPenalty
    var gradient = slopes(of: sums.gradient, times: factor)
    smooth.addGradient(at: point, to: &gradient)
    return (factor * sums.loss + smooth.value(at: point), gradient)
  }
}
