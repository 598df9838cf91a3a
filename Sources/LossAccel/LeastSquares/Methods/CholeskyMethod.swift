extension LeastSquaresMethod {
  /// The normal equations by Cholesky's factorisation, as they are: fast, and with errors proportional to the square of the
  /// condition, since nothing is refined. ``automatic`` costs little more.
  ///
  /// Throws ``LeastSquaresError/rankDeficient(rank:columns:dependent:)`` where the factorisation breaks down or keeps no digit.
  public static let cholesky = LeastSquaresMethod(name: "cholesky") { (system, targets) throws(LeastSquaresError) in
    try CholeskyFactor(system, targets)
  }
}

struct CholeskyFactor: LeastSquaresFactor {
  let report: LeastSquaresReport
  let geometry: CoefficientGeometry?
  private let packed: PackedRows
  private let factor: TriangularFactor

  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) throws(LeastSquaresError) {
    let order = system.unknowns
    let pass = try GramPass(system, nil)
    packed = pass.packed
    var gram = pass.gram
    for column in 0..<system.columns { gram[(column + system.offset) * (order + 1)] += packed.penalty(column) }
    let failed = try withLinearAlgebra { () throws(LinearAlgebraError) in try LAPACK.cholesky(order: order, &gram) }
    let cholesky = failed == nil ? try TriangularFactor(order: order, gram) : nil
    // κ² beyond 2⁵² leaves not one digit.
    guard let cholesky, cholesky.condition < 0x1p26 else {
      try RankDecision.check(TriangularFactor(order: order, TallSkinnyQR.factor(packed)), packed)
      throw .unsupported(
        method: "cholesky", reason: "keeps no digit of these columns, which are independent but nearly not")
    }
    factor = cholesky
    report = LeastSquaresReport(method: "Cholesky", rank: order, condition: factor.condition)
    geometry = CoefficientGeometry(factor: factor, packed: packed)
  }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    let pass = ResidualPass(packed)
    let scales = try PackedRows(sampling: packed.system, targets).exactTargetScales()
    var solved: [SolvedTarget] = []
    for target in 0..<targets.count {
      let zero = [DoubleDouble](repeating: DoubleDouble(0), count: factor.order)
      var z = pass.evaluate(zero, targets, target, targetScale: scales[target]).gradient
      try factor.solveTransposed(&z)
      try factor.solve(&z)
      solved.append(pass.solved(z, targets, target, targetScale: scales[target]))
    }
    return solved
  }
}
