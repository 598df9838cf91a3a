/// F = Σ w_t·L_t with weights that are given.
public struct FixedWeighting: TaskWeighting {
  /// w, one for every task; `nil` for 1 each.
  public let weights: [Double]?

  /// The sum of the losses.
  public init() { weights = nil }

  /// The sum of the losses times weights, one for every task.
  ///
  /// - Precondition: the weights are finite and not negative. Tasks of weight 0 count nothing, even if their loss is infinite.
  public init(_ weights: [Double]) {
    for (task, weight) in weights.enumerated() {
      precondition(weight >= 0 && weight.isFinite, "the weight of task \(task) is \(weight)")
    }
    self.weights = weights
  }

  /// “fixed”.
  public var name: String { "fixed" }

  /// Yes.
  public var keepsConvexity: Bool { true }

  /// The sum.
  public func combine(_ losses: [Double], parameters: [Double]) throws(TaskWeightingError) -> TaskCombination {
    let weights = weights ?? [Double](repeating: 1, count: losses.count)
    precondition(weights.count == losses.count, "\(weights.count) weights for \(losses.count) tasks")
    return TaskCombination(
      value: zip(weights, losses).reduce(0) { $0 + ($1.0 == 0 ? 0 : $1.0 * $1.1) }, gradient: weights)
  }
}
