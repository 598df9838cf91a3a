extension LikelihoodProblem {
  /// The predictor's constant that fits best when there is nothing else, and its deviance: Fisher scoring with steps that are halved
  /// until the deviance falls. `nil` if no constant has valid means.
  func constantModel() -> (constant: Double, sums: LikelihoodSums)? {
    let total = totalWeight
    let mean = targets.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * targets[$1] / total }
    let offsetMean = offsets.map { offsets in
      offsets.indices.reduce(0) { $0 + (weights?[$1] ?? 1) * offsets[$1] / total }
    }
    func sums(_ constant: Double) -> LikelihoodSums {
      let predictors = offsets.map { $0.map { $0 + constant } } ?? [Double](repeating: constant, count: rows)
      return self.sums(at: WideVector(predictors), precisely: false)
    }
    let inner = family.targets
    // At the edge of the range the best constant is infinite, or one beyond which no digit changes.
    guard mean > inner.lowerBound, mean < inner.upperBound else {
      return nil
    }
    var constant = link.predictor(mean) - (offsetMean ?? 0)
    var current = sums(constant)
    guard constant.isFinite, current.deviance.isFinite else { return nil }
    guard offsets != nil else { return (constant, current) }
    for _ in 0..<100 {
      var step = current.score / current.information
      if !step.isFinite || abs(step) <= 1e-15 * max(1, abs(constant)) { break }
      var next = sums(constant + step)
      for _ in 0..<60 where !(next.deviance <= current.deviance) {
        step /= 2
        next = sums(constant + step)
      }
      guard next.deviance <= current.deviance else { break }
      let stalls = current.deviance - next.deviance <= 1e-16 * current.deviance
      constant += step
      current = next
      if stalls { break }
    }
    return (constant, current)
  }

  /// The point of the objective to start from: the better of the best constant and of the least-squares fit to the link of means near
  /// the targets, with the weights that Fisher scoring would give them.
  func start(_ objective: LinearObjective, given: [Double]?) throws(ModelError) -> [Double] {
    var candidates: [[Double]] = []
    if let given {
      let slopes = Array(given.dropFirst(hasIntercept ? 1 : 0))
      candidates = [objective.point(coefficients: slopes, intercept: hasIntercept ? given[0] : 0)]
    } else {
      let zeros = [Double](repeating: 0, count: features.columns)
      if hasIntercept, let best = constantModel() {
        candidates.append(objective.point(coefficients: zeros, intercept: best.constant))
      } else if !hasIntercept {
        candidates.append(objective.point(coefficients: zeros))
      }
      if let fitted = try leastSquaresStart(objective) { candidates.append(fitted) }
    }
    var best: (value: Double, point: [Double])?
    for candidate in candidates {
      let value = try withObjective { () throws(ObjectiveError) in try objective.evaluate([], at: candidate).value }
      if value.isFinite && value < best?.value ?? .infinity { best = (value, candidate) }
    }
    guard let best else { throw .noStart(family: family.description, link: link.description) }
    return best.point
  }

  private func leastSquaresStart(_ objective: LinearObjective) throws(ModelError) -> [Double]? {
    // From its best constant Newton's method goes straight down a convex loss whose slopes are bounded.
    if let traits = objective.loss.traits, traits.convexity.isConvex, traits.lipschitzConstant?.isFinite ?? false {
      return nil
    }
    let rows = family.definition.startingRows(of: self)
    let (responses, informations) = (rows.responses, rows.informations)
    guard responses.allSatisfy(\.isFinite), informations.allSatisfy({ $0.isFinite && $0 >= 0 }),
      informations.contains(where: { $0 > 0 })
    else { return nil }
    return try withObjective { () throws(ObjectiveError) in
      let problem = try LinearObjective(
        features: features, targets: responses, loss: .squaredError, weights: informations,
        intercept: hasIntercept)
      let solution = try NewtonMethod().minimize(problem, from: nil, control: OptimizerControl(maximumIterations: 1))
      let (slopes, intercept) = problem.coefficients(at: solution.point)
      return objective.point(coefficients: slopes, intercept: intercept)
    }
  }
}

/// The least-squares problem that the search may start from.
struct StartingRows: Sendable {
  /// The predictors of means near the targets, without offsets.
  var responses: [Double]
  /// w·μ′²/V there.
  var informations: [Double]
}

extension FamilyDefinition {
  func startingRows(of problem: LikelihoodProblem) -> StartingRows {
    var responses = [Double](repeating: 0, count: problem.rows)
    var informations = responses
    var output = responses.mutableSpan
    var bends = informations.mutableSpan
    Parallelism.mapRows(problem.rows, rowsPerChunk: LikelihoodProblem.chunkRows, &output, width: 1, &bends, width: 1) {
      _, range, output, bends in
      for row in range where problem.weights?[row] != 0 {
        let (weight, place) = (problem.weights?[row] ?? 1, row - range.lowerBound)
        let predictor = problem.link.predictor(startingMean(problem.targets[row], weight: weight))
        let linked: LinkedMean<Double> = problem.link.linked(predictor)
        bends[place] = weight * self.row(linked.mean, linked, problem.link).information
        output[place] = predictor - (problem.offsets?[row] ?? 0)
      }
    }
    return StartingRows(responses: responses, informations: informations)
  }
}
