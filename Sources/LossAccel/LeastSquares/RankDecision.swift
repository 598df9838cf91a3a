/// Whether the columns of a factored system are independent, and which are not.
enum RankDecision {
  /// Throws ``LeastSquaresError/rankDeficient(rank:columns:dependent:)``, naming the columns, where some depend on others.
  static func check(_ factor: TriangularFactor, _ packed: PackedRows) throws(LeastSquaresError) {
    let limit = TriangularFactor.conditionLimit(order: factor.order)
    guard someColumnVanishes(factor, packed) || !(factor.condition <= limit) else { return }
    let lengths = packed.unshiftedLengths(factor.lengths)
    let analysis = RankAnalysis(order: factor.order, factor.elements, lengths: lengths, conditionLimit: limit)
    let dependent = describe(analysis, lengths, packed)
    // The estimate of the condition may be a little beyond the limit where no single column is.
    guard !dependent.isEmpty else { return }
    throw .rankDeficient(rank: analysis.kept.count, columns: factor.order, dependent: dependent)
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
