/// What the search for the most likely coefficients came to.
struct LikelihoodSolution: Sendable {
  /// The least-squares model of the last step, whose weights are the Fisher informations: its coefficients are the model's, the inverse
  /// of its Gram matrix is their covariance for φ = 1, and its sandwiches are the model's.
  var working: LinearRegression
  /// Of the search, and of the steps that polish.
  var iterations: Int
  var stop: StopReason
}

extension LikelihoodProblem {
  /// Below this relative change of the coefficients, the next step of a method that squares it changes nothing.
  private static let finalChange = 1e-10

  /// The coefficients that minimise deviance and penalty.
  ///
  /// Newton's method finds them to about eight digits, from one pass over the rows for each step; then weighted least squares with scores in
  /// twice the working precision takes the rest of the way and decides about dependent columns.
  func solve(
    start given: [Double]?, names: LinearRegression.Names, control: OptimizerControl, confidenceLevel: Double
  ) throws(ModelError) -> LikelihoodSolution {
    let (point, iterations, stop) = try search(given, control)
    if penalty == .none { try refuseSeparation(at: point, names: names.columns) }
    guard stop.isConvergence else { throw .notConverged(stop, iterations: iterations) }
    return try polish(point.map { DoubleDouble($0) }, iterations, stop, names, confidenceLevel)
  }

  /// The coefficients, the intercept's first.
  func search(
    _ given: [Double]?, _ control: OptimizerControl
  ) throws(ModelError) -> (coefficients: [Double], iterations: Int, stop: StopReason) {
    guard features.columns > 0 else {
      guard let best = constantModel() else {
        throw .noStart(family: family.description, link: link.description)
      }
      return ([best.constant], 1, .gradientVanished)
    }
    // Where the curvature may be negative, scoring comes near enough for Newton's steps.
    let kinds: [CurvatureKind] = isConvex ? [.exact] : isCanonical ? [.fisher] : [.fisher, .exact]
    var objective = try objective(kinds[0])
    var point = try start(objective, given: given)
    var (iterations, stop) = (0, StopReason.gradientVanished)
    for (index, kind) in kinds.enumerated() {
      if index > 0 { objective = try self.objective(kind) }
      var phase = control
      if index + 1 < kinds.count { phase.gradientTolerance = max(1e-4, control.gradientTolerance) }
      let solution = try withObjective { () throws(ObjectiveError) in
        try AutomaticOptimizer().minimize(objective, from: point, control: phase)
      }
      iterations += solution.history.count - 1
      (point, stop) = (solution.point, solution.stop)
    }
    if stop.isConvergence && accuracy == .exact { point = try closer(to: point, objective) }
    let (slopes, intercept) = objective.coefficients(at: point)
    return (hasIntercept ? [intercept] + slopes : slopes, iterations, stop)
  }

  /// The point to which two more of Newton's steps lead: they cost a tenth of one with scores in two words, and save one. The curvature hardly
  /// changes any more, so one factor does for both.
  private func closer(to point: [Double], _ objective: LinearObjective) throws(ModelError) -> [Double] {
    try withObjective { () throws(ObjectiveError) in
      var current = try objective.evaluate([.gradient, .hessian], at: point)
      guard let hessian = current.hessian else { return point }
      let factor = try HessianFactor(hessian)
      for _ in 0..<2 {
        let step = try factor.solve(current.gradient)
        let next = try objective.evaluate(.gradient, at: Vectors.difference(current.point, step))
        guard Vectors.norm(next.gradient) < Vectors.norm(current.gradient) else { break }
        current = next
      }
      return current.point
    }
  }

  private func polish(
    _ start: [DoubleDouble], _ iterations: Int, _ stop: StopReason, _ names: LinearRegression.Names,
    _ confidenceLevel: Double
  ) throws(ModelError) -> LikelihoodSolution {
    var (coefficients, count) = (start, iterations)
    // With the exact curvature every step squares the error; the last one takes the informations, which the covariance is made of.
    var takesCurvature = !isCanonical && accuracy == .exact
    while true {
      let predictors = try predictors(coefficients)
      let rows = derivatives(at: predictors)
      // A search whose path leads out of the family's means ends where nothing can be said of them.
      guard !rows.informations.contains(where: \.isNaN), !rows.scores.high.contains(where: \.isNaN) else {
        throw .noStart(family: family.description, link: link.description)
      }
      let curvatures = takesCurvature ? try positiveCurvatures(predictors.high) : nil
      let working = try workingModel(
        rows, weights: curvatures ?? rows.informations, predictors, names, confidenceLevel: confidenceLevel)
      count += 1
      let next = working.wideCoefficients
      let change = relativeChange(from: coefficients, to: next, of: working)
      let isExhausted = accuracy == .fast || count - iterations >= 40
      coefficients = next
      if curvatures != nil && (change <= Self.finalChange || isExhausted) {
        takesCurvature = false
        continue
      }
      // Where the information is not the curvature it only divides the error by some factor.
      let squares = isCanonical || (!isCanonical && !takesCurvature)
      if change <= (squares ? Self.finalChange : 0x1p-54) || isExhausted {
        return LikelihoodSolution(working: working, iterations: count, stop: stop)
      }
    }
  }

