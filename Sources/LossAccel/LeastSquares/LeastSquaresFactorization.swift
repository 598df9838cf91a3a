/// A matrix, factored once, to solve least-squares problems with any number of right-hand sides.
///
/// ```swift
/// let factored = try LeastSquaresFactorization(design)
/// let first = try factored.solve(january)
/// let second = try factored.solve(february)
/// ```
public struct LeastSquaresFactorization<Element: Scalar>: Sendable {
  /// The way that was taken, rank, condition, dropped columns.
  public var report: LeastSquaresReport { factor.report }

  private let system: LeastSquaresSystem
  private let factor: any LeastSquaresFactor

  /// Factors a matrix. See ``leastSquares(_:_:method:weights:ridge:penaltyFactors:whenRankDeficient:accuracy:)->LeastSquaresSolution<Element>`` for the arguments.
  ///
  /// - Throws: ``LeastSquaresError``
  public init(
    _ matrix: Matrix<Element>, method: LeastSquaresMethod = .automatic, weights: [Element]? = nil, ridge: Element = 0,
    penaltyFactors: [Element]? = nil, whenRankDeficient: RankDeficiency = .error,
    accuracy: LeastSquaresAccuracy = .exact
  ) throws(LeastSquaresError) {
    var system = try LeastSquaresSystem(
      matrix, weights: weights, ridge: ridge, penaltyFactors: penaltyFactors, whenRankDeficient: whenRankDeficient,
      accuracy: RefinementGoal(accuracy, for: Element.self))
    system.factorMayBeCoarse = true
    self.system = system
    factor = try method.factorFollowingPolicy(system, nil)
  }

  /// The solution for one right-hand side, an element for every row.
  ///
  /// - Throws: ``LeastSquaresError``, where an element is not finite.
  /// - Complexity: O(rows · columns)
  public func solve(_ targets: [Element]) throws(LeastSquaresError) -> LeastSquaresSolution<Element> {
    LeastSquaresSolution(try factor.solve(system.targets(targets, count: 1), expected: false)[0], report)
  }

  /// The solutions for several right-hand sides, the columns of a matrix.
  ///
  /// - Throws: ``LeastSquaresError``, where an element is not finite.
  /// - Complexity: O(rows · columns · right-hand sides)
  public func solve(_ targets: Matrix<Element>) throws(LeastSquaresError) -> LeastSquaresSolutions<Element> {
    let solved = try factor.solve(system.targets(targets.elements, count: targets.columns), expected: false)
    return LeastSquaresSolutions(solved, columns: system.columns, report)
  }
}
