/// How far the columns of a regression depend on one another, and which of them.
public struct Collinearity: Sendable {
  /// The terms that were not dropped, the intercept first where there is one: the columns of ``varianceProportions``.
  public let terms: [String]

  /// By what factor a term's variance is larger than if its column were independent of the others, 1/(1 − R²ⱼ) with the R² of its own
  /// regression on the others; one for every term of ``terms``, NaN for the intercept. Without an intercept R² is measured from zero. For
  /// columns of numbers the same as `vif` of R's package car.
  public let varianceInflationFactors: [Double]

  /// The largest singular value of √W·X with columns of unit length, intercept included, over each one: smallest first, 1 to begin with.
  /// Above 30 columns depend on one another notably (D. A. Belsley, E. Kuh, R. E. Welsch, Regression Diagnostics, 1980).
  public let conditionIndices: [Double]

  /// The share that each singular direction has in the variance of each coefficient: a row for every condition index, a column for
  /// every term, columns add up to 1. Terms that share a large index with more than one half each depend on one another.
  public let varianceProportions: Matrix<Double>

  /// Sentences that name the columns which nearly depend on one another; empty where none do. These look at columns around their means (if
  /// there is an intercept), so that a large mean alone is not held against a column.
  public let notes: [String]

  /// Belsley, Kuh and Welsch's limit.
  static let notableIndex = 30.0

  init(terms: [String], _ rows: OrthonormalRows) throws(LeastSquaresError) {
    let (order, offset) = (rows.order, rows.packed.system.offset)
    let basis = try CoefficientBasis(rows)
    let lengths = basis.lengths
    self.terms = terms
    varianceInflationFactors = (0..<order).map { term in
      guard term >= offset else { return .nan }
      // What R has below the intercept's row is the column around its mean.
      let squares = (offset..<term + 1).reduce(0) {
        $0 + rows.triangle[term * order + $1] * rows.triangle[term * order + $1]
      }
      let scaled = lengths[term] / rows.packed.scale[term - offset]
      return scaled * scaled * squares
    }
    // Adding its mean times the ones to a column changes nothing but the first row of R.
    var triangle = rows.triangle
    if offset == 1 {
      for column in 1..<max(order, 1) { triangle[column * order] += rows.packed.mean(column - 1) * triangle[0] }
    }
    let raw = try Decomposition(triangle, first: 0, order: order)
    conditionIndices = raw.indices
    varianceProportions = Matrix(rows: order, columns: order, elements: raw.proportions)
    let centered = offset == 1 ? try Decomposition(rows.triangle, first: 1, order: order) : raw
    notes = centered.groups().map { index, members in
      Collinearity.sentence(index, members.map { terms[$0 + offset] })
    }
  }

  private static func sentence(_ index: Double, _ names: [String]) -> String {
    let list = "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")"
    return "\(list) nearly depend on one another (condition index \(decimalText(index, significantDigits: 3)))."
  }
}

/// The singular values of a triangle whose columns are scaled to unit length, and what they do to variances.
private struct Decomposition {
  let indices: [Double]
  /// Row-major, a row for every index.
  let proportions: [Double]
  let order: Int

  /// Of the trailing block that begins at row and column `first`.
  init(_ triangle: [Double], first: Int, order all: Int) throws(LeastSquaresError) {
    let order = all - first
    var scaled = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      let source = (column + first) * all + first
      let length = (0...column).reduce(0) { $0 + triangle[source + $1] * triangle[source + $1] }.squareRoot()
      for row in 0...column { scaled[column * order + row] = triangle[source + row] / length }
    }
    let found = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.singularValues(rows: order, columns: order, scaled)
    }
    guard let (_, s, vt) = found else { throw .singularValuesNotConverged }
    indices = s.map { s[0] / $0 }
    var shares = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      var total = 0.0
      for row in 0..<order {
        let part = vt[column * order + row] / s[row]
        shares[row * order + column] = part * part
        total += part * part
      }
      for row in 0..<order { shares[row * order + column] /= total }
    }
    (proportions, self.order) = (shares, order)
  }

  /// For every notable index the columns that take part in it: those with more than half of their variance there, and at least two.
  func groups() -> [(index: Double, members: [Int])] {
    var groups: [(index: Double, members: [Int])] = []
    for row in 0..<order where indices[row] > Collinearity.notableIndex {
      let shares = Array(proportions[row * order..<(row + 1) * order])
      let ranked = shares.indices.sorted { shares[$0] > shares[$1] }
      let count = max(2, shares.count { $0 > 0.5 })
      groups.append((indices[row], ranked.prefix(count).sorted()))
    }
    return groups
  }
}

extension LinearRegression {
  /// Variance inflation factors, condition indices and variance proportions, with sentences that name the columns to blame.
  ///
  /// - Throws: ``LeastSquaresError/unsupported(method:reason:)`` for a solution of minimum norm and with a ridge penalty.
  /// - Complexity: O(columns³), and a pass over the rows where the condition is above 30.
  public func collinearity() throws(LeastSquaresError) -> Collinearity {
    guard ridge == 0 else {
      throw .unsupported(method: "ridge", reason: "changes how columns depend on one another; fit without a penalty")
    }
    return try Collinearity(terms: rows.kept.map { coefficients[$0].term }, orthonormalRows())
  }
}
