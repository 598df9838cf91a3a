/// Refinement of coefficients under equality constraints Cz = d, in the packed columns' units.
///
/// With Cᵀ = Q(T; 0) and R the triangle of a QR of A times the last columns Q₂ of Q, the step is
/// z ← z + Q₁T⁻ᵀ(d − Cz) + Q₂R⁻¹R⁻ᵀQ₂ᵀ(Aᵀ(b − Az) − Cᵀλ), and λ ← λ + T⁻¹Q₁ᵀ of the same gradient. The multipliers are there so that
/// the gradient, which does not vanish at the solution, is small where it is rounded. Residual, gradient and gaps are computed in
/// twice the working precision and more, z and λ kept in two words.
struct ConstrainedRefinement: Sendable {
  private let order: Int
  private let count: Int
  /// C, column-major.
  private let constraints: [Double]
  private let reflectors: [Double]
  private let scalars: [Double]
  private let triangle: TriangularFactor
  private let free: TriangularFactor

  /// That of A on the null space of the constraints, columns scaled; 1 where that is empty.
  var condition: Double { free.order == 0 ? 1 : free.condition }

  private static let mostSteps = 12

  /// - Parameters:
  ///   - matrix: A with its penalty's rows, `height` × `order`, column-major.
  ///   - constraints: C, `count` × `order`, column-major, of independent rows; height + count ≥ order.
  init(
    _ matrix: [Double], height: Int, constraints: [Double], count: Int, order: Int
  ) throws(LeastSquaresError) {
    (self.order, self.count, self.constraints) = (order, count, constraints)
    var reflectors = TallSkinnyQR.transposed(constraints, rows: order, stride: count, columns: 0..<count)
    let scalars = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.qr(rows: order, columns: count, &reflectors)
    }
    (self.reflectors, self.scalars) = (reflectors, scalars)
    triangle = try TriangularFactor(
      order: count, TallSkinnyQR.triangle(reflectors, rows: order, order: count))
    // AQ as (QᵀAᵀ)ᵀ.
    var product = TallSkinnyQR.transposed(matrix, rows: order, stride: height, columns: 0..<height)
    try ConstrainedRefinement.apply(reflectors, scalars, transposed: true, order: order, columns: height, to: &product)
    let left = order - count
    var rest = TallSkinnyQR.transposed(product, rows: height, stride: order, columns: count..<order)
    _ = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.qr(rows: height, columns: left, &rest)
    }
    free = try TriangularFactor(order: left, TallSkinnyQR.triangle(rest, rows: height, order: left))
  }

  private static func apply(
    _ reflectors: [Double], _ scalars: [Double], transposed: Bool, order: Int, columns: Int, to vector: inout [Double]
  ) throws(LeastSquaresError) {
    var target = vector
    vector = []
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.applyQ(
        transposed: transposed, rows: order, columns: columns, reflectors: reflectors, tau: scalars, to: &target)
    }
    vector = target
  }

  /// The change of z and of λ that a gradient and gaps of the constraints ask for; `isFirst`, of the first without its part in Q₂.
  private func step(
    _ gradient: [Double], _ gaps: [Double], isFirst: Bool
  ) throws(LeastSquaresError) -> (change: [Double], multipliers: [Double]) {
    var parts = gradient
    try Self.apply(reflectors, scalars, transposed: true, order: order, columns: 1, to: &parts)
    var (multipliers, fixed, rest) = (Array(parts[..<count]), gaps, Array(parts[count...]))
    if count > 0 {
      try triangle.solve(&multipliers)
      try triangle.solveTransposed(&fixed)
    }
    if isFirst {
      for index in rest.indices { rest[index] = 0 }
    } else if free.order > 0 {
      try free.solveTransposed(&rest)
      try free.solve(&rest)
    }
    var change = fixed + rest
    try Self.apply(reflectors, scalars, transposed: false, order: order, columns: 1, to: &change)
    return (change, multipliers)
  }

  /// −Cᵀλ.
  private func forces(_ multipliers: [DoubleDouble]) -> [LongSum] {
    (0..<order).map { column in
      var sum = LongSum()
      for row in 0..<count { sum.subtract(DoubleDouble(constraints[column * count + row]), times: multipliers[row]) }
      return sum
    }
  }

  /// d − Cz.
  private func gaps(_ z: [DoubleDouble], _ values: [Double]) -> [Double] {
    (0..<count).map { row in
      var sum = LongSum()
      sum += values[row]
      for column in 0..<order { sum.subtract(DoubleDouble(constraints[column * count + row]), times: z[column]) }
      return sum.value
    }
  }

  private func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The refined coefficients of one right-hand side, `values` being d in its unit.
  func refine(
    _ start: [Double], _ pass: ResidualPass, _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double,
    values: [Double]
  ) throws(LeastSquaresError) -> SolvedTarget {
    var z = start.map { DoubleDouble($0) }
    var multipliers = [DoubleDouble](repeating: DoubleDouble(0), count: count)
    let largest = max(condition, count > 0 ? triangle.condition : 1)
    let expected = min(0.25, 16 * largest * Double.ulpOfOne)
    var (previous, contraction, bound, squares, steps) = (Double.infinity, expected, Double.infinity, 0.0, 0)
    while steps < Self.mostSteps {
      steps += 1
      let forces = forces(multipliers)
      let result = pass.evaluate(z, targets, target, targetScale: targetScale, deep: true, adding: forces)
      // Until the gaps are closed and the multipliers known, the gradient is not the free coefficients' and too large to be exact.
      let isFirst = steps == 1 && count > 0
      let (change, correction) = try step(result.gradient, gaps(z, values), isFirst: isFirst)
      guard change.allSatisfy(\.isFinite), result.squares.isFinite else { throw .outOfRange }
      for row in 0..<count { multipliers[row] = multipliers[row] + correction[row] }
      if isFirst {
        for column in 0..<order { z[column] = z[column] + change[column] }
        squares = result.squares
        continue
      }
      let (size, reach) = (length(change), length(z.map(\.high)))
      // What the passes' own rounding leaves, magnified.
      let floor = 0x1p-98 * largest * reach
      if size > previous / 2 {
        bound = max(bound, 2 * size)
        break
      }
      if previous.isFinite { contraction = max(expected, size / previous) }
      squares = result.squares
      for column in 0..<order {
        // Pᵀ(b − Pz) is the gradient without what was added, and without the penalty's part.
        let offset = pass.system.offset
        let penalty = column < offset ? 0 : pass.penalty(column - offset) * z[column].high
        squares -= 2 * change[column] * (result.gradient[column] - forces[column].value + penalty)
        z[column] = z[column] + change[column]
      }
      let remaining = contraction / (1 - min(contraction, 0.9)) * size
      (bound, previous) = (remaining + floor, size)
      if remaining <= floor || z.allSatisfy({ bound <= 0x1p-57 * abs($0.high) }) { break }
    }
    let error = z.reduce(0) { $1.high == 0 ? $0 : max($0, bound / abs($1.high)) }
    return SolvedTarget(
      coefficients: pass.coefficients(z, targetScale: targetScale),
      residualSquares: max(0, squares) / targetScale / targetScale,
      certificate: LeastSquaresCertificate(
        steps: steps, contraction: contraction, relativeErrorBound: error + 0x1p-53))
  }
}
