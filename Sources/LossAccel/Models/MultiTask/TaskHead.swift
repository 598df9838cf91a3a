/// One of several tasks on shared features: what it predicts, and what a sample costs.
///
/// ```swift
/// TaskHead("visits", loss: .poissonNegativeLogLikelihood, targets: counts)
/// TaskHead("returns", loss: .binaryCrossEntropyFromLogits, targets: [1, nil, 0, 1])   // the second row has no target
/// ```
public struct TaskHead: Sendable {
  /// What to call the task in reports and errors.
  public let name: String
  /// What one sample costs: a loss of the catalogue or of your own.
  public let loss: PointwiseLoss

  let targets: [Double]
  /// 0 where the target is missing; `nil` if all rows count the same.
  let weights: [Double]?
  let offsets: [Double]?

  /// A task.
  ///
  /// - Parameters:
  ///   - name: What to call it.
  ///   - loss: What one sample costs.
  ///   - targets: One for every row of the features; NaN where the task has none. Such rows count nowhere in this task.
  ///   - weights: Of the rows in this task, 1 each if left out.
  ///   - offsets: Added to the predictor, 0 each if left out.
  public init<Target: TargetElement>(
    _ name: String, loss: PointwiseLoss, targets: [Target], weights: [Double]? = nil, offsets: [Double]? = nil
  ) {
    if let weights {
      precondition(weights.count == targets.count, "\(weights.count) weights for \(targets.count) rows")
    }
    self.name = name
    self.loss = loss
    let targets = targets.asDoubles
    let isComplete = !targets.contains(where: \.isNaN)
    self.targets = targets
    self.offsets = offsets
    self.weights = isComplete ? weights : targets.indices.map { targets[$0].isNaN ? 0 : weights?[$0] ?? 1 }
  }

  /// A task some of whose targets are missing.
  public init(
    _ name: String, loss: PointwiseLoss, targets: [Double?], weights: [Double]? = nil, offsets: [Double]? = nil
  ) {
    self.init(name, loss: loss, targets: targets.map { $0 ?? .nan }, weights: weights, offsets: offsets)
  }

  /// The head as a linear model of its own, without a penalty.
  func objective(
    _ features: FeatureMatrix, intercept: Bool, curvature: CurvatureKind, groups: [[Int]]
  ) throws(ObjectiveError) -> LinearObjective {
    do throws(ObjectiveError) {
      // Groups without strength: they only give their columns one scale.
      return try LinearObjective(
        features: features, targets: targets, loss: loss, weights: weights, offsets: offsets, intercept: intercept,
        penalty: Penalty(groups: groups.map { Penalty.Group(columns: $0, strength: 0) }), curvature: curvature)
    } catch {
      throw .task(name: name, error)
    }
  }
}
