/// What every row does to a fit: its leverage, and how far residual, fitted value and coefficients would move without it.
///
/// One element for every row of nonzero weight, in their order; n of them, k coefficients that were determined. e are the
/// residuals, σ the residual standard error; formulas are those of R's `influence.measures`, weights included. What needs σ is NaN with a
/// ridge penalty. For a row of leverage 1, which alone determines its fitted value, everything but the leverage is NaN.
public struct RegressionInfluence: Sendable {
  /// hᵢ = wᵢ·xᵢᵀ(XᵀWX + Λ)⁻¹xᵢ: the share of a row's own target in its fitted value, between 0 and 1. Without a penalty they add up to k.
  public let leverages: [Double]

  /// y − ŷ.
  public let residuals: [Double]

  /// √w; nil for ones.
  private let rootWeights: [Double]?

  /// NaN where there is no residual variance.
  private let sigma: Double
  private let rank: Int

  init(_ model: LinearRegression, leverages: [Double]) {
    // Rounding must not put a leverage beyond its limit.
    self.leverages = leverages.map { $0 > 1 - Heteroscedasticity.smallest ? 1 : $0 }
    residuals = model.residuals
    rootWeights = model.rows.system.rootWeights
    sigma = model.ridge == 0 ? model.sigma : .nan
    rank = model.rank
  }

  private func map(_ body: (_ weightedResidual: Double, _ leverage: Double) -> Double) -> [Double] {
    leverages.indices.map { index in
      let leverage = leverages[index]
      return leverage == 1 ? .nan : body(residuals[index] * (rootWeights?[index] ?? 1), leverage)
    }
  }

  private var freedom: Double { Double(leverages.count - rank) }

  /// The standard deviation of the errors, estimated without the row.
  public var deletedSigmas: [Double] {
    map { residual, leverage in
      guard freedom > 1 else { return .nan }
      let squares = sigma * sigma * freedom - residual * residual / (1 - leverage)
      return ((squares < 0 ? 0 : squares) / (freedom - 1)).squareRoot()
    }
  }

  /// √w·e/(σ√(1 − h)), internally studentised: residuals in units of their own standard deviation. R's `rstandard`.
  public var standardizedResiduals: [Double] { map { $0 / (sigma * (1 - $1).squareRoot()) } }

  /// √w·e/(σ₍ᵢ₎√(1 − h)), externally studentised, with the σ of the fit without the row: Student's t with n − k − 1 degrees of freedom.
  /// R's `rstudent`.
  public var studentizedResiduals: [Double] {
    let sigmas = deletedSigmas
    return zip(map { $0 / (1 - $1).squareRoot() }, sigmas).map { $0 / $1 }
  }

  /// e/(1 − h): what the fit without the row misses the row's target by, exactly, with a ridge penalty, too.
  public var deletedResiduals: [Double] {
    zip(residuals, leverages).map { $1 == 1 ? .nan : $0 / (1 - $1) }
  }

  /// Σ w·(e/(1 − h))², the prediction error sum of squares of leaving out one row after the other.
  public var press: Double { map { ($0 / (1 - $1)) * ($0 / (1 - $1)) }.reduce(0, +) }

  /// Cook's distance: how far all fitted values move without the row, squared, in units of k·σ².
  public var cooksDistances: [Double] {
    map { residual, leverage in
      let scaled = residual / (sigma * (1 - leverage))
      return scaled * scaled * leverage / Double(rank)
    }
  }

  /// DFFITS: how far the row's own fitted value moves without it, in units of its standard error with σ₍ᵢ₎.
  public var dffits: [Double] {
    zip(map { $0 * $1.squareRoot() / (1 - $1) }, deletedSigmas).map { $0 / $1 }
  }

  /// COVRATIO: the determinant of the coefficients' covariance without the row, relative to that with it.
  public var covarianceRatios: [Double] {
    zip(studentizedResiduals, leverages).map { student, leverage in
      let spread = (freedom - 1 + student * student) / freedom
      return 1 / ((1 - leverage) * ElementaryFunctions.power(spread, Double(rank)))
    }
  }
}

