/// Iterative refinement of least-squares coefficients with any good triangular factor: z ← z + R⁻¹R⁻ᵀ·Pᵀ(b − Pz), the residual and its
/// product with Pᵀ in twice the working precision (or three times, where that is not enough), z as a double-double.
///
/// Errors are measured by the length of R·error, which is about that of their effect on the fitted values. With R from Cholesky's
/// factorisation of the Gram matrix every pass reduces it by about κ²·2⁻⁵³, with R from QR by about κ·2⁻⁵³, so that one to three
/// passes leave less than the final rounding to Double (Å. Björck, Numerical Methods for Least Squares Problems, 1996,
/// §2.9, with the residual's precision doubled and Q left out). All right-hand sides go through the rows together.
struct Refinement: Sendable {
  let pass: ResidualPass
  let rowPass: RowResidualPass?
  let factor: TriangularFactor
  /// How much a pass should reduce the error by, judged from the condition.
  let expectedContraction: Double
  /// Whether starting coefficients are much worse than those of normal equations in doubles.
  private let startsAreCoarse: Bool
  /// How much an error of length one, in R's metric, can change each coefficient by; and the constant.
  private let sensitivities: [Double]
  private let constantSensitivity: Double
  /// How much rounding errors of the gradient, relative to the residual, are magnified in R's metric.
  private let gradientMagnification: Double
  private var goal: RefinementGoal { pass.system.accuracy }

  private static let mostSteps = 24

