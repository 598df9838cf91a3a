/// Linear models for falling strengths of a penalty, each started from the one before, with errors by cross-validation to choose by.
///
/// ```swift
/// let path = try LinearModelPath.fit(features: x, targets: y, loss: .binaryCrossEntropyFromLogits, mixing: 1)
/// path.models[path.best]                 // the smallest error
/// path.models[path.simplest]             // the strongest penalty within one standard error of it
/// ```
///
/// For logistic regression and other generalised linear models pass their ``Family``, for classes there is ``MultinomialPath``.
public struct LinearModelPath: PenaltyPath, Codable {
  /// The strengths, falling.
  public let strengths: [Double]
  /// The share of the lasso: 1 for a lasso, 0 for a ridge.
  public let mixing: Double
  /// The models, one for every strength, fitted to all rows.
  public internal(set) var models: [LinearModel]
  /// The mean over the folds of the weighted mean loss of the rows that a fit has not seen, for every strength.
  public let errors: [Double]
  /// The standard error of these means.
  public let standardErrors: [Double]

  /// Fits the path.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature, of any kind.
  ///   - targets: one for every row.
  ///   - loss: what one sample costs.
  ///   - mixing: the share of the lasso.
  ///   - strengths: positive and falling; if nil, 50 from the smallest that leaves no coefficient (for a ridge a thousand times that of the
  ///     lasso) down to a thousandth of it.
  ///   - folds: how many parts the rows are cut into, at least 2. Which part a row is in depends on `seed` alone.
  ///   - seed: for the parts.
  ///   - weights: not negative.
  ///   - offsets: known parts of the predictors.
  ///   - intercept: whether to fit a constant.
  ///   - columnNames: one for every column.
  ///   - targetName: the target's name, for printing.
  ///   - control: when a search stops.
  /// - Throws: ``ModelError``
  /// - Precondition: the mixing lies in 0...1; at least as many rows as folds; as many targets, weights and offsets as rows.
  public static func fit<Target: TargetElement>(
    features: FeatureMatrix, targets: [Target], loss: PointwiseLoss, mixing: Double = 1, strengths: [Double]? = nil,
    folds: Int = 10, seed: UInt64 = 1, weights: [Double]? = nil, offsets: [Double]? = nil, intercept: Bool = true,
    columnNames: [String]? = nil, targetName: String = "y", control: OptimizerControl = OptimizerControl()
  ) throws(ModelError) -> LinearModelPath {
    let all = weights ?? [Double](repeating: 1, count: features.rows)
    precondition(all.count == features.rows, "\(all.count) weights for \(features.rows) rows")
    let validation = CrossValidation(weights: all, folds: folds, seed: seed)
    let penalty = PathPenalty(mixing: mixing, spreads: features.spreads(weights: all))
    let strengths = try penalty.strengths(strengths) { () throws(ObjectiveError) in
      // A lasso no coefficient withstands leaves the best constant.
      let objective = try LinearObjective(
        features: features, targets: targets, loss: loss, weights: all, offsets: offsets, intercept: intercept,
        penalty: Penalty(lasso: 1e100))
      let point = try ProximalNewton().minimize(objective).point
      let gradient = try objective.evaluate(.gradient, at: point).gradient
      return penalty.spreads.indices.map {
        abs(gradient[$0] / objective.coordinates.scale[$0]) / penalty.spreads[$0]
      }
    }
    let found = try validation.run(strengths) { (strength, weights, start) throws(ModelError) -> LinearModel in
      try LinearModel.fit(
        features: features, targets: targets, loss: loss, weights: weights, offsets: offsets, intercept: intercept,
        columnNames: columnNames, targetName: targetName, penalty: penalty.penalty(strength), start: start,
        control: control)
    } loss: { (model, held) throws(LossError) in
      try loss.mean(predictions: model.predict(features, offsets: offsets), targets: targets, weights: held)
    }
    return LinearModelPath(
      strengths: strengths, mixing: mixing, models: found.models, errors: found.errors,
      standardErrors: found.standardErrors)
  }

  /// Fits the path to a matrix. The arguments are those of the fit to features of any kind.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one for every row.
  ///   - loss: what one sample costs.
  ///   - mixing: the share of the lasso.
  ///   - strengths: positive and falling.
  ///   - folds: how many parts the rows are cut into.
  ///   - seed: for the parts.
  ///   - weights: not negative.
  ///   - offsets: known parts of the predictors.
  ///   - intercept: whether to fit a constant.
  ///   - columnNames: one for every column.
  ///   - control: when a search stops.
  /// - Throws: ``ModelError``
  /// - Precondition: as for features of any kind.
  public static func fit<Element: Scalar, Target: TargetElement>(
    features: Matrix<Element>, targets: [Target], loss: PointwiseLoss, mixing: Double = 1, strengths: [Double]? = nil,
    folds: Int = 10, seed: UInt64 = 1, weights: [Element]? = nil, offsets: [Element]? = nil, intercept: Bool = true,
    columnNames: [String]? = nil, control: OptimizerControl = OptimizerControl()
  ) throws(ModelError) -> LinearModelPath {
    try fit(
      features: FeatureMatrix(features), targets: targets, loss: loss, mixing: mixing, strengths: strengths,
      folds: folds, seed: seed, weights: weights.map { $0.map(Double.init) },
      offsets: offsets.map { $0.map(Double.init) },
      intercept: intercept, columnNames: columnNames, control: control)
  }

  /// Fits the path of a generalised linear model, whose losses are half its unit deviances: those of logistic regression for `.binomial`. The
  /// other arguments are those of the fit with a loss.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature, of any kind.
  ///   - targets: one for every row, as the family wants them.
  ///   - family: what they are distributed as.
  ///   - link: one of the family's links; the usual one if nil.
  ///   - mixing: the share of the lasso.
  ///   - strengths: positive and falling.
  ///   - folds: how many parts the rows are cut into.
  ///   - seed: for the parts.
  ///   - weights: not negative.
  ///   - offsets: known parts of the predictors.
  ///   - intercept: whether to fit a constant.
  ///   - columnNames: one for every column.
  ///   - control: when a search stops.
  /// - Throws: ``ModelError``
  /// - Precondition: the family has the link, and as with a loss.
  public static func fit<Target: TargetElement>(
    features: FeatureMatrix, targets: [Target], family: Family, link: Link? = nil, mixing: Double = 1,
    strengths: [Double]? = nil, folds: Int = 10, seed: UInt64 = 1, weights: [Double]? = nil, offsets: [Double]? = nil,
    intercept: Bool = true, columnNames: [String]? = nil, control: OptimizerControl = OptimizerControl()
  ) throws(ModelError) -> LinearModelPath {
    let link = link ?? family.links[0]
    precondition(family.links.contains(link), "the \(family) family is not fitted with the \(link) link")
    return try fit(
      features: features, targets: targets, loss: family.loss(link), mixing: mixing, strengths: strengths,
      folds: folds, seed: seed, weights: weights, offsets: offsets, intercept: intercept, columnNames: columnNames,
      control: control)
  }
}
