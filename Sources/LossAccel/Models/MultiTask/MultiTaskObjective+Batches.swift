extension MultiTaskObjective: BatchedObjective {
  /// The number of rows.
  public var rows: Int { features.rows }

  /// The objective over a range of rows, and its gradient: every task's loss is the mean over the rows of the range that have a target of it, and
  /// the weighting makes one number of these. A task without any adds nothing to the gradient; to the weighting its loss is the others' mean.
  ///
  /// A weighting that is not a fixed sum bends, so that the mean over batches differs from the whole: by little for batches of many rows.
  ///
  /// - Complexity: O(rows of the range · columns · tasks)
  public func evaluate(
    rows range: Range<Int>, at point: [Double]
  ) throws(ObjectiveError) -> (value: Double, gradient: [Double]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "the rows \(range) of \(rows)")
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    let passes = models.indices.map {
      models[$0].pass(.gradient, at: layout.parameters(of: $0, at: point), task: heads[$0].name)
    }
    let sums = try LinearPass.run(passes, range)
    var (losses, factors) = ([Double](), [Double]())
    for (task, model) in models.enumerated() {
      let weight = model.weights.map { weights in range.reduce(0) { $0 + weights[$1] } } ?? Double(range.count)
      factors.append(weight > 0 ? 1 / weight : 0)
      losses.append(factors[task] * sums[task].sums.loss)
    }
    let present = factors.indices.filter { factors[$0] > 0 }
    let smooth = smoothPenalty
    var gradient = [Double](repeating: 0, count: dimension)
    smooth.addGradient(at: point, to: &gradient)
    guard !present.isEmpty else { return (smooth.value(at: point), gradient) }
    let mean = present.reduce(0) { $0 + losses[$1] / Double(present.count) }
    for task in losses.indices where factors[task] == 0 { losses[task] = mean }
    let combination = try combine(losses, weightingParameters(at: point))
    for task in present where combination.gradient[task] != 0 {
      let own = models[task].slopes(of: sums[task].sums.gradient, times: factors[task])
      layout.add(own, of: task, times: combination.gradient[task], to: &gradient)
    }
    for index in 0..<weightingParameters {
      gradient[layout.dimension + index] += combination.gradient[heads.count + index]
    }
    return (combination.value + smooth.value(at: point), gradient)
  }
}
