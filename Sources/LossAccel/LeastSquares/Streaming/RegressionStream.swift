/// A regression on a table that comes in blocks and is not kept, in passes: the sums, then the residuals. What a pass finds in parts of the
/// table is merged in the order of the parts, so that the bits do not depend on which thread found it.
package struct RegressionStream: Sendable {
  package let design: ModelDesign
  /// The column of weights.
  package let weights: String?
  package let ridge: Double
  package let whenRankDeficient: RankDeficiency
  /// Every so many rows one is kept, to guess the quartiles of the residuals from.
  package let sampleStride: Int

  package init(
    _ design: ModelDesign, weights: String?, ridge: Double, whenRankDeficient: RankDeficiency, sampleStride: Int
  ) {
    (self.design, self.weights, self.ridge) = (design, weights, ridge)
    (self.whenRankDeficient, self.sampleStride) = (whenRankDeficient, max(1, sampleStride))
  }

  /// Columns of [1 | A | b] and weights.
  private func columns(_ table: DataTable) throws(ModelFormulaError) -> (columns: [WideVector], weights: [Double]?) {
    let ones = design.hasIntercept ? [WideVector(1, count: table.rowCount)] : []
    let all = try ones + design.columns(table) + [design.response(table)]
    guard let weights else { return (all, nil) }
    guard let column = table[weights]?.doubles else { preconditionFailure("the table has no column \(weights)") }
    if let row = column.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .leastSquares(.invalidWeight(row: row, value: column[row]))
    }
    return (all, column)
  }

  private var width: Int { design.columnNames.count + (design.hasIntercept ? 2 : 1) }

  /// What the first pass finds.
  package struct Sums: Sendable {
    package var accumulator: LeastSquaresAccumulator
    /// Rows of [1 | A | b | w], one behind the other.
    fileprivate var sample: [Double] = []

    package mutating func add(_ other: Sums) {
      accumulator.add(other.accumulator)
      sample += other.sample
    }
  }

  /// The sums of no rows.
  package var noSums: Sums {
    Sums(accumulator: LeastSquaresAccumulator(columns: design.columnNames.count, intercept: design.hasIntercept))
  }

  /// The first pass over some rows.
  package func sums(_ table: DataTable) throws(ModelFormulaError) -> Sums {
    let (columns, weights) = try columns(table)
    var sums = noSums
    var block = WideBlock(width: width)
    block.forEachBlock(of: columns, weights: weights) { sums.accumulator.add(&$0) }
    for row in stride(from: 0, to: table.rowCount, by: sampleStride) where weights?[row] != 0 {
      for column in columns { sums.sample.append(column.high[row]) }
      sums.sample.append(weights?[row] ?? 1)
    }
    return sums
  }

  /// What the second pass needs of the first.
  package struct Solved: Sendable {
    fileprivate let start: LeastSquaresRefinement
    fileprivate let targetSquares: Double
    fileprivate var brackets: ResidualQuartiles.Brackets
  }

  /// The coefficients from the sums, and where the quartiles of their residuals must lie.
  package func solve(_ sums: Sums) throws(ModelFormulaError) -> Solved {
    let accumulator = sums.accumulator
    do throws(LeastSquaresError) {
      let start = try accumulator.refinement(ridge: ridge, whenRankDeficient: whenRankDeficient)
      let (last, unit) = (accumulator.width - 1, accumulator.unit(accumulator.width - 1))
      var squares = accumulator.sum(last, last).wide
      if design.hasIntercept {
        let sum = accumulator.sum(0, last).wide
        squares = squares - sum * sum / accumulator.sum(0, 0).wide
      }
      return Solved(
        start: start, targetSquares: max(0, squares.value) * unit * unit,
        brackets: ResidualQuartiles.Brackets(
          sample: residuals(sums.sample, start.coefficients), rows: accumulator.rows, margin: 6))
    } catch {
      guard case .rankDeficient(_, _, let dependent) = error, !dependent.isEmpty else { throw .leastSquares(error) }
      throw .dependentColumns(dependent.map { $0.describe { design.columnNames[$0] } })
    }
  }

  /// √w·r of sampled rows.
  private func residuals(_ sample: [Double], _ coefficients: [Double]) -> [Double] {
    stride(from: 0, to: sample.count, by: width + 1).map { first in
      var residual = sample[first + width - 1]
      for (index, coefficient) in coefficients.enumerated() { residual -= sample[first + index] * coefficient }
      return residual * sample[first + width].squareRoot()
    }
  }

  /// What the second pass finds.
  package struct Residuals: Sendable {
    fileprivate var refinement: LeastSquaresRefinement
    fileprivate var quartiles: ResidualQuartiles

    package mutating func add(_ other: Residuals) {
      refinement.add(other.refinement)
      quartiles.add(other.quartiles)
    }
  }

  /// The residuals of no rows.
  package func noResiduals(_ solved: Solved) -> Residuals {
    Residuals(refinement: solved.start, quartiles: ResidualQuartiles(solved.brackets))
  }

  /// The second pass over some rows.
  package func residuals(_ table: DataTable, _ solved: Solved) throws(ModelFormulaError) -> Residuals {
    let (columns, weights) = try columns(table)
    var result = noResiduals(solved)
    var block = WideBlock(width: width)
    block.forEachBlock(of: columns, weights: weights) { block in
      let weights = block.weights
      for (place, residual) in result.refinement.add(&block).enumerated() {
        result.quartiles.add(weights.map { residual * $0[place].squareRoot() } ?? residual)
      }
    }
    return result
  }

  /// The model; `names` are those of the columns and the target, where they are not the design's. Nil, with `solved` to go on from, where one more pass is needed: because the coefficients can still be improved, or because
  /// the guess at the quartiles was wrong.
  package func model(
    _ residuals: Residuals, _ solved: inout Solved, pass: Int, confidenceLevel: Double,
    names: (columns: [String], target: String)? = nil
  ) throws(ModelFormulaError) -> LinearRegression? {
    do throws(LeastSquaresError) {
      let refined = try residuals.refinement.refined()
      let summary = residuals.quartiles.summary
      let improves =
        refined.certificate.relativeErrorBound > 0x1p-52
        && refined.certificate.relativeErrorBound < residuals.refinement.relativeErrorBound / 4
      if pass < 5, improves || summary == nil {
        solved = Solved(
          start: LeastSquaresRefinement(refined), targetSquares: solved.targetSquares,
          brackets: summary == nil ? solved.brackets.widened() : solved.brackets)
        return nil
      }
      var model = try LinearRegression(
        refined, design, summary ?? LinearRegression.ResidualSummary(minimum: .nan, .nan, .nan, .nan, maximum: .nan),
        totalSumOfSquares: solved.targetSquares, ridge: ridge, isWeighted: weights != nil,
        confidenceLevel: confidenceLevel,
        names: names)
      // Columns that were listed are not a formula that somebody typed.
      if names == nil { model.design = design }
      return model
    } catch { throw .leastSquares(error) }
  }
}
