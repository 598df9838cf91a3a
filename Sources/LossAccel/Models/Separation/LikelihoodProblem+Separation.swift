extension LikelihoodProblem {
  /// Where a row's predictor would go if nothing held it: +∞, −∞, or nowhere (0), for every row; `nil` for families and links whose
  /// targets have no edge that a mean can approach.
  private var pulls: [Double]? {
    guard var pulls = edges else { return nil }
    for row in pulls.indices where weights?[row] == 0 { pulls[row] = 0 }
    return pulls
  }

  /// The same for all rows.
  private var edges: [Double]? {
    switch (family.definition.isShare, link) {
    case (true, .logit), (true, .probit), (true, .complementaryLogLog):
      return targets.map { $0 == 1 ? 1 : $0 == 0 ? -1 : 0 }
    case (false, .log) where family.targets.lowerBound == 0:
      return targets.map { $0 == 0 ? -1 : 0 }
    default: return nil
    }
  }

  /// Throws if the coefficients were on their way to infinity.
  ///
  /// At a maximum Newton's step is nothing; on the way to infinity it moves the predictors of the rows that are separated by 1 or more,
  /// since their likelihood rises like 1 − e^(−t). The moves of some steps are taken for a direction, which is then proved
  /// or dismissed by least squares.
  func refuseSeparation(at coefficients: [Double], names: [String]) throws(ModelError) {
    guard let pulls, pulls.contains(where: { $0 != 0 }), features.columns > 0 || hasIntercept else { return }
    guard features.columns > 0 else { return }
    let objective = try objective(isConvex || !isCanonical ? .exact : .fisher)
    let slopes = Array(coefficients.dropFirst(hasIntercept ? 1 : 0))
    let origin = objective.point(coefficients: slopes, intercept: hasIntercept ? coefficients[0] : 0)
    let moves = try withObjective { () throws(ObjectiveError) -> [Double]? in
      let before = objective.predictions(at: try objective.evaluate([], at: origin))
      // Rows far from their edge are no sign of anything.
      guard pulls.indices.contains(where: { pulls[$0] != 0 && abs(targets[$0] - link.mean(before[$0])) < 0.05 }) else {
        return nil
      }
      var current = try objective.evaluate([.gradient, .hessian], at: origin)
      for step in 0..<6 {
        guard let hessian = current.hessian else { return nil }
        let direction = try HessianFactor(hessian).solve(current.gradient)
        let next = Vectors.difference(current.point, direction)
        let evaluation = try objective.evaluate([.gradient, .hessian], at: next)
        let after = objective.predictions(at: evaluation)
        guard evaluation.value.isFinite, after.indices.allSatisfy({ weights?[$0] == 0 || after[$0].isFinite }) else {
          break
        }
        let moved = after.indices.contains { pulls[$0] != 0 && pulls[$0] * (after[$0] - before[$0]) > 0.3 }
        if step == 0 && !moved { return nil }
        current = evaluation
      }
      let after = objective.predictions(at: current)
      return after.indices.map { weights?[$0] == 0 ? 0 : after[$0] - before[$0] }
    }
    guard let moves else { return }
    let high = try predictors(coefficients.map { DoubleDouble($0) }).high
    for candidate in [moves, high.indices.map { weights?[$0] == 0 ? 0 : high[$0] }] {
      if let separation = try proved(candidate, pulls, names) { throw .separated(separation) }
    }
  }

  /// The separation near a vector of predictors, if there is one.
  private func proved(_ moves: [Double], _ pulls: [Double], _ names: [String]) throws(ModelError) -> Separation? {
    let rectifier =
      dense.map { IterativeRectifier($0, hasIntercept: hasIntercept) }
      ?? IterativeRectifier(
        passingThrough: features, hasIntercept: hasIntercept, counts: weights.map { $0.map { $0 > 0 } })
    guard let (direction, products) = try rectifier.direction(near: moves, pulls: pulls) else { return nil }
    let unit = products.reduce(0) { max($0, abs($1)) }
    return Separation(
      columns: involved(direction, names), direction: direction.map { $0.value / unit },
      rows: products.indices.filter { products[$0] != 0 }, observations: observations, canReduceBias: canReduceBias)
  }

  /// Whether Firth's correction is there for this model.
  private var canReduceBias: Bool { dense != nil && isCanonical && (link == .logit || link == .log) }

  /// The columns that a direction moves by more than rounding.
  private func involved(_ direction: [DoubleDouble], _ names: [String]) -> [String] {
    let columns = features.columns
    var reach = [Double](repeating: 0, count: columns)
    let counted = (0..<rows).filter { weights?[$0] != 0 }
    for column in 0..<columns {
      let first = features[counted[0], column]
      let spread = counted.reduce(0) { max($0, abs(features[$1, column] - (hasIntercept ? first : 0))) }
      reach[column] = abs(direction[column + (hasIntercept ? 1 : 0)].value) * spread
    }
    let largest = reach.max() ?? 0
    return names.indices.filter { reach[$0] > 1e-7 * largest }.map { names[$0] }
  }
}
