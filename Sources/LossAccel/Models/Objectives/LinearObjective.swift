/// A loss over a linear predictor, plus a penalty: (1/Σw) Σ wᵢ·ℓ(ηᵢ, yᵢ) + penalty(β) with ηᵢ = xᵢᵀβ + intercept + offsetᵢ.
///
/// Value, gradient and Hessian come from one pass over the features: a block of rows is multiplied by the coefficients, goes through the
/// loss, and is multiplied back while it is in the cache. What is kept between passes is one number per row.
///
/// ```swift
/// let objective = try LinearObjective(
///   features: FeatureMatrix(matrix), targets: labels, loss: .binaryCrossEntropyFromLogits, penalty: Penalty(ridge: 1e-3))
/// let solution = try NewtonMethod().minimize(objective)
/// let (coefficients, intercept) = objective.coefficients(at: solution.point)
/// ```
///
/// The parameters are not the coefficients: columns are shifted near their means and scaled to about unit spread, in registers while
/// they are read, so that optimisers work on a well-scaled problem and convergence tests do not depend on units.
/// ``coefficients(at:)`` and ``point(coefficients:intercept:)`` translate.
public struct LinearObjective: Objective {
  /// The features, as they were given.
  public let features: FeatureMatrix
  /// What one sample costs.
  public let loss: PointwiseLoss
  /// What the coefficients cost.
  public let penalty: Penalty
  /// Whether the losses are averaged over the weights or summed.
  public let reduction: Reduction
  /// What stands for the second derivatives of the loss in Hessians and their products.
  public let curvature: CurvatureKind

  /// How the losses of the samples become one number.
  public enum Reduction: Sendable, Hashable {
    /// Σ wᵢℓᵢ / Σ wᵢ.
    case mean
    /// Σ wᵢℓᵢ.
    case sum
  }

  let targets: [Double]
  let weights: [Double]?
  let offsets: [Double]?
  let coordinates: ColumnCoordinates
  /// What sums over the samples are multiplied by.
  let normaliser: Double
  /// Σ wᵢ.
  let totalWeight: Double

  /// A loss over a linear predictor, plus a penalty.
  ///
  /// - Parameters:
  ///   - features: One row per sample; they are shared, not copied.
  ///   - targets: y, one per row.
  ///   - loss: What one sample costs.
  ///   - weights: w ≥ 0, 1 each if left out. Rows of weight 0 are left out, whatever they hold.
  ///   - offsets: Added to the predictor, 0 each if left out.
  ///   - intercept: Whether there is one; it is not penalised.
  ///   - penalty: What the coefficients cost.
  ///   - reduction: Whether the losses are averaged (the default) or summed.
  ///   - curvature: What stands for the second derivatives of the loss: with `.fisher` Newton's method is Fisher scoring, with
  ///     `.majorizer` no step is too long. The minimum is the same.
  /// - Precondition: the loss has that curvature.
  /// - Throws: ``ObjectiveError`` for weights that are negative, not finite or all 0, offsets that are not finite, and penalties that
  ///   are negative or not finite. Targets and features are checked while they are read.
  public init<Target: TargetElement>(
    features: FeatureMatrix, targets: [Target], loss: PointwiseLoss, weights: [Double]? = nil,
    offsets: [Double]? = nil, intercept: Bool = true, penalty: Penalty = .none, reduction: Reduction = .mean,
    curvature: CurvatureKind = .exact
  ) throws(ObjectiveError) {
    let rows = features.rows
    precondition(targets.count == rows, "\(targets.count) targets for \(rows) rows of features")
    if let weights { precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows of features") }
    if let offsets { precondition(offsets.count == rows, "\(offsets.count) offsets for \(rows) rows of features") }
    precondition(loss.curvatureKinds.contains(curvature), "the loss \(loss.name) has no \(curvature) curvature")
    self.features = features
    self.loss = loss
    self.curvature = curvature
    self.penalty = penalty
    self.reduction = reduction
    self.targets = targets.asDoubles
    self.weights = weights
    self.offsets = offsets
    guard rows > 0 else { throw .loss(.emptyBatch) }
    totalWeight = try Self.total(weights, rows: rows)
    normaliser = reduction == .mean ? 1 / totalWeight : 1
    if let offsets, let row = offsets.indices.first(where: { !offsets[$0].isFinite && weights?[$0] != 0 }) {
      throw .nonFiniteOffset(row: row, value: offsets[row])
    }
    try penalty.check(columns: features.columns)
    coordinates = ColumnCoordinates(
      sampling: features.storage, weights: weights, hasIntercept: intercept, groups: penalty.groups.map(\.columns))
  }

  private static func total(_ weights: [Double]?, rows: Int) throws(ObjectiveError) -> Double {
    guard let weights else { return Double(rows) }
    let (total, invalid) = Weights.sum(weights.span)
    if let invalid { throw .loss(.invalidWeight(index: invalid, value: weights[invalid])) }
    guard total > 0 else { throw .loss(.nothingToAverage) }
    return total
  }
}

extension LinearObjective {
  /// One for each column, and one for the intercept if there is one.
  public var dimension: Int { coordinates.dimension }

  /// Whether the loss states that it is convex.
  public var isConvex: Bool { loss.traits?.convexity.isConvex ?? false }

  /// Rows times columns.
  public var dataSize: Int { features.rows * features.columns }

  /// Lasso and groups, in the parameters' units.
  public var nonsmooth: NonsmoothPenalty? {
    if penalty.groups.isEmpty, !(0..<features.columns).contains(where: { penalty.lasso[$0] > 0 }) { return nil }
    let thresholds = coordinates.scale.indices.map { penalty.lasso[$0] * coordinates.scale[$0] }
    return NonsmoothPenalty(
      thresholds: thresholds + (coordinates.hasIntercept ? [0] : []),
      groups: penalty.groups.filter { !$0.columns.isEmpty }.map {
        // The columns of a group have one scale.
        Penalty.Group(columns: $0.columns, strength: $0.strength * coordinates.scale[$0.columns[0]])
      })
  }

  /// The coefficients of the columns, and the intercept (0 without one), at a point.
  public func coefficients(at point: [Double]) -> (columns: [Double], intercept: Double) {
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    return coordinates.coefficients(at: point)
  }

  /// The point with these coefficients.
  public func point(coefficients: [Double], intercept: Double = 0) -> [Double] {
    precondition(
      coefficients.count == features.columns, "\(coefficients.count) coefficients for \(features.columns) columns")
    precondition(coordinates.hasIntercept || intercept == 0, "an intercept of \(intercept) without a place for it")
    return coordinates.point(columns: coefficients, intercept: intercept)
  }

  /// The penalty without kinks, in the parameters' units.
  var smoothPenalty: SmoothPenalty {
    let scale = coordinates.scale
    let columns = scale.indices.map { penalty.ridge[$0] * scale[$0] * scale[$0] }
    var smooth = SmoothPenalty(ridge: columns + (coordinates.hasIntercept ? [0] : []))
    smooth.add(penalty.constraints, scale: scale) { $0 }
    return smooth
  }
}
