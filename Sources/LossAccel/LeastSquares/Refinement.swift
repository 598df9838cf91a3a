/// Iterative refinement of least-squares coefficients with any good triangular factor: z ← z + R⁻¹R⁻ᵀ·Pᵀ(b − Pz), the residual and its
/// product with Pᵀ in twice the working precision, z as a double-double.
///
/// With R from Cholesky's factorisation of the Gram matrix every pass reduces the error by about κ²·2⁻⁵³, with R from QR by about κ·2⁻⁵³, so
/// that one to three passes leave less than the final rounding to Double (Å. Björck, Numerical Methods for Least Squares
/// Problems, 1996, §2.9, with the residual's precision doubled and Q left out).
struct Refinement: Sendable {
  let pass: ResidualPass
  let factor: TriangularFactor
  /// How much a pass should reduce the error by, judged from the condition.
  let expectedContraction: Double

  struct Outcome {
    var solved: SolvedTarget
    var converged: Bool
  }

  func solve(
    _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double, start: [Double]?
  ) throws(LeastSquaresError) -> Outcome {
    var z = (start ?? [Double](repeating: 0, count: factor.order)).map { DoubleDouble($0) }
    var (previous, contraction, converged) = (Double.infinity, expectedContraction, false)
    var (bound, floor, squares, steps) = (Double.infinity, 0.0, 0.0, 0)
    for step in 1...20 {
      steps = step
      let result = pass.evaluate(z, targets, target, targetScale: targetScale)
      var delta = result.gradient.map(\.value)
      guard delta.allSatisfy(\.isFinite) else { throw .outOfRange }
      try factor.solveTransposed(&delta)
      try factor.solve(&delta)
      let size = length(delta)
      // Beside rounding errors no step should be as long as half the one before it.
      if size > previous / 2 {
        converged = size <= floor
        bound = max(bound, size)
        break
      }
      for index in z.indices { z[index] = z[index] + delta[index] }
      // rss(z + δ) = rss(z) − δᵀg to first order in what is left.
      let gain = zip(delta, result.gradient).reduce(DoubleDouble(0)) { $0 + $1.1 * $1.0 }
      squares = max(0, (result.squares - gain).value)
      let reference = length(z.map(\.value))
      if step > 1 { contraction = max(contraction, size / previous) }
      if step == 1, start != nil, reference > 0 { contraction = max(contraction, min(0.5, size / reference)) }
      // What the next steps would still change, and what the passes' own rounding errors, near 2⁻¹⁰², are magnified to.
      let remaining = contraction / (1 - min(contraction, 0.9)) * size
      floor = factor.condition * factor.condition * 0x1p-102 * (result.squares.value.squareRoot() + reference)
      bound = remaining + floor
      previous = size
      converged = true
      if size == 0 || isSettled(z, bound) || remaining <= floor || size <= 0x1p-100 * reference { break }
    }
    return Outcome(
      solved: SolvedTarget(
        coefficients: pass.coefficients(z, targetScale: targetScale),
        residualSquares: squares / targetScale / targetScale,
        certificate: LeastSquaresCertificate(
          steps: steps, contraction: contraction, relativeErrorBound: relativeError(z, bound))),
      converged: converged && contraction < 0.3)
  }

  /// The length of coefficients in the metric of their columns, so that units do not matter.
  private func length(_ z: [Double]) -> Double {
    zip(z, factor.lengths).reduce(0) { max($0, abs($1.0) * $1.1) }
  }

  /// Errors of the coefficients as the user will see them, relative to each.
  private func relativeErrors(_ z: [DoubleDouble], _ bound: Double) -> [Double] {
    let errors = factor.lengths.map { $0 > 0 ? bound / $0 : 0 }
    var relative = zip(z, errors).map { $0.high == 0 ? 0 : $1 / abs($0.high) }
    if pass.system.hasIntercept {
      var constantError = errors[0]
      for column in 0..<pass.system.columns {
        constantError += errors[column + 1] * abs(pass.shift[column] * pass.scale[column])
      }
      let constant = pass.coefficients(z, targetScale: 1)[0].high
      relative[0] = constant == 0 ? 0 : constantError / abs(constant)
    }
    return relative
  }

  /// Whether no coefficient can still change by more than a sixteenth of the unit in its last place.
  private func isSettled(_ z: [DoubleDouble], _ bound: Double) -> Bool {
    relativeErrors(z, bound).allSatisfy { $0 <= 0x1p-57 }
  }

  private func relativeError(_ z: [DoubleDouble], _ bound: Double) -> Double {
    relativeErrors(z, bound).reduce(0, max) + 0x1p-53
  }
}