extension LinearRegression {
  /// Leverages, and what follows from them for every row.
  ///
  /// One pass over the rows with the factor of the fit (and one that corrects the factor where the condition is above 30).
  /// - Throws: ``LeastSquaresError/unsupported(method:reason:)`` for a solution of minimum norm.
  /// - Complexity: O(rows · columns²)
  public func influence() throws(LeastSquaresError) -> RegressionInfluence {
    RegressionInfluence(self, leverages: try orthonormalRows().leverages())
  }

  /// The number of coefficients, as the fit uses them: the sum of the leverages. ``rank`` without a ridge penalty, less with one.
  ///
  /// - Throws: ``LeastSquaresError/unsupported(method:reason:)`` for a solution of minimum norm.
  /// - Complexity: O(columns³) with a penalty.
  public func effectiveDegreesOfFreedom() throws(LeastSquaresError) -> Double {
    guard ridge > 0 else { return Double(rank) }
    // trace (XᵀWX + Λ)⁻¹XᵀWX = unknowns − trace (XᵀWX + Λ)⁻¹Λ.
    guard let inverse = rows.inverseGram else {
      _ = try rows.requiredGeometry()
      return .nan
    }
    let order = rows.kept.count
    return rows.kept.enumerated().reduce(Double(order)) { sum, term in
      let column = term.element - rows.system.offset
      return column < 0 ? sum : sum - inverse[term.offset * (order + 1)] * rows.system.penalty(column)
    }
  }

  /// DFBETAS: how far every coefficient moves without a row, in units of its standard error with σ₍ᵢ₎. One row for every row of nonzero
  /// weight, one column for every term; NaN for dropped columns, rows of leverage 1, and with a ridge penalty.
  ///
  /// - Throws: ``LeastSquaresError/unsupported(method:reason:)`` for a solution of minimum norm.
  /// - Complexity: O(rows · columns²)
  public func dfbetas() throws(LeastSquaresError) -> Matrix<Double> {
    let orthonormal = try orthonormalRows()
    let influence = RegressionInfluence(self, leverages: try orthonormal.leverages())
    let sigmas = influence.deletedSigmas
    let basis = try CoefficientBasis(orthonormal)
    let (order, unknowns, kept) = (orthonormal.order, rows.system.unknowns, rows.kept)
    // Row i: √w·e/((1 − h)·σ₍ᵢ₎) · q·Gᵀ, every column divided by the length of its row of G.
    var directions = basis.elements
    for (row, length) in basis.lengths.enumerated() {
      for index in row * order..<(row + 1) * order { directions[index] /= length }
    }
    let factors = zip(influence.weightedDeletedResiduals, sigmas).map { ridge == 0 ? $0 / $1 : .nan }
    var result = [Double](repeating: .nan, count: factors.count * unknowns)
    var output = result.mutableSpan
    let columns = directions
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.mapRows(factors.count, rowsPerChunk: orthonormal.chunkRows, &output, width: unknowns) {
        (_, range, slice) throws(LinearAlgebraError) in
        try orthonormal.forEachBlock(of: range) { (part, block) throws(LinearAlgebraError) in
          var moves = [Double](repeating: 0, count: part.count * order)
          var span = moves.mutableSpan
          try BLAS.gemm(
            rows: part.count, columns: order, inner: order, a: block.span, aStride: orthonormal.stride, b: columns.span,
            transposeB: true, c: &span)
          let multipliers = Array(factors[part])
          RowKernels.scale(&span, stride: order, columns: order, by: multipliers.span)
          for row in 0..<part.count {
            let first = (part.lowerBound - range.lowerBound + row) * unknowns
            for (position, term) in kept.enumerated() { slice[first + term] = moves[row * order + position] }
          }
        }
      }
    }
    return Matrix(rows: factors.count, columns: unknowns, elements: result)
  }

  /// The rows in their orthonormal basis, kept from an earlier use where there was one.
  func orthonormalRows() throws(LeastSquaresError) -> OrthonormalRows {
    if let orthonormal { return orthonormal }
    return try OrthonormalRows(rows.requiredGeometry())
  }
}

extension RegressionInfluence {
  /// √w·e/(1 − h).
  fileprivate var weightedDeletedResiduals: [Double] { map { $0 / (1 - $1) } }
}
