extension MultinomialProblem {
  /// The fitted model.
  func model(
    reference: Int, start: (columns: Matrix<Double>, intercepts: [Double])? = nil, optimizer: any Optimizer,
    control: OptimizerControl, accuracy: LeastSquaresAccuracy, targetName: String, confidenceLevel: Double,
    classWeights: ClassWeights, covariance: CoefficientCovariance
  ) throws(ModelError) -> MultinomialRegression {
    let objective = try objective()
    let origin = start.map {
      objective.point(coefficients: $0.columns, intercepts: hasIntercept ? $0.intercepts : nil)
    }
    let solution = try withObjective { () throws(ObjectiveError) in
      try optimizer.minimize(objective, from: origin, control: control)
    }
    if penalty == .none {
      try refuseSeparation(objective, at: solution.point, iterations: solution.history.count - 1)
    }
    guard solution.isConverged || solution.stop == .interrupted else {
      throw .notConverged(solution.stop, iterations: solution.history.count - 1)
    }
    let base = penalty == .none ? reference : nil
    let fit = try withObjective { () throws(ObjectiveError) in
      try finished(solution, objective, accuracy, base, covariance)
    }
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
      isExact: fit.isExact, confidenceLevel: confidenceLevel, covarianceName: base == nil ? "" : named(covariance),
      design: nil,
      covarianceMatrix: fit.covariance)
  }

  /// What a search came to, with its last digits, and with the covariance relative to a class where there is one.
  private struct FinishedFit {
    var point: WidePoint
    var loss: Double
    var steps = 0
    var isExact = false
    var covariance: Matrix<Double>?
  }

  private func finished(
    _ solution: Solution, _ objective: MultiOutputObjective, _ accuracy: LeastSquaresAccuracy, _ base: Int?,
    _ covariance: CoefficientCovariance
  ) throws(ObjectiveError) -> FinishedFit {
    guard objective.nonsmooth == nil, penalty.constraints.isEmpty,
      objective.dimension <= AutomaticOptimizer.largestHessian, solution.isConverged,
      let hessian = try objective.evaluate([.gradient, .hessian], at: solution.point).hessian
    else { return FinishedFit(point: WidePoint(solution.point), loss: solution.loss) }
    let (point, steps) = try polished(solution.point, objective, HessianFactor(hessian), accuracy: accuracy)
    let end = try objective.evaluate(base == nil ? [] : [.gradient, .hessian], at: point.rounded)
    var fit = FinishedFit(point: point, loss: end.loss, steps: steps, isExact: accuracy == .exact)
    if let base, let hessian = end.hessian {
      let bread = objective.contrasts(try HessianFactor(hessian).inverse(), reference: base)
      fit.covariance = objective.inTerms(
        try self.covariance(covariance, bread: bread, objective, at: end, reference: base))
    }
    return fit
  }
}
