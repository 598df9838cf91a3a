/// A point of a ``MultiOutputObjective`` in two words.
struct WidePoint: Sendable {
  var parameters: [DoubleDouble]

  /// Rounded to Double.
  var rounded: [Double] { parameters.map(\.value) }

  init(_ point: [Double]) { parameters = point.map { DoubleDouble($0) } }

  /// The coefficients of the columns and the intercept of an output, relative to another's if one is given.
  func coefficients(
    of output: Int, relativeTo base: Int?, outputs: Int, _ coordinates: ColumnCoordinates
  ) -> (columns: [Double], intercept: Double) {
    func parameter(_ row: Int) -> DoubleDouble {
      let own = parameters[row * outputs + output]
      return base.map { own - parameters[row * outputs + $0] } ?? own
    }
    // Scales are powers of two: products with them are exact.
    let slopes = coordinates.scale.enumerated().map { parameter($0).scaled(by: $1) }
    guard coordinates.hasIntercept else { return (slopes.map(\.value), 0) }
    let intercept = zip(slopes, coordinates.shift).reduce(parameter(slopes.count)) { $0 - $1.0 * $1.1 }
    return (slopes.map(\.value), intercept.value)
  }
}

extension MultinomialProblem {
  /// Newton's steps from a point that is nearly the minimum until what is left of the gradient is rounding; and how many there were.
  ///
  /// With the exact accuracy, gradients have twice the working precision, so that the parameters are those of the data as stored. The
  /// factor of the Hessian stays: each step leaves a part of the error that is about the error itself, or the rounding of the factor.
  func polished(
    _ point: [Double], _ objective: MultiOutputObjective, _ factor: HessianFactor, accuracy: LeastSquaresAccuracy
  ) throws(ObjectiveError) -> (point: WidePoint, steps: Int) {
    var (best, last) = (WidePoint(point), Double.infinity)
    for steps in 0..<20 {
      let gradient: [Double] =
        accuracy == .exact
        ? wideGradient(objective, at: best) : try objective.evaluate(.gradient, at: best.rounded).gradient
      let step = try factor.solve(gradient)
      let length = Vectors.norm(step)
      // Where steps no longer shrink they are rounding.
      guard length < 0.5 * last else { return (best, steps) }
      for index in step.indices { best.parameters[index] = best.parameters[index] - step[index] }
      last = length
      if length <= 0x1p-80 * Vectors.norm(best.rounded) { return (best, steps + 1) }
    }
    return (best, 20)
  }

  /// The gradient of the smooth objective, rounded only at its end.
  private func wideGradient(_ objective: MultiOutputObjective, at point: WidePoint) -> [Double] {
    let rows = labels.count
    let chunk = 256
    let sums = Parallelism.combineChunks(count: Parallelism.chunkCount(of: rows, chunkSize: chunk)) { index in
      scoreSums(Parallelism.range(ofChunk: index, of: rows, chunkSize: chunk), objective, point)
    } _: { total, next in
      for index in total.indices { total[index] += next[index] }
    }
    let (count, ridge) = (classes.count, objective.ridge)
    var total = DoubleDouble(0)
    for row in 0..<rows { total = total + (weights?[row] ?? 1) }
    return sums.indices.map { index in
      let row = index / count
      var slope = sums[index] / total + point.parameters[index] * ridge[row]
      if objective.centring[row] > 0 {
        let sum = (0..<count).reduce(DoubleDouble(0)) { $0 + point.parameters[row * count + $1] }
        slope += sum * objective.centring[row]
      }
      return slope.value
    }
  }

  /// Σ w·(q − t)·z over some rows, by parameter, where z are the shifted and scaled features.
  private func scoreSums(
    _ rows: Range<Int>, _ objective: MultiOutputObjective, _ point: WidePoint
  ) -> [DoubleDouble] {
    let (count, coordinates) = (classes.count, objective.panels.coordinates)
    let (columns, storage) = (coordinates.scale.count, features.storage)
    var sums = [DoubleDouble](repeating: DoubleDouble(0), count: point.parameters.count)
    var row = [DoubleDouble](repeating: DoubleDouble(1), count: coordinates.dimension)
    var shares = [DoubleDouble](repeating: DoubleDouble(0), count: count)
    for sample in rows {
      let weight = weights?[sample] ?? 1
      if weight == 0 { continue }
      for column in 0..<columns {
        row[column] = DoubleDouble.sum(storage[sample, column], -coordinates.shift[column])
          .scaled(by: coordinates.scale[column])
      }
      for output in 0..<count { shares[output] = DoubleDouble(0) }
      for (index, value) in row.enumerated() {
        for output in 0..<count { shares[output] += value * point.parameters[index * count + output] }
      }
      makeShares(&shares, label: labels[sample])
      for output in 0..<count {
        let slope = shares[output] * weight
        for (index, value) in row.enumerated() { sums[index * count + output] += slope * value }
      }
    }
    return sums
  }

  /// Scores become q − t; at the label −Σ of the other shares, which does not cancel where its own is near 1.
  private func makeShares(_ scores: inout [DoubleDouble], label: Int) {
    let largest = scores.reduce(scores[0]) { $1.high > $0.high ? $1 : $0 }
    var total = DoubleDouble(0)
    for output in scores.indices {
      scores[output] = DoubleDouble.exp(scores[output] - largest)
      total += scores[output]
    }
    var others = DoubleDouble(0)
    for output in scores.indices {
      scores[output] = scores[output] / total
      if output != label { others += scores[output] }
    }
    scores[label] = -others
  }
}
