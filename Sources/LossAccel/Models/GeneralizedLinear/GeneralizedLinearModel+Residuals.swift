extension GeneralizedLinearModel {
  /// What a residual of a generalised linear model measures.
  public enum Residual: String, Sendable, Hashable, CaseIterable {
    /// y − μ.
    case response
    /// The signed root of the row's part of the deviance, w·d.
    case deviance
    /// √w·(y − μ)/√V(μ).
    case pearson
    /// (y − μ)/(dμ/dη): that of the least-squares fit of the last step.
    case working
  }

  /// The fitted means of the rows that took part.
  ///
  /// - Precondition: the model was fitted to a matrix or a table, not decoded.
  public var fittedMeans: [Double] { requiredData.predictors.high.map(link.mean) }

  /// The fitted predictors of the rows that took part, offsets included.
  ///
  /// - Precondition: the model was fitted to a matrix or a table, not decoded.
  public var fittedPredictors: [Double] { requiredData.predictors.high }

  private var requiredData: ModelData {
    guard let data else { preconditionFailure("the rows of a model that was decoded, or fitted by passes, are gone") }
    return data
  }

  /// The residuals of the rows that took part, in their order.
  ///
  /// - Precondition: the model was fitted to a matrix or a table, not decoded.
  public func residuals(_ kind: Residual = .deviance) -> [Double] {
    let data = requiredData
    let problem = data.problem
    return (0..<problem.rows).map { row in
      residual(
        kind, problem.family.definition, target: problem.targets[row], weight: problem.weights?[row] ?? 1,
        DoubleDouble(data.predictors.high[row], data.predictors.low?[row] ?? 0))
    }
  }

  private func residual(
    _ kind: Residual, _ definition: some FamilyDefinition, target: Double, weight: Double, _ predictor: DoubleDouble
  ) -> Double {
    let mean = link.linked(predictor)
    let excess = mean.excess(of: target, isShare: definition.isShare).value
    switch kind {
    case .response: return excess
    case .working: return excess / mean.slope.value
    case .pearson: return excess == 0 ? 0 : weight.squareRoot() * excess / definition.variance(mean).value.squareRoot()
    case .deviance:
      let size = max(0, weight * definition.deviance(target, mean).value).squareRoot()
      return excess < 0 ? -size : size
    }
  }
}
