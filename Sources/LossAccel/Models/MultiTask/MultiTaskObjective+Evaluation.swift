extension MultiTaskObjective {
  /// What is kept of an evaluation: those of the heads, and what the weighting made of their losses.
  struct Memory: Sendable {
    let heads: [ObjectiveEvaluation]
    let combination: TaskCombination
  }

  /// The objective at a point, with the derivatives that are asked for, in one pass over the features for all tasks.
  ///
  /// - Throws: ``ObjectiveError``, with the task's name where one task's data are the cause, or where the weighting has no value.
  /// - Complexity: O(rows · columns · tasks), with the Hessian O(rows · columns² · tasks).
  public func evaluate(
    _ request: ObjectiveRequest, at point: [Double]
  ) throws(ObjectiveError) -> ObjectiveEvaluation {
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    // Where the weighting bends, curvature needs the gradients of the tasks.
    let wanted = request.isDisjoint(with: [.curvature, .hessian]) ? request : request.union(.gradient)
    let evaluations = try headEvaluations(wanted, at: point)
    let combination = try combine(evaluations, Array(point[layout.dimension...]))
    let smooth = smoothPenalty
    var gradient: [Double] = []
    if request.contains(.gradient) {
      gradient = [Double](repeating: 0, count: dimension)
      for (task, head) in evaluations.enumerated() where combination.gradient[task] != 0 {
        layout.add(head.gradient, of: task, times: combination.gradient[task], to: &gradient)
      }
      for index in 0..<weightingParameters {
        gradient[layout.dimension + index] = combination.gradient[heads.count + index]
      }
      smooth.addGradient(at: point, to: &gradient)
    }
    var hessian: Matrix<Double>?
    if request.contains(.hessian) {
      var sum = try weightingCurvature(combination, evaluations)
      for (task, head) in evaluations.enumerated() where combination.gradient[task] != 0 {
        guard let own = head.hessian else { preconditionFailure("a head without the Hessian that was asked for") }
        layout.add(own, of: task, times: combination.gradient[task], to: &sum)
      }
      smooth.addHessian(to: &sum)
      hessian = sum
    }
    return ObjectiveEvaluation(
      point: point, loss: combination.value, penalty: smooth.value(at: point), gradient: gradient, hessian: hessian,
      memory: Memory(heads: evaluations, combination: combination))
  }

  /// Every head alone, in one pass for all.
  func headEvaluations(
    _ request: ObjectiveRequest, at point: [Double]
  ) throws(ObjectiveError) -> [ObjectiveEvaluation] {
    let points = models.indices.map { layout.parameters(of: $0, at: point) }
    let passes = models.indices.map { models[$0].pass(request, at: points[$0], task: heads[$0].name) }
    let sums = try LinearPass.run(passes)
    var evaluations: [ObjectiveEvaluation] = []
    for (task, model) in models.enumerated() {
      do throws(ObjectiveError) {
        evaluations.append(try model.evaluation(of: sums[task].sums, sums[task].memory, request, at: points[task]))
      } catch {
        throw .task(name: heads[task].name, error)
      }
    }
    return evaluations
  }

  private func combine(
    _ evaluations: [ObjectiveEvaluation], _ parameters: [Double]
  ) throws(ObjectiveError) -> TaskCombination {
    try combine(evaluations.map(\.loss), parameters)
  }

  /// What the weighting makes of the losses of the tasks.
  func combine(_ losses: [Double], _ parameters: [Double]) throws(ObjectiveError) -> TaskCombination {
    do throws(TaskWeightingError) {
      return try weighting.combine(losses, parameters: parameters)
    } catch {
      throw .task(name: heads[error.task].name, .weighting(error))
    }
  }

  private func memory(of evaluation: ObjectiveEvaluation) -> Memory {
    guard let memory = evaluation.memory as? Memory else {
      preconditionFailure("the evaluation is another objective's")
    }
    return memory
  }

  /// The heads alone at an evaluated point.
  func headEvaluations(of evaluation: ObjectiveEvaluation) -> [ObjectiveEvaluation] { memory(of: evaluation).heads }

  /// The mean loss of every task at an evaluated point.
  public func losses(at evaluation: ObjectiveEvaluation) -> [Double] { memory(of: evaluation).heads.map(\.loss) }

  /// The derivative of the weighted sum by the loss of every task at an evaluated point: what the tasks weigh there.
  public func weights(at evaluation: ObjectiveEvaluation) -> [Double] {
    Array(memory(of: evaluation).combination.gradient[..<heads.count])
  }
}

