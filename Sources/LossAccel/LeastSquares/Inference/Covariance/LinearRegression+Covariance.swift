extension LinearRegression {
  /// The same fit with another estimate of the coefficients' covariance: standard errors, tests, intervals and F follow it.
  ///
  /// Takes one pass over the rows with the factor of the fit, and one before it that corrects the factor where the scaled columns'
  /// condition is above 30. With a ridge penalty the standard errors stay NaN.
  ///
  /// - Throws: ``LeastSquaresError/unsupported(method:reason:)`` for a solution of minimum norm, whose coefficients have no covariance.
  /// - Precondition: as many labels as rows, where rows are clustered.
  /// - Complexity: O(rows · columns²)
  public func with(covariance: CoefficientCovariance) throws(LeastSquaresError) -> LinearRegression {
    var model = self
    switch covariance.estimator {
    case .classical:
      let variance = ridge == 0 && residualDegreesOfFreedom > 0 ? sigma * sigma : .nan
      model.setCovariance(
        covariance, rows.expanded(rows.inverseGram.map { $0.map { variance * $0 } }), freedom: residualDegreesOfFreedom)
    case .heteroscedastic(let kind):
      try model.setSandwich(covariance, freedom: residualDegreesOfFreedom) {
        (orthonormal, residuals) throws(LeastSquaresError) in try kind.middle(orthonormal, residuals: residuals)
      }
    case .clustered(let groupings):
      for grouping in groupings { rows.system.checkCount(grouping.groups.count, "labels") }
      let groupings = groupings.map { $0.selecting(rows.system.keptRows) }
      let counts = groupings.prefix(2).map(\.count)
      let clusters = counts.min() ?? 0
      let named = CoefficientCovariance(
        "\(covariance.description) (\(counts.map(String.init).joined(separator: " and ")) clusters)",
        covariance.estimator)
      guard clusters > 1 else {
        model.setCovariance(named, rows.expanded(nil), freedom: 0)
        break
      }
      try model.setSandwich(named, freedom: clusters - 1) { (orthonormal, residuals) throws(LeastSquaresError) in
        try ClusterSums.middle(orthonormal, residuals: residuals, groupings)
      }
    case .neweyWest(let chosen, let corrected):
      let lags = min(chosen ?? NeweyWest.automaticLags(rows: observations), observations - 1)
      let named = CoefficientCovariance(
        "\(covariance.description) (\(lags) lag\(lags == 1 ? "" : "s"))", covariance.estimator)
      try model.setSandwich(named, freedom: residualDegreesOfFreedom) {
        (orthonormal, residuals) throws(LeastSquaresError) in
        try NeweyWest.middle(orthonormal, residuals: residuals, lags: lags, corrected: corrected)
      }
    }
    return model
  }

  private mutating func setSandwich(
    _ covariance: CoefficientCovariance, freedom: Int,
    _ middle: (OrthonormalRows, [Double]) throws(LeastSquaresError) -> [Double]
  ) throws(LeastSquaresError) {
    guard ridge == 0, residualDegreesOfFreedom > 0 else {
      return setCovariance(covariance, rows.expanded(nil), freedom: freedom)
    }
    let orthonormal = try orthonormalRows()
    let sum = try middle(orthonormal, rows.weighted(residuals))
    let matrix = try CoefficientBasis(orthonormal).covariance(middle: sum)
    setCovariance(covariance, rows.expanded(matrix), freedom: freedom)
    (self.orthonormal, sandwichMiddle) = (orthonormal, sum)
    waldTest = try WaldTest.test(orthonormal, coefficients: rows.coefficients, middle: sum, freedom: freedom)
  }

  private mutating func setCovariance(_ covariance: CoefficientCovariance, _ matrix: Matrix<Double>, freedom: Int) {
    self.covariance = covariance
    covarianceMatrix = matrix
    (waldTest, sandwichMiddle) = (nil, nil)
    let errors = standardErrors(matrix)
    coefficients = coefficients.enumerated().map { index, coefficient in
      Coefficient(
        term: coefficient.term, estimate: coefficient.estimate, standardError: errors[index],
        degreesOfFreedom: freedom, confidenceLevel: confidenceLevel, isDropped: coefficient.isDropped)
    }
  }
}
