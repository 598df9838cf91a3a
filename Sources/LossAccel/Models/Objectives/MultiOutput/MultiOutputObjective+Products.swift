extension MultiOutputObjective {
  /// Hessian times direction, without forming the Hessian, in one pass over the features: exact, from the product of the row loss's
  /// curvature.
  ///
  /// - Complexity: O(rows · columns · outputs)
  public func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] {
    precondition(
      direction.count == dimension, "a direction of \(direction.count) parameters, but the objective has \(dimension)")
    let sums = try bending(of: evaluation).product(direction)
    return zip(sums, smoothPenalty(at: direction).slopes).map { normaliser * $0 + $1 }
  }

  /// The diagonal of the Hessian, in one pass over the features; where scores may rise alike, its means over the outputs: scaled apart,
  /// coefficients that add up to 0 would no longer do so after a step.
  ///
  /// - Complexity: O(rows · columns · outputs)
  public func curvatureDiagonal(at evaluation: ObjectiveEvaluation) throws(ObjectiveError) -> [Double]? {
    let sums = try bending(of: evaluation).diagonal()
    var diagonal = zip(sums, penaltyDiagonal).map { normaliser * $0 + $1 }
    for row in centring.indices where centring[row] > 0 {
      let places = row * outputs..<(row + 1) * outputs
      let mean = diagonal[places].reduce(0, +) / Double(outputs)
      for place in places { diagonal[place] = mean }
    }
    return diagonal
  }

  /// The evaluation with products over the rows that carry all but `share` of the losses' curvature, if the loss is convex: on a
  /// model that tells most rows apart these are few.
  ///
  /// - Complexity: O(rows · outputs + rows · log rows)
  public func thinned(
    _ evaluation: ObjectiveEvaluation, share: Double
  ) throws(ObjectiveError) -> ObjectiveEvaluation {
    guard isConvex, let rest = bending(of: evaluation).thinned(share: share) else { return evaluation }
    var memory = memory(of: evaluation)
    memory.thinned = rest
    return evaluation.remembering(memory)
  }

  private func bending(of evaluation: ObjectiveEvaluation) -> MultiOutputCurvature {
    let memory = memory(of: evaluation)
    precondition(memory.hasCurvature, "the evaluation was not asked for curvature")
    return memory.thinned
      ?? MultiOutputCurvature(
        loss: loss, kind: curvature, outputs: outputs, panels: panels, targets: targets, weights: weights,
        scores: memory.scores)
  }

  /// The objective along the line through two evaluated points, from the scores that were kept: no pass over the features.
  ///
  /// - Complexity: O(rows · outputs) for each step.
  public func line(from start: ObjectiveEvaluation, through end: ObjectiveEvaluation) -> ObjectiveLine {
    let (first, second) = (memory(of: start).scores, memory(of: end).scores)
    let (origin, direction) = (start.point, Vectors.difference(end.point, start.point))
    let chunkRows = panels.chunkRows
    return ObjectiveLine { (step) throws(ObjectiveError) in
      let parts = try Parallelism.mapChunks(count: first.count) { (chunk) throws(ObjectiveError) in
        try along(
          first[chunk], second[chunk], step, Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows))
      }
      let (value, slope) = parts.reduce((0.0, 0.0)) { ($0.0 + $1.value, $0.1 + $1.slope) }
      let (penalty, slopes) = smoothPenalty(at: Vectors.sum(origin, direction, times: step))
      return (normaliser * value + penalty, normaliser * slope + Vectors.dot(slopes, direction))
    }
  }

  /// The losses of a chunk of rows between two sets of scores, and how they change.
  private func along(
    _ first: [Double], _ second: [Double], _ step: Double, _ rows: Range<Int>
  ) throws(ObjectiveError) -> (value: Double, slope: Double) {
    var scores = first
    for index in scores.indices { scores[index] += step * (second[index] - first[index]) }
    var slopes = [Double](repeating: 0, count: scores.count)
    let value = try sum(scores, rows, &slopes)
    var slope = 0.0
    for index in slopes.indices where slopes[index] != 0 { slope += slopes[index] * (second[index] - first[index]) }
    return (value, slope)
  }

  private func sum(
    _ scores: [Double], _ rows: Range<Int>, _ slopes: inout [Double]
  ) throws(ObjectiveError) -> Double {
    var gradient: MutableSpan<Double>? = slopes.mutableSpan
    return try loss.sum(scores.span, outputs: outputs, targets, rows: rows, weights: weights, gradient: &gradient)
  }
}

extension MultiOutputObjective: BatchedObjective {
  /// The objective over a range of rows, and its gradient: an estimate of the whole's, whatever the reduction. A batch without weight
  /// has loss 0.
  ///
  /// - Complexity: O(rows of the range · columns · outputs)
  public func evaluate(
    rows range: Range<Int>, at point: [Double]
  ) throws(ObjectiveError) -> (value: Double, gradient: [Double]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "the rows \(range) of \(rows)")
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    let sums = try pass(.gradient, at: point).run(range)
    let weight = try Self.denominator(rows: range, weights, targets, loss)
    let factor = weight > 0 ? normaliser * totalWeight / weight : 0
    let (penalty, slopes) = smoothPenalty(at: point)
    return (factor * sums.loss + penalty, zip(sums.gradient, slopes).map { factor * $0 + $1 })
  }
}
