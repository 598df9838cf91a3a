extension LeastSquaresMethod {
  /// As accurate as the data allow, at about the price of the normal equations. The default.
  ///
  /// One pass over the rows forms the Gram matrix. Where its Cholesky factor shows that the columns, scaled, are well enough
  /// conditioned (κ·√n below 3·10⁶), that factor is kept; otherwise a tall-skinny QR takes a second pass. Then the coefficients are
  /// refined with residuals in twice the working precision until what is left is below the rounding to Double, which takes
  /// one to three passes more. The ``LeastSquaresCertificate`` says how it went. Where the columns turn out to be dependent, the policy
  /// for rank deficiency decides. More than 256 columns that a sample shows to be well conditioned are multiplied in single precision, which
  /// takes half the time; refinement restores the digits. As many rows as columns are factored by Gauss's elimination and refined the same way.
  /// Up to four unknowns have their Gram matrix formed and factored in two words, so that the first pass is the only one unless columns are
  /// close to dependent, or the residuals tiny.
  ///
  /// - Complexity: O(rows · columns²); memory beside the input: O(columns² · threads) and blocks of rows;
  ///   the tall-skinny QR, where it is needed, O(columns² · min(64, rows / columns))
  public static let automatic = LeastSquaresMethod(name: "automatic") { (system, targets) throws(LeastSquaresError) in
    if let square = try SquareFactor(system) { return square }
    return try AutomaticFactor(system, targets)
  }
}

/// A triangular factor, chosen on evidence, and refinement with it.
struct AutomaticFactor: LeastSquaresFactor {
  let report: LeastSquaresReport
  let geometry: CoefficientGeometry?
  let packed: PackedRows
  private let refinement: Refinement
  /// Starting coefficients of the expected right-hand sides.
  private let starts: [Refinement.Start]
  /// The solution for the one expected right-hand side, where the first pass has shown all of it.
  private let closedForm: SolvedTarget?

  var factor: TriangularFactor { refinement.factor }
  var expectedContraction: Double { refinement.expectedContraction }

  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) throws(LeastSquaresError) {
    let order = system.unknowns
    var pass: GramPass?
    var cholesky: TriangularFactor?
    let few = FewColumns(system, targets)
    if let few {
      pass = GramPass(few)
    } else if !AutomaticFactor.isNearlySquare(system) {
      pass = try GramPass(system, targets, mayBeCoarse: system.factorMayBeCoarse)
    }
    if let first = pass { cholesky = try AutomaticFactor.cholesky(first, order) }
    if cholesky == nil, pass?.isCoarse == true {
      // The sample did not show all.
      let second = try GramPass(system, targets)
      cholesky = try AutomaticFactor.cholesky(second, order)
      pass = second
    }
    let isCoarse = pass?.isCoarse == true
    if let pass { packed = pass.packed } else { packed = try PackedRows(scaling: system) }
    let factor: TriangularFactor
    let contraction: Double
    var report: LeastSquaresReport
    if let cholesky {
      factor = cholesky
      let unit = isCoarse ? Double(Float.ulpOfOne) : Double.ulpOfOne
      contraction = 4 * cholesky.condition * cholesky.condition * unit
      report = LeastSquaresReport(
        method: isCoarse ? "Gram in single precision + Cholesky" : "Gram + Cholesky", rank: order,
        condition: cholesky.condition)
    } else {
      try packed.checkPenalties()
      factor = try TriangularFactor(order: order, TallSkinnyQR.factor(packed))
      contraction = 4 * factor.condition * Double.ulpOfOne
      try RankDecision.check(factor, packed)
      report = LeastSquaresReport(method: "tall-skinny QR", rank: order, condition: factor.condition)
    }
    let residualPass = ResidualPass(packed)
    let lengths = packed.unshiftedLengths(factor.lengths)
    let largest: [Int64]
    if let pass { largest = pass.largest } else { largest = try packed.largestMagnitudes() }
    let rowPass = RowResidualPass(
      residualPass, largest: largest[..<system.columns].map { Double(bitPattern: UInt64($0)) },
      lengths: Array(lengths[system.offset...]))
    refinement = try Refinement(
      pass: residualPass, rowPass: rowPass, factor: factor, expectedContraction: min(contraction, 0.25),
      startsAreCoarse: isCoarse)
    geometry = isCoarse ? nil : CoefficientGeometry(factor: factor, packed: packed)
    if cholesky != nil, let solution = try few?.solution(factor) {
      closedForm = refinement.certified(solution, targetScale: packed.targetScale[0])
      starts = [
        Refinement.Start(
          z: solution.z.map(\.value), residualBound: 1.01 * (solution.squares + solution.squaresError).squareRoot())
      ]
      if closedForm != nil { report.method = "closed form" }
      self.report = report
      return
    }
    (closedForm, self.report) = (nil, report)
    guard let pass else {
      starts = []
      return
    }
    let solutions = try pass.solutions(with: factor)
    starts = zip(solutions, pass.residualNorms(solutions)).map { Refinement.Start(z: $0, residualBound: $1) }
  }

  /// Whether there are about as many rows as columns, and many of both: then columns that are not made for it are so badly conditioned that
  /// their Gram matrix would be of no use.
  private static func isNearlySquare(_ system: LeastSquaresSystem) -> Bool {
    system.unknowns >= 256 && system.rows * 10 < system.unknowns * 11 && system.ridge == 0
  }

  /// R of the Gram matrix, if refinement with it will converge fast.
  private static func cholesky(_ pass: GramPass, _ order: Int) throws(LeastSquaresError) -> TriangularFactor? {
    var gram = pass.penalisedGram
    let failed = try withLinearAlgebra { () throws(LinearAlgebraError) in try LAPACK.cholesky(order: order, &gram) }
    guard failed == nil else { return nil }
    let factor = try TriangularFactor(order: order, gram)
    let isGood =
      pass.isCoarse
      ? factor.condition <= GramPass.coarseCondition : factor.condition * Double(order).squareRoot() < 3e6
    return isGood && !RankDecision.someColumnVanishes(factor, pass.packed) ? factor : nil
  }

  func solve(_ targets: LeastSquaresTargets, expected: Bool) throws(LeastSquaresError) -> [SolvedTarget] {
    if expected, let closedForm { return [closedForm] }
    let known = expected && !starts.isEmpty
    let scales = known ? packed.targetScale : try PackedRows(sampling: packed.system, targets).exactTargetScales()
    let outcomes = try refinement.solve(targets, targetScales: scales, starts: known ? starts : nil)
    var solved: [SolvedTarget] = []
    for (target, outcome) in outcomes.enumerated() {
      solved.append(outcome.converged ? outcome.solved : try withoutRefinement(targets, target))
    }
    return solved
  }

  /// A stable answer where the factor is too poor for refinement, which conditions near the limit of rank can make it.
  private func withoutRefinement(
    _ targets: LeastSquaresTargets, _ target: Int
  ) throws(LeastSquaresError) -> SolvedTarget {
    let system = packed.system
    let single = LeastSquaresTargets(
      elements: targets.elements.selecting(rows: Array(0..<system.rows), columns: [target], stride: targets.count),
      count: 1)
    return try OrthogonalFactor(system, single, solver: .triangular).solve(single, expected: true)[0]
  }
}
