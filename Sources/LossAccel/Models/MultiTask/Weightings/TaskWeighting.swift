/// What makes one number of the losses of several tasks: a function F of the losses, and perhaps of parameters of its own.
///
/// Its derivatives by the losses are what the tasks weigh in the gradient. A weighting is a value and one file; adding one touches nothing
/// else.
public protocol TaskWeighting: Sendable {
  /// What to call it in reports and errors.
  var name: String { get }

  /// Whether F of convex losses is convex in everything that is fitted.
  var keepsConvexity: Bool { get }

  /// How many parameters of its own it has, which are fitted with the models'; 0 unless said otherwise.
  func parameterCount(tasks: Int) -> Int

  /// F and its derivatives.
  ///
  /// Losses that are infinite or NaN, as they may be at a step that is too long, make F so.
  /// - Throws: ``TaskWeightingError`` for a loss that the weighting has no value of.
  func combine(_ losses: [Double], parameters: [Double]) throws(TaskWeightingError) -> TaskCombination

  /// The weighting for tasks whose best constants have these losses; itself unless said otherwise.
  ///
  /// - Parameter nullLosses: Finds them, task by task: a few dozen passes over the targets.
  func prepared(
    nullLosses: () throws(ObjectiveError) -> [Double]
  ) throws(ObjectiveError) -> any TaskWeighting
}

extension TaskWeighting {
  /// 0.
  public func parameterCount(tasks: Int) -> Int { 0 }

  /// Itself.
  public func prepared(
    nullLosses: () throws(ObjectiveError) -> [Double]
  ) throws(ObjectiveError) -> any TaskWeighting { self }
}

/// A weighting's function F at some losses.
public struct TaskCombination: Sendable {
  /// F.
  public var value: Double
  /// The derivatives by the losses, in the order of the tasks, then by the weighting's parameters.
  public var gradient: [Double]
  /// The second derivatives in the same order, both triangles; `nil` where all are 0.
  public var curvature: Matrix<Double>?

  /// F and its derivatives.
  public init(value: Double, gradient: [Double], curvature: Matrix<Double>? = nil) {
    self.value = value
    self.gradient = gradient
    self.curvature = curvature
  }
}

/// A loss that a weighting has no value of.
public struct TaskWeightingError: Error, Hashable, Sendable {
  /// The weighting's name.
  public var weighting: String
  /// The task's number.
  public var task: Int
  /// Its loss.
  public var loss: Double

  /// A loss that a weighting has no value of.
  public init(weighting: String, task: Int, loss: Double) {
    self.weighting = weighting
    self.task = task
    self.loss = loss
  }
}

extension TaskWeightingError: CustomStringConvertible {
  /// What is wrong, and what to do about it.
  public var description: String {
    """
    The loss is \(loss), and the weighting “\(weighting)” is for losses above 0. Choose a loss that is 0 for a perfect prediction and \
    never negative, or fixed weights.
    """
  }
}

extension TaskWeighting {
  /// Throws for the first loss below 0. Losses of 0, infinity and NaN pass.
  func requireNotNegative(_ losses: [Double]) throws(TaskWeightingError) {
    if let task = losses.firstIndex(where: { $0 < 0 }) {
      throw TaskWeightingError(weighting: name, task: task, loss: losses[task])
    }
  }
}
