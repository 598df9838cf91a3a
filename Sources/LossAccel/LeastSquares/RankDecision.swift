/// Whether the columns of a factored system are independent, and which are not.
enum RankDecision {
  /// Throws ``LeastSquaresError/rankDeficient(rank:columns:dependent:)``, naming the columns, where some depend on others.
  static func check(_ factor: TriangularFactor, _ packed: PackedRows) throws(LeastSquaresError) {
    let limit = TriangularFactor.conditionLimit(order: factor.order)
    guard someColumnVanishes(factor, packed) || !(factor.condition <= limit) else { return }
    let lengths = packed.unshiftedLengths(factor.lengths)
    let analysis = RankAnalysis(order: factor.order, factor.elements, lengths: lengths, conditionLimit: limit)
    let dependent = describe(analysis, lengths, packed)
    guard dependent.isEmpty else {
      throw .rankDeficient(rank: analysis.kept.count, columns: factor.order, dependent: dependent)
    }
    try refuseLastPivot(factor, packed)
  }

  /// Throws for a factor whose columns are dependent all together though none is a combination of those before it to the same
  /// degree: the column that pivoting would take last is named.
  static func refuseLastPivot(_ factor: TriangularFactor, _ packed: PackedRows) throws(LeastSquaresError) {
    let (order, offset) = (factor.order, packed.system.offset)
    var scaled = factor.elements
    for column in 0..<order {
      let scale = PowerOfTwo.reciprocal(of: factor.lengths[column])
      for index in column * order...column * order + column { scaled[index] *= scale }
    }
    let pivots = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.pivotedQR(rows: order, columns: order, &scaled).order
    }
    guard let last = pivots.last(where: { $0 >= offset }) else { return }
    let others = pivots.filter { $0 >= offset && $0 != last }.map { $0 - offset }.sorted()
    throw .rankDeficient(
      rank: order - 1, columns: order,
      dependent: [DependentColumn(column: last - offset, combinationOf: others, includesIntercept: offset == 1)])
  }

  /// Whether the shift leaves next to nothing of a column. Such a column is a multiple of the ones, however well conditioned the
  /// rounding errors are that remain of it.
  static func someColumnVanishes(_ factor: TriangularFactor, _ packed: PackedRows) -> Bool {
    let limit = TriangularFactor.conditionLimit(order: factor.order)
    return zip(factor.lengths, packed.unshiftedLengths(factor.lengths)).contains { $0 * limit <= $1 }
  }

  /// Names the columns that take part in every combination with more than rounding errors.
  private static func describe(
    _ analysis: RankAnalysis, _ lengths: [Double], _ packed: PackedRows
  ) -> [DependentColumn] {
    let offset = packed.system.offset
    func mean(_ column: Int) -> Double { column < offset ? 0 : packed.mean(column - offset) }
    return analysis.dropped.map { column, coefficients in
      let terms = zip(analysis.kept, coefficients)
      let others = terms.filter { $0 >= offset && abs($1) * lengths[$0] > 1e-8 * lengths[column] }.map { $0.0 - offset }
      // Column − mean·1 = Σ coefficient·(other − its mean·1) + constant·1, so the ones take part with:
      let constant = mean(column) + terms.reduce(0) { $0 + ($1.0 < offset ? $1.1 : -$1.1 * mean($1.0)) }
      let includesIntercept = offset == 1 && abs(constant) * lengths[0] > 1e-8 * lengths[column]
      return DependentColumn(
        column: column - offset, combinationOf: others, includesIntercept: includesIntercept)
    }
  }
}
