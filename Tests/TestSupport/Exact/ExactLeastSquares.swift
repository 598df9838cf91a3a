package import LossAccel

/// The exact solution of a small least-squares problem of full rank, by Cramer's rule on the normal equations in integers.
///
/// The elements are doubles, so columns times powers of two are integers; nothing is rounded but the final quotients.
package struct ExactLeastSquares: Sendable {
  /// xⱼ.
  package let coefficients: [ScaledQuotient]
  /// Σ r².
  package let residualSquares: ScaledQuotient
  /// max over j of ‖aⱼ‖ / (the distance of aⱼ from the span of the other columns): between the condition of the columns scaled to unit
  /// length, over n, and that condition itself.
  package let dependence: Double

  /// Nil where the columns are exactly dependent. At most 7 columns.
  package init?(_ matrix: Matrix<Double>, _ targets: [Double]) {
    let n = matrix.columns
    precondition(n <= 7 && targets.count == matrix.rows, "\(n) columns, \(targets.count) targets")
    let columns = (0..<n).map { ExactLeastSquares.integers(matrix.column($0)) } + [ExactLeastSquares.integers(targets)]
    var gram = [[BigInteger]](repeating: [BigInteger](repeating: .zero, count: n + 1), count: n + 1)
    for i in 0...n {
      for j in i...n {
        gram[i][j] = zip(columns[i].values, columns[j].values).reduce(.zero) { $0 + $1.0 * $1.1 }
        gram[j][i] = gram[i][j]
      }
    }
    // Minors of the first n rows of [G c], each without one column.
    let minors = ExactLeastSquares.minors(gram, rows: Array(0..<n))
    let all = (1 << (n + 1)) - 1
    let determinant = minors[all ^ (1 << n)]
    guard !determinant.isZero else { return nil }
    coefficients = (0..<n).map { j in
      // Moving c into place j past the columns behind it changes the sign n − 1 − j times.
      let minor = minors[all ^ (1 << j)]
      let numerator = (n - 1 - j).isMultiple(of: 2) ? minor : -minor
      return BigInteger.quotient(numerator, determinant).scaled(byPower: columns[n].exponent - columns[j].exponent)
    }
    let whole = ExactLeastSquares.minors(gram, rows: Array(0...n))[all]
    residualSquares = BigInteger.quotient(whole, determinant).scaled(byPower: 2 * columns[n].exponent)
    var squares = 1.0
    for j in 0..<n {
      // gⱼⱼ·(G⁻¹)ⱼⱼ = gⱼⱼ·minorⱼⱼ / det.
      let others = ExactLeastSquares.minors(gram, rows: (0..<n).filter { $0 != j })[all ^ (1 << n) ^ (1 << j)]
      squares = max(squares, BigInteger.quotient(gram[j][j] * others, determinant).value)
    }
    dependence = squares.squareRoot()
  }

  /// The determinants of the first rows on every set of as many columns, by expansion along the last row: bits of the index name columns.
  private static func minors(_ matrix: [[BigInteger]], rows: [Int]) -> [BigInteger] {
    let columns = matrix.count
    var minors = [BigInteger](repeating: .zero, count: 1 << columns)
    minors[0] = BigInteger(1)
    for set in 1..<(1 << columns) where set.nonzeroBitCount <= rows.count {
      let row = rows[set.nonzeroBitCount - 1]
      var behind = 0
      for column in (0..<columns).reversed() where set & (1 << column) != 0 {
        let term = matrix[row][column] * minors[set ^ (1 << column)]
        minors[set] = behind.isMultiple(of: 2) ? minors[set] + term : minors[set] - term
        behind += 1
      }
    }
    return minors
  }

  /// The elements as integers times one power of two.
  private static func integers(_ values: [Double]) -> (values: [BigInteger], exponent: Int) {
    let parts = values.map { value in
      value == 0 ? (0, 0) : (Int(value / value.ulp), Int(value.ulp.exponent))
    }
    let exponent = parts.filter { $0.0 != 0 }.map { $0.1 + $0.0.trailingZeroBitCount }.min() ?? 0
    return (
      parts.map { integer, unit in
        let shift = unit - exponent
        return shift >= 0 ? BigInteger(integer) << shift : BigInteger(integer >> -shift)
      }, exponent
    )
  }
}
