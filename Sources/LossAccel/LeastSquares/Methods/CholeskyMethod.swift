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
  /// The coefficients for the expected right-hand sides.
  private let solutions: [[Double]]

  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) throws(LeastSquaresError) {
    let order = system.unknowns
    let pass = try GramPass(system, targets)
    packed = pass.packed
    var gram = pass.penalisedGram
    let failed = try withLinearAlgebra { () throws(LinearAlgebraError) in try LAPACK.cholesky(order: order, &gram) }
    let cholesky = failed == nil ? try TriangularFactor(order: order, gram) : nil
    // κ² beyond 2⁵² leaves not one digit.
    guard let cholesky, cholesky.condition < 0x1p26 else {
      try RankDecision.check(TriangularFactor(order: order, TallSkinnyQR.factor(packed)), packed)
      throw .unsupported(
        method: "cholesky", reason: "keeps no digit of these columns, which are independent but nearly not")
    }
    factor = cholesky
    solutions = try pass.solutions(with: cholesky)
    report = LeastSquaresReport(method: "Cholesky", rank: order, condition: factor.condition)
    geometry = CoefficientGeometry(factor: factor, packed: packed)
  }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    let pass = ResidualPass(packed)
    let known = expected && !solutions.isEmpty
    let scales = known ? packed.targetScale : try PackedRows(sampling: packed.system, targets).exactTargetScales()
    var solved: [SolvedTarget] = []
    for target in 0..<targets.count {
      let z = known ? solutions[target] : try normalEquations(targets, target, targetScale: scales[target])
      solved.append(pass.solved(z, targets, target, targetScale: scales[target]))
    }
    return solved
  }

  private func normalEquations(
    _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double
  ) throws(LeastSquaresError) -> [Double] {
    // At zero the gradient is AᵀWb.
    let zero = [DoubleDouble](repeating: DoubleDouble(0), count: factor.order)
    var z = ResidualPass(packed).evaluate(zero, targets, target, targetScale: targetScale).gradient
    try factor.solveTransposed(&z)
    try factor.solve(&z)
    return z
  }
}
