/// A second pass over the rows that a ``LeastSquaresAccumulator`` holds: residuals and their products with the columns, in three words.
///
/// Add the same rows, in blocks of any size and order, then solve. Passes over parts of the rows can be merged.
public struct LeastSquaresRefinement: Sendable {
  /// The number of rows seen in this pass, those of weight zero not counted.
  public private(set) var rows = 0

  private var system: WideNormalEquations
  /// For every column, and at the end Σ w·r²: three words in eight lanes.
  private var sums: [Double]

  /// The coefficients at which the residuals are taken.
  var coefficients: [Double] { system.coefficients.map(\.value) }

  /// The bound on the error of these.
  var relativeErrorBound: Double { system.certificate.relativeErrorBound }

  init(_ system: WideNormalEquations) {
    self.system = system
    sums = [Double](repeating: 0, count: 24 * (system.scale.count + 1))
  }

  /// Adds rows; see ``LeastSquaresAccumulator/add(_:_:weights:)`` for the arguments, errors and conventions.
  public mutating func add<Element: Scalar>(
    _ matrix: Matrix<Element>, _ targets: [Element], weights: [Element]? = nil
  ) throws(LeastSquaresError) {
    let stream = try StreamedRows(
      matrix, targets, weights, columns: system.columns, intercept: system.hasIntercept)
    let empty = LeastSquaresRefinement(system)
    let parts = Parallelism.mapChunks(count: stream.chunks) { chunk in
      var part = empty
      stream.forEachBlock(ofChunk: chunk) { part.add(&$0) }
      return part
    }
    for part in parts { add(part) }
  }

  /// Adds what another pass over other rows has seen.
  ///
  /// - Precondition: both come from one call of ``LeastSquaresAccumulator/refinement(ridge:whenRankDeficient:)``.
  public mutating func add(_ other: LeastSquaresRefinement) {
    precondition(sums.count == other.sums.count && system.z == other.system.z, "passes at different coefficients")
    for first in stride(from: 0, to: sums.count, by: 24) {
      for index in first..<first + 8 {
        var total = LongSum(sums[index], sums[index + 8], sums[index + 16])
        total += LongSum(other.sums[index], other.sums[index + 8], other.sums[index + 16])
        (sums[index], sums[index + 8], sums[index + 16]) = total.words
      }
    }
    rows += other.rows
  }

  /// Adds a block of rows that are finite and have nonzero weights. Returns their residuals b − Ax, as many as rows.
  @discardableResult
  package mutating func add(_ block: inout WideBlock) -> [Double] {
    let order = system.scale.count
    precondition(block.width == order + 1, "a block of \(block.width) columns for \(order + 1)")
    block.scale(system.scale + [system.targetScale])
    var all = [DoubleDouble](repeating: DoubleDouble(0), count: order)
    for (index, column) in system.gram.kept.enumerated() { all[column] = system.z[index] }
    let residuals = block.addResidualProducts(all, to: &sums)
    rows += block.rows
    return residuals.map { $0 / system.targetScale }
  }

  /// The refined coefficients, the intercept's first where there is one, and the sum of squares of the residuals.
  ///
  /// - Throws: ``LeastSquaresError/differentRows(_:expected:)`` where this pass has seen another number of rows than the first.
  public func solve() throws(LeastSquaresError) -> LeastSquaresSolution<Double> {
    let refined = try refined()
    return LeastSquaresSolution(refined.solved, refined.report)
  }

  /// One more pass from the refined coefficients, which columns of a condition beyond 10¹⁰ or so may need: the certificate tells.
  ///
  /// - Throws: as ``solve()``.
  public func next() throws(LeastSquaresError) -> LeastSquaresRefinement {
    LeastSquaresRefinement(try refined())
  }

  func refined() throws(LeastSquaresError) -> WideNormalEquations {
    guard rows == system.rows else { throw .differentRows(rows, expected: system.rows) }
    let gram = system.gram
    let gradient = gram.kept.enumerated().map { index, column in
      var sum = WideBlock.total(sums, column)
      sum.subtract(DoubleDouble(system.penalties[column]), times: system.z[index])
      return sum.wide
    }
    guard gradient.allSatisfy(\.high.isFinite) else { throw .outOfRange }
    let (delta, missing) = try gram.solve(gradient)
    var refined = system
    for index in delta.indices { refined.z[index] = system.z[index] + delta[index] }
    let size = gram.factor.length(of: delta.map(\.high))
    // ‖b − P(z + δ)‖² = ‖b − Pz‖² − δᵀ(2g − PᵀPδ), where g is the gradient without the penalty's part.
    var squares = WideBlock.total(sums, system.scale.count)
    for (index, column) in gram.kept.enumerated() {
      squares.subtract(gradient[index], times: delta[index])
      let penalty = DoubleDouble(system.penalties[column])
      squares.subtract(penalty * delta[index], times: system.z[index].scaled(by: 2) + delta[index])
    }
    refined.residualSquares = max(0, squares.value) / system.targetScale / system.targetScale
    let contraction = max(gram.contraction, system.certificate.contraction)
    let bound = min(contraction, 1) * size + missing + gram.passError(refined.z)
    refined.certificate = LeastSquaresCertificate(
      steps: system.certificate.steps + 1, contraction: contraction,
      relativeErrorBound: gram.relativeError(refined.z, bound) + 0x1p-53)
    refined.report.method = "Gram in two words, refined"
    return refined
  }
}
