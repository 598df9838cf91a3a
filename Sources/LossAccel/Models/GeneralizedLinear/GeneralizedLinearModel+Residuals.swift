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
    return data.problem.family.definition.residuals(kind, of: data.problem, at: data.predictors)
  }
}
