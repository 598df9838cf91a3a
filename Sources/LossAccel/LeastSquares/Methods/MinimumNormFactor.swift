/// The coefficients of smallest norm among all that fit equally well, by a complete orthogonal decomposition, as LAPACK's `gelsy`:
/// A = Q·[T 0; 0 0]·Z·Πᵀ. The rank is read off the pivots of the scaled columns; the norm that is made smallest is that of the
/// coefficients in the columns' own units.
struct MinimumNormFactor: LeastSquaresFactor {
  let report: LeastSquaresReport
  let geometry: CoefficientGeometry? = nil
  private let packed: PackedRows
  private let height: Int
  private let first: (reflectors: [Double], tau: [Double])?
  private let second: (reflectors: [Double], tau: [Double])
  private let small: Int
  private let order: [Int]
  private let rank: Int
  private let trapezoid: (reflectors: [Double], tau: [Double])
  private let triangle: TriangularFactor
  /// For fewer rows than columns that are independent: the solution to the last bit.
  private var shortest: ShortestSolution?

  /// For fewer rows than columns. An intercept, or the policy to drop columns, asks for coefficients that a norm does not
  /// single out; then this throws ``LeastSquaresError/rankDeficient(rank:columns:dependent:)``.
  init(underdetermined system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) throws(LeastSquaresError) {
    if system.whenRankDeficient == .drop || system.centers { try MinimumNormFactor.throwDependent(system) }
    try self.init(system, targets)
    if system.whenRankDeficient == .error, rank < system.rows { try MinimumNormFactor.throwDependent(system) }
    if rank == system.rows, system.ridge == 0, !system.hasIntercept { shortest = try? ShortestSolution(system) }
  }

  private static func throwDependent(_ system: LeastSquaresSystem) throws(LeastSquaresError) {
    let packed = try PackedRows(scaling: system)
    var matrix = try packed.withPenaltyRows()
    let (rows, order) = (matrix.count / system.unknowns, system.unknowns)
    _ = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.qr(rows: rows, columns: order, &matrix)
    }
    try RankDecision.check(
      TriangularFactor(order: order, TallSkinnyQR.triangle(matrix, rows: rows, order: order)), packed)
  }

  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) throws(LeastSquaresError) {
    var packed = try PackedRows(scaling: system)
    var matrix = try packed.withPenaltyRows()
    let unknowns = system.unknowns
    height = matrix.count / unknowns
    small = min(height, unknowns)
    // A tall matrix is reduced to its triangle first: pivoting is then cheap.
    if height > unknowns {
      let rows = height
      let tau = try withLinearAlgebra { () throws(LinearAlgebraError) in
        try LAPACK.qr(rows: rows, columns: unknowns, &matrix)
      }
      first = (matrix, tau)
      matrix = TallSkinnyQR.triangle(matrix, rows: height, order: unknowns)
    } else {
      first = nil
    }
    packed.rescaleToUnitColumns(&matrix, rows: small)
    let rows = small
    let pivoted = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.pivotedQR(rows: rows, columns: unknowns, &matrix)
    }
    second = (matrix, pivoted.tau)
    order = pivoted.order
    let limit = TriangularFactor.conditionLimit(order: unknowns)
    let leading = abs(matrix[0])
    rank = (0..<small).prefix { abs(matrix[$0 * rows + $0]) * limit > leading }.count
    guard rank > 0 else { throw .empty(rows: system.rows, columns: 0) }

    // The first rows of the triangle, in the columns' own units again, times an orthogonal Z from the right.
    let kept = rank
    var square = [Double](repeating: 0, count: kept * kept)
    var wide = [Double](repeating: 0, count: kept * unknowns)
    for (position, column) in pivoted.order.enumerated() {
      let scale = column < system.offset ? 1 : packed.scale[column - system.offset]
      for row in 0...min(position, kept - 1) {
        wide[position * kept + row] = matrix[position * small + row] / scale
        if position < kept { square[position * kept + row] = matrix[position * small + row] }
      }
    }
    let tau = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.completeOrthogonal(rows: kept, columns: unknowns, &wide)
    }
    trapezoid = (wide, tau)
    triangle = try TriangularFactor(order: kept, TallSkinnyQR.triangle(wide, rows: kept, order: kept))
    self.packed = packed
    report = LeastSquaresReport(
      method: "complete orthogonal decomposition", rank: kept,
      condition: try TriangularFactor(order: kept, square).condition, isMinimumNorm: kept < unknowns)
  }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    let scales = try PackedRows(sampling: packed.system, targets).exactTargetScales()
    let columns = packed.columnMajor(targets, scales: scales, height: height)
    let pass = ResidualPass(packed)
    var solved: [SolvedTarget] = []
    for target in 0..<targets.count {
      if let shortest {
        let column = (0..<packed.system.rows).map { targets.elements[$0 * targets.count + target] }
        if let refined = try shortest.solve(column) {
          solved.append(refined)
          continue
        }
      }
      let x = try solve(Array(columns[target * height..<(target + 1) * height]))
      let z = x.enumerated().map { index, value in
        index < packed.system.offset ? value : value / packed.scale[index - packed.system.offset]
      }
      solved.append(pass.solved(z, targets, target, targetScale: scales[target]))
    }
    return solved
  }

  private func solve(_ target: [Double]) throws(LeastSquaresError) -> [Double] {
    let unknowns = packed.system.unknowns
    var c = target
    if let first {
      try withLinearAlgebra { () throws(LinearAlgebraError) in
        try LAPACK.applyQ(
          transposed: true, rows: height, columns: 1, reflectors: first.reflectors, tau: first.tau, to: &c)
      }
      c = Array(c[..<small])
    }
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.applyQ(
        transposed: true, rows: small, columns: 1, reflectors: second.reflectors, tau: second.tau, to: &c)
    }
    c = Array(c[..<rank])
    try triangle.solve(&c)
    var x = c + [Double](repeating: 0, count: unknowns - rank)
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.applyZTransposed(
        order: unknowns, columns: 1, rank: rank, reflectors: trapezoid.reflectors, tau: trapezoid.tau, to: &x)
    }
    var result = x
    for (position, column) in order.enumerated() { result[column] = x[position] }
    return result
  }
}
