/// An upper triangular R with RᵀR = the Gram matrix of packed rows plus penalty: what solves, refines, and gives standard errors.
struct TriangularFactor: Sendable {
  let order: Int
  /// Column-major; zero below the diagonal.
  let elements: [Double]
  /// The condition of R in the 1-norm, estimated where R is large, with its columns scaled by powers of two to about unit length; ∞ where
  /// singular.
  let condition: Double

  /// The Euclidean lengths of the columns.
  let lengths: [Double]

  /// The lengths of the rows of R⁻¹, where they were found on the way to the condition.
  private let rowsOfInverse: [Double]?

  /// Up to that order the inverse costs less than a call that estimates its norm.
  private static let smallOrder = 32

  init(order: Int, _ elements: [Double]) throws(LeastSquaresError) {
    let lengths = (0..<order).map { column in
      (column * order...column * order + column).reduce(0) { $0 + elements[$1] * elements[$1] }.squareRoot()
    }
    // Scaling to unit columns takes out what units of measurement contribute: what is left is what limits accuracy.
    var scaled = elements
    for column in 0..<order {
      let scale = PowerOfTwo.reciprocal(of: lengths[column])
      for index in column * order...column * order + column { scaled[index] *= scale }
    }
    if order <= TriangularFactor.smallOrder {
      let inverse = TriangularFactor.inverse(order: order, scaled)
      condition =
        inverse.norm == .infinity ? .infinity : max(1, inverse.norm * TriangularFactor.norm(order: order, scaled))
      rowsOfInverse = zip(inverse.rows, lengths).map { $0 * PowerOfTwo.reciprocal(of: $1) }
    } else {
      condition = try withLinearAlgebra { () throws(LinearAlgebraError) in
        try LAPACK.conditionEstimate(order: order, scaled)
      }
      rowsOfInverse = nil
    }
    self.order = order
    self.elements = elements
    self.lengths = lengths
  }

  /// The largest sum of magnitudes of a column.
  private static func norm(order: Int, _ r: [Double]) -> Double {
    (0..<order).reduce(0) { largest, column in
      max(largest, (column * order...column * order + column).reduce(0) { $0 + abs(r[$1]) })
    }
  }

  /// That of the inverse of an upper triangle, and the lengths of the inverse's rows; ∞ where it is singular.
  private static func inverse(order: Int, _ r: [Double]) -> (norm: Double, rows: [Double]) {
    var (norm, squares) = (0.0, [Double](repeating: 0, count: order))
    var column = squares
    for k in 0..<order {
      var sum = 0.0
      for i in (0...k).reversed() {
        var value = i == k ? 1.0 : 0
        for l in i + 1..<max(k, i) + 1 { value -= r[l * order + i] * column[l] }
        value /= r[i * order + i]
        guard value.isFinite else { return (.infinity, [Double](repeating: .infinity, count: order)) }
        column[i] = value
        squares[i] += value * value
        sum += abs(value)
      }
      norm = max(norm, sum)
    }
    return (norm, squares.map { $0.squareRoot() })
  }

  /// v ← R⁻¹v.
  func solve(_ vector: inout [Double]) throws(LeastSquaresError) { try solve(&vector, transposed: false) }

  /// v ← R⁻ᵀv.
  func solveTransposed(_ vector: inout [Double]) throws(LeastSquaresError) { try solve(&vector, transposed: true) }

  private func solve(_ vector: inout [Double], transposed: Bool) throws(LeastSquaresError) {
    var span = vector.mutableSpan
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      // Column-major R is row-major Rᵀ, a lower triangle.
      try BLAS.trsv(triangle: .lower, transposeA: !transposed, size: order, a: elements.span, x: &span)
    }
  }

  /// The length of Rz.
  func length(of z: [Double]) -> Double {
    var product = [Double](repeating: 0, count: order)
    for column in 0..<order {
      for row in 0...column { product[row] += elements[column * order + row] * z[column] }
    }
    return product.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The lengths of the rows of R⁻¹: an error e changes coefficient j by at most the length of its row times that of Re.
  func sensitivities() throws(LeastSquaresError) -> [Double] {
    if let rowsOfInverse { return rowsOfInverse }
    var inverse = elements
    let singular = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.triangularInverse(order: order, &inverse)
    }
    guard singular == nil else { return [Double](repeating: .infinity, count: order) }
    var squares = [Double](repeating: 0, count: order)
    for column in 0..<order {
      for row in 0...column { squares[row] += inverse[column * order + row] * inverse[column * order + row] }
    }
    return squares.map { $0.squareRoot() }
  }

  /// The limit on the condition beyond which columns count as dependent. With rounding errors of the factorisation below
  /// order·2⁻⁵², a larger condition cannot be told from an infinite one; 10¹³ leaves a margin.
  static func conditionLimit(order: Int) -> Double { 1 / max(1e-13, 4 * Double(order) * Double.ulpOfOne) }
}
