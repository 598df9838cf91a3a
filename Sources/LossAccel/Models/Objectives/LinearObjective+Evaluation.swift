extension LinearObjective {
  /// What is kept of an evaluation: one number per row, or two, by chunk of rows.
  struct Memory: Sendable {
    var parts: [LinearPass<Double>.Memory]
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
    let ridge = ridge
    let penalty = zip(ridge, point).reduce(0) { $0 + ($1.0 == 0 ? 0 : 0.5 * $1.0 * $1.1 * $1.1) }
    var gradient: [Double] = []
    if request.contains(.gradient) {
      gradient = point.indices.map { index in
        let scale = index < features.columns ? coordinates.scale[index] : 1
        return normaliser * scale * sums.gradient[index] + (ridge[index] == 0 ? 0 : ridge[index] * point[index])
      }
    }
    var hessian = sums.gram?.matrix(order: dimension, times: normaliser)
    for index in point.indices { hessian?.elements[index * (dimension + 1)] += ridge[index] }
    let loss = normaliser * sums.loss
    if !loss.isFinite || !gradient.allSatisfy(\.isFinite) { try throwIfNotFinite() }
    return ObjectiveEvaluation(
      point: point, loss: loss, penalty: penalty, gradient: gradient, hessian: hessian, memory: Memory(parts: memory))
  }

  private func throwIfNotFinite() throws(ObjectiveError) {
    if let (row, column, value) = features.firstNonFinite(counts: { weights?[$0] != 0 }) {
      throw .nonFiniteFeature(row: row, column: column, value: value)
    }
  }

  func pass(_ request: ObjectiveRequest, at point: [Double]) -> LinearPass<Double> {
    let hasIntercept = coordinates.hasIntercept
    return LinearPass(
      features: features.storage, loss: loss, targets: targets, weights: weights, offsets: offsets,
      coefficients: zip(point, coordinates.scale).map { $0 * $1 }, constant: hasIntercept ? point[dimension - 1] : 0,
      shift: hasIntercept ? coordinates.shift : nil, coordinates: coordinates, wants: request, curvature: curvature)
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
  /// Hessian times direction, without forming the Hessian, in one pass over the features.
  ///
  /// - Complexity: O(rows · columns)
  public func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] {
    precondition(
      direction.count == dimension, "a direction of \(direction.count) parameters, but the objective has \(dimension)")
    let parts = memory(of: evaluation).parts
    precondition(parts[0].curvatures.count > 0, "the evaluation was not asked for curvature")
    let pass = pass([], at: direction)
    let storage = features.storage
    let chunkRows = LinearBlocks.chunkRows(of: storage, withGram: evaluation.hessian != nil)
    let blockRows = LinearBlocks.blockRows(of: storage)
    let products = Parallelism.mapChunks(count: parts.count) { chunk in
      let rows = Parallelism.range(ofChunk: chunk, of: storage.rows, chunkSize: chunkRows)
      let size = min(blockRows, rows.count)
      var sums = [Double](repeating: 0, count: storage.columns + 1)
      var moves = [Double](repeating: 0, count: size)
      let curvatures = parts[chunk].curvatures
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: size) {
        let block = start..<min(start + size, rows.upperBound)
        let first = start - rows.lowerBound
        var all = moves.mutableSpan
        all.withSlice(0..<block.count) { slice in
          storage.predict(
            block, coefficients: pass.coefficients.span, shift: pass.shift?.span, constant: pass.constant, offsets: nil,
            into: &slice)
        }
        var output = sums.mutableSpan
        storage.addTransposed(
          block, factors: moves.span.extracting(0..<block.count),
          weights: curvatures.span.extracting(first..<first + block.count), shift: pass.shift?.span,
          ahead: block.upperBound..<min(block.upperBound + size, rows.upperBound), to: &output)
      }
      return sums
    }
    let sums = products.dropFirst().reduce(products[0]) { zip($0, $1).map { $0 + $1 } }
    let ridge = ridge
    return direction.indices.map { index in
      let scale = index < features.columns ? coordinates.scale[index] : 1
      return normaliser * scale * sums[index] + ridge[index] * direction[index]
    }
  }

  /// The objective along the line through two evaluated points, from the predictors that were kept: no pass over the features.
  ///
  /// - Complexity: O(rows) for each step.
  public func line(from start: ObjectiveEvaluation, through end: ObjectiveEvaluation) -> ObjectiveLine {
    let (first, second) = (predictions(at: start), predictions(at: end))
    let moves = zip(first, second).map { $1 - $0 }
    let direction = zip(start.point, end.point).map { $1 - $0 }
    let origin = start.point
    return ObjectiveLine { (step) throws(ObjectiveError) in
      let along = zip(first, moves).map { $0 + step * $1 }
      var slopes = [Double](repeating: 0, count: along.count)
      let value: Double
      do throws(LossError) {
        value = try loss.sum(
          predictions: along.span, targets: targets.span, weights: weights?.span, gradient: slopes.mutableSpan)
      } catch {
        throw .loss(error)
      }
      var slope = 0.0
      for index in slopes.indices where slopes[index] != 0 { slope += slopes[index] * moves[index] }
      var (penalty, penaltySlope) = (0.0, 0.0)
      for (index, ridge) in ridge.enumerated() where ridge > 0 {
        let parameter = origin[index] + step * direction[index]
        penalty += 0.5 * ridge * parameter * parameter
        penaltySlope += ridge * parameter * direction[index]
      }
      return (normaliser * value + penalty, normaliser * slope + penaltySlope)
    }
  }
}
