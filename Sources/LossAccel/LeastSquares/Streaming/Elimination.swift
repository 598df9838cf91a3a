/// Cholesky's factorisation in two words, column by column, that leaves out columns which depend on those before them.
///
/// A column is left out when what the kept ones leave of it is shorter than 10⁻¹³ of it (as everywhere in this library), or cannot be
/// told from the rounding errors of the sums.
struct Elimination: Sendable {
  private(set) var kept: [Int] = []
  /// For every column left out, the coefficients of the columns kept before it.
  private var combinations: [(column: Int, coefficients: [Double])] = []
  /// The factor's columns for the kept columns: R[i][j] at `upper[j][i]`.
  private(set) var upper: [[DoubleDouble]] = []
  private let lengths: [Double]

  /// - Parameters:
  ///   - sums: the Gram matrix, row-major.
  ///   - gross: the square roots of what rounding errors of the sums are relative to.
  init(_ sums: [DoubleDouble], order: Int, gross: [Double]) {
    lengths = (0..<order).map { max(sums[$0 * (order + 1)].high, 0).squareRoot() }
    let limit = TriangularFactor.conditionLimit(order: order)
    for column in 0..<order {
      var entries: [DoubleDouble] = []
      var pivot = sums[column * (order + 1)]
      for (index, other) in kept.enumerated() {
        var entry = sums[other * order + column]
        for k in 0..<index { entry -= upper[index][k] * entries[k] }
        entry = entry / upper[index][index]
        entries.append(entry)
        pivot -= entry * entry
      }
      let length = lengths[column]
      let isShort = !(pivot.high > 0 && pivot.high.squareRoot() * limit > length)
      // What follows costs time, and rounding errors matter only where little is left.
      if !isShort && pivot.high > 0x1p-40 * length * length && gross[column] < 2 * length {
        entries.append(pivot.squareRoot())
        upper.append(entries)
        kept.append(column)
        continue
      }
      let coefficients = backSubstituted(entries)
      let size = zip(kept, coefficients).reduce(gross[column]) { $0 + abs($1.1) * gross[$1.0] }
      if isShort || !(pivot.high > 4 * WideGram.rounding * size * size) {
        combinations.append((column, coefficients))
      } else {
        entries.append(pivot.squareRoot())
        upper.append(entries)
        kept.append(column)
      }
    }
  }

  private func backSubstituted(_ entries: [DoubleDouble]) -> [Double] {
    var x = entries
    for index in x.indices.reversed() {
      x[index] = x[index] / upper[index][index]
      for row in 0..<index { x[row] -= upper[index][row] * x[index] }
    }
    return x.map(\.value)
  }

  /// The factor of the kept columns from the given one on, rounded; upper, column-major.
  func triangle(from first: Int = 0) -> [Double] {
    let order = kept.count - first
    var result = [Double](repeating: 0, count: order * order)
    for (column, entries) in upper.dropFirst(first).enumerated() {
      for (row, entry) in entries.dropFirst(first).enumerated() { result[column * order + row] = entry.value }
    }
    return result
  }

  /// The columns left out, counted without the intercept, and the columns that notably take part in them.
  func dropped(offset: Int) -> [DependentColumn] {
    combinations.map { column, coefficients in
      let others = zip(kept, coefficients).filter { abs($1) * lengths[$0] > 1e-8 * lengths[column] }.map(\.0)
      return DependentColumn(
        column: column - offset, combinationOf: others.filter { $0 >= offset }.map { $0 - offset },
        includesIntercept: offset == 1 && others.contains(0))
    }
  }
}

extension DoubleDouble {
  /// The root of a positive value, with a relative error near 2⁻¹⁰⁴; NaN for a negative one.
  package func squareRoot() -> DoubleDouble {
    guard high > 0, high.isFinite else { return DoubleDouble(high.squareRoot()) }
    let root = high.squareRoot()
    // One step of Newton's method from the rounded root.
    return DoubleDouble.sum(root, (self - DoubleDouble.product(root, root)).value / (2 * root))
  }
}
