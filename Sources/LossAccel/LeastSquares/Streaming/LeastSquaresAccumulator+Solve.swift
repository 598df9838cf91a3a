extension LeastSquaresAccumulator {
  /// The coefficients that minimise Σ w(b − Ax)² + ridge·Σ x² over the rows held, the intercept's first where there is one.
  ///
  /// The certificate's bound is one for what the sums can be wrong by; where it is not small enough, see
  /// ``refinement(ridge:whenRankDeficient:)``. Columns count as dependent as in `leastSquares`, and
  /// also where removing rows has cost so many digits that nobody can tell.
  ///
  /// - Parameters:
  ///   - ridge: λ ≥ 0; the intercept is not penalised.
  ///   - whenRankDeficient: `.error` or `.drop`.
  /// - Throws: ``LeastSquaresError``
  /// - Complexity: O(columns³)
  public func solve(
    ridge: Double = 0, whenRankDeficient: RankDeficiency = .error
  ) throws(LeastSquaresError) -> LeastSquaresSolution<Double> {
    let system = try WideNormalEquations(self, ridge: ridge, whenRankDeficient: whenRankDeficient)
    return LeastSquaresSolution(system.solved, system.report)
  }

  /// A second pass over the same rows, which makes the coefficients as accurate as those of ``LeastSquaresMethod/automatic``.
  ///
  /// ```swift
  /// var pass = try fit.refinement()
  /// for day in days { try pass.add(day.features, day.targets) }
  /// let exact = try pass.solve()
  /// ```
  /// - Throws: ``LeastSquaresError``, as ``solve(ridge:whenRankDeficient:)``.
  public func refinement(
    ridge: Double = 0, whenRankDeficient: RankDeficiency = .error
  ) throws(LeastSquaresError) -> LeastSquaresRefinement {
    LeastSquaresRefinement(try WideNormalEquations(self, ridge: ridge, whenRankDeficient: whenRankDeficient))
  }
}

/// What an accumulator holds, solved.
struct WideNormalEquations: Sendable {
  let columns: Int
  let hasIntercept: Bool
  let rows: Int
  /// Powers of two: coefficients are scale[column]/targetScale times z.
  let scale: [Double]
  let targetScale: Double
  let penalties: [Double]
  let gram: WideGram
  var z: [DoubleDouble]
  var report: LeastSquaresReport
  var certificate: LeastSquaresCertificate
  /// Σ w·r², in the target's own unit.
  var residualSquares: Double

  init(
    _ accumulator: LeastSquaresAccumulator, ridge: Double, whenRankDeficient: RankDeficiency
  ) throws(LeastSquaresError) {
    guard ridge >= 0, ridge.isFinite else { throw .invalidRidge(ridge) }
    guard accumulator.rows > 0 else { throw .empty(rows: 0, columns: accumulator.columns) }
    (columns, hasIntercept, rows) = (accumulator.columns, accumulator.hasIntercept, accumulator.rows)
    scale = accumulator.scale.dropLast().map { $0 == 0 ? 1 : $0 }
    targetScale = accumulator.scale.last == 0 ? 1 : accumulator.scale[accumulator.width - 1]
    let offset = accumulator.offset
    penalties = scale.enumerated().map { $0 < offset ? 0 : ridge * $1 * $1 }
    guard penalties.allSatisfy({ $0 < 0x1p900 }), accumulator.sums.allSatisfy(\.isFinite) else { throw .outOfRange }
    gram = try WideGram(accumulator, penalties: penalties, whenRankDeficient: whenRankDeficient)
    let (z, missing) = try gram.solve(gram.products)
    self.z = z
    report = LeastSquaresReport(
      method: "Gram in two words", rank: gram.order, condition: gram.condition, droppedColumns: gram.dropped)
    let bound = gram.relativeError(z, gram.error(z) + 2 * missing)
    certificate = LeastSquaresCertificate(steps: 1, contraction: gram.contraction, relativeErrorBound: bound + 0x1p-53)
    var squares = gram.residualSquares(z).value
    // The penalty's part is not the residual's.
    for (index, column) in gram.kept.enumerated() { squares -= penalties[column] * z[index].high * z[index].high }
    residualSquares = max(0, squares) / targetScale / targetScale
  }

  var solved: SolvedTarget {
    SolvedTarget(coefficients: coefficients, residualSquares: residualSquares, certificate: certificate)
  }

  /// In the order of the columns, the intercept first; zero for a dropped one.
  var coefficients: [DoubleDouble] {
    var all = [DoubleDouble](repeating: DoubleDouble(0), count: scale.count)
    for (index, column) in gram.kept.enumerated() {
      all[column] = z[index].scaled(by: scale[column]).scaled(by: 1 / targetScale)
    }
    return all
  }
}
