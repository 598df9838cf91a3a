/// A method that minimises an objective. Methods are values; one is one file, and adding one touches nothing else.
///
/// A method sees only the objective's value and derivatives, so every method minimises every objective that has what the method needs.
public protocol Optimizer: Sendable {
  /// What to call it in a report.
  var name: String { get }

  /// Minimises the objective, starting at `start` or at the objective's own starting point.
  ///
  /// A stop before the minimum is no error: the solution says why it stopped, and what to try.
  /// - Throws: ``ObjectiveError`` for data that the objective has no value on.
  /// - Precondition: the objective is smooth, unless the method says that it treats lassos and groups.
  func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution
}

extension Optimizer {
  /// Minimises the objective from its own starting point, with the usual tolerance.
  public func minimize(_ objective: some Objective) throws(ObjectiveError) -> Solution {
    try minimize(objective, from: nil, control: OptimizerControl())
  }

  /// Requires an objective without kinks.
  func requireSmooth(_ objective: some Objective) {
    precondition(
      objective.nonsmooth == nil,
      "\(name) needs a smooth objective, and this one has a lasso or groups: use ProximalNewton")
  }
}

/// When to stop, and whom to tell.
public struct OptimizerControl: Sendable {
  /// The minimum is reached when the gradient's norm has fallen to this part of what it is at the objective's starting point (or
  /// cannot fall further in double precision). Parameters are in the objective's own units, so column scales do not matter.
  public var gradientTolerance: Double

  /// The most iterations.
  public var maximumIterations: Int

  /// Called after every iteration; the search stops when it returns `false`.
  public var progress: (@Sendable (Iteration) -> Bool)?

  /// The usual: a gradient 10⁻⁸ times that at the start, `maximumIterations` of them at most, and nobody to tell.
  public init(
    gradientTolerance: Double = 1e-8, maximumIterations: Int = 200, progress: (@Sendable (Iteration) -> Bool)? = nil
  ) {
    precondition(gradientTolerance >= 0, "the gradient tolerance is \(gradientTolerance)")
    precondition(maximumIterations >= 0, "\(maximumIterations) iterations")
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    self.progress = progress
  }

  /// Whether somebody wants the search to end: the progress handler, or the task that it runs in.
  func isInterrupted(after iteration: Iteration) -> Bool {
    Task.isCancelled || progress?(iteration) == false
  }
}

/// Where a search stood after an iteration.
public struct Iteration: Sendable, Hashable, Codable {
  /// Its number, 0 for the starting point.
  public var number: Int
  /// Losses of the data.
  public var loss: Double
  /// Penalty, its part with kinks included.
  public var penalty: Double
  /// The Euclidean norm of the gradient (of the smallest subgradient, where there are kinks).
  public var gradientNorm: Double
  /// The step that led here, as a part of the direction; 0 for the starting point.
  public var step: Double
  /// Passes over the data so far.
  public var passes: Int

  /// Loss plus penalty.
  public var value: Double { loss + penalty }

  /// A record of an iteration.
  public init(number: Int, loss: Double, penalty: Double, gradientNorm: Double, step: Double, passes: Int) {
    self.number = number
    self.loss = loss
    self.penalty = penalty
    self.gradientNorm = gradientNorm
    self.step = step
    self.passes = passes
  }
}
