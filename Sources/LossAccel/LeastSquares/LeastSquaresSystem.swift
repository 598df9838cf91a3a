/// The left-hand side of a least-squares problem, checked and ready for a method to factor: A, weights, penalty, policy.
///
/// Rows of weight zero are gone. Elements are kept as they were given, in Float or Double; every method computes in Double.
/// With `hasIntercept` a column of ones, never penalised, stands before the columns of A; coefficient 0 is then the intercept's.
package struct LeastSquaresSystem: Sendable {
  package let matrix: _ScalarArray
  package let rows: Int
  package let columns: Int
  package let hasIntercept: Bool
  package private(set) var weights: [Double]?
  package private(set) var rootWeights: [Double]?
  package private(set) var ridge: Double
  /// What every column's share of the penalty is multiplied by; nil for ones.
  let penaltyFactors: [Double]?
  package let whenRankDeficient: RankDeficiency
  /// What the automatic method is to refine to.
  let accuracy: RefinementGoal
  /// What the elements of the matrix lack of the numbers that they stand for; nil where they lack nothing. Only residuals use them: a factor
  /// of the rounded matrix serves as well.
  package private(set) var remainders: [Double]?
  /// Whether the factor serves refinement alone, so that few digits of it are enough.
  var factorMayBeCoarse = false
  /// The original row of every row, where some were taken out.
  let keptRows: [Int]?
  private let originalRows: Int

  /// The number of coefficients, with the intercept's.
  package var unknowns: Int { columns + (hasIntercept ? 1 : 0) }

  /// The penalty on the squared coefficient of A's column `column`.
  package func penalty(_ column: Int) -> Double { penaltyFactors.map { ridge * $0[column] } ?? ridge }

  /// The number of columns with a penalty.
  var penalisedColumns: Int {
    guard ridge > 0 else { return 0 }
    return penaltyFactors.map { $0.count { $0 > 0 } } ?? columns
  }

  /// The column of the factored matrix at which the columns of A begin.
  var offset: Int { hasIntercept ? 1 : 0 }

  /// The intercept is fitted beside shifted columns (which keeps accuracy where means are large), except where the norm of
  /// all coefficients, including it, is to be the smallest.
  var centers: Bool { hasIntercept && whenRankDeficient != .minimumNorm }

  package init<T: Scalar>(
    _ matrix: Matrix<T>, weights: [T]? = nil, ridge: T = 0, penaltyFactors: [T]? = nil,
    whenRankDeficient: RankDeficiency = .error, hasIntercept: Bool = false, accuracy: RefinementGoal = .double
  ) throws(LeastSquaresError) {
    guard ridge >= 0, ridge.isFinite else { throw .invalidRidge(Double(ridge)) }
    if let penaltyFactors {
      precondition(
        penaltyFactors.count == matrix.columns,
        "\(penaltyFactors.count) penalty factors for a matrix of \(matrix.columns) columns")
      if let bad = penaltyFactors.first(where: { !($0 >= 0 && (Double($0) * Double(ridge)).isFinite) }) {
        throw .invalidRidge(Double(bad) * Double(ridge))
      }
    }
    var kept: [Int]?
    if let weights {
      precondition(
        weights.count == matrix.rows, "\(weights.count) weights for a matrix of \(matrix.rows) rows")
      if let bad = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
        throw .invalidWeight(row: bad, value: Double(weights[bad]))
      }
      if weights.contains(0) { kept = weights.indices.filter { weights[$0] > 0 } }
    }
    let rows = kept?.count ?? matrix.rows
    guard rows > 0, matrix.columns > 0 || hasIntercept else { throw .empty(rows: rows, columns: matrix.columns) }
    let elements = T._erase(matrix.elements)
    self.matrix =
      kept.map { elements.selecting(rows: $0, columns: Array(0..<matrix.columns), stride: matrix.columns) }
      ?? elements
    self.weights = weights.map { weights in (kept ?? Array(weights.indices)).map { Double(weights[$0]) } }
    rootWeights = self.weights?.map { $0.squareRoot() }
    self.rows = rows
    self.columns = matrix.columns
    self.hasIntercept = hasIntercept
    self.ridge = Double(ridge)
    self.penaltyFactors = penaltyFactors.map { $0.map(Double.init) }
    self.whenRankDeficient = whenRankDeficient
    self.accuracy = accuracy
    keptRows = kept
    originalRows = matrix.rows
  }

  /// The same system with only some of its columns, and with the policy that a further deficiency is an error.
  func selecting(columns kept: [Int]) -> LeastSquaresSystem {
    LeastSquaresSystem(self, columns: kept)
  }

  /// Sets ``remainders``, one for every element of the matrix as it was given.
  package mutating func setRemainders(_ all: [Double]) {
    precondition(all.count == originalRows * columns, "\(all.count) remainders for \(originalRows) rows of \(columns)")
    guard let keptRows else {
      remainders = all
      return
    }
    remainders = keptRows.flatMap { all[$0 * columns..<($0 + 1) * columns] }
  }

  private init(_ other: LeastSquaresSystem, columns kept: [Int]) {
    remainders = other.remainders.map { all in
      (0..<other.rows).flatMap { row in kept.map { all[row * other.columns + $0] } }
    }
    matrix = other.matrix.selecting(rows: Array(0..<other.rows), columns: kept, stride: other.columns)
    (rows, columns, hasIntercept) = (other.rows, kept.count, other.hasIntercept)
    (weights, rootWeights, ridge) = (other.weights, other.rootWeights, other.ridge)
    penaltyFactors = other.penaltyFactors.map { factors in kept.map { factors[$0] } }
    (whenRankDeficient, keptRows, originalRows) = (.error, other.keptRows, other.originalRows)
    (accuracy, factorMayBeCoarse) = (other.accuracy, other.factorMayBeCoarse)
  }

  /// The same with weights and penalty times a power of four that brings the largest weight near one, and that power; nil where the weights
  /// are of a size whose products with squares stay within the range of a double anyway.
  func withModerateWeights() -> (system: LeastSquaresSystem, unit: Double)? {
    guard let weights, let largest = weights.max(), !(0x1p-200..<0x1p200 ~= largest) else { return nil }
    let half = max(-500, min(500, -Int(largest.exponent) / 2))
    let root = Double(sign: .plus, exponent: half, significand: 1)
    var moderate = self
    moderate.weights = weights.map { $0 * root * root }
    moderate.rootWeights = rootWeights?.map { $0 * root }
    moderate.ridge *= root * root
    return (moderate, root * root)
  }

  /// Right-hand sides for this system: row-major, `count` to a row.
  package func targets<T: Scalar>(_ elements: [T], count: Int) -> LeastSquaresTargets {
    precondition(
      elements.count == originalRows * count,
      "\(elements.count) right-hand side elements for \(originalRows) rows of \(count)")
    let erased = T._erase(elements)
    let elements = keptRows.map { erased.selecting(rows: $0, columns: Array(0..<count), stride: count) } ?? erased
    // The kernels want both sides in one precision.
    switch (matrix, elements) {
    case (.double, .single(let narrow)):
      return LeastSquaresTargets(elements: .double(narrow.map(Double.init)), count: count)
    default: return LeastSquaresTargets(elements: elements, count: count)
    }
  }

  /// One right-hand side, with what its elements lack of the numbers that they stand for.
  package func targets(_ elements: [Double], remainders: [Double]?) -> LeastSquaresTargets {
    var result = targets(elements, count: 1)
    result.remainders = remainders.map { all in keptRows.map { $0.map { all[$0] } } ?? all }
    return result
  }

  /// The same for right-hand sides less an offset for every row, rounded once.
  package func targets<T: Scalar>(_ elements: [T], offsets: [T]?, count: Int) -> LeastSquaresTargets {
    guard let offsets else { return targets(elements, count: count) }
    precondition(offsets.count == originalRows, "\(offsets.count) offsets for \(originalRows) rows")
    return targets(elements.indices.map { elements[$0] - offsets[$0 / max(count, 1)] }, count: count)
  }

  /// Stops unless there is one of something for every row, those of weight zero included.
  func checkCount(_ count: Int, _ what: StaticString) {
    precondition(count == originalRows, "\(count) \(what) for \(originalRows) rows")
  }

  /// The first element of `elements` that is not finite, as an original row and a column; nil if there is none.
  func firstNonFinite(_ elements: _ScalarArray, columns: Int) -> (row: Int, column: Int, value: Double)? {
    for index in 0..<rows * columns where !elements[index].isFinite {
      return (keptRows?[index / columns] ?? index / columns, index % columns, elements[index])
    }
    return nil
  }
}

/// Right-hand sides, row-major, in the order of the system's rows.
package struct LeastSquaresTargets: Sendable {
  let elements: _ScalarArray
  let count: Int
  /// As ``LeastSquaresSystem/remainders``.
  var remainders: [Double]?
}
