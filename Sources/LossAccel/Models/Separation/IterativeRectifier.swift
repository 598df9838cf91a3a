/// The search for a direction whose products with the rows have given signs, or are 0: the proof of a separation.
///
/// Alternately the nearest predictors of the model and the nearest vector that separates, as S. Correia, P. Guimarães and T. Zylkin,
/// arXiv:1903.01633, do, who call it the iterative rectifier.
struct IterativeRectifier: Sendable {
  let features: FeatureMatrix
  /// The same rows in memory, for the best accuracy.
  let dense: Matrix<Double>?
  let hasIntercept: Bool
  /// Whether a row takes part; `nil` if all do.
  var counts: [Bool]?

  init(_ features: Matrix<Double>, hasIntercept: Bool) {
    (self.features, dense, self.hasIntercept) = (FeatureMatrix(features), features, hasIntercept)
  }

  init(passingThrough features: FeatureMatrix, hasIntercept: Bool, counts: [Bool]?) {
    (self.features, dense, self.hasIntercept, self.counts) = (features, nil, hasIntercept, counts)
  }

  /// The direction near the moves, the intercept's part first, and its products with the rows, 0 where they are rounding; `nil` if none
  /// was found.
  ///
  /// - Parameters:
  ///   - moves: products with the rows to start from.
  ///   - pulls: the sign that a row's product may have, or 0 if it must be 0.
  func direction(
    near moves: [Double], pulls: [Double]
  ) throws(ModelError) -> (direction: [DoubleDouble], products: [Double])? {
    let largest = moves.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return nil }
    var wanted = moves.indices.map { pulls[$0] * moves[$0] > 0.01 * largest ? moves[$0] / largest : 0 }
    guard wanted.contains(where: { $0 != 0 }) else { return nil }
    // Rows that must not move weigh the most.
    let strictness = wanted.map { $0 == 0 ? 1e8 : 1.0 }
    let nearest = try nearestProducts(strictness)
    for _ in 0..<20 {
      let (direction, products) = try nearest(wanted)
      let unit = products.reduce(0) { max($0, abs($1)) }
      guard unit > 1e-6 else { return nil }
      let holds = products.indices.allSatisfy {
        counts?[$0] == false || wanted[$0] == 0
          ? abs(products[$0]) <= 1e-9 * unit : pulls[$0] * products[$0] > 1e-6 * unit
      }
      if holds { return (direction, products.indices.map { wanted[$0] == 0 ? 0 : products[$0] }) }
      wanted = wanted.indices.map { wanted[$0] == 0 ? 0 : pulls[$0] * max(pulls[$0] * products[$0] / unit, 1e-3) }
    }
    return nil
  }

  private typealias Nearest = ([Double]) throws(ModelError) -> (direction: [DoubleDouble], products: [Double])

  /// What finds the direction whose products with the rows are nearest to given ones, and these products.
  private func nearestProducts(_ strictness: [Double]) throws(ModelError) -> Nearest {
    guard let dense else { return nearestByPasses(strictness) }
    let system = try withLeastSquares { () throws(LeastSquaresError) in
      try LeastSquaresSystem(dense, weights: strictness, whenRankDeficient: .drop, hasIntercept: hasIntercept)
    }
    let pass = ResidualPass(PackedRows(sampling: system, nil))
    let zeros = system.targets([Double](repeating: 0, count: strictness.count), count: 1)
    return { (wanted) throws(ModelError) in
      let direction = try withLeastSquares { () throws(LeastSquaresError) in
        let targets = system.targets(wanted, count: 1)
        return try LeastSquaresMethod.automatic.factorFollowingPolicy(system, targets)
          .solve(targets, expected: true)[0].coefficients
      }
      return (direction, pass.residuals(direction, zeros, 0).map { -$0 })
    }
  }

  /// The same by normal equations, whose rounding some more of Newton's steps take away.
  private func nearestByPasses(_ strictness: [Double]) -> Nearest {
    let weights = strictness.indices.map { counts?[$0] == false ? 0 : strictness[$0] }
    return { (wanted) throws(ModelError) in
      try withObjective { () throws(ObjectiveError) in
        let objective = try LinearObjective(
          features: features, targets: wanted, loss: .squaredError, weights: weights, intercept: hasIntercept)
        let point = try NewtonMethod().minimize(
          objective, from: nil, control: OptimizerControl(gradientTolerance: 0, maximumIterations: 6)
        ).point
        let (slopes, intercept) = objective.coefficients(at: point)
        var products = objective.predictions(at: try objective.evaluate([], at: point))
        for row in products.indices where counts?[row] == false { products[row] = 0 }
        return (((hasIntercept ? [intercept] : []) + slopes).map { DoubleDouble($0) }, products)
      }
    }
  }
}
