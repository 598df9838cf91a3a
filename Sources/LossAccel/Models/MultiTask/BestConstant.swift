/// The constant prediction with the smallest mean loss, found by the sign of the slope: for any loss, with kinks or without.
///
/// Of a convex loss it is the minimum to the last bit; of others, one that lies downhill from the middle of the targets.
struct BestConstant {
  /// The constant. A loss that falls for ever has none, and this is a far one.
  private(set) var value: Double
  /// The mean loss there.
  private(set) var loss: Double
  /// The model without features.
  private let objective: LinearObjective

  /// The best constant in the place of a model's features; its offsets stay.
  init(_ model: LinearObjective) throws(ObjectiveError) {
    objective = try LinearObjective(
      features: FeatureMatrix(Matrix<Double>(rows: model.rows, columns: 0, elements: [])), targets: model.targets,
      loss: model.loss, weights: model.weights, offsets: model.offsets)
    let domain = model.loss.predictionDomain ?? -Double.infinity...Double.infinity
    let start = max(domain.lowerBound, min(domain.upperBound, Self.start(model)))
    (value, loss) = (start, .infinity)
    var low = try bracket(from: start, step: -1, limit: domain.lowerBound)
    var high = try bracket(from: start, step: 1, limit: domain.upperBound)
    // Halved so often, the widest interval of the search is within the rounding of any number that matters.
    for _ in 0..<120 {
      let middle = low + 0.5 * (high - low)
      guard middle > low, middle < high else { break }
      let slope = try slope(at: middle)
      if slope == 0 { break }
      // Where the loss overflows it has no slope: back to the start.
      if slope > 0 || (slope.isNaN && middle > start) { high = middle } else { low = middle }
    }
  }

  /// A point on one side of the start from which the loss falls towards it; the steps there double.
  private mutating func bracket(from start: Double, step: Double, limit: Double) throws(ObjectiveError) -> Double {
    if limit.isFinite { return limit }
    var (point, step) = (start, step)
    // Beyond 2⁶⁰ a prediction says no more than an infinite one.
    while abs(step) < 0x1p60 {
      let slope = try slope(at: point)
      if slope.isNaN || slope == 0 || (slope > 0) == (step > 0) { break }
      point += step
      step *= 2
    }
    return point
  }

  /// The slope at a constant, which is remembered if it is better than all before.
  private mutating func slope(at constant: Double) throws(ObjectiveError) -> Double {
    let evaluation = try objective.evaluate(.gradient, at: [constant])
    if evaluation.loss < loss { (value, loss) = (constant, evaluation.loss) }
    return evaluation.gradient[0]
  }

  /// The middle of the targets that count, where predictions are of their kind.
  private static func start(_ model: LinearObjective) -> Double {
    guard (model.loss.traits?.link ?? .identity) == .identity else { return 0 }
    let targets = model.targets.indices.filter { model.weights?[$0] != 0 }.map { model.targets[$0] }.sorted()
    return targets[targets.count / 2]
  }
}

extension MultiTaskObjective {
  /// The mean loss of the best constant prediction for every task, beside its offsets.
  ///
  /// A model that explains nothing does no better. Each takes up to a few hundred passes over the task's targets, none over the features.
  /// - Throws: ``ObjectiveError``, with the task's name.
  public func nullLosses() throws(ObjectiveError) -> [Double] { try Self.nullLosses(heads, models) }

  static func nullLosses(
    _ heads: [TaskHead], _ models: [LinearObjective]
  ) throws(ObjectiveError) -> [Double] {
    var losses: [Double] = []
    for (head, model) in zip(heads, models) {
      do throws(ObjectiveError) { losses.append(try BestConstant(model).loss) } catch {
        throw .task(name: head.name, error)
      }
    }
    return losses
  }
}
