/// A function to minimise: losses of the data plus a penalty. All that an optimiser knows of the problem.
///
/// A loss is what one sample costs; an objective is what a whole model costs: the weighted mean (or sum) of the losses, and beside
/// it the penalty on the parameters. Every evaluation tells the two apart.
///
/// The smooth part (losses and ridge) comes with its derivatives; a part with kinks (lasso, groups) is in ``nonsmooth``, for the
/// optimisers that can treat it.
public protocol Objective: Sendable {
  /// The number of parameters.
  var dimension: Int { get }

  /// A point to start from.
  var startingPoint: [Double] { get }

  /// Whether the smooth part is convex, as far as it is known.
  var isConvex: Bool { get }

  /// How many numbers one pass over the data reads: what an evaluation costs.
  var dataSize: Int { get }

  /// The part of the penalty that has kinks, `nil` if there is none.
  var nonsmooth: NonsmoothPenalty? { get }

  /// The smooth part at a point, with the derivatives that are asked for, in one pass over the data.
  ///
  /// - Precondition: `point.count == dimension`.
  func evaluate(_ request: ObjectiveRequest, at point: [Double]) throws(ObjectiveError) -> ObjectiveEvaluation

  /// The product of the smooth part's curvature at an evaluated point with a direction, in one pass over the data.
  ///
  /// - Precondition: the evaluation was asked for ``ObjectiveRequest/curvature``.
  func curvatureProduct(
    _ direction: [Double], at evaluation: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double]

  /// The diagonal of that curvature, for optimisers to scale parameters by, in one pass over the data; `nil` where nothing is known of it.
  /// Parameters that must not be scaled apart have one number, the mean of their diagonals.
  ///
  /// - Precondition: the evaluation was asked for ``ObjectiveRequest/curvature``.
  func curvatureDiagonal(at evaluation: ObjectiveEvaluation) throws(ObjectiveError) -> [Double]?

  /// The evaluation for cheaper products: products and diagonal leave out samples that together carry at most `share` of the curvature of
  /// the losses. The same evaluation where that saves nothing.
  ///
  /// - Precondition: the evaluation was asked for ``ObjectiveRequest/curvature``.
  func thinned(_ evaluation: ObjectiveEvaluation, share: Double) throws(ObjectiveError) -> ObjectiveEvaluation

  /// The smooth part on the line through two evaluated points, 0 at the first and 1 at the second, without a pass over the features.
  func line(from start: ObjectiveEvaluation, through end: ObjectiveEvaluation) -> ObjectiveLine
}

extension Objective {
  /// Nothing is known of it.
  public func curvatureDiagonal(at evaluation: ObjectiveEvaluation) throws(ObjectiveError) -> [Double]? { nil }

  /// The same evaluation.
  public func thinned(
    _ evaluation: ObjectiveEvaluation, share: Double
  ) throws(ObjectiveError) -> ObjectiveEvaluation { evaluation }
}

/// What to compute beside the value.
public struct ObjectiveRequest: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int

  /// The request with these bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The gradient.
  public static let gradient = ObjectiveRequest(rawValue: 1)
  /// What ``Objective/curvatureProduct(_:at:)`` needs.
  public static let curvature = ObjectiveRequest(rawValue: 2)
  /// The whole matrix of second derivatives.
  public static let hessian: ObjectiveRequest = ObjectiveRequest(rawValue: 4)
  /// With ``hessian``: its products may be summed as `Float`s, in about half of the time. Enough for a preconditioner, with an error of about
  /// rows · 2⁻²⁴ of √(Hᵢᵢ·Hⱼⱼ) at most; an objective may also give it unrounded.
  public static let roundedHessian: ObjectiveRequest = ObjectiveRequest(rawValue: 8)
}

/// The smooth part of an objective at one point.
public struct ObjectiveEvaluation: Sendable {
  /// The point.
  public let point: [Double]
  /// What the data cost: the weighted mean (or sum) of the losses.
  public let loss: Double
  /// What the parameters cost: the smooth part of the penalty.
  public let penalty: Double
  /// The derivative by every parameter; empty if it was not asked for.
  public let gradient: [Double]
  /// The second derivatives, both triangles; `nil` if they were not asked for.
  public let hessian: Matrix<Double>?

  /// What the objective keeps for products and lines: its own business.
  let memory: any Sendable

  /// The same evaluation, with something else kept for products and lines.
  func remembering(_ memory: any Sendable) -> ObjectiveEvaluation {
    ObjectiveEvaluation(
      point: point, loss: loss, penalty: penalty, gradient: gradient, hessian: hessian, memory: memory)
  }

  /// Loss plus penalty.
  public var value: Double { loss + penalty }

  /// An evaluation; `memory` is whatever the objective's other calls need.
  public init(
    point: [Double], loss: Double, penalty: Double, gradient: [Double] = [], hessian: Matrix<Double>? = nil,
    memory: any Sendable = ()
  ) {
    self.point = point
    self.loss = loss
    self.penalty = penalty
    self.gradient = gradient
    self.hessian = hessian
    self.memory = memory
  }
}

/// The smooth part of an objective along a line: value and slope at every step.
///
/// A step to predictions outside of a loss's domain has the value +∞, and no slope (NaN).
public struct ObjectiveLine: Sendable {
  private let evaluation: @Sendable (Double) throws(ObjectiveError) -> (value: Double, slope: Double)

  /// A line by its value and slope at every step.
  public init(_ evaluation: @escaping @Sendable (Double) throws(ObjectiveError) -> (value: Double, slope: Double)) {
    self.evaluation = evaluation
  }

  /// Value and slope at the step.
  public func callAsFunction(_ step: Double) throws(ObjectiveError) -> (value: Double, slope: Double) {
    do throws(ObjectiveError) { return try evaluation(step) } catch {
      guard error.leavesDomain else { throw error }
      return (.infinity, .nan)
    }
  }

  /// The same, with an error outside of a loss's domain.
  func inside(_ step: Double) throws(ObjectiveError) -> (value: Double, slope: Double) { try evaluation(step) }
}
