extension LeastSquaresMethod {
  /// Minimises ‖Ax − b‖ subject to Cx = d, by LAPACK's `gglse` (a generalised RQ factorisation), and refines the coefficients until they
  /// meet both in twice the working precision; the certificate tells how far that went.
  ///
  /// `equalities` is C, one row for each constraint and one column for each column of A; `values` is d. Its rows must be
  /// independent, and A and C together must determine x; otherwise ``LeastSquaresError`` says which condition fails. With weights and a
  /// ridge penalty the objective is theirs; the constraints hold up to the rounding of the coefficients. Every right-hand side costs a factorisation.
  ///
  /// ```swift
  /// // Shares that add up to one.
  /// try leastSquares(prices, index, method: .constrained(equalities: [[1, 1, 1]], values: [1]))
  /// ```
  public static func constrained<T: Scalar>(equalities: Matrix<T>, values: [T]) -> LeastSquaresMethod {
    precondition(
      values.count == equalities.rows, "\(values.count) values for \(equalities.rows) equality constraints")
    let (matrix, values) = (Matrix<Double>(equalities), values.map(Double.init))
    return LeastSquaresMethod(name: "constrained", needsTallSystem: false) { (system, _) throws(LeastSquaresError) in
      try ConstrainedFactor(system, matrix, values)
    }
  }
}

struct ConstrainedFactor: LeastSquaresFactor {
  let report: LeastSquaresReport
  let geometry: CoefficientGeometry? = nil
  private let packed: PackedRows
  private let matrix: [Double]
  private let height: Int
  /// The constraints on the packed columns, column-major, every row scaled.
  private let constraints: [Double]
  private let values: [Double]
  private let refinement: ConstrainedRefinement

  init(_ system: LeastSquaresSystem, _ equalities: Matrix<Double>, _ values: [Double]) throws(LeastSquaresError) {
    precondition(
      equalities.columns == system.columns,
      "constraints on \(equalities.columns) coefficients for a matrix of \(system.columns) columns")
    let (count, order) = (equalities.rows, system.unknowns)
    let elements = equalities.elements
    guard count <= system.columns, (elements + values).allSatisfy(\.isFinite) else {
      throw .invalidConstraints(rows: count, columns: system.columns)
    }
    let packed = try PackedRows(scaling: system)
    self.packed = packed
    matrix = try packed.withPenaltyRows()
    height = matrix.count / order
    var (scaled, targets) = ([Double](repeating: 0, count: count * order), values)
    for row in 0..<count {
      let terms = (0..<system.columns).map { elements[row * system.columns + $0] * packed.scale[$0] }
      let scale = PowerOfTwo.reciprocal(of: terms.reduce(0) { max($0, abs($1)) })
      for column in 0..<system.columns { scaled[(column + system.offset) * count + row] = terms[column] * scale }
      targets[row] *= scale
    }
    (constraints, self.values) = (scaled, targets)
    try ConstrainedFactor.checkIndependent(scaled, count: count, order: order)
    guard height + count >= order else {
      throw .rankDeficient(rank: height + count, columns: order, dependent: [])
    }
    refinement = try ConstrainedRefinement(matrix, height: height, constraints: scaled, count: count, order: order)
    guard refinement.condition <= TriangularFactor.conditionLimit(order: order) else {
      throw .rankDeficient(rank: order - 1, columns: order, dependent: [])
    }
    report = LeastSquaresReport(method: "generalised RQ", rank: order, condition: refinement.condition)
  }

  private static func checkIndependent(_ constraints: [Double], count: Int, order: Int) throws(LeastSquaresError) {
    guard count > 0 else { return }
    var transposed = TallSkinnyQR.transposed(constraints, rows: order, stride: count, columns: 0..<count)
    _ = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.qr(rows: order, columns: count, &transposed)
    }
    let factor = try TriangularFactor(order: count, TallSkinnyQR.triangle(transposed, rows: order, order: count))
    let limit = TriangularFactor.conditionLimit(order: count)
    let analysis = RankAnalysis(
      order: count, factor.elements, lengths: factor.lengths, conditionLimit: limit)
    guard analysis.dropped.isEmpty else { throw .dependentConstraints(rows: analysis.dropped.map(\.column)) }
  }

  private static func solve(
    _ a: inout [Double], _ b: inout [Double], height: Int, order: Int, count: Int, _ target: [Double],
    _ values: [Double]
  ) throws(LeastSquaresError) -> [Double] {
    let result = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.constrainedLeastSquares(
        rows: height, columns: order, constraints: count, &a, &b, target: target, constraintTarget: values)
    }
    switch result {
    case .success(let x): return x
    case .failure(.constraintsDependent): throw .dependentConstraints(rows: Array(0..<count))
    case .failure(.matrixDeficient): throw .rankDeficient(rank: order - 1, columns: order, dependent: [])
    }
  }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    let scales = try PackedRows(sampling: packed.system, targets).exactTargetScales()
    let columns = packed.columnMajor(targets, scales: scales, height: height)
    let pass = ResidualPass(packed)
    var solved: [SolvedTarget] = []
    for target in 0..<targets.count {
      var (a, b) = (matrix, constraints)
      let z = try ConstrainedFactor.solve(
        &a, &b, height: height, order: packed.system.unknowns, count: values.count,
        Array(columns[target * height..<(target + 1) * height]), values.map { $0 * scales[target] })
      solved.append(
        try refinement.refine(
          z, pass, targets, target, targetScale: scales[target], values: values.map { $0 * scales[target] }))
    }
    return solved
  }
}