extension MultiTaskObjective {
  /// UᵀCU: C the weighting's second derivatives, the rows of U the gradients of the losses and the axes of the weighting's parameters.
  private func weightingCurvature(
    _ combination: TaskCombination, _ evaluations: [ObjectiveEvaluation]
  ) throws(ObjectiveError) -> Matrix<Double> {
    guard let bend = combination.curvature else { return .zeros(rows: dimension, columns: dimension) }
    var rows = Matrix<Double>.zeros(rows: bend.rows, columns: dimension)
    for (task, head) in evaluations.enumerated() {
      for (place, value) in zip(layout.places[task], head.gradient) { rows[task, place] = value }
    }
    for index in 0..<weightingParameters { rows[heads.count + index, layout.dimension + index] = 1 }
    do throws(LinearAlgebraError) {
      return try rows.transposeMultiplied(by: bend.multiplied(by: rows))
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// Hessian times direction, without forming the Hessian, in one pass over the features for all tasks.
  ///
  /// - Complexity: O(rows · columns · tasks)
  public func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] {
    precondition(
      direction.count == dimension, "a direction of \(direction.count) parameters, but the objective has \(dimension)")
    let memory = memory(of: evaluation)
    let directions = models.indices.map { layout.parameters(of: $0, at: direction) }
    let sums = LinearPass.products(
      models.indices.map { models[$0].pass([], at: directions[$0]) },
      models.indices.map { models[$0].curvatures(at: memory.heads[$0]) })
    var product = [Double](repeating: 0, count: dimension)
    smoothPenalty.addProduct(direction, to: &product)
    for (task, model) in models.enumerated() where memory.combination.gradient[task] != 0 {
      let own = model.product(of: sums[task], directions[task])
      layout.add(own, of: task, times: memory.combination.gradient[task], to: &product)
    }
    guard let bend = memory.combination.curvature else { return product }
    // UᵀC(Uδ), as in the Hessian.
    let moves =
      memory.heads.indices.map { Vectors.dot(memory.heads[$0].gradient, directions[$0]) }
      + direction[layout.dimension...]
    for row in moves.indices {
      let factor = zip(bend.row(row), moves).reduce(0) { $0 + $1.0 * $1.1 }
      if row < heads.count {
        layout.add(memory.heads[row].gradient, of: row, times: factor, to: &product)
      } else {
        product[layout.dimension + row - heads.count] += factor
      }
    }
    return product
  }

  /// The objective along the line through two evaluated points, from the predictors that were kept: no pass over the features.
  ///
  /// - Complexity: O(rows · tasks) for each step.
  public func line(from start: ObjectiveEvaluation, through end: ObjectiveEvaluation) -> ObjectiveLine {
    let (first, last) = (memory(of: start), memory(of: end))
    let lines = models.indices.map { models[$0].line(from: first.heads[$0], through: last.heads[$0]) }
    let (origin, direction) = (start.point, Vectors.difference(end.point, start.point))
    let smooth = smoothPenalty
    return ObjectiveLine { (step) throws(ObjectiveError) in
      var (losses, slopes) = ([Double](), [Double]())
      for (task, line) in lines.enumerated() {
        do throws(ObjectiveError) {
          let (value, slope) = try line.inside(step)
          losses.append(value)
          slopes.append(slope)
        } catch {
          throw .task(name: heads[task].name, error)
        }
      }
      let moved = Vectors.sum(origin, direction, times: step)
      let combination = try combine(losses, Array(moved[layout.dimension...]))
      slopes += direction[layout.dimension...]
      let value = combination.value
      var slope = 0.0
      for (weight, rate) in zip(combination.gradient, slopes) where weight != 0 { slope += weight * rate }
      let penalty = smooth.along(origin, direction, step)
      return (value + penalty.value, slope + penalty.slope)
    }
  }
}
