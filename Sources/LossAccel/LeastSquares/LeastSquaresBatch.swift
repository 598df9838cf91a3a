/// The solutions of many small least-squares problems of one shape.
public struct LeastSquaresBatch<Element: Scalar>: Sendable {
  /// One row for every problem; NaN where there is no solution.
  public let coefficients: Matrix<Element>

  /// Σ r² of every problem; NaN where there is no solution.
  public let residualSumsOfSquares: [Element]

  /// For every problem a bound on the relative error of the coefficients that are not zero, with the rounding to the element type; NaN where
  /// there is none.
  public let relativeErrorBounds: [Double]

  /// Why a problem has no solution, by its number; empty where all have one. Rows are counted within the problem.
  public let failures: [Int: LeastSquaresError]
}

/// Solves many small least-squares problems of one shape: for each the x that minimises Σ(bᵢ − Σⱼ aᵢⱼxⱼ)².
///
/// ```swift
/// // Ten thousand lines, each through a hundred points.
/// let lines = leastSquaresBatch(points, heights, rowsPerProblem: 100)
/// lines.coefficients.row(17)
/// ```
///
/// Coefficients are as accurate as those of ``leastSquares(_:_:method:weights:ridge:penaltyFactors:whenRankDeficient:accuracy:)->LeastSquaresSolution<Element>``: refined to the last bit.
/// Eight problems are solved side by side in the lanes of vectors; those that are nearly dependent, badly scaled or have fewer rows than
/// columns are solved one by one. Results do not depend on the number of threads.
///
/// - Parameters:
///   - matrix: the rows of all problems, one problem behind the other.
///   - targets: one element for every row.
///   - rowsPerProblem: how many rows each problem has.
/// - Returns: a solution for every problem, or the reason why it has none: one bad problem does not spoil the others.
/// - Precondition: `rowsPerProblem` is positive and divides the number of rows; as many targets as rows; at least one column.
/// - Complexity: O(rows · columns²)
public func leastSquaresBatch<Element: Scalar>(
  _ matrix: Matrix<Element>, _ targets: [Element], rowsPerProblem: Int
) -> LeastSquaresBatch<Element> {
  let columns = matrix.columns
  precondition(
    rowsPerProblem > 0 && matrix.rows.isMultiple(of: rowsPerProblem),
    "\(matrix.rows) rows are no whole number of problems of \(rowsPerProblem) rows")
  precondition(columns > 0, "problems without columns")
  precondition(targets.count == matrix.rows, "\(targets.count) targets for a matrix of \(matrix.rows) rows")
  let problems = matrix.rows / rowsPerProblem
  let isFit = rowsPerProblem >= columns && columns <= LeastSquaresBatchKernel.mostColumns
  let results =
    isFit
    ? LeastSquaresBatchKernel(
      rows: rowsPerProblem, columns: columns, tolerance: RefinementGoal(.exact, for: Element.self).tolerance
    ).solve(problems, Element._erase(matrix.elements), Element._erase(targets))
    : .none(problems: problems, columns: columns)
  var coefficients = Element._rounding(results.coefficients)
  var squares = Element._rounding(results.residualSquares)
  var bounds = results.relativeErrorBounds
  if Element.self == Float.self { for problem in bounds.indices { bounds[problem] += 0x1p-24 } }
  var failures: [Int: LeastSquaresError] = [:]
  for problem in 0..<problems where !bounds[problem].isFinite {
    let range = problem * rowsPerProblem..<(problem + 1) * rowsPerProblem
    do throws(LeastSquaresError) {
      let solution = try leastSquares(matrix[rows: range], Array(targets[range]))
      coefficients.replaceSubrange(problem * columns..<(problem + 1) * columns, with: solution.coefficients)
      squares[problem] = solution.residualSumOfSquares
      bounds[problem] = solution.certificate?.relativeErrorBound ?? .nan
    } catch {
      failures[problem] = error
      coefficients.replaceSubrange(
        problem * columns..<(problem + 1) * columns, with: repeatElement(.nan, count: columns))
      (squares[problem], bounds[problem]) = (.nan, .nan)
    }
  }
  return LeastSquaresBatch(
    coefficients: Matrix(rows: problems, columns: columns, elements: coefficients), residualSumsOfSquares: squares,
    relativeErrorBounds: bounds, failures: failures)
}
