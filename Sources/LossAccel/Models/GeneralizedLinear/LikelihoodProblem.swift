/// The data of a generalised linear model, checked: the rows that count, and what they are fitted with.
struct LikelihoodProblem: Sendable {
  var features: FeatureMatrix
  /// The same rows in memory, for the last digits and for statistics of single rows; `nil` where passes go through them and nothing else.
  var dense: Matrix<Double>?
  var targets: [Double]
  /// `nil` for ones. Rows of weight 0 are still there only where the rows are not in memory.
  var weights: [Double]?
  var offsets: [Double]?
  /// The original row of every row, where rows of weight 0 were taken out.
  var keptRows: [Int]?
  let originalRows: Int
  let family: Family
  let link: Link
  let hasIntercept: Bool
  let penalty: Penalty
  /// Whether means and scores are computed in twice the working precision.
  let accuracy: LeastSquaresAccuracy
  /// Whether dependent columns are dropped or refused.
  let whenRankDeficient: RankDeficiency

  var rows: Int { targets.count }

  /// Σ w.
  var totalWeight: Double { weights?.reduce(0, +) ?? Double(rows) }

  init(
    features: Matrix<Double>, targets: [Double], weights: [Double]?, offsets: [Double]?, family: Family, link: Link,
    hasIntercept: Bool, penalty: Penalty, accuracy: LeastSquaresAccuracy, whenRankDeficient: RankDeficiency
  ) throws(ModelError) {
    (self.features, dense) = (FeatureMatrix(features), features)
    (self.targets, self.weights, self.offsets) = (targets, weights, offsets)
    (self.family, self.link, self.hasIntercept, self.penalty) = (family, link, hasIntercept, penalty)
    (self.accuracy, self.whenRankDeficient) = (accuracy, whenRankDeficient)
    originalRows = features.rows
    try check()
    if let weights, weights.contains(0) {
      let kept = weights.indices.filter { weights[$0] > 0 }
      keptRows = kept
      let columns = features.columns
      let chosen = Matrix(
        rows: kept.count, columns: columns,
        elements: kept.flatMap { features.elements[$0 * columns..<($0 + 1) * columns] })
      (self.features, dense) = (FeatureMatrix(chosen), chosen)
      self.targets = kept.map { targets[$0] }
      self.weights = kept.map { weights[$0] }
      self.offsets = offsets.map { offsets in kept.map { offsets[$0] } }
    }
  }

  /// Rows that are not held in memory, or not as doubles: passes go through them.
  init(
    passingThrough features: FeatureMatrix, targets: [Double], weights: [Double]?, offsets: [Double]?, family: Family,
    link: Link, hasIntercept: Bool, penalty: Penalty
  ) throws(ModelError) {
    (self.features, dense) = (features, nil)
    (self.targets, self.weights, self.offsets) = (targets, weights, offsets)
    (self.family, self.link, self.hasIntercept, self.penalty) = (family, link, hasIntercept, penalty)
    (accuracy, whenRankDeficient, originalRows) = (.exact, .error, features.rows)
    try check()
    guard let weights, weights.contains(0), let first = weights.firstIndex(where: { $0 > 0 }) else { return }
    // What rows without weight hold must not matter.
    for row in weights.indices where weights[row] == 0 {
      self.targets[row] = targets[first]
      self.offsets?[row] = 0
    }
  }

  /// The number of rows whose weight is not 0.
  var observations: Int { weights?.count { $0 > 0 } ?? rows }

  /// Refuses weights, targets and offsets that cannot be used, before anything is computed. Features are checked while they are read.
  private func check() throws(ModelError) {
    if let weights {
      let (total, invalid) = Weights.sum(weights.span)
      if let row = invalid { throw .objective(.loss(.invalidWeight(index: row, value: weights[row]))) }
      guard total > 0 else { throw .objective(.loss(.nothingToAverage)) }
    }
    guard !targets.isEmpty else { throw .objective(.loss(.emptyBatch)) }
    let valid = family.targets
    for (row, target) in targets.enumerated() where !valid.contains(target) && weights?[row] != 0 {
      throw .objective(
        .loss(
          .targetOutsideDomain(index: row, value: target, lowest: valid.lowerBound, highest: valid.upperBound)))
    }
    if let offsets, let row = offsets.indices.first(where: { !offsets[$0].isFinite && weights?[$0] != 0 }) {
      throw .objective(.nonFiniteOffset(row: row, value: offsets[row]))
    }
    try withObjective { () throws(ObjectiveError) in try penalty.check(columns: features.columns) }
  }
}

extension LikelihoodProblem {
  /// Whether a loss that the link makes non-convex cannot occur: then Newton's own steps are safe from anywhere.
  var isConvex: Bool { family.definition.loss(link).traits?.convexity.isConvex ?? false }

  /// Whether the Fisher information is the exact curvature.
  var isCanonical: Bool { family.definition.canonical?.link == link }

  /// Half the mean deviance, up to a constant, and the penalty.
  func objective(_ curvature: CurvatureKind) throws(ModelError) -> LinearObjective {
    try withObjective { () throws(ObjectiveError) in
      try LinearObjective(
        features: features, targets: targets, loss: family.definition.loss(link), weights: weights,
        offsets: offsets, intercept: hasIntercept, penalty: penalty, curvature: curvature)
    }
  }

  /// A least-squares system over the rows, for weights that stand for the curvature of every row.
  func system(weights: [Double]?) throws(ModelError) -> LeastSquaresSystem {
    let total = totalWeight
    let factors = (0..<features.columns).map { penalty.ridge[$0] * total }
    let hasRidge = factors.contains { $0 > 0 }
    guard let dense else { preconditionFailure("least squares over rows that are not in memory") }
    return try withLeastSquares { () throws(LeastSquaresError) in
      try LeastSquaresSystem(
        dense, weights: weights, ridge: hasRidge ? 1 : 0, penaltyFactors: hasRidge ? factors : nil,
        whenRankDeficient: hasRidge ? .error : whenRankDeficient, hasIntercept: hasIntercept,
        accuracy: accuracy == .exact ? .double : .onePass)
    }
  }

  /// The predictors of all rows, offsets included, in two words (the second is `nil` for the fast accuracy).
  func predictors(_ coefficients: [DoubleDouble]) throws(ModelError) -> WideVector {
    if dense == nil {
      return WideVector(
        features.linearPredictors(
          coefficients: coefficients.dropFirst(hasIntercept ? 1 : 0).map(\.value),
          intercept: hasIntercept ? coefficients[0].value : 0, offsets: offsets))
    }
    let system = try system(weights: nil)
    let pass = ResidualPass(PackedRows(sampling: system, nil))
    let zeros = system.targets([Double](repeating: 0, count: rows), count: 1)
    let high = pass.residuals(coefficients, zeros, 0).map { -$0 }
    guard accuracy == .exact else {
      return WideVector(offsets.map { zip(high, $0).map { $0 + $1 } } ?? high)
    }
    let low = pass.residuals(coefficients, system.targets(high, count: 1), 0).map { -$0 }
    guard let offsets else { return WideVector(high, low) }
    let sums = high.indices.map { DoubleDouble.sum(high[$0], offsets[$0]) + low[$0] }
    return WideVector(sums.map(\.high), sums.map(\.low))
  }
}
