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
    return try evaluation(of: sums, memory, request, at: point)
  }

  /// What the sums of a pass make.
  func evaluation(
    of sums: LinearPass<Double>.Sums, _ memory: [LinearPass<Double>.Memory], _ request: ObjectiveRequest,
    at point: [Double]
  ) throws(ObjectiveError) -> ObjectiveEvaluation {
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

  func pass(_ request: ObjectiveRequest, at point: [Double], task: String? = nil) -> LinearPass<Double> {
    let hasIntercept = coordinates.hasIntercept
    return LinearPass(
      features: features.storage, loss: loss, targets: targets, weights: weights, offsets: offsets,
      coefficients: zip(point, coordinates.scale).map { $0 * $1 }, constant: hasIntercept ? point[dimension - 1] : 0,
      shift: hasIntercept ? coordinates.shift : nil, coordinates: coordinates, wants: request, curvature: curvature,
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
  /// Hessian times direction, without forming the Hessian, in one pass over the features.
  ///
  /// - Complexity: O(rows · columns)
  public func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] {
    precondition(
      direction.count == dimension, "a direction of \(direction.count) parameters, but the objective has \(dimension)")
    let sums = LinearPass.products([pass([], at: direction)], [memory(of: evaluation).parts])[0]
    return product(of: sums, direction)
  }

  /// What the sums of a product with a direction make.
  func product(of sums: [Double], _ direction: [Double]) -> [Double] {
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
