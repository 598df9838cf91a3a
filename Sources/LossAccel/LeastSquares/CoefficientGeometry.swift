/// (XᵀWX + Λ)⁻¹ of the columns as they were given, from the triangular factor of the packed ones: what standard errors are made of.
package struct CoefficientGeometry: Sendable {
  let factor: TriangularFactor
  let packed: PackedRows

  /// (XᵀWX + Λ)⁻¹, order × order, symmetric, the intercept's row first where there is one.
  ///
  /// Small problems (rows · order² up to about 10⁸) get it to nearly full accuracy: the columns of the inverse are refined with
  /// residuals in twice the working precision. Large ones get it from a factor with an error of about condition · 2⁻⁵² relative,
  /// or condition² · 2⁻⁵² while the condition is below 1000.
  /// - Complexity: O(rows · order²)
  package func inverseGram() throws(LeastSquaresError) -> [Double] {
    let order = factor.order
    let isSmall = Double(packed.system.rows) * Double(order) * Double(order) <= 0x1p27
    let factor =
      isSmall || factor.condition < 1000
      ? factor : try TriangularFactor(order: order, TallSkinnyQR.factor(packed))
    let pass = ResidualPass(packed)
    var inverse: [[DoubleDouble]] = []
    for index in 0..<order {
      inverse.append(isSmall ? try refinedColumn(index, pass) : try column(index, factor).map { DoubleDouble($0) })
    }
    return inUnitsOfColumns(inverse)
  }

  /// R⁻¹R⁻ᵀeₖ.
  private func column(_ index: Int, _ factor: TriangularFactor) throws(LeastSquaresError) -> [Double] {
    var vector = [Double](repeating: 0, count: factor.order)
    vector[index] = 1
    try factor.solveTransposed(&vector)
    try factor.solve(&vector)
    return vector
  }

  /// The solution of PᵀWPz = eₖ by z ← z + R⁻¹R⁻ᵀ(eₖ − PᵀWPz), which stops when the steps stop shrinking.
  private func refinedColumn(_ index: Int, _ pass: ResidualPass) throws(LeastSquaresError) -> [DoubleDouble] {
    let zeros = LeastSquaresTargets(elements: packed.system.matrix.zeros(count: packed.system.rows), count: 1)
    var z = try column(index, factor).map { DoubleDouble($0) }
    let unit = (0..<factor.order).map { $0 == index ? 1.0 : 0 }
    var previous = Double.infinity
    for _ in 0..<8 {
      // With a target of zeros the gradient is −PᵀWPz.
      var delta = pass.evaluate(z, zeros, 0, targetScale: 1, adding: unit.map { LongSum(DoubleDouble($0)) }).gradient
      try factor.solveTransposed(&delta)
      try factor.solve(&delta)
      let size = zip(delta, factor.lengths).reduce(0) { max($0, abs($1.0) * $1.1) }
      if !(size < previous / 2) { break }
      for k in z.indices { z[k] = z[k] + delta[k] }
      previous = size
      if size <= 0x1p-60 * zip(z, factor.lengths).reduce(0, { max($0, abs($1.0.high) * $1.1) }) { break }
    }
    return z
  }

  /// T·inverse·Tᵀ, where coefficients are T times those of the packed columns: row 0 of T is (1, −means), the others are the scales.
  private func inUnitsOfColumns(_ inverse: [[DoubleDouble]]) -> [Double] {
    let order = factor.order
    let offset = packed.system.offset
    var result = [Double](repeating: 0, count: order * order)
    for row in offset..<order {
      for column in offset..<order {
        result[row * order + column] =
          inverse[row][column].value * packed.scale[row - offset] * packed.scale[column - offset]
      }
    }
    guard offset == 1 else { return result }
    // Means of neighbouring columns nearly cancel here, hence the second word.
    func withMeans(_ column: Int) -> DoubleDouble {
      (1..<order).reduce(inverse[column][0]) { $0 - inverse[column][$1] * packed.mean($1 - 1) }
    }
    for column in 1..<max(order, 1) {
      result[column] = withMeans(column).value * packed.scale[column - 1]
      result[column * order] = result[column]
    }
    result[0] = (1..<order).reduce(withMeans(0)) { $0 - withMeans($1) * packed.mean($1 - 1) }.value
    return result
  }
}

extension _ScalarArray {
  /// As many zeros in the same precision.
  func zeros(count: Int) -> _ScalarArray {
    switch self {
    case .single: .single([Float](repeating: 0, count: count))
    case .double: .double([Double](repeating: 0, count: count))
    }
  }
}
