/// How the coefficients of several tasks are thought to vary together: a symmetric matrix with a row and a column for every task.
public enum TaskRelation: Sendable, Equatable {
  /// Ω, whose element (s, t) is the price of β_s·β_t.
  case precision(Matrix<Double>)
  /// Ω⁻¹: tasks of a high covariance have similar coefficients.
  case covariance(Matrix<Double>)

  /// Ω = I + strength·L with the Laplacian L of a graph whose edges say which tasks are alike: Σ‖β_t‖² + strength·Σ‖β_s − β_t‖² over the
  /// edges.
  ///
  /// - Precondition: the strength is finite and not negative, and the edges join different tasks of so many.
  public static func graph(tasks: Int, edges: [(Int, Int)], strength: Double) -> TaskRelation {
    precondition(strength >= 0 && strength.isFinite, "a strength of \(strength)")
    var precision = Matrix<Double>.identity(tasks)
    for (first, second) in edges {
      precondition(
        first != second && (0..<tasks).contains(first) && (0..<tasks).contains(second),
        "an edge from \(first) to \(second), of \(tasks) tasks")
      precision[first, first] += strength
      precision[second, second] += strength
      precision[first, second] -= strength
      precision[second, first] -= strength
    }
    return .precision(precision)
  }
}

extension TaskRelation {
  private var matrix: Matrix<Double> {
    switch self {
    case .precision(let matrix), .covariance(let matrix): matrix
    }
  }

  /// Directions in which the tasks do not depend on one another, in columns, and the price of each: Ω = QDQᵀ.
  ///
  /// A direction in which the tasks do not vary at all has an infinite price.
  func independentDirections(tasks: Int) throws(LeastSquaresError) -> (directions: Matrix<Double>, prices: [Double]) {
    let matrix = matrix
    precondition(
      matrix.rows == tasks && matrix.columns == tasks,
      "a relation of \(matrix.rows) × \(matrix.columns) tasks for \(tasks) targets")
    precondition(matrix.elements.allSatisfy(\.isFinite), "a relation of tasks that is not finite")
    for row in 0..<tasks {
      for column in 0..<row {
        precondition(
          matrix[row, column] == matrix[column, row],
          "a relation with \(matrix[row, column]) at [\(row), \(column)] and \(matrix[column, row]) at [\(column), \(row)]"
        )
      }
    }
    let found = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.singularValues(rows: tasks, columns: tasks, matrix.elements)
    }
    guard let (left, values, right) = found else { throw .singularValuesNotConverged }
    // Column-major U is row-major Uᵀ.
    let directions = Matrix(rows: tasks, columns: tasks) { left[$1 * tasks + $0] }
    let rounding = 8 * Double(tasks) * Double.ulpOfOne * (values.first ?? 0)
    var eigenvalues = values.map { $0 <= rounding ? 0 : $0 }
    for index in 0..<tasks where eigenvalues[index] > 0 {
      // Of a matrix without negative eigenvalues left and right singular vectors are the same.
      let product = (0..<tasks).reduce(0) { $0 + left[index * tasks + $1] * right[$1 * tasks + index] }
      guard product > 0.5 else { throw .indefiniteRelation(eigenvalue: -eigenvalues[index]) }
    }
    if case .covariance = self { eigenvalues = eigenvalues.map { 1 / $0 } }
    return (directions, eigenvalues)
  }
}
