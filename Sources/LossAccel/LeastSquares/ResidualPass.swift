/// Residuals and gradients of a system in twice the working precision, at coefficients of its packed columns.
///
/// A packed column is (a − shift·1)·scale, or the ones. With coefficients z of these, A's columns have the coefficients z·scale/targetScale
/// and the constant is (z₀ − Σ shift·scale·z)/targetScale. The rows themselves are never shifted: that would round them.
struct ResidualPass: Sendable {
  let system: LeastSquaresSystem
  let shift: [Double]
  let scale: [Double]

  init(_ packed: PackedRows) { (system, shift, scale) = (packed.system, packed.shift, packed.scale) }

  struct Result {
    /// Of ½‖√W(b − Pz)‖² + ½‖√Λz‖², negated, for the packed columns.
    var gradient: [Double]
    /// Σ w·r².
    var squares: Double
  }

  /// The gradient of the packed system at z, and the residual's sum of squares; `deep` for a gradient that cancels beyond what twice the
  /// working precision resolves. `adding` is added to the gradient.
  func evaluate(
    _ z: [DoubleDouble], _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double, deep: Bool = false,
    adding addend: [LongSum]? = nil
  ) -> Result {
    evaluate([z], targets, [target], targetScales: [targetScale], deep: deep, adding: addend)[0]
  }

  /// The same for several right-hand sides, while the rows are in cache.
  func evaluate(
    _ z: [[DoubleDouble]], _ targets: LeastSquaresTargets, _ indices: [Int], targetScales: [Double], deep: Bool,
    adding addend: [LongSum]? = nil
  ) -> [Result] {
    let slopes = z.map { Array($0[system.offset...]) }
    let constants = z.map(constant)
    let chunkRows = ResidualPass.chunkRows(columns: system.columns)
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: system.rows, chunkSize: chunkRows)) { chunk in
      let rows = Parallelism.range(ofChunk: chunk, of: system.rows, chunkSize: chunkRows)
      return indices.indices.map { position in
        var none: [Double] = []
        var residual = none.mutableSpan
        if hasRemainders(targets) {
          return wideSums(
            rows, slopes[position], constants[position], targets, targetScales[position], weights: system.weights,
            residual: &residual)
        }
        return LeastSquaresKernels.refinementPass(
          system.matrix, columns: system.columns, rows: rows, scale: scale, x: slopes[position],
          constant: constants[position], targets: targets.elements, target: indices[position],
          targetCount: targets.count, targetScale: targetScales[position], weights: system.weights, deep: deep,
          residual: &residual)
      }
    }
    return z.indices.map { position in
      var sums = parts[0][position]
      for part in parts.dropFirst() { sums += part[position] }
      return result(sums, slopes[position], adding: addend)
    }
  }

  /// The gradient with what shifts and penalty add to the sums over the rows.
  func result(
    _ sums: LeastSquaresKernels.Sums, _ slopes: [DoubleDouble], adding addend: [LongSum]? = nil
  ) -> Result {
    var gradient = sums.gradient
    for column in gradient.indices {
      // Power-of-two scales make these products exact.
      if system.centers { gradient[column] -= (sums.residuals, shift[column] * scale[column]) }
      if system.ridge > 0 {
        let scaled = slopes[column].scaled(by: scale[column]).scaled(by: scale[column])
        gradient[column] -= (LongSum(scaled), system.penalty(column))
      }
    }
    if system.hasIntercept { gradient.insert(sums.residuals, at: 0) }
    if let addend { for (index, value) in addend.enumerated() { gradient[index] += value } }
    return Result(gradient: gradient.map(\.value), squares: sums.squares.value)
  }

  /// The residuals b − Ax of every row, for coefficients in the units of the columns.
  func residuals(_ coefficients: [DoubleDouble], _ targets: LeastSquaresTargets, _ target: Int) -> [Double] {
    let slopes = coefficients[system.offset...].enumerated().map { $0.element.scaled(by: 1 / scale[$0.offset]) }
    let constant = system.hasIntercept ? coefficients[0] : DoubleDouble(0)
    return residuals(slopes: slopes, constant: constant, targets, target, targetScale: 1)
  }

  /// The residuals targetScale·b − (constant + A·diag(scale)·slopes) of every row.
  func residuals(
    slopes: [DoubleDouble], constant: DoubleDouble, _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double
  ) -> [Double] {
    var residuals = [Double](repeating: 0, count: system.rows)
    var span = residuals.mutableSpan
    Parallelism.mapRows(
      system.rows, rowsPerChunk: ResidualPass.chunkRows(columns: system.columns), &span, width: 1
    ) { _, rows, residual in
      if hasRemainders(targets) {
        _ = wideSums(rows, slopes, constant, targets, targetScale, weights: nil, residual: &residual)
        return
      }
      _ = LeastSquaresKernels.refinementPass(
        system.matrix, columns: system.columns, rows: rows, scale: scale, x: slopes, constant: constant,
        targets: targets.elements, target: target, targetCount: targets.count, targetScale: targetScale, weights: nil,
        residual: &residual)
    }
    return residuals
  }

  /// Coefficients of the columns as they were given, the constant first where there is one.
  func coefficients(_ z: [DoubleDouble], targetScale: Double) -> [DoubleDouble] {
    let slopes = z[system.offset...].enumerated().map {
      $0.element.scaled(by: scale[$0.offset]).scaled(by: 1 / targetScale)
    }
    return system.hasIntercept ? [constant(z).scaled(by: 1 / targetScale)] + slopes : slopes
  }

  /// The penalty on the coefficient of the packed column of A's column `column`.
  func penalty(_ column: Int) -> Double { system.penalty(column) * scale[column] * scale[column] }

  func constant(_ z: [DoubleDouble]) -> DoubleDouble {
    guard system.hasIntercept else { return DoubleDouble(0) }
    var constant = z[0]
    for column in 0..<system.columns where shift[column] != 0 {
      constant -= z[column + 1] * (shift[column] * scale[column])
    }
    return constant
  }

  /// About two megabytes of rows to a chunk, whatever the number of threads.
  private static func chunkRows(columns: Int) -> Int { max(256, min(16384, 262_144 / max(columns, 1) / 32 * 32)) }
}

extension ResidualPass {
  /// Coefficients z of the packed columns as a solution, with the residual that they leave.
  func solved(_ z: [Double], _ targets: LeastSquaresTargets, _ target: Int, targetScale: Double) -> SolvedTarget {
    let wide = z.map { DoubleDouble($0) }
    let squares = evaluate(wide, targets, target, targetScale: targetScale).squares
    return SolvedTarget(
      coefficients: coefficients(wide, targetScale: targetScale),
      residualSquares: max(0, squares) / targetScale / targetScale)
  }
}
