/// The coefficients of smallest norm for fewer rows than columns and independent rows: x = Aᵀy with AAᵀy = b.
///
/// The columns of Aᵀ are factored as any tall matrix is; then y ← y + R⁻¹R⁻ᵀ(b − A(Aᵀy)), the products in twice the working precision, until
/// x = Aᵀy no longer changes. Weights play no part, since every row is fitted exactly.
struct ShortestSolution: Sendable {
  private let factor: TriangularFactor
  private let pass: ResidualPass
  /// How much a pass should reduce the error by.
  private let contraction: Double

  /// The estimated condition of the rows, scaled.
  var condition: Double { factor.condition }

  /// Throws ``LeastSquaresError/rankDeficient(rank:columns:dependent:)`` where rows depend on others.
  init(_ system: LeastSquaresSystem) throws(LeastSquaresError) {
    let (rows, columns) = (system.rows, system.columns)
    let transposed: LeastSquaresSystem
    switch system.matrix {
    case .single(let elements):
      transposed = try LeastSquaresSystem(Matrix(rows: rows, columns: columns, elements: elements).transposed())
    case .double(let elements):
      transposed = try LeastSquaresSystem(Matrix(rows: rows, columns: columns, elements: elements).transposed())
    }
    let automatic = try AutomaticFactor(transposed, nil)
    (factor, pass) = (automatic.factor, ResidualPass(automatic.packed))
    contraction = automatic.expectedContraction
  }

  /// x and what refinement showed; nil where refinement does not converge.
  func solve(_ targets: [Double]) throws(LeastSquaresError) -> SolvedTarget? {
    let system = pass.system
    let zeros = LeastSquaresTargets(elements: system.matrix.zeros(count: system.rows), count: 1)
    let targetScale = PowerOfTwo.reciprocal(of: targets.reduce(0) { max($0, abs($1)) })
    let scaled = zip(targets, pass.scale).map { LongSum(DoubleDouble($0 * targetScale * $1)) }
    var z = [DoubleDouble](repeating: DoubleDouble(0), count: factor.order)
    var (previous, rate, steps) = (Double.infinity, contraction, 0)
    while steps < 12 {
      steps += 1
      var delta = pass.evaluate(z, zeros, 0, targetScale: 1, adding: scaled).gradient
      guard delta.allSatisfy(\.isFinite) else { throw .outOfRange }
      try factor.solveTransposed(&delta)
      let size = delta.reduce(0) { $0 + $1 * $1 }.squareRoot()
      try factor.solve(&delta)
      guard size <= previous / 2 else { return nil }
      if steps > 1 { rate = max(contraction, size / previous) }
      for index in z.indices { z[index] = z[index] + delta[index] }
      previous = size
      let length = factor.length(of: z.map(\.high))
      // An error in y changes x = Aᵀy by as much as R·error is long; below that, the pass's own rounding is left.
      let bound = rate / (1 - min(rate, 0.9)) * size + 0x1p-100 * factor.condition * length
      guard size == 0 || bound <= 0x1p-60 * length || (steps > 2 && size <= 0x1p-90 * factor.condition * length)
      else { continue }
      return solution(z, targetScale: targetScale, bound: bound, rate: rate, steps: steps)
    }
    return nil
  }

  private func solution(
    _ z: [DoubleDouble], targetScale: Double, bound: Double, rate: Double, steps: Int
  ) -> SolvedTarget {
    let system = pass.system
    let zeros = LeastSquaresTargets(elements: system.matrix.zeros(count: system.rows), count: 1)
    // The residuals of zero targets at y are −Aᵀy.
    let x = pass.residuals(pass.coefficients(z, targetScale: 1), zeros, 0).map { -$0 }
    let error = x.reduce(0) { $1 == 0 ? $0 : max($0, bound / abs($1)) }
    return SolvedTarget(
      coefficients: x.map { DoubleDouble($0 / targetScale) }, residualSquares: 0,
      certificate: LeastSquaresCertificate(
        steps: steps, contraction: rate, relativeErrorBound: error + 0x1p-53))
  }
}
