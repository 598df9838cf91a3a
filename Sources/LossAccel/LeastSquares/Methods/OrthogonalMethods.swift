extension LeastSquaresMethod {
  /// Householder QR, as LAPACK's `gels`: backward stable, for columns that are independent.
  public static let qr = LeastSquaresMethod(name: "qr") { (system, targets) throws(LeastSquaresError) in
    try OrthogonalFactor(system, targets, solver: .triangular)
  }

  /// QR with column pivoting, as LAPACK's `gelsy`: the rank is read off the pivots. The pivoting is done on the triangle of an
  /// unpivoted QR, which gives the same pivots without moving the whole matrix.
  public static let pivotedQR = LeastSquaresMethod(name: "pivotedQR") { (system, targets) throws(LeastSquaresError) in
    try OrthogonalFactor(system, targets, solver: .pivoted)
  }

  /// The singular value decomposition of the triangle of a QR, as LAPACK's `gelsd`: the rank is read off the singular values of
  /// the scaled columns.
  public static let svd = LeastSquaresMethod(name: "svd") { (system, targets) throws(LeastSquaresError) in
    try OrthogonalFactor(system, targets, solver: .singularValues)
  }
}

/// A Householder QR of the packed rows (and of the penalty's rows below them), and a solver for its triangle.
struct OrthogonalFactor: LeastSquaresFactor {
  enum Solver: Sendable { case triangular, pivoted, singularValues }

  let report: LeastSquaresReport
  let geometry: CoefficientGeometry?
  private let packed: PackedRows
  private let height: Int
  private let reflectors: [Double]
  private let tau: [Double]
  private let triangle: TriangleSolver

  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?, solver: Solver) throws(LeastSquaresError) {
    let order = system.unknowns
    packed = try PackedRows(scaling: system)
    height = system.rows + (system.ridge > 0 ? system.columns : 0)
    var reflectors = try packed.withPenaltyRows()
    let rows = height
    tau = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.qr(rows: rows, columns: order, &reflectors)
    }
    self.reflectors = reflectors
    let factor = try TriangularFactor(order: order, TallSkinnyQR.triangle(reflectors, rows: rows, order: order))
    triangle = try TriangleSolver(factor, solver, packed)
    report = LeastSquaresReport(method: triangle.name, rank: order, condition: triangle.condition)
    geometry = CoefficientGeometry(factor: factor, packed: packed)
  }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    let scales = try PackedRows(sampling: packed.system, targets).exactTargetScales()
    var columns = packed.columnMajor(targets, scales: scales, height: height)
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.applyQ(
        transposed: true, rows: height, columns: targets.count, reflectors: reflectors, tau: tau, to: &columns)
    }
    let pass = ResidualPass(packed)
    var solved: [SolvedTarget] = []
    for target in 0..<targets.count {
      let z = try triangle.solve(Array(columns[target * height..<target * height + tau.count]))
      solved.append(pass.solved(z, targets, target, targetScale: scales[target]))
    }
    return solved
  }
}

/// Rz = c for a triangle of full rank, in one of three ways that differ in how the rank is decided.
private struct TriangleSolver: Sendable {
  private enum Kind {
    case triangular
    case pivoted(reflectors: [Double], tau: [Double], triangle: TriangularFactor, order: [Int])
    case singularValues(u: [Double], s: [Double], vt: [Double])
  }

  let name: String
  let condition: Double
  private let factor: TriangularFactor
  private let kind: Kind

  init(
    _ factor: TriangularFactor, _ solver: OrthogonalFactor.Solver, _ packed: PackedRows
  ) throws(LeastSquaresError) {
    let order = factor.order
    let limit = TriangularFactor.conditionLimit(order: order)
    self.factor = factor
    switch solver {
    case .triangular:
      (name, condition, kind) = ("QR", factor.condition, .triangular)
    case .pivoted:
      var reflectors = factor.elements
      let (tau, columns) = try withLinearAlgebra { () throws(LinearAlgebraError) in
        try LAPACK.pivotedQR(rows: order, columns: order, &reflectors)
      }
      let triangle = try TriangularFactor(
        order: order, TallSkinnyQR.triangle(reflectors, rows: order, order: order))
      (name, condition) = ("pivoted QR", triangle.condition)
      kind = .pivoted(reflectors: reflectors, tau: tau, triangle: triangle, order: columns)
    case .singularValues:
      let found = try withLinearAlgebra { () throws(LinearAlgebraError) in
        try LAPACK.singularValues(rows: order, columns: order, factor.elements)
      }
      guard let (u, s, vt) = found else { throw .singularValuesNotConverged }
      (name, condition) = ("SVD", s[order - 1] > 0 ? s[0] / s[order - 1] : .infinity)
      kind = .singularValues(u: u, s: s, vt: vt)
    }
    try RankDecision.check(factor, packed)
    // What the pivots or singular values show, the columns in their order may hide.
    if !(condition <= limit * Double(order)) { try RankDecision.refuseLastPivot(factor, packed) }
  }

  func solve(_ target: [Double]) throws(LeastSquaresError) -> [Double] {
    var c = target
    let order = factor.order
    switch kind {
    case .triangular:
      try factor.solve(&c)
      return c
    case .pivoted(let reflectors, let tau, let triangle, let columns):
      try withLinearAlgebra { () throws(LinearAlgebraError) in
        try LAPACK.applyQ(transposed: true, rows: order, columns: 1, reflectors: reflectors, tau: tau, to: &c)
      }
      try triangle.solve(&c)
      var z = c
      for (position, column) in columns.enumerated() { z[column] = c[position] }
      return z
    case .singularValues(let u, let s, let vt):
      let shares = (0..<order).map { k in (0..<order).reduce(0) { $0 + u[k * order + $1] * c[$1] } / s[k] }
      return (0..<order).map { column in (0..<order).reduce(0) { $0 + vt[column * order + $1] * shares[$1] } }
    }
  }
}
