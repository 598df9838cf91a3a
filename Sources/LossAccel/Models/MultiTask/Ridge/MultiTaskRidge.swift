/// Ridge regressions of several targets whose coefficients are related, in closed form: the minimisers of
/// Σ_t Σᵢ wᵢ(yᵢ_t − b_t − xᵢᵀβ_t)² + λ·Σ_st Ω_st·β_s·β_t.
///
/// ```swift
/// let model = try MultiTaskRidge.fit(
///   features: x, targets: y, penalty: 2, relation: .graph(tasks: 3, edges: [(0, 1), (1, 2)], strength: 4))
/// let predictions = try model.predict(new)                  // a column for every task
/// ```
///
/// With Ω = QDQᵀ the targets YQ are independent: the column t of them has the ridge penalty λ·D_t. So all tasks cost one factorisation of the
/// features, and then O(columns²) each, instead of the system of all tasks' coefficients. Where D_t is 0, as for a graph's Laplacian, nothing
/// holds that combination of tasks, and the columns must be independent.
///
/// The errors are about condition · 2⁻⁵² of the coefficients' size. Every row needs all targets; for gaps, and for losses other than the
/// squared error, see ``MultiTaskObjective``.
public struct MultiTaskRidge: Sendable, Equatable, Codable {
  /// λ.
  public let penalty: Double
  /// A row for every task, a column for every feature.
  public let coefficients: Matrix<Double>
  /// One for every task; 0 each without.
  public let intercepts: [Double]

  /// Fits the regressions.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one row for every sample, one column for every task.
  ///   - penalty: λ, not negative.
  ///   - relation: the tasks' precision Ω, or its inverse; Ω = I if left out: a ridge regression for every task.
  ///   - intercept: whether every task has a constant, which is not penalised.
  ///   - weights: of the rows, not negative.
  /// - Throws: ``LeastSquaresError``: for data that are not finite, with their place; for a relation with a negative eigenvalue; and where
  ///   nothing holds coefficients that the columns leave open.
  /// - Precondition: as many rows of targets, and weights, as of features, and a relation of as many tasks as there are targets, finite and
  ///   symmetric.
  /// - Complexity: O(rows · (columns + tasks)² + columns³ + tasks³ + tasks · columns²)
  public static func fit<Element: Scalar>(
    features: Matrix<Element>, targets: Matrix<Element>, penalty: Double, relation: TaskRelation? = nil,
    intercept: Bool = true, weights: [Element]? = nil
  ) throws(LeastSquaresError) -> MultiTaskRidge {
    precondition(targets.rows == features.rows, "\(targets.rows) rows of targets for \(features.rows) of features")
    guard penalty >= 0, penalty.isFinite else { throw .invalidRidge(penalty) }
    for (index, value) in targets.elements.enumerated() where !value.isFinite {
      let (row, column) = index.quotientAndRemainder(dividingBy: targets.columns)
      // Turned, its place would be lost.
      if weights?[row] != 0 { throw .nonFiniteTarget(row: row, column: column, value: Double(value)) }
    }
    let tasks = targets.columns
    let relation = relation ?? .precision(.identity(tasks))
    let (directions, prices) = try relation.independentDirections(tasks: tasks)
    let turned = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Matrix<Double>(targets).multiplied(by: directions)
    }
    let system = try LeastSquaresSystem(features, weights: weights, hasIntercept: intercept)
    let triangle = try RidgeTriangle(system, system.targets(turned.elements, count: tasks))
    if penalty == 0 || prices.contains(0) { try triangle.requireFullRank() }
    let spectrum = try RidgeSpectrum(triangle)
    let independent = Matrix(
      (0..<tasks).map { task in
        // Nothing but a penalty of 0 is free, however dear a direction is.
        spectrum.coefficients(penalty == 0 ? 0 : penalty * prices[task], target: task)
      })
    let all = try withLinearAlgebra { () throws(LinearAlgebraError) in try directions.multiplied(by: independent) }
    let first = intercept ? 1 : 0
    return MultiTaskRidge(
      penalty: penalty, coefficients: all[columns: Array(first..<all.columns)],
      intercepts: intercept ? all.column(0) : [Double](repeating: 0, count: tasks))
  }
}

extension MultiTaskRidge {
  /// The predictions for new samples: a row for each, a column for every task.
  ///
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  /// - Precondition: as many columns as the model was fitted with.
  public func predict<Element: Scalar>(_ features: Matrix<Element>) throws(LinearAlgebraError) -> Matrix<Element> {
    precondition(
      features.columns == coefficients.columns,
      "\(features.columns) columns for a model of \(coefficients.columns) features")
    var predictions = try features.multiplied(by: Matrix<Element>(coefficients.transposed()))
    for row in 0..<predictions.rows {
      for task in intercepts.indices { predictions[row, task] += Element(intercepts[task]) }
    }
    return predictions
  }
}