  /// The largest move in times of its coefficient; of one that is 0 up to rounding in millionths of its standard error.
  private func relativeChange(
    from old: [DoubleDouble], to new: [DoubleDouble], of working: LinearRegression
  ) -> Double {
    let order = working.rows.kept.count
    var largest = 0.0
    for (place, index) in working.rows.kept.enumerated() {
      let error = working.rows.inverseGram.map { $0[place * (order + 1)].squareRoot() } ?? 0
      let move = abs((new[index] - old[index]).value)
      if move > 0 { largest = max(largest, move / max(abs(new[index].value), 1e-6 * error)) }
    }
    return largest
  }

  /// w times the exact curvature of every row; `nil` where one is not positive.
  private func positiveCurvatures(_ predictors: [Double]) throws(ModelError) -> [Double]? {
    var (slopes, curvatures) = (predictors, predictors)
    do throws(LossError) {
      _ = try family.definition.loss(link).sum(
        predictions: predictors, targets: targets, weights: weights, gradient: &slopes, curvature: &curvatures)
    } catch { throw .objective(.loss(error)) }
    return curvatures.allSatisfy { $0 > 0 && $0.isFinite } ? curvatures : nil
  }

  /// The least-squares model of one step: responses Xβ + score/weight with the given weights.
  func workingModel(
    _ rows: LikelihoodRows, weights: [Double], _ predictors: WideVector, _ names: LinearRegression.Names,
    confidenceLevel: Double
  ) throws(ModelError) -> LinearRegression {
    let (responses, safe) = workingResponses(rows, weights: weights, predictors)
    let system = try system(weights: safe)
    return try withLeastSquares { () throws(LeastSquaresError) in
      try LinearRegression.fit(
        system, system.targets(responses.high, remainders: accuracy == .exact ? responses.low : nil), names,
        method: .automatic,
        covariance: .classical, confidenceLevel: confidenceLevel)[0]
    }
  }
}

extension LikelihoodProblem {
  /// Predictors without offsets plus score/weight, and the weights, raised where a row has no information.
  private func workingResponses(
    _ rows: LikelihoodRows, weights: [Double], _ predictors: WideVector
  ) -> (responses: WideVector, weights: [Double]) {
    var (high, low) = (predictors.high, [Double](repeating: 0, count: self.rows))
    var safe = weights
    var highs = high.mutableSpan
    var lows = low.mutableSpan
    var raised = safe.mutableSpan
    Parallelism.mapRows(self.rows, rowsPerChunk: Self.chunkRows, &highs, width: 1, &lows, width: 1, &raised, width: 1) {
      _, range, highs, lows, raised in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: WideLanes.count) {
        let block = start..<min(start + WideLanes.count, range.upperBound)
        let score = WideLanes(rows.scores.high, rows.scores.low, rows: block)
        // A row of no information has no score either; it must not leave, since it counts.
        for row in block {
          raised[row - range.lowerBound] = max(weights[row], abs(rows.scores.high[row]) * 0x1p-60, 1e-290)
        }
        var weight = WideLanes(1)
        for (lane, row) in block.enumerated() { weight.high[lane] = raised[row - range.lowerBound] }
        var response = WideLanes(predictors.high, predictors.low, rows: block) + score / weight
        if let offsets { response = response - WideLanes(offsets, nil, rows: block) }
        for (lane, row) in block.enumerated() {
          (highs[row - range.lowerBound], lows[row - range.lowerBound]) = (response.high[lane], response.low[lane])
        }
      }
    }
    return (WideVector(high, low), safe)
  }
}

extension LinearRegression {
  /// The coefficients in two words, 0 for dropped columns.
  var wideCoefficients: [DoubleDouble] {
    var all = [DoubleDouble](repeating: DoubleDouble(0), count: coefficients.count)
    for (place, value) in zip(rows.kept, rows.coefficients) { all[place] = value }
    return all
  }
}
