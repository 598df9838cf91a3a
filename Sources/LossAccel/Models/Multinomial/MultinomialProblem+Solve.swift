extension MultinomialProblem {
  /// The fitted model.
  func model(
    reference: Int, optimizer: any Optimizer, control: OptimizerControl, accuracy: LeastSquaresAccuracy,
    targetName: String, confidenceLevel: Double, classWeights: ClassWeights
  ) throws(ModelError) -> MultinomialRegression {
    let objective = try objective()
    let solution = try withObjective { () throws(ObjectiveError) in
      try optimizer.minimize(objective, from: nil, control: control)
    }
    if penalty == .none { try refuseSeparation(objective, at: solution.point) }
    guard solution.isConverged || solution.stop == .interrupted else {
      throw .notConverged(solution.stop, iterations: solution.history.count - 1)
    }
    let base = penalty == .none ? reference : nil
    let fit = try withObjective { () throws(ObjectiveError) in try finished(solution, objective, accuracy, base) }
    var coefficients = Matrix<Double>.zeros(rows: columnNames.count, columns: classes.count)
    var intercepts: [Double] = []
    for output in classes.indices {
      let (columns, intercept) = fit.point.coefficients(
        of: output, relativeTo: base, outputs: classes.count, objective.panels.coordinates)
      for (row, column) in kept.enumerated() { coefficients[column, output] = columns[row] }
      intercepts.append(intercept)
    }
    let dropped = columnNames.indices.filter { !kept.contains($0) }.map { columnNames[$0] }
    return MultinomialRegression(
      classNames: classes, reference: base, coefficients: coefficients, intercepts: intercepts,
      hasIntercept: hasIntercept, columnNames: columnNames, droppedColumns: dropped, targetName: targetName,
      penalty: penalty, classWeights: classWeights, loss: fit.loss,
      deviance: 2 * fit.loss * totals.reduce(0, +), nullDeviance: nullDeviance, observations: observations,
      iterations: solution.history.count - 1 + fit.steps, stop: solution.stop, method: solution.method,
      confidenceLevel: confidenceLevel, design: nil, covarianceMatrix: fit.covariance)
  }

  /// What a search came to, with its last digits, and with the covariance relative to a class where there is one.
  private struct FinishedFit {
    var point: WidePoint
    var loss: Double
    var steps = 0
    var covariance: Matrix<Double>?
  }

  private func finished(
    _ solution: Solution, _ objective: MultiOutputObjective, _ accuracy: LeastSquaresAccuracy, _ base: Int?
  ) throws(ObjectiveError) -> FinishedFit {
    guard objective.nonsmooth == nil, objective.dimension <= AutomaticOptimizer.largestHessian, solution.isConverged,
      let hessian = try objective.evaluate([.gradient, .hessian], at: solution.point).hessian
    else { return FinishedFit(point: WidePoint(solution.point), loss: solution.loss) }
    let (point, steps) = try polished(solution.point, objective, HessianFactor(hessian), accuracy: accuracy)
    let end = try objective.evaluate(base == nil ? [] : [.gradient, .hessian], at: point.rounded)
    var fit = FinishedFit(point: point, loss: end.loss, steps: steps)
    if let base, let hessian = end.hessian {
      fit.covariance = objective.contrasts(try HessianFactor(hessian).inverse(), reference: base)
    }
    return fit
  }
}

extension MultiOutputObjective {
  /// The covariance of the coefficients relative to a reference, in the units of the columns, from the inverse of the Hessian:
  /// class by class without the reference, in each the intercept first.
  func contrasts(_ inverse: Matrix<Double>, reference: Int) -> Matrix<Double> {
    let (width, others) = (panels.width, (0..<outputs).filter { $0 != reference })
    var result = Matrix<Double>.zeros(rows: width * others.count, columns: width * others.count)
    for (i, first) in others.enumerated() {
      for (j, second) in others.enumerated() {
        // The parts that all outputs share fall out of the differences.
        var block = Matrix<Double>.zeros(rows: width, columns: width)
        for row in 0..<width {
          for column in 0..<width {
            let (a, b) = (row * outputs, column * outputs)
            block[row, column] =
              normaliser
              * (inverse[a + first, b + second] - inverse[a + first, b + reference]
                - inverse[a + reference, b + second] + inverse[a + reference, b + reference])
          }
        }
        let rows = inTerms(block).transposed()
        let terms = inTerms(rows).transposed()
        for row in 0..<width {
          for column in 0..<width { result[i * width + row, j * width + column] = terms[row, column] }
        }
      }
    }
    return result
  }

  /// Rows that belong to parameters become rows that belong to terms: the intercept's first, and all in the units of the columns.
  private func inTerms(_ parameters: Matrix<Double>) -> Matrix<Double> {
    let coordinates = panels.coordinates
    let offset = coordinates.hasIntercept ? 1 : 0
    var terms = Matrix<Double>.zeros(rows: parameters.rows, columns: parameters.columns)
    for column in 0..<parameters.columns {
      if offset == 1 { terms[0, column] = parameters[coordinates.scale.count, column] }
      for (row, scale) in coordinates.scale.enumerated() {
        let value = scale * parameters[row, column]
        terms[row + offset, column] = value
        if offset == 1 { terms[0, column] -= coordinates.shift[row] * value }
      }
    }
    return terms
  }
}
