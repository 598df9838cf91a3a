/// Which columns of a triangular factor are combinations of columns before them, and of which.
///
/// Columns are taken in order, as R's `lm` does: each is orthogonalised against those kept so far (modified Gram–Schmidt, twice), and
/// dropped when less than a fixed part of its length is left. Lengths are those of the columns themselves, so the
/// decision does not depend on their units, nor on the number of rows.
struct RankAnalysis: Sendable {
  private(set) var kept: [Int] = []
  /// For every dropped column, the coefficients of the kept columns whose combination it is.
  private(set) var dropped: [(column: Int, coefficients: [Double])] = []

  /// `lengths` are the columns' lengths before any shift: a column that shifting makes tiny is a multiple of the ones.
  init(order: Int, _ factor: [Double], lengths: [Double], conditionLimit: Double) {
    var basis: [[Double]] = []
    var upper: [[Double]] = []
    for column in 0..<order {
      var vector = Array(factor[column * order..<(column + 1) * order])
      var shares = [Double](repeating: 0, count: basis.count)
      for _ in 0..<2 {
        for (index, direction) in basis.enumerated() {
          let share = zip(direction, vector).reduce(0) { $0 + $1.0 * $1.1 }
          shares[index] += share
          for row in 0..<order { vector[row] -= share * direction[row] }
        }
      }
      let left = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if left * conditionLimit > lengths[column] {
        basis.append(vector.map { $0 / left })
        upper.append(shares + [left])
        kept.append(column)
      } else {
        dropped.append((column, RankAnalysis.coefficients(shares, upper)))
      }
    }
  }

  /// The solution of the triangular system that the orthogonalisation of the kept columns left.
  private static func coefficients(_ shares: [Double], _ upper: [[Double]]) -> [Double] {
    var coefficients = shares
    for index in coefficients.indices.reversed() {
      coefficients[index] /= upper[index][index]
      for row in 0..<index { coefficients[row] -= upper[index][row] * coefficients[index] }
    }
    return coefficients
  }
}
