/// The search for a direction whose products with the rows have given signs, or are 0: the proof of a separation.
///
/// Alternately the nearest predictors of the model and the nearest vector that separates, as S. Correia, P. Guimarães and T. Zylkin,
/// arXiv:1903.01633, do, who call it the iterative rectifier.
struct IterativeRectifier: Sendable {
  let features: Matrix<Double>
  let hasIntercept: Bool

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
    let system = try withLeastSquares { () throws(LeastSquaresError) in
      try LeastSquaresSystem(features, weights: strictness, whenRankDeficient: .drop, hasIntercept: hasIntercept)
    }
    let pass = ResidualPass(PackedRows(sampling: system, nil))
    let zeros = system.targets([Double](repeating: 0, count: moves.count), count: 1)
    for _ in 0..<20 {
      let direction = try withLeastSquares { () throws(LeastSquaresError) in
        let targets = system.targets(wanted, count: 1)
        return try LeastSquaresMethod.automatic.factorFollowingPolicy(system, targets)
          .solve(targets, expected: true)[0].coefficients
      }
      let products = pass.residuals(direction, zeros, 0).map { -$0 }
      let unit = products.reduce(0) { max($0, abs($1)) }
      guard unit > 1e-6 else { return nil }
      let holds = products.indices.allSatisfy {
        wanted[$0] == 0 ? abs(products[$0]) <= 1e-9 * unit : pulls[$0] * products[$0] > 1e-6 * unit
      }
      if holds { return (direction, products.indices.map { wanted[$0] == 0 ? 0 : products[$0] }) }
      wanted = wanted.indices.map { wanted[$0] == 0 ? 0 : pulls[$0] * max(pulls[$0] * products[$0] / unit, 1e-3) }
    }
    return nil
  }
}
