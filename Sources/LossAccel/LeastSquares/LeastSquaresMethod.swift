/// A way to solve a linear least-squares problem, as a value: `.automatic`, `.cholesky`, `.qr`, `.pivotedQR`, `.svd` or `.constrained(…)`.
///
/// A method factors the left-hand side once; the factor then solves for any number of right-hand sides. All compute in Double,
/// whatever the precision of the data, on columns scaled by powers of two. A new method is one file: an extension with a
/// static member and its `LeastSquaresFactor`.
public struct LeastSquaresMethod: Sendable, CustomStringConvertible {
  /// The name, as in code and on the command line.
  public let name: String

  /// Whether the method wants at least as many rows (and penalties) as unknowns.
  let needsTallSystem: Bool

  /// Factors a system of full column rank, or throws
  /// ``LeastSquaresError/rankDeficient(rank:columns:dependent:)``. The right-hand sides are those that will probably be solved for first.
  let factor: @Sendable (LeastSquaresSystem, LeastSquaresTargets?) throws(LeastSquaresError) -> any LeastSquaresFactor

  init(
    name: String, needsTallSystem: Bool = true,
    factor:
      @escaping @Sendable (LeastSquaresSystem, LeastSquaresTargets?) throws(LeastSquaresError)
      -> any LeastSquaresFactor
  ) {
    self.name = name
    self.needsTallSystem = needsTallSystem
    self.factor = factor
  }

  /// The name.
  public var description: String { name }

  /// Factors any system: what the method itself cannot, the policy for rank deficiency decides.
  func factorFollowingPolicy(
    _ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?
  ) throws(LeastSquaresError) -> any LeastSquaresFactor {
    if let (moderate, unit) = system.withModerateWeights() {
      return RescaledWeightsFactor(inner: try factorFollowingPolicy(moderate, targets), unit: unit)
    }
    let available = system.rows + system.penalisedColumns
    do {
      if needsTallSystem, available < system.unknowns { return try MinimumNormFactor(underdetermined: system, targets) }
      return try factor(system, targets)
    } catch {
      guard case .rankDeficient(let rank, _, let dependent) = error else { throw error }
      switch system.whenRankDeficient {
      case .error: throw error
      case .minimumNorm: return try MinimumNormFactor(system, targets)
      case .drop:
        let dropped = Set(dependent.map(\.column))
        let kept = (0..<system.columns).filter { !dropped.contains($0) }
        precondition(!dropped.isEmpty, "a matrix of rank \(rank) has columns to drop")
        guard !kept.isEmpty || system.hasIntercept else { throw .empty(rows: system.rows, columns: 0) }
        let inner = try factorFollowingPolicy(system.selecting(columns: kept), targets)
        return DroppedColumnsFactor(
          inner: inner, kept: kept, columns: system.columns, offset: system.offset, dropped: dependent)
      }
    }
  }
}

/// A factor of some columns, as one of all: the coefficients of the others are zero.
struct DroppedColumnsFactor: LeastSquaresFactor {
  let inner: any LeastSquaresFactor
  let kept: [Int]
  let columns: Int
  let offset: Int
  let dropped: [DependentColumn]

  var report: LeastSquaresReport {
    var report = inner.report
    report.droppedColumns = dropped
    return report
  }

  /// Of the kept columns alone.
  var geometry: CoefficientGeometry? { inner.geometry }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    try inner.solve(targets, expected: expected).map { solved in
      var all = [DoubleDouble](repeating: DoubleDouble(0), count: columns + offset)
      if offset == 1 { all[0] = solved.coefficients[0] }
      for (index, column) in kept.enumerated() { all[column + offset] = solved.coefficients[index + offset] }
      var solved = solved
      solved.coefficients = all
      return solved
    }
  }
}

/// The factor of a system whose weights and penalty were multiplied by a power of two, as that of the original.
struct RescaledWeightsFactor: LeastSquaresFactor {
  let inner: any LeastSquaresFactor
  let unit: Double

  var report: LeastSquaresReport { inner.report }

  /// None: what it would be made of is beyond the range of squares.
  var geometry: CoefficientGeometry? { nil }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    try inner.solve(targets, expected: expected).map { solved in
      var solved = solved
      solved.residualSquares /= unit
      return solved
    }
  }
}