  init(
    pass: ResidualPass, rowPass: RowResidualPass?, factor: TriangularFactor, expectedContraction: Double,
    startsAreCoarse: Bool = false
  ) throws(LeastSquaresError) {
    self.pass = pass
    self.rowPass = rowPass
    self.factor = factor
    (self.expectedContraction, self.startsAreCoarse) = (expectedContraction, startsAreCoarse)
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

  /// What is to be refined: coefficients from the normal equations, with a bound on the length of the residuals that they leave.
  struct Start {
    var z: [Double]
    var residualBound: Double
  }

  /// The state of one right-hand side.
  private struct Progress {
    var z: [DoubleDouble]
    var precision: PassPrecision
    /// The precision of the pass before.
    var before: PassPrecision?
    var residualBound: Double
    var previous = Double.infinity
    var contraction: Double
    var bound = Double.infinity
    var squares = 0.0
    var steps = 0
    var converged = false
    var isDone = false
  }

  /// The coefficients of every right-hand side, from `starts` or from zero.
  func solve(
    _ targets: LeastSquaresTargets, targetScales: [Double], starts: [Start]?
  ) throws(LeastSquaresError) -> [Outcome] {
    // Then the first pass only brings them to where refinement begins.
    let areRough = starts == nil || startsAreCoarse
    let first: PassPrecision = rowPass == nil ? .wide : (areRough || goal != .double ? .working : .anchored)
    let zero = [DoubleDouble](repeating: DoubleDouble(0), count: factor.order)
    var all = (0..<targets.count).map { target in
      Progress(
        z: starts.map { $0[target].z.map { DoubleDouble($0) } } ?? zero, precision: first,
        residualBound: starts?[target].residualBound ?? .infinity, contraction: expectedContraction)
    }
    while true {
      let active = all.indices.filter { !all[$0].isDone }
      guard let lowest = active.map({ all[$0].precision }).min() else { break }
      let group = Array(active.filter { all[$0].precision == lowest }.prefix(RowResidualPass.targetsAtOnce))
      let results = evaluate(all, group, lowest, targets, targetScales)
      for (target, result) in zip(group, results) {
        try advance(&all[target], result, isFirst: all[target].steps == 0 && areRough)
      }
    }
    return all.enumerated().map { target, progress in
      Outcome(
        solved: SolvedTarget(
          coefficients: pass.coefficients(progress.z, targetScale: targetScales[target]),
          residualSquares: progress.squares / targetScales[target] / targetScales[target],
          certificate: LeastSquaresCertificate(
            steps: progress.steps, contraction: progress.contraction,
            relativeErrorBound: relativeErrors(progress.z, progress.bound).reduce(0, max) + 0x1p-53)),
        converged: progress.converged)
    }
  }

  /// The closed form's coefficients, where nothing that they may be wrong by shows in the last bits; nil otherwise. A coefficient of zero has
  /// no last bit.
  func certified(_ solution: FewColumns.Solution, targetScale: Double) -> SolvedTarget? {
    let coefficients = pass.coefficients(solution.z, targetScale: targetScale)
    let errors = relativeErrors(solution.z, solution.error)
    guard coefficients.allSatisfy({ $0.high != 0 && $0.high.isFinite }), errors.allSatisfy({ $0 <= goal.tolerance }),
      solution.squaresError <= 0x1p-54 * solution.squares
    else { return nil }
    return SolvedTarget(
      coefficients: coefficients, residualSquares: solution.squares / targetScale / targetScale,
      certificate: LeastSquaresCertificate(
        steps: 0, contraction: expectedContraction, relativeErrorBound: errors.reduce(0, max) + 0x1p-53))
  }

  private func evaluate(
    _ all: [Progress], _ group: [Int], _ precision: PassPrecision, _ targets: LeastSquaresTargets,
    _ targetScales: [Double]
  ) -> [ResidualPass.Result] {
    let (z, scales) = (group.map { all[$0].z }, group.map { targetScales[$0] })
    guard let rowPass, precision <= .anchored, !pass.hasRemainders(targets) else {
      return pass.evaluate(z, targets, group, targetScales: scales, deep: precision == .deep)
    }
    return rowPass.evaluate(
      z, targets, group, targetScales: scales, anchored: precision == .anchored,
      residualBounds: group.map { all[$0].residualBound })
  }

  /// One step with the result of a pass.
  private func advance(
    _ state: inout Progress, _ result: ResidualPass.Result, isFirst: Bool
  ) throws(LeastSquaresError) {
    state.steps += 1
    var delta = result.gradient
    guard delta.allSatisfy(\.isFinite), result.squares.isFinite else { throw .outOfRange }
    let residual = max(result.squares, 0).squareRoot()
    if state.precision == .anchored, residual > state.residualBound {
      // The residuals are longer than was thought: the gradient's anchors may not have held.
      state.residualBound = 1.05 * residual
      state.isDone = state.steps >= Refinement.mostSteps
      return
    }
    try factor.solveTransposed(&delta)
    let size = delta.reduce(0) { $0 + $1 * $1 }.squareRoot()
    try factor.solve(&delta)
    let floorBefore = floor(state.z, residual: residual, state.precision)
    // Beside rounding errors no step should be as long as half the one before it.
    if size > state.previous / 2 {
      if raise(&state, residual, from: floorBefore) { return }
      state.converged = size <= 4 * floorBefore
      state.bound = max(state.bound, 2 * size)
      state.isDone = true
      return
    }
    if state.before == state.precision {
      state.contraction = max(expectedContraction, size / state.previous)
    } else if state.before == nil, !isFirst {
      let reference = factor.length(of: state.z.map(\.high))
      state.contraction = max(expectedContraction, reference > 0 ? min(0.5, size / reference) : 0)
    }
    for index in state.z.indices { state.z[index] = state.z[index] + delta[index] }
    // ‖b − P(z + δ)‖² = ‖b − Pz‖² − δᵀg, up to what is left of the error.
    state.squares = max(0, result.squares - zip(delta, result.gradient).reduce(0) { $0 + $1.0 * $1.1 })
    state.residualBound = 1.05 * (residual + size)
    (state.previous, state.before, state.converged) = (size, state.precision, true)
    let remaining = state.contraction / (1 - min(state.contraction, 0.9)) * size
    let floor = floor(state.z, residual: residual, state.precision)
    state.bound = remaining + floor
    if size == 0 || isSettled(state) || (goal == .onePass && !isFirst) || state.steps >= Refinement.mostSteps {
      state.isDone = true
    } else if isFirst, goal == .double {
      state.precision = .anchored
    } else if remaining <= floor, !raise(&state, residual, from: floor) {
      // The passes' own rounding is all that is left.
      state.isDone = true
    }
  }

  /// Goes on with more precise passes, where they promise to be better.
  private func raise(_ state: inout Progress, _ residual: Double, from floor: Double) -> Bool {
    guard goal != .onePass || rowPass == nil else { return false }
    var candidate = state.precision
    while let next = PassPrecision(rawValue: candidate.rawValue + 1) {
      candidate = next
      if self.floor(state.z, residual: residual, candidate) <= floor / 4 {
        state.precision = candidate
        state.previous = .infinity
        return true
      }
    }
    return false
  }

  /// The error that rounding in the passes leaves, however many there are: that of the residual, and, magnified, that of the gradient.
  private func floor(_ z: [DoubleDouble], residual: Double, _ precision: PassPrecision) -> Double {
    let fitted = zip(z, factor.lengths).reduce(0) { $0 + abs($1.0.high) * $1.1 }
    switch precision {
    case .working: return 0x1p-50 * (residual + fitted + residual * gradientMagnification)
    case .anchored:
      // A unit of the anchors for each term, and as many roundings as there are rows, half of them up.
      let root = Double(pass.system.rows).squareRoot()
      let terms = Double(LeastSquaresKernels.termsInLane(columns: pass.system.columns))
      let heaviest = pass.system.rootWeights?.max() ?? 1
      let rounding = terms * root * heaviest * (rowPass?.rowBound(z) ?? 0)
      return 0x1p-101 * (rounding + residual + fitted + residual * gradientMagnification * root)
    // A unit in the last place of two words, with a margin for the additions that a sum takes.
    case .wide: return 0x1p-102 * (residual + fitted + residual * gradientMagnification)
    case .deep: return 0x1p-102 * (residual + fitted)
    }
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
  private func isSettled(_ state: Progress) -> Bool {
    relativeErrors(state.z, state.bound).allSatisfy { $0 <= goal.tolerance }
  }
}
