/// Predictions of a ``GeneralizedLinearModel`` for new samples, and how uncertain they are.
public struct ModelPredictions: Sendable {
  /// xᵀβ + offset.
  public let predictors: [Double]

  /// The standard errors of the predictors: √(xᵀVx) with the model's covariance V; NaN where it has none.
  public let predictorErrors: [Double]

  /// The means g⁻¹(predictor).
  public let means: [Double]

  /// The standard errors of the means by the delta method, |dμ/dη| times those of the predictors: what R's `predict(se.fit = TRUE)` gives.
  public let standardErrors: [Double]

  let link: Link
  let degreesOfFreedom: Int?

  /// Intervals that cover the mean of such samples with about the probability `level`: those of the predictors, taken through the
  /// link, so that they stay within the means that it has.
  ///
  /// With `onLinkScale` they are those of the predictors.
  public func confidenceIntervals(
    level: Double = 0.95, onLinkScale: Bool = false
  ) -> [(low: Double, high: Double)] {
    let quantile = ModelCoefficient.quantile(level: level, degreesOfFreedom)
    return zip(predictors, predictorErrors).map { predictor, error in
      if onLinkScale { return (predictor - quantile * error, predictor + quantile * error) }
      let ends = (link.mean(predictor - quantile * error), link.mean(predictor + quantile * error))
      return (min(ends.0, ends.1), max(ends.0, ends.1))
    }
  }
}

extension GeneralizedLinearModel {
  /// The means of new samples; dropped columns take no part.
  ///
  /// `offsets` are known parts of the predictors, one for every row; for exposures pass their logarithms.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func predict<Element: Scalar>(
    _ features: Matrix<Element>, offsets: [Element]? = nil
  ) throws(ModelError) -> [Element] {
    let wide = (features as? Matrix<Double>) ?? Matrix<Double>(features)
    return try predictors(wide, offsets: offsets.map { $0.map(Double.init) }).map { Element(link.mean($0)) }
  }

  /// Predictors and means of new samples with their standard errors.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as that of ``predict(_:offsets:)->[Double]``.
  public func predictions<Element: Scalar>(
    for features: Matrix<Element>, offsets: [Element]? = nil
  ) throws(ModelError) -> ModelPredictions {
    let wide = (features as? Matrix<Double>) ?? Matrix<Double>(features)
    let predictors = try predictors(wide, offsets: offsets.map { $0.map(Double.init) })
    let errors = predictorErrors(wide)
    let linked = predictors.map { link.linked($0) }
    return ModelPredictions(
      predictors: predictors, predictorErrors: errors, means: linked.map(\.mean),
      standardErrors: zip(linked, errors).map { abs($0.slope) * $1 }, link: link, degreesOfFreedom: testFreedom)
  }

  /// xᵀβ + offset of every row.
  func predictors(_ features: Matrix<Double>, offsets: [Double]?) throws(ModelError) -> [Double] {
    let slopes = estimates.dropFirst(hasIntercept ? 1 : 0).map { $0 ?? 0 }
    return try features.linearPredictors(
      coefficients: slopes, intercept: hasIntercept ? (estimates[0] ?? 0) : 0, offsets: offsets)
  }

  /// √(xᵀVx) of every row.
  private func predictorErrors(_ features: Matrix<Double>) -> [Double] {
    guard let keptCovariance else { return [Double](repeating: .nan, count: features.rows) }
    let (order, offset) = (rank, hasIntercept ? 1 : 0)
    let kept = estimates.indices.filter { estimates[$0] != nil }
    return (0..<features.rows).map { row in
      let values = kept.map { $0 < offset ? 1 : features[row, $0 - offset] }
      // In two words: with means far from 0 large terms cancel.
      var sum = DoubleDouble(0)
      for i in 0..<order {
        var product = DoubleDouble(0)
        for j in 0..<order { product += DoubleDouble.product(keptCovariance[i * order + j], values[j]) }
        sum += product * values[i]
      }
      return max(0, sum.value).squareRoot()
    }
  }
}
