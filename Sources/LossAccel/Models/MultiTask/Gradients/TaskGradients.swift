/// The gradients of several tasks' losses at one point, and how they agree: the Gram matrix of the part that concerns shared parameters.
///
/// ```swift
/// let gradients = try objective.taskGradients(at: point)
/// print(gradients)                            // losses, shares and conflicts
/// let step = try CAGrad(radius: 0.5).combine(gradients)
/// ```
///
/// They may be of any model: a ``MultiTaskObjective`` makes them, and so may your own network. Everything that ``TaskGradientMethod``s do
/// follows from the Gram matrix, which one product gives.
public struct TaskGradients: Sendable {
  /// The names of the tasks.
  public let names: [String]
  /// The losses of the tasks.
  public let losses: [Double]
  /// What multiplies every loss; its gradients below are multiplied by it.
  public let weights: [Double]
  /// The gradients of the weighted losses: a row for every task, a column for every parameter.
  public let gradients: Matrix<Double>
  /// So many of the first parameters are shared by the tasks; every other is one task's own.
  public let sharedCount: Int
  /// The inner products of the tasks' gradients by the shared parameters: exactly symmetric.
  public let gram: Matrix<Double>

  /// The gradients of several tasks' losses.
  ///
  /// - Parameters:
  ///   - names: Of the tasks.
  ///   - losses: Of the tasks.
  ///   - gradients: A row for every task, a column for every parameter.
  ///   - weights: What multiplies every loss and its gradient; 1 each if left out.
  ///   - sharedCount: So many of the first parameters are shared; all if left out.
  /// - Throws: ``LinearAlgebraError`` where the BLAS library fails its self-test, or a row is too long for it.
  /// - Precondition: as many names, losses, weights and rows; at least one, and weights that are finite and not negative.
  /// - Complexity: O(tasks² · parameters)
  public init(
    names: [String], losses: [Double], gradients: Matrix<Double>, weights: [Double]? = nil, sharedCount: Int? = nil
  ) throws(LinearAlgebraError) {
    let count = gradients.rows
    let shared = sharedCount ?? gradients.columns
    let weights = weights ?? [Double](repeating: 1, count: count)
    precondition(
      names.count == count && losses.count == count && weights.count == count && count > 0,
      "\(names.count) names, \(losses.count) losses and \(weights.count) weights for the gradients of \(count) tasks")
    precondition(
      (0...gradients.columns).contains(shared), "\(shared) shared parameters of \(gradients.columns)")
    precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "the weights of the tasks are \(weights)")
    (self.names, self.losses, self.weights, self.sharedCount) = (names, losses, weights, shared)
    var scaled = gradients
    for task in 0..<count where weights[task] != 1 {
      for column in 0..<gradients.columns { scaled[task, column] *= weights[task] }
    }
    self.gradients = scaled
    gram = try Self.products(scaled, columns: shared)
  }

  /// The inner products of the first columns of the rows: exactly symmetric, and the same for any number of threads.
  private static func products(
    _ rows: Matrix<Double>, columns: Int
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    let count = rows.rows
    guard columns > 0 else { return .zeros(rows: count, columns: count) }
    // Parts that a core's cache holds; one product would be one thread's.
    let size = max(4096, (1 << 20) / (8 * count))
    var gram = try Parallelism.sumChunks(count: Parallelism.chunkCount(of: columns, chunkSize: size)) {
      (chunk) throws(LinearAlgebraError) in
      let part = Parallelism.range(ofChunk: chunk, of: columns, chunkSize: size)
      var sums = [Double](repeating: 0, count: count * count)
      var output = sums.mutableSpan
      try BLAS.syrk(
        size: count, inner: part.count, a: rows.elements.span.extracting(part.lowerBound..<rows.elements.count),
        aStride: rows.columns, c: &output)
      return sums
    }
    var output = gram.mutableSpan
    BLAS.mirror(.upper, size: count, c: &output)
    return Matrix(rows: count, columns: count, elements: gram)
  }
}

extension TaskGradients {
  /// Two tasks whose gradients point against each other: a step that helps one harms the other.
  public struct Conflict: Sendable, Hashable {
    /// The names of both tasks.
    public let tasks: [String]
    /// The cosine of the angle between the gradients: below 0, down to −1.
    public let cosine: Double
  }

  /// The cosine of the angle between two tasks' gradients; 0 where one of them vanishes.
  public func cosine(_ first: Int, _ second: Int) -> Double {
    let (a, b) = (gram[first, first], gram[second, second])
    guard a > 0, b > 0 else { return 0 }
    // Rooted one by one: the product of the squares may overflow.
    return max(-1, min(1, gram[first, second] / a.squareRoot() / b.squareRoot()))
  }

  /// All conflicts, the sharpest first.
  public var conflicts: [Conflict] {
    var found: [Conflict] = []
    for first in names.indices {
      for second in first + 1..<max(first + 1, names.count) where gram[first, second] < 0 {
        found.append(Conflict(tasks: [names[first], names[second]], cosine: cosine(first, second)))
      }
    }
    return found.sorted { $0.cosine < $1.cosine }
  }

  /// What every task contributes to the sum of the weighted losses; the parts sum to 1. NaN where the sum is 0.
  public var shares: [Double] {
    let parts = zip(weights, losses).map { $0 == 0 ? 0 : $0 * $1 }
    let total = parts.reduce(0, +)
    return parts.map { $0 / total }
  }
}

extension TaskGradients: CustomStringConvertible {
  /// A line for every task, then one for every conflict.
  public var description: String {
    func short(_ value: Double) -> String { "\(Float(value))" }
    let tasks = names.indices.map { task in
      let share = shares[task] * 100
      return "\(names[task]): loss \(short(losses[task])), weight \(short(weights[task])), "
        + "\(short((share * 10).rounded() / 10)) % of the sum, gradient \(short(gram[task, task].squareRoot()))"
    }
    let pairs = conflicts.map { "\($0.tasks[0]) against \($0.tasks[1]): cosine \(short($0.cosine))" }
    let agreement =
      sharedCount == 0 ? "no parameter is shared" : "no conflicts"
    return (tasks + (pairs.isEmpty ? [agreement] : pairs)).joined(separator: "\n")
  }
}

extension MultiTaskObjective {
  /// The gradients of the tasks' losses at a point, without penalty, by all parameters but the weighting's; in one pass over the features.
  ///
  /// Losses and gradients are multiplied by what the tasks weigh at the point.
  /// - Throws: ``ObjectiveError``, as for an evaluation.
  public func taskGradients(at point: [Double]) throws(ObjectiveError) -> TaskGradients {
    try taskGradients(at: evaluate(.gradient, at: point))
  }

  /// The same at a point that was evaluated with its gradient, without a pass.
  public func taskGradients(at evaluation: ObjectiveEvaluation) throws(ObjectiveError) -> TaskGradients {
    var rows = Matrix<Double>.zeros(rows: heads.count, columns: layout.dimension)
    let evaluations = headEvaluations(of: evaluation)
    for (task, head) in evaluations.enumerated() {
      precondition(!head.gradient.isEmpty, "the evaluation was not asked for the gradient")
      for (place, value) in zip(layout.places[task], head.gradient) { rows[task, place] = value }
    }
    do throws(LinearAlgebraError) {
      return try TaskGradients(
        names: heads.map(\.name), losses: evaluations.map(\.loss), gradients: rows, weights: weights(at: evaluation),
        sharedCount: layout.sharedCount)
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
