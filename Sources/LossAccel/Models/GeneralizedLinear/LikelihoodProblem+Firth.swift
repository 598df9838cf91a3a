extension LikelihoodProblem {
  /// The coefficients that maximise the likelihood times Jeffreys' prior √det(XᵀWX).
  ///
  /// For a canonical link the score of a row gains h·ω′/(2ω), with its leverage h in the weighted least-squares problem and ω′ the
  /// derivative of its information ω by the predictor. Steps are halved until the penalised likelihood rises.
  ///
  /// Source: D. Firth, Biometrika 80 (1993); G. Heinze, M. Schemper, Statistics in Medicine 21 (2002).
  func solveReducingBias(
    names: LinearRegression.Names, confidenceLevel: Double
  ) throws(ModelError) -> LikelihoodSolution {
    precondition(
      isCanonical && (link == .logit || link == .log),
      "Firth's correction is for the canonical links of binomial and Poisson, not the \(link) link of \(family)")
    precondition(penalty == .none, "Firth's correction is a penalty itself; leave the other out")
    var coefficients = [DoubleDouble](repeating: DoubleDouble(0), count: features.columns + (hasIntercept ? 1 : 0))
    if hasIntercept, let best = constantModel() { coefficients[0] = DoubleDouble(best.constant) }
    var (value, count) = (Double.infinity, 0)
    while true {
      let (predictors, rows, unit) = try firthRows(coefficients, names, confidenceLevel)
      if count == 0 { value = try penalisedDeviance(predictors, unit) }
      let working = try workingModel(
        rows, weights: rows.informations, predictors, names, confidenceLevel: confidenceLevel)
      count += 1
      let step = zip(working.wideCoefficients, coefficients).map { $0 - $1 }
      var (length, next) = (1.0, coefficients)
      while true {
        next = zip(coefficients, step).map { $0 + $1 * length }
        let (ahead, _, geometry) = try firthRows(next, names, confidenceLevel)
        let reached = try penalisedDeviance(ahead, geometry)
        if reached <= value + 1e-13 * abs(value) || length < 1e-6 {
          value = reached
          break
        }
        length /= 2
      }
      let change = zip(zip(step, next), working.coefficients).reduce(0.0) { largest, term in
        let unit = max(abs(term.0.1.value), term.1.standardError.isNaN ? 0 : term.1.standardError)
        return term.0.0.value == 0 ? largest : max(largest, abs(term.0.0.value) / unit)
      }
      coefficients = next
      // The correction is not in the weights, so each step only divides the error by some factor.
      if length == 1 && change <= 1e-14 || count >= 100 {
        if count >= 100 && change > 1e-8 { throw .notConverged(.iterationLimit(count), iterations: count) }
        return LikelihoodSolution(working: working, iterations: count, stop: .gradientVanished)
      }
    }
  }

  /// Predictors, the rows with their corrected scores, and the least-squares model that leverages and determinant are from.
  private func firthRows(
    _ coefficients: [DoubleDouble], _ names: LinearRegression.Names, _ confidenceLevel: Double
  ) throws(ModelError) -> (WideVector, LikelihoodRows, LinearRegression) {
    let predictors = try predictors(coefficients)
    var rows = derivatives(at: predictors)
    let model = try workingModel(
      rows, weights: rows.informations, predictors, names, confidenceLevel: confidenceLevel)
    let leverages = try withLeastSquares { () throws(LeastSquaresError) in
      try model.orthonormalRows().leverages()
    }
    for row in 0..<self.rows {
      // ω′/ω: 1 − 2μ for the logit link, 1 for the logarithm.
      let slope = link == .logit ? 1 - 2 * link.mean(predictors.high[row]) : 1
      let score = DoubleDouble(rows.scores.high[row], rows.scores.low?[row] ?? 0) + 0.5 * leverages[row] * slope
      rows.scores.high[row] = score.high
      rows.scores.low?[row] = score.low
    }
    return (predictors, rows, model)
  }

  /// deviance − log det(XᵀWX).
  private func penalisedDeviance(_ predictors: WideVector, _ model: LinearRegression) throws(ModelError) -> Double {
    let rows = try withLeastSquares { () throws(LeastSquaresError) in try model.orthonormalRows() }
    var logDeterminant = 0.0
    for index in 0..<rows.order {
      let scale = index < rows.packed.system.offset ? 1 : rows.packed.scale[index - rows.packed.system.offset]
      logDeterminant += 2 * ElementaryFunctions.log(abs(rows.triangle[index * (rows.order + 1)]) / scale)
    }
    return sums(at: predictors).deviance - logDeterminant
  }
}
