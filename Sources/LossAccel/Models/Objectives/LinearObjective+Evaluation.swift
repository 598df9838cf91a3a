extension LinearObjective {
  /// What is kept of an evaluation: one number per row, or two, by chunk of rows.
  struct Memory: Sendable {
    var parts: [LinearPass.Memory]
    /// The rows that products go over, where those are not all, and their curvatures by chunk.
    var thinned: (features: SelectedRows, curvatures: [[Double]])?
  }

  /// The objective at a point, with the derivatives that are asked for, in one pass over the features.
  ///
  /// - Throws: ``ObjectiveError`` for targets and predictions outside the loss's domain, and features that are not finite. A point at
  ///   which the loss overflows is no error: the value is infinite or NaN there.
  /// - Complexity: O(rows · columns), with the Hessian O(rows · columns²).
  public func evaluate(
    _ request: ObjectiveRequest, at point: [Double]
  ) throws(ObjectiveError) -> ObjectiveEvaluation {
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    let (sums, memory) = try pass(request, at: point).run()
    return try evaluation(of: sums, memory, request, at: point)
  }

  /// What the sums of a pass make.
  func evaluation(
    of sums: LinearPass.Sums, _ memory: [LinearPass.Memory], _ request: ObjectiveRequest,
    at point: [Double]
  ) throws(ObjectiveError) -> ObjectiveEvaluation {
    let smooth = smoothPenalty
    var gradient: [Double] = []
    if request.contains(.gradient) {
      gradient = slopes(of: sums.gradient, times: normaliser)
      smooth.addGradient(at: point, to: &gradient)
    }
    var hessian = sums.gram?.matrix(order: dimension, times: normaliser)
    if hessian != nil { smooth.addHessian(to: &hessian!) }
    let loss = normaliser * sums.loss
    if !loss.isFinite || !gradient.allSatisfy(\.isFinite) { try throwIfNotFinite() }
    return ObjectiveEvaluation(
      point: point, loss: loss, penalty: smooth.value(at: point), gradient: gradient, hessian: hessian,
      memory: Memory(parts: memory))
  }

  /// Sums over the rows by column, and for the constant, in the parameters' units.
  func slopes(of sums: [Double], times factor: Double) -> [Double] {
    (0..<dimension).map { factor * ($0 < features.columns ? coordinates.scale[$0] : 1) * sums[$0] }
  }

  private func throwIfNotFinite() throws(ObjectiveError) {
    if let (row, column, value) = features.firstNonFinite(counts: { weights?[$0] != 0 }) {
      throw .nonFiniteFeature(row: row, column: column, value: value)
    }
  }

  func pass(_ request: ObjectiveRequest, at point: [Double], task: String? = nil) -> LinearPass {
    let hasIntercept = coordinates.hasIntercept
    return LinearPass(
      features: features.storage, loss: loss, targets: targets, weights: weights, offsets: offsets,
      coefficients: zip(point, coordinates.scale).map { $0 * $1 }, constant: hasIntercept ? point[dimension - 1] : 0,
      shift: coordinates.shift.contains { $0 != 0 } ? coordinates.shift : nil, coordinates: coordinates, wants: request,
      curvature: curvature,
      task: task)
  }

  /// The predictors η of all rows at an evaluated point.
  public func predictions(at evaluation: ObjectiveEvaluation) -> [Double] {
    memory(of: evaluation).parts.flatMap(\.predictions)
  }

  func memory(of evaluation: ObjectiveEvaluation) -> Memory {
    guard let memory = evaluation.memory as? Memory else {
      preconditionFailure("the evaluation is another objective's")
    }
    return memory
  }
}

extension LinearObjective {
  /// What the sums of a product with a direction make.
  func product(of sums: [Double], _ direction: [Double]) -> [Double] {
    var product = slopes(of: sums, times: normaliser)
    smoothPenalty.addProduct(direction, to: &product)
    return product
  }

  /// The objective along the line through two evaluated points, from the predictors that were kept: no pass over the features.
  ///
  /// - Complexity: O(rows) for each step.
  public func line(from start: ObjectiveEvaluation, through end: ObjectiveEvaluation) -> ObjectiveLine {
    // Evaluations with and without a Hessian are cut into different chunks.
    let (first, second) = (predictions(at: start), predictions(at: end))
    let (origin, direction) = (start.point, Vectors.difference(end.point, start.point))
    let smooth = smoothPenalty
    let chunkRows = LinearBlocks.chunkRows(of: features.storage, grams: 0)
    return ObjectiveLine { (step) throws(ObjectiveError) in
      let count = Parallelism.chunkCount(of: rows, chunkSize: chunkRows)
      let parts = try Parallelism.mapChunks(count: count) { (chunk) throws(ObjectiveError) in
        try along(first, second, step, Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows))
      }
      let (value, slope) = parts.reduce((0.0, 0.0)) { ($0.0 + $1.value, $0.1 + $1.slope) }
      let penalty = smooth.along(origin, direction, step)
      return (normaliser * value + penalty.value, normaliser * slope + penalty.slope)
    }
  }

  /// The losses of a chunk of rows between two vectors of predictors, and how they change.
  private func along(
    _ first: [Double], _ second: [Double], _ step: Double, _ rows: Range<Int>
  ) throws(ObjectiveError) -> (value: Double, slope: Double) {
    defer { keepAlive(targets, weights) }
    let moves = rows.map { second[$0] - first[$0] }
    var along = Array(first[rows])
    for index in along.indices { along[index] += step * moves[index] }
    var slopes = [Double](repeating: 0, count: along.count)
    let value: Double
    do throws(LossError) {
      value = try loss.sum(
        predictions: along.span, targets: targets.span.extracting(rows), weights: weights?.span.extracting(rows),
        gradient: slopes.mutableSpan)
    } catch {
      throw .loss(error.shifted(by: rows.lowerBound))
    }
    var slope = 0.0
    for index in slopes.indices where slopes[index] != 0 { slope += slopes[index] * moves[index] }
    return (value, slope)
  }
}
