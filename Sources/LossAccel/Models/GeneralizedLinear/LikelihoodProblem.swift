/// The data of a generalised linear model, checked: the rows that count, and what they are fitted with.
struct LikelihoodProblem: Sendable {
  var features: Matrix<Double>
  var targets: [Double]
  /// All positive; `nil` for ones.
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
    (self.features, self.targets, self.weights, self.offsets) = (features, targets, weights, offsets)
    (self.family, self.link, self.hasIntercept, self.penalty) = (family, link, hasIntercept, penalty)
    (self.accuracy, self.whenRankDeficient) = (accuracy, whenRankDeficient)
    originalRows = features.rows
    try check()
    if let weights, weights.contains(0) {
      let kept = weights.indices.filter { weights[$0] > 0 }
      keptRows = kept
      let columns = features.columns
      self.features = Matrix(
        rows: kept.count, columns: columns,
        elements: kept.flatMap { features.elements[$0 * columns..<($0 + 1) * columns] })
      self.targets = kept.map { targets[$0] }
      self.weights = kept.map { weights[$0] }
      self.offsets = offsets.map { offsets in kept.map { offsets[$0] } }
    }
  }

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
        features: FeatureMatrix(features), targets: targets, loss: family.definition.loss(link), weights: weights,
        offsets: offsets, intercept: hasIntercept, penalty: penalty, curvature: curvature)
    }
  }

  /// A least-squares system over the rows, for weights that stand for the curvature of every row.
  func system(weights: [Double]?) throws(ModelError) -> LeastSquaresSystem {
    let total = totalWeight
    let factors = (0..<features.columns).map { penalty.ridge[$0] * total }
    let hasRidge = factors.contains { $0 > 0 }
    return try withLeastSquares { () throws(LeastSquaresError) in
      try LeastSquaresSystem(
        features, weights: weights, ridge: hasRidge ? 1 : 0, penaltyFactors: hasRidge ? factors : nil,
        whenRankDeficient: hasRidge ? .error : whenRankDeficient, hasIntercept: hasIntercept,
        accuracy: accuracy == .exact ? .double : .onePass)
    }
  }

  /// The predictors of all rows, offsets included, in two words (the second is `nil` for the fast accuracy).
  func predictors(_ coefficients: [DoubleDouble]) throws(ModelError) -> WideVector {
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
