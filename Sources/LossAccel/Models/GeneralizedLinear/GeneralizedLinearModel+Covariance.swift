extension GeneralizedLinearModel {
  /// The same fit with another estimate of the coefficients' covariance: standard errors, tests and intervals follow it.
  ///
  /// The classical one is φ·(XᵀWX)⁻¹ with the Fisher information W. The others are sandwiches with that bread, whose filling is made of
  /// the scores w·(y − μ)·μ′/V of the rows, with the corrections and leverages that R's package sandwich takes for `glm`; their tests are
  /// z tests where the dispersion is 1, and take Student's distribution (for clusters with one degree less than clusters) where it is estimated.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: the model was fitted to a matrix or a table, not decoded; as many labels as rows, where rows are clustered.
  public func with(covariance: CoefficientCovariance) throws(ModelError) -> GeneralizedLinearModel {
    guard let data else { preconditionFailure("the rows of a model that was decoded, or fitted by passes, are gone") }
    var model = self
    model.testFreedom = family.hasDispersion ? residualDegreesOfFreedom : nil
    model.covarianceName = covariance.description
    guard penalty == .none else {
      model.keptCovariance = nil
      return model
    }
    if case .classical = covariance.estimator {
      let factor = dispersion
      model.keptCovariance = factor.isNaN ? nil : data.working.rows.inverseGram.map { $0.map { factor * $0 } }
      return model
    }
    let kept = covariance.selecting(rows: data.problem.keptRows, of: data.problem.originalRows)
    let sandwich = try withLeastSquares { () throws(LeastSquaresError) in try data.working.with(covariance: kept) }
    model.covarianceName = sandwich.covariance.description
    let matrix = sandwich.covarianceMatrix
    let places = estimates.indices.filter { estimates[$0] != nil }
    let elements = places.flatMap { row in places.map { matrix[row, $0] } }
    model.keptCovariance = elements.allSatisfy(\.isFinite) ? elements : nil
    if family.hasDispersion { model.testFreedom = sandwich.coefficients.first?.degreesOfFreedom }
    return model
  }
}

extension CoefficientCovariance {
  /// The same for a table of which only these rows took part.
  func selecting(rows: [Int]?, of count: Int) -> CoefficientCovariance {
    guard case .clustered(let groupings) = estimator else { return self }
    for grouping in groupings {
      precondition(grouping.groups.count == count, "\(grouping.groups.count) labels for \(count) rows")
    }
    return CoefficientCovariance(description, .clustered(groupings.map { $0.selecting(rows) }))
  }
}
