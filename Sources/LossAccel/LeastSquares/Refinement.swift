/// Iterative refinement of least-squares coefficients with any good triangular factor: z ← z + R⁻¹R⁻ᵀ·Pᵀ(b − Pz), the residual and its
/// product with Pᵀ in twice the working precision (or three times, where that is not enough), z as a double-double.
///
/// Errors are measured by the length of R·error, which is about that of their effect on the fitted values. With R from Cholesky's
/// factorisation of the Gram matrix every pass reduces it by about κ²·2⁻⁵³, with R from QR by about κ·2⁻⁵³, so that one to three
/// passes leave less than the final rounding to Double (Å. Björck, Numerical Methods for Least Squares Problems, 1996,
/// §2.9, with the residual's precision doubled and Q left out).
struct Refinement: Sendable {
  let pass: ResidualPass
  let factor: TriangularFactor
  /// How much a pass should reduce the error by, judged from the condition.
  let expectedContraction: Double
  /// How much an error of length one, in R's metric, can change each coefficient by; and the constant.
  private let sensitivities: [Double]
  private let constantSensitivity: Double
  /// How much rounding errors of the gradient, relative to the residual, are magnified in R's metric.
  private let gradientMagnification: Double

  /// A unit in the last place of the passes: two words, with a margin for the additions that a sum takes.
  private static let passRounding = 0x1p-102

  init(pass: ResidualPass, factor: TriangularFactor, expectedContraction: Double) throws(LeastSquaresError) {
    self.pass = pass
    self.factor = factor
    self.expectedContraction = expectedContraction
    sensitivities = try factor.sensitivities()
    gradientMagnification = zip(sensitivities, factor.lengths).reduce(0) { $0 + $1.0 * $1.1 }
    if pass.system.centers {
      var functional = [1] + (0..<pass.system.columns).map { -pass.shift[$0] * pass.scale[$0] }
      try factor.solveTransposed(&functional)
      constantSensitivity = functional.reduce(0) { $0 + $1 * $1 }.squareRoot()
    } else {
      constantSensitivity = pass.system.hasIntercept ? sensitivities[0] : 0
    }
  }

  struct Outcome {
    var solved: SolvedTarget
    var converged: Bool
  }

  func solve(
    _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double, start: [Double]?
  ) throws(LeastSquaresError) -> Outcome {
    var z = (start ?? [Double](repeating: 0, count: factor.order)).map { DoubleDouble($0) }
    var (previous, contraction, bound) = (Double.infinity, expectedContraction, Double.infinity)
    var (floor, squares, steps) = (0.0, 0.0, 0)
    var (converged, deep) = (false, false)
    for step in 1...20 {
      steps = step
      let result = pass.evaluate(z, targets, target, targetScale: targetScale, deep: deep)
      var delta = result.gradient
      guard delta.allSatisfy(\.isFinite) else { throw .outOfRange }
      try factor.solveTransposed(&delta)
      let size = delta.reduce(0) { $0 + $1 * $1 }.squareRoot()
      try factor.solve(&delta)
      // Beside rounding errors no step should be as long as half the one before it.
      if size > previous / 2 {
        converged = size <= 4 * floor
        bound = max(bound, 2 * size)
        break
      }
      if step > 1 {
        contraction = max(expectedContraction, size / previous)
      } else if start != nil {
        let reference = factor.length(of: z.map(\.high))
        contraction = max(expectedContraction, reference > 0 ? min(0.5, size / reference) : 0)
      }
      for index in z.indices { z[index] = z[index] + delta[index] }
      // ‖b − P(z + δ)‖² = ‖b − Pz‖² − δᵀg, up to what is left of the error.
      squares = max(0, result.squares - zip(delta, result.gradient).reduce(0) { $0 + $1.0 * $1.1 })
      (previous, converged) = (size, true)
      let remaining = contraction / (1 - min(contraction, 0.9)) * size
      floor = self.floor(z, residual: result.squares.squareRoot(), deep: deep)
      bound = remaining + floor
      if size == 0 || isSettled(z, bound) { break }
      if remaining <= floor {
        // The passes' own rounding is all that is left: finish, or go on with more precise ones.
        if deep || self.floor(z, residual: result.squares.squareRoot(), deep: true) > floor / 4 { break }
        deep = true
      }
    }
    return Outcome(
      solved: SolvedTarget(
        coefficients: pass.coefficients(z, targetScale: targetScale),
        residualSquares: squares / targetScale / targetScale,
        certificate: LeastSquaresCertificate(
          steps: steps, contraction: contraction,
          relativeErrorBound: relativeErrors(z, bound).reduce(0, max) + 0x1p-53)),
      converged: converged)
  }

  /// The error that rounding in the passes leaves, however many there are: that of the residual, and, magnified, that of the gradient.
  private func floor(_ z: [DoubleDouble], residual: Double, deep: Bool) -> Double {
    let fitted = zip(z, factor.lengths).reduce(0) { $0 + abs($1.0.high) * $1.1 }
    return Refinement.passRounding * (residual + fitted + (deep ? 0 : residual * gradientMagnification))
  }

  /// Bounds on the errors of the coefficients as the user will see them, relative to each; 0 where a coefficient is 0.
  private func relativeErrors(_ z: [DoubleDouble], _ bound: Double) -> [Double] {
    func relative(_ error: Double, _ value: Double) -> Double { value == 0 ? 0 : error / abs(value) }
    var errors = zip(z, sensitivities).map { relative(bound * $1, $0.high) }
    if pass.system.hasIntercept {
      errors[0] = relative(bound * constantSensitivity, pass.coefficients(z, targetScale: 1)[0].high)
    }
    return errors
  }

  /// Whether no coefficient can still change by more than a sixteenth of the unit in its last place.
  private func isSettled(_ z: [DoubleDouble], _ bound: Double) -> Bool {
    relativeErrors(z, bound).allSatisfy { $0 <= 0x1p-57 }
  }
}
