/// A way to make one descent direction of the gradients of several tasks, from their Gram matrix.
///
/// The direction is Σ c_t·g_t over the shared parameters; a method chooses c. Parameters that belong to one task take that task's own
/// gradient. A method is a value and one file; adding one touches nothing else.
public protocol TaskGradientMethod: Sendable {
  /// What to call it in reports.
  var name: String { get }

  /// The coefficients c for gradients with these inner products, and what was done.
  ///
  /// - Throws: ``LinearAlgebraError`` where the LAPACK library is the obstacle.
  /// - Precondition: the matrix is symmetric and finite, with a row for every name.
  func coefficients(gram: Matrix<Double>, names: [String]) throws(LinearAlgebraError) -> TaskCoefficients
}

/// The coefficients of several tasks' gradients in a common direction.
public struct TaskCoefficients: Sendable {
  /// c, one for every task.
  public var values: [Double]
  /// By how much at most the method's own criterion exceeds its minimum; `nil` for methods without one.
  public var dualityGap: Double?
  /// What was done, in words.
  public var account: String

  /// Coefficients, and how they came about.
  public init(values: [Double], dualityGap: Double? = nil, account: String) {
    self.values = values
    self.dualityGap = dualityGap
    self.account = account
  }
}

/// A direction in which several tasks descend together: the step is against it.
public struct TaskDirection: Sendable {
  /// By parameter: the combination of the gradients for the shared ones, each task's own gradient for the others.
  public let direction: [Double]
  /// What the gradients were multiplied by, and how that came about.
  public let coefficients: TaskCoefficients
  /// The inner product of the direction and every task's gradient, by the shared parameters: what the task's loss falls by, per unit of a
  /// small step. Negative for a task that the step harms.
  public let descents: [Double]
}

extension TaskGradientMethod {
  /// The common direction of these gradients.
  ///
  /// - Throws: ``LinearAlgebraError`` where the LAPACK library is the obstacle.
  /// - Precondition: the gradients are finite.
  public func combine(_ gradients: TaskGradients) throws(LinearAlgebraError) -> TaskDirection {
    let gram = gradients.gram
    precondition(gram.elements.allSatisfy(\.isFinite), "gradients that are not finite, or whose products overflow")
    let chosen = try coefficients(gram: gram, names: gradients.names)
    let all = gradients.gradients
    var direction = [Double](repeating: 0, count: all.columns)
    for task in 0..<all.rows {
      let factor = chosen.values[task]
      for column in 0..<gradients.sharedCount where factor != 0 { direction[column] += factor * all[task, column] }
      for column in gradients.sharedCount..<max(all.columns, gradients.sharedCount) {
        direction[column] += all[task, column]
      }
    }
    return TaskDirection(
      direction: direction, coefficients: chosen,
      descents: (0..<all.rows).map { task in
        zip(gram.row(task), chosen.values).reduce(0) { $0 + $1.0 * $1.1 }
      })
  }
}
