/// How precisely a pass over the rows computes residuals and gradients.
enum PassPrecision: Int, Comparable, Sendable {
  /// In doubles.
  case working
  /// In twice the working precision relative to the largest numbers that may occur.
  case anchored
  /// In twice the working precision relative to the sums themselves.
  case wide
  /// The gradient in three times, which ill-conditioned columns with large residuals need.
  case deep

  static func < (a: PassPrecision, b: PassPrecision) -> Bool { a.rawValue < b.rawValue }
}

/// Passes that take the rows as they lie in memory: at the speed of the memory where there are eight columns or more, for any number of
/// right-hand sides at once. See ``ResidualPass`` for the units.
struct RowResidualPass: Sendable {
  let pass: ResidualPass
  /// The largest magnitude of every column as it is given.
  private let largest: [Double]
  /// Bounds on the lengths of the weighted columns as they are given.
  private let lengths: [Double]

  /// Beyond that many right-hand sides the sums of the chunks would take too much memory.
  static let targetsAtOnce = 16

  /// Nil where the columns' units are so far apart that products would leave the range of a double.
  init?(_ pass: ResidualPass, largest: [Double], lengths: [Double]) {
    guard pass.system.columns > 0, pass.scale.allSatisfy({ $0 > 0x1p-200 && $0 < 0x1p200 }),
      pass.system.weights?.allSatisfy({ $0 > 0x1p-200 && $0 < 0x1p200 }) ?? true
    else { return nil }
    self.pass = pass
    self.largest = largest
    self.lengths = zip(lengths, pass.scale).map { $0 / $1 }
  }

  /// A bound on |Σ aⱼzⱼ| for any row and any of its terms.
  func rowBound(_ z: [DoubleDouble]) -> Double {
    (0..<pass.system.columns).reduce(0) {
      $0 + largest[$1] * abs(z[$1 + pass.system.offset].high) * pass.scale[$1]
    }
  }

  /// Gradients and sums of squares, `residualBounds` being bounds on the lengths of the residuals (their part in the anchors can be checked
  /// against the sums of squares).
  func evaluate(
    _ z: [[DoubleDouble]], _ targets: LeastSquaresTargets, _ indices: [Int], targetScales: [Double], anchored: Bool,
    residualBounds: [Double]
  ) -> [ResidualPass.Result] {
    let system = pass.system
    let slopes = z.map { z in zip(z[system.offset...], pass.scale).map { $0.scaled(by: $1) } }
    let kernel = LeastSquaresKernels.RowPass(
      coefficients: slopes, constants: z.map(pass.constant), targets: indices, targetScales: targetScales,
      anchors: anchored
        ? z.indices.map { position in
          (
            residual: PowerOfTwo.anchor(1.01 * rowBound(z[position])),
            gradient: lengths.map { PowerOfTwo.anchor(1.01 * $0 * residualBounds[position]) }
          )
        } : nil)
    // About two megabytes of rows to a chunk, and at most 64 chunks, whatever the number of threads.
    let chunkRows = max(256, (system.rows + 63) / 64, 262_144 / system.columns / 32 * 32)
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: system.rows, chunkSize: chunkRows)) { chunk in
      LeastSquaresKernels.rowPass(
        kernel, system.matrix, rows: Parallelism.range(ofChunk: chunk, of: system.rows, chunkSize: chunkRows),
        targets: targets.elements, targetCount: targets.count, weights: system.weights)
    }
    return kernel.total(parts).enumerated().map { position, sums in
      var sums = sums
      for column in 0..<system.columns { sums.gradient[column] = sums.gradient[column].scaled(by: pass.scale[column]) }
      return pass.result(sums, Array(z[position][system.offset...]))
    }
  }
}
