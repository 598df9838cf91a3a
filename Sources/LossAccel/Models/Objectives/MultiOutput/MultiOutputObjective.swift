/// A row loss over a linear model of several outputs, plus a penalty: (1/Σw) Σ wᵢ·ℓ(zᵢ, tᵢ) + penalty(B) with scores
/// zᵢ = xᵢᵀB + intercepts + offsetsᵢ, one for each of K outputs. Softmax regression is one such objective.
///
/// Value, gradient and Hessian come from one pass over the features: a block of rows is multiplied by the coefficients, its scores go
/// through the loss, and it is multiplied back while it is in the cache. What is kept between passes is the scores, K numbers per row.
///
/// ```swift
/// let objective = try MultiOutputObjective(
///   features: FeatureMatrix(matrix), labels: species, classes: 3, penalty: Penalty(ridge: 1e-3))
/// let solution = try NewtonMethod().minimize(objective)
/// let (coefficients, intercepts) = objective.coefficients(at: solution.point)    // columns × classes
/// ```
///
/// - Penalties are on the coefficients of a column for every output alike; the coefficients of a group's columns for all outputs vanish
///   together.
/// - Many losses of several outputs, softmax cross-entropy among them, do not change when all scores of a row rise alike. Then
///   nothing but the penalty tells B from B with a number added to one row. The objective adds half the square of the sum over the outputs, for the
///   intercepts and for every column without a lasso, which is 0 at one of the minima: the one whose coefficients add up to 0 over the
///   outputs, which is also that of a ridge. It is a part of the penalty's value, in the parameters' units, which come from a sample of the rows:
///   so the value depends on the order of the rows where coefficients do not add up to 0, as they do at every step of an optimiser that
///   starts from such a point, and at the minimum.
/// - As in ``LinearObjective``, parameters are coefficients of columns that are shifted and scaled while they are read.
public struct MultiOutputObjective: Objective {
  /// The features, as they were given.
  public let features: FeatureMatrix
  /// K: how many scores a row has.
  public let outputs: Int
  /// What one sample costs.
  public let loss: RowLoss
  /// What the coefficients cost.
  public let penalty: Penalty
  /// Whether the losses are averaged over the weights or summed.
  public let reduction: LinearObjective.Reduction
  /// What stands for the second derivatives of the loss in Hessians and their products.
  public let curvature: CurvatureKind

  let targets: RowTargets
  let weights: [Double]?
  let offsets: [Double]?
  let panels: RowPanels
  /// What sums over the samples are multiplied by.
  let normaliser: Double
  /// What the mean divides by: Σ wᵢ, or Σ wᵢ·c_yᵢ with labels and class weights.
  let totalWeight: Double
  /// The curvature along the direction in which all outputs rise alike, by row of B.
  let centring: [Double]

  /// The objective of samples that each belong to a class.
  ///
  /// - Parameters:
  ///   - features: One row per sample; they are shared, not copied.
  ///   - labels: The class of every row, 0 ..< `classes`, or the loss's ignored label.
  ///   - classes: K.
  ///   - loss: What one sample costs; with class weights and label smoothing, if it has them.
  ///   - weights: w ≥ 0, 1 each if left out. Rows of weight 0 are left out, whatever they hold.
  ///   - offsets: Added to the scores, a row for every sample.
  ///   - intercept: Whether there is one for every output; they are not penalised.
  ///   - penalty: What the coefficients cost.
  ///   - reduction: Whether the losses are averaged (the default) or summed.
  ///   - curvature: What stands for the second derivatives of the loss.
  /// - Precondition: the loss has that curvature; counts fit.
  /// - Throws: ``ObjectiveError`` for labels that are no class, for weights that are negative, not finite or all 0, offsets that
  ///   are not finite, and penalties that are negative or not finite. Features are checked while they are read.
  public init<Label: LabelElement>(
    features: FeatureMatrix, labels: [Label], classes: Int, loss: RowLoss = .softmaxCrossEntropy,
    weights: [Double]? = nil, offsets: Matrix<Double>? = nil, intercept: Bool = true, penalty: Penalty = .none,
    reduction: LinearObjective.Reduction = .mean, curvature: CurvatureKind = .exact
  ) throws(ObjectiveError) {
    precondition(labels.count == features.rows, "\(labels.count) labels for \(features.rows) rows of features")
    var (checked, kept) = (labels.map(\.asLabel), weights)
    for (row, label) in checked.enumerated() where !(0..<classes).contains(label) {
      if label == loss.ignoredLabel {
        kept = kept ?? [Double](repeating: 1, count: checked.count)
        kept?[row] = 0
      } else if weights?[row] != 0 {
        throw .loss(.labelOutOfRange(row: row, label: label, classes: classes))
      }
      checked[row] = 0
    }
    try self.init(
      features, classes, .labels(checked), loss.ignoring(label: nil), kept, offsets, intercept, penalty, reduction,
      curvature)
  }

