/// As many rows as columns: the least-squares solution is that of Ax = b. Gauss's elimination takes half the time of a QR, and its factors are
/// refined as a triangle is, with residuals in twice the working precision.
///
/// Errors are measured by the largest component in units of the packed columns. With residuals that are as good as exact every pass
/// reduces them by about κ·2⁻⁵³ (N. Higham, Accuracy and Stability of Numerical Algorithms, 2002, §12.1).
struct SquareFactor: LeastSquaresFactor {
  let report: LeastSquaresReport
  /// None: without degrees of freedom there are no standard errors.
  let geometry: CoefficientGeometry? = nil
  private let packed: PackedRows
  private let lu: LAPACK.LU<Double>
  private let condition: Double

  /// Below, the Gram matrix of a few columns costs less than the calls that elimination takes.
  private static let smallestOrder = 48
  private static let mostSteps = 24

  /// nil where the system is not of this kind, or so badly conditioned that a QR has to judge its rank.
  init?(_ system: LeastSquaresSystem) throws(LeastSquaresError) {
    guard system.rows == system.columns, system.rows >= SquareFactor.smallestOrder, !system.hasIntercept,
      system.weights == nil, system.ridge == 0, system.remainders == nil, system.factorMayBeCoarse
    else { return nil }
    let order = system.columns
    packed = PackedRows(sampling: system, nil)
    var largest = [Int64](repeating: 0, count: order)
    var block = [Double](repeating: 0, count: order * order)
    packed.pack(0..<order, into: &block, stride: order, largest: &largest)
    try packed.checkFinite(largest)
    // Beyond the sample there may be elements that the sample's scales do not tame.
    let magnitudes = zip(largest, packed.scale).map { Double(bitPattern: UInt64($0)) * $1 }
    guard magnitudes.allSatisfy({ $0 > 0 && $0 < 0x1p200 }) else { return nil }
    let sums = SquareFactor.columnSums(block, order: order)
    // Row-major A is column-major Aᵀ, whose ∞-norm is the 1-norm of A.
    let found = try withLinearAlgebra { () throws(LinearAlgebraError) -> (LAPACK.LU<Double>, Double)? in
      guard let lu = try LAPACK.LU(order: order, taking: &block) else { return nil }
      return (lu, try lu.conditionEstimate(norm: sums.max() ?? 0))
    }
    guard let (lu, condition) = found, condition <= TriangularFactor.conditionLimit(order: order) / 16 else {
      return nil
    }
    (self.lu, self.condition) = (lu, condition)
    report = LeastSquaresReport(method: "LU", rank: order, condition: condition)
  }

  /// The sum of the magnitudes of every column.
  private static func columnSums(_ rowMajor: [Double], order: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: order)
    let source = rowMajor.span
    var target = sums.mutableSpan
    for row in 0..<order {
      for column in 0..<order { target[column] += abs(source[row * order + column]) }
    }
    return sums
  }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    let scales = try PackedRows(sampling: packed.system, targets).exactTargetScales()
    var solved: [SolvedTarget] = []
    for (target, scale) in scales.enumerated() {
      guard let solution = try refined(targets, target, targetScale: scale) else {
        // The estimate of the condition was too good.
        return try AutomaticFactor(packed.system, targets).solve(targets, expected: true)
      }
      solved.append(solution)
    }
    return solved
  }

  /// The solution for one right-hand side; nil where refinement does not converge.
  private func refined(
    _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double
  ) throws(LeastSquaresError) -> SolvedTarget? {
    let (pass, goal) = (ResidualPass(packed), packed.system.accuracy)
    let expected = min(0.25, 4 * condition * Double.ulpOfOne)
    var z = [DoubleDouble](repeating: DoubleDouble(0), count: packed.system.columns)
    var (previous, contraction) = (Double.infinity, expected)
    for step in 1...SquareFactor.mostSteps {
      var delta = pass.residuals(
        slopes: z, constant: DoubleDouble(0), targets, target, targetScale: targetScale)
      try withLinearAlgebra { () throws(LinearAlgebraError) in try lu.solve(&delta, transposed: true) }
      guard delta.allSatisfy(\.isFinite) else { throw .outOfRange }
      let size = delta.reduce(0) { max($0, abs($1)) }
      guard size <= previous / 2 else { return nil }
      // The first step comes from zero: it says nothing about how errors shrink.
      if step > 1 { contraction = max(expected, size / previous) }
      for index in z.indices { z[index] = z[index] + delta[index] }
      previous = size
      let floor = 0x1p-102 * condition * z.reduce(0) { max($0, abs($1.high)) }
      let bound = contraction / (1 - contraction) * size + floor
      let error = z.reduce(0) { $1.high == 0 ? $0 : max($0, bound / abs($1.high)) }
      let isSettled = error <= goal.tolerance || size == 0 || contraction * size <= floor
      guard isSettled || (goal == .onePass && step > 1) else { continue }
      return SolvedTarget(
        coefficients: pass.coefficients(z, targetScale: targetScale), residualSquares: 0,
        certificate: LeastSquaresCertificate(
          steps: step, contraction: contraction, relativeErrorBound: error + 0x1p-53))
    }
    return nil
  }
}
