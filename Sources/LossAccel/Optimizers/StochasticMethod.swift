/// An objective whose rows can be visited a batch at a time.
public protocol BatchedObjective: Objective {
  /// The number of rows.
  var rows: Int { get }

  /// The mean loss of a range of rows plus the smooth penalty, and its gradient, at a point.
  func evaluate(rows: Range<Int>, at point: [Double]) throws(ObjectiveError) -> (value: Double, gradient: [Double])
}

/// Stochastic gradient descent: steps on batches of rows, for data that are read as a stream, or too many for whole passes.
///
/// Batches are consecutive rows, visited in an order that is shuffled anew in every epoch, from a seed: same seed, same bits. It has no
/// proof of a minimum to offer; the solution's gradient norm, from a whole pass at the end, tells how near it came.
public struct StochasticMethod: Optimizer {
  /// How a batch's gradient becomes a step.
  public enum Rule: Sendable, Hashable {
    /// v ← momentum·v + g; step −rate·v.
    case momentum(Double)
    /// Adam with decoupled weight decay (AdamW): running means of g and g², corrected for their start at 0.
    case adam(firstDecay: Double, secondDecay: Double, weightDecay: Double)

    /// Adam with its usual constants.
    public static var adam: Rule { .adam(firstDecay: 0.9, secondDecay: 0.999, weightDecay: 0) }
  }

  /// How a gradient becomes a step.
  public var rule: Rule
  /// The length of the steps; it falls to 0 along a half cosine over all epochs.
  public var rate: Double
  /// Rows per step.
  public var batchSize: Int
  /// Times that every row is visited.
  public var epochs: Int
  /// What the order of the batches is drawn from.
  public var seed: UInt64

  /// Stochastic gradient descent.
  public init(rule: Rule = .adam, rate: Double = 0.01, batchSize: Int = 256, epochs: Int = 10, seed: UInt64 = 0) {
    precondition(rate > 0 && batchSize >= 1 && epochs >= 0, "rate \(rate), \(batchSize) rows a batch, \(epochs) epochs")
    self.rule = rule
    self.rate = rate
    self.batchSize = batchSize
    self.epochs = epochs
    self.seed = seed
  }

  /// “stochastic gradient”, or “Adam”.
  public var name: String {
    if case .momentum = rule { "stochastic gradient" } else { "Adam" }
  }

  /// Minimises the objective, by batches if it is a ``BatchedObjective``, or else by whole passes.
  public func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution {
    requireSmooth(objective)
    var history = SearchHistory()
    var current = try objective.evaluate(.gradient, at: start ?? objective.startingPoint)
    let target = try control.gradientTolerance * history.begin(current, objective, startsElsewhere: start != nil)
    var state = State(point: current.point)
    var random = SeededOrder(state: seed)
    let batched = objective as? any BatchedObjective
    var order = (0..<((batched?.rows ?? 1) + batchSize - 1) / batchSize).map { $0 * batchSize }
    let steps = Double(epochs * order.count)
    for _ in 0..<min(epochs, control.maximumIterations) {
      order.shuffle(using: &random)
      for first in order {
        let gradient =
          if let batched {
            try batched.evaluate(rows: first..<min(first + batchSize, batched.rows), at: state.point).gradient
          } else {
            try objective.evaluate(.gradient, at: state.point).gradient
          }
        let decayed = 0.5 * rate * (1 + ElementaryFunctions.cos(.pi * Double(state.count) / steps))
        state.step(gradient, rule, rate: decayed)
      }
      current = try objective.evaluate(.gradient, at: state.point)
      history.count(passes: 2)
      let iteration = history.record(current, step: rate)
      if history.gradientNorm <= target { return history.solution(current, .gradientVanished, method: name) }
      if !current.value.isFinite { return history.solution(current, .unbounded, method: name) }
      if control.isInterrupted(after: iteration) { return history.solution(current, .interrupted, method: name) }
    }
    return history.solution(current, .iterationLimit(history.iterations), method: name)
  }
}

extension StochasticMethod {
  private struct State {
    var point: [Double]
    var first: [Double]
    var second: [Double]
    var count = 0

    init(point: [Double]) {
      self.point = point
      first = [Double](repeating: 0, count: point.count)
      second = first
    }

    mutating func step(_ gradient: [Double], _ rule: Rule, rate: Double) {
      count += 1
      switch rule {
      case .momentum(let momentum):
        for index in point.indices {
          first[index] = momentum * first[index] + gradient[index]
          point[index] -= rate * first[index]
        }
      case .adam(let firstDecay, let secondDecay, let weightDecay):
        let firstStart = 1 - ElementaryFunctions.power(firstDecay, Double(count))
        let secondStart = 1 - ElementaryFunctions.power(secondDecay, Double(count))
        for index in point.indices {
          first[index] = firstDecay * first[index] + (1 - firstDecay) * gradient[index]
          second[index] = secondDecay * second[index] + (1 - secondDecay) * gradient[index] * gradient[index]
          let length = (second[index] / secondStart).squareRoot() + 1e-8
          point[index] -= rate * (first[index] / firstStart / length + weightDecay * point[index])
        }
      }
    }
  }
}
