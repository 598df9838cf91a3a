extension Matrix {
  /// Xβ + β₀ + offset of every row: what the link or the loss of a linear model takes.
  ///
  /// - Precondition: as many columns as coefficients, and as many offsets as rows.
  func linearPredictors(
    coefficients: [Double], intercept: Double, offsets: [Element]?
  ) throws(ModelError) -> [Element] {
    precondition(columns == coefficients.count, "\(columns) columns for a model of \(coefficients.count) features")
    precondition(offsets.map { $0.count == rows } ?? true, "\(offsets?.count ?? 0) offsets for \(rows) rows")
    guard columns > 0 else { return (0..<rows).map { Element(intercept) + (offsets?[$0] ?? 0) } }
    do throws(LinearAlgebraError) {
      let products = try multiplied(by: coefficients.map { Element($0) })
      return products.indices.map { products[$0] + Element(intercept) + (offsets?[$0] ?? 0) }
    } catch {
      throw .objective(.linearAlgebra(error))
    }
  }
}
