/// The x that minimises Σ wᵢ(bᵢ − Σⱼ aᵢⱼxⱼ)² + ridge·Σ fⱼxⱼ².
///
/// ```swift
/// let solution = try leastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
/// solution.coefficients  // [1, 2]
/// ```
///
/// - Parameters:
///   - matrix: A, one row for every sample. No column of ones is added; ``LinearRegression`` does that.
///   - targets: b, one element for every row.
///   - method: how to solve; ``LeastSquaresMethod/automatic`` is as accurate as any and faster than most.
///   - weights: w, not negative; all ones if nil. A whole number means that many copies of a row; zero takes the row out, even
///     if it holds values that are not finite.
///   - ridge: λ ≥ 0, in the units of the squared residuals divided by those of the squared coefficients. Every coefficient is penalised.
///   - penaltyFactors: f, not negative, one for every column; all ones if nil. A column of factor 0 is not penalised; with a ridge of 1 the
///     factors are the penalties themselves.
///   - whenRankDeficient: what to do where columns depend on others. By default that is an error that names them; nothing
///     is ever left out in silence. With fewer rows than columns and independent rows, the solution of minimum norm is
///     returned, and the report says so.
///   - accuracy: how far the automatic method refines: to the last bit, or once in the working precision. The other methods do not refine.
/// - Returns: coefficients, residual norm, and a report with the way taken, the rank and the condition. Data in Float are
///   computed with in Double, where their products are exact, and rounded once.
/// - Throws: ``LeastSquaresError`` for dependent columns, empty input, values that are not finite (with row and column).
/// - Precondition: as many targets, and weights, as rows; as many penalty factors as columns.
/// - Complexity: O(rows · columns²)
public func leastSquares<Element: Scalar>(
  _ matrix: Matrix<Element>, _ targets: [Element], method: LeastSquaresMethod = .automatic,
  weights: [Element]? = nil, ridge: Element = 0, penaltyFactors: [Element]? = nil,
  whenRankDeficient: RankDeficiency = .error, accuracy: LeastSquaresAccuracy = .exact
) throws(LeastSquaresError) -> LeastSquaresSolution<Element> {
  var system = try LeastSquaresSystem(
    matrix, weights: weights, ridge: ridge, penaltyFactors: penaltyFactors, whenRankDeficient: whenRankDeficient,
    accuracy: RefinementGoal(accuracy, for: Element.self))
  system.factorMayBeCoarse = true
  let targets = system.targets(targets, count: 1)
  let factor = try method.factorFollowingPolicy(system, targets)
  return LeastSquaresSolution(try factor.solve(targets, expected: true)[0], factor.report)
}

/// The X that minimises the same for every column of a matrix of right-hand sides; the matrix is factored once.
///
/// The arguments, errors and conventions are those of ``leastSquares(_:_:method:weights:ridge:penaltyFactors:whenRankDeficient:accuracy:)->LeastSquaresSolution<Element>``.
///
/// - Complexity: O(rows · columns · (columns + right-hand sides))
public func leastSquares<Element: Scalar>(
  _ matrix: Matrix<Element>, _ targets: Matrix<Element>, method: LeastSquaresMethod = .automatic,
  weights: [Element]? = nil, ridge: Element = 0, penaltyFactors: [Element]? = nil,
  whenRankDeficient: RankDeficiency = .error, accuracy: LeastSquaresAccuracy = .exact
) throws(LeastSquaresError) -> LeastSquaresSolutions<Element> {
  var system = try LeastSquaresSystem(
    matrix, weights: weights, ridge: ridge, penaltyFactors: penaltyFactors, whenRankDeficient: whenRankDeficient,
    accuracy: RefinementGoal(accuracy, for: Element.self))
  system.factorMayBeCoarse = true
  let rightHandSides = system.targets(targets.elements, count: targets.columns)
  let factor = try method.factorFollowingPolicy(system, rightHandSides)
  let solved = try factor.solve(rightHandSides, expected: true)
  return LeastSquaresSolutions(solved, columns: matrix.columns, factor.report)
}