  /// The objective of samples whose targets are one number for every output.
  ///
  /// - Parameters:
  ///   - features: One row per sample; they are shared, not copied.
  ///   - targets: A row for every sample, as the loss wants them: shares of the classes, in 0...1.
  ///   - loss: What one sample costs.
  ///   - weights: w ≥ 0, 1 each if left out. Rows of weight 0 are left out, whatever they hold.
  ///   - offsets: Added to the scores, a row for every sample.
  ///   - intercept: Whether there is one for every output; they are not penalised.
  ///   - penalty: What the coefficients cost.
  ///   - reduction: Whether the losses are averaged (the default) or summed.
  ///   - curvature: What stands for the second derivatives of the loss.
  /// - Precondition: the loss takes distributions and has that curvature; counts fit.
  /// - Throws: ``ObjectiveError``; targets are checked while they are read.
  public init<Element: Scalar>(
    features: FeatureMatrix, targets: Matrix<Element>, loss: RowLoss = .softmaxCrossEntropy, weights: [Double]? = nil,
    offsets: Matrix<Double>? = nil, intercept: Bool = true, penalty: Penalty = .none,
    reduction: LinearObjective.Reduction = .mean, curvature: CurvatureKind = .exact
  ) throws(ObjectiveError) {
    precondition(targets.rows == features.rows, "\(targets.rows) rows of targets for \(features.rows) of features")
    precondition(loss.targets.contains(.distributions), "\(loss.name) needs labels, and was given distributions")
    let wide = (targets as? Matrix<Double>) ?? Matrix<Double>(targets)
    try self.init(
      features, targets.columns, .distributions(wide.elements), loss, weights, offsets, intercept, penalty, reduction,
      curvature)
  }

  private init(
    _ features: FeatureMatrix, _ outputs: Int, _ targets: RowTargets, _ loss: RowLoss, _ weights: [Double]?,
    _ offsets: Matrix<Double>?, _ intercept: Bool, _ penalty: Penalty, _ reduction: LinearObjective.Reduction,
    _ curvature: CurvatureKind
  ) throws(ObjectiveError) {
    let rows = features.rows
    precondition(outputs >= 1, "an objective of \(outputs) outputs")
    if let weights { precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows of features") }
    if let offsets {
      precondition(
        offsets.rows == rows && offsets.columns == outputs,
        "offsets of \(offsets.rows) × \(offsets.columns) for \(rows) rows and \(outputs) outputs")
    }
    if let weights = loss.classWeights {
      precondition(weights.count == outputs, "\(weights.count) class weights for \(outputs) classes")
    }
    precondition(loss.curvatures.contains(curvature), "the loss \(loss.name) has no \(curvature) curvature")
    (self.features, self.outputs, self.targets, self.loss) = (features, outputs, targets, loss)
    (self.weights, self.offsets) = (weights, offsets?.elements)
    (self.penalty, self.reduction, self.curvature) = (penalty, reduction, curvature)
    guard rows > 0 else { throw .loss(.emptyBatch) }
    totalWeight = try Self.denominator(rows: 0..<rows, weights, targets, loss)
    guard totalWeight > 0 else { throw .loss(.nothingToAverage) }
    normaliser = reduction == .mean ? 1 / totalWeight : 1
    if let offsets,
      let place = offsets.elements.indices.first(where: {
        !offsets.elements[$0].isFinite && weights?[$0 / outputs] != 0
      })
    {
      throw .nonFiniteOffset(row: place / outputs, value: offsets.elements[place])
    }
    try penalty.check(columns: features.columns)
    precondition(
      penalty.constraints.allSatisfy { $0.value == 0 },
      "constraints on several outputs have the value 0, since scores may rise alike; it is one of \(penalty.constraints.map(\.value))"
    )
    let coordinates = ColumnCoordinates(
      sampling: features.storage, weights: weights, hasIntercept: intercept, groups: penalty.groups.map(\.columns))
    let counted = weights.flatMap { weights in weights.contains(0) ? weights.map { $0 == 0 ? 0.0 : 1 } : nil }
    panels = RowPanels(features: features.storage, coordinates: coordinates, counted: counted)
    // About the curvature that shares of 1/K have along the other directions.
    let strength = loss.ignoresShifts(outputs: outputs) ? normaliser * totalWeight / Double(outputs * outputs) : 0
    centring = (0..<coordinates.dimension).map {
      $0 < features.columns && penalty.lasso[$0] > 0 ? 0 : strength
    }
  }

  /// What the mean over a range of rows divides by.
  static func denominator(
    rows: Range<Int>, _ weights: [Double]?, _ targets: RowTargets, _ loss: RowLoss
  ) throws(ObjectiveError) -> Double {
    var total = 0.0
    for row in rows {
      let weight = weights?[row] ?? 1
      guard weight >= 0, weight.isFinite else { throw .loss(.invalidWeight(index: row, value: weight)) }
      if case .labels(let labels) = targets, !loss.weighsClasses, let factors = loss.classWeights {
        total += weight * factors[labels[row]]
      } else {
        total += weight
      }
    }
    return total
  }
}

extension MultiOutputObjective {
  /// K for each column, and K for the intercepts if there are some.
  public var dimension: Int { panels.width * outputs }

