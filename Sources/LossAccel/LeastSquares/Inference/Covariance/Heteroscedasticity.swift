/// What stands in for the variance of a row's error: e² times a correction for the leverage h that the row has on its own fit.
enum Heteroscedasticity: Sendable {
  case hc0, hc1, hc2, hc3, hc4, hc4m

  /// The square root of the factor on e², for rows of which `leverageRatio` = nh/k.
  func rootFactor(leverage: Double, leverageRatio: Double) -> Double {
    let left = 1 - leverage
    switch self {
    case .hc0, .hc1: return 1
    // The residual is zero up to rounding where the leverage is one.
    case _ where left <= Heteroscedasticity.smallest: return 0
    case .hc2: return 1 / left.squareRoot()
    case .hc3: return 1 / left
    case .hc4: return ElementaryFunctions.power(left, -min(4, leverageRatio) / 2)
    case .hc4m: return ElementaryFunctions.power(left, -(min(1, leverageRatio) + min(1.5, leverageRatio)) / 2)
    }
  }

  /// 1 − h below this is rounding error.
  static let smallest = 0x1p-44

  /// The middle of the sandwich in the orthonormal basis. `residuals` are multiplied by √w.
  func middle(_ rows: OrthonormalRows, residuals: [Double]) throws(LeastSquaresError) -> [Double] {
    let (count, order) = (Double(residuals.count), Double(rows.order))
    var middle = try rows.weightedGram { part, leverages, factors in
      for (index, leverage) in leverages.enumerated() {
        factors[index] =
          residuals[part.lowerBound + index]
          * rootFactor(leverage: leverage, leverageRatio: count * leverage / order)
      }
    }
    if case .hc1 = self {
      for index in middle.indices { middle[index] *= count / (count - order) }
    }
    return middle
  }
}