  /// All coefficients zero.
  public var startingPoint: [Double] { [Double](repeating: 0, count: dimension) }

  /// Whether the loss states that it is convex.
  public var isConvex: Bool { loss.traits.convexity.isConvex }

  /// Rows times columns.
  public var dataSize: Int { features.rows * features.columns }

  /// The number of rows.
  public var rows: Int { features.rows }

  /// Lasso and groups, in the parameters' units.
  public var nonsmooth: NonsmoothPenalty? {
    if penalty.groups.isEmpty, !(0..<features.columns).contains(where: { penalty.lasso[$0] > 0 }) { return nil }
    let scale = panels.coordinates.scale
    let thresholds = (0..<dimension).map { index in
      let column = index / outputs
      return column < scale.count ? penalty.lasso[column] * scale[column] : 0
    }
    return NonsmoothPenalty(
      thresholds: thresholds,
      groups: penalty.groups.filter { !$0.columns.isEmpty }.map { group in
        // The columns of a group have one scale.
        Penalty.Group(
          columns: group.columns.flatMap { column in (0..<outputs).map { column * outputs + $0 } },
          strength: group.strength * scale[group.columns[0]])
      })
  }

  /// The coefficients at a point, a row for every column and a column for every output; and the intercepts (0 without).
  public func coefficients(at point: [Double]) -> (columns: Matrix<Double>, intercepts: [Double]) {
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    var columns = Matrix<Double>.zeros(rows: features.columns, columns: outputs)
    let intercepts = (0..<outputs).map { output in
      let own = (0..<panels.width).map { point[$0 * outputs + output] }
      let (slopes, intercept) = panels.coordinates.coefficients(at: own)
      for (column, slope) in slopes.enumerated() { columns.elements[column * outputs + output] = slope }
      return intercept
    }
    return (columns, intercepts)
  }

  /// The point with these coefficients.
  public func point(coefficients: Matrix<Double>, intercepts: [Double]? = nil) -> [Double] {
    precondition(
      coefficients.rows == features.columns && coefficients.columns == outputs,
      "coefficients of \(coefficients.rows) × \(coefficients.columns) for \(features.columns) columns and \(outputs) outputs"
    )
    precondition(
      intercepts.map { $0.count == outputs } ?? true, "\(intercepts?.count ?? 0) intercepts for \(outputs) outputs")
    precondition(
      panels.coordinates.hasIntercept || intercepts?.allSatisfy { $0 == 0 } ?? true,
      "intercepts without a place for them")
    var point = startingPoint
    for output in 0..<outputs {
      let own = panels.coordinates.point(
        columns: coefficients.column(output), intercept: intercepts?[output] ?? 0)
      for (index, value) in own.enumerated() { point[index * outputs + output] = value }
    }
    return point
  }

  /// The ridge's curvature, by row of B.
  var ridge: [Double] {
    let scale = panels.coordinates.scale
    return (0..<panels.width).map { $0 < scale.count ? penalty.ridge[$0] * scale[$0] * scale[$0] : 0 }
  }
}
