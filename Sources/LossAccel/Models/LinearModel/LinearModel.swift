/// A linear predictor β₀ + Σ βⱼxⱼ + offset that minimises any pointwise loss, of the catalogue or your own, with any penalty.
///
/// ```swift
/// let model = try LinearModel.fit(
///   features: x, targets: y, loss: .huber(delta: 1.5), penalty: .elasticNet(strength: 0.1, mixing: 0.5))
/// try model.predict(new)
/// ```
///
/// The objective is the weighted mean of the losses plus the penalty on the coefficients of the columns as they are given; ``LinearModelPath``
/// chooses the penalty's strength. For likelihoods with standard errors there is ``GeneralizedLinearModel``.
public struct LinearModel: Sendable, Codable {
  /// The loss's name.
  public let lossName: String
  /// The coefficients of the columns.
  public let coefficients: [Double]
  /// The constant; 0 without one.
  public let intercept: Double
  /// Whether there is a constant.
  public let hasIntercept: Bool
  /// The names of the columns.
  public let columnNames: [String]
  /// The target's name, for printing.
  public let targetName: String
  /// What the coefficients cost.
  public let penalty: Penalty
  /// The weighted mean of the losses.
  public let loss: Double
  /// The penalty at these coefficients.
  public let penaltyValue: Double
  /// The number of rows whose weight is not zero.
  public let observations: Int
  /// Steps of the search.
  public let iterations: Int
  /// Why the search ended.
  public let stop: StopReason
  /// The method that was used, and why.
  public let method: String
  /// What takes a mean to a predictor, where the loss has such a link.
  public let link: Link
  /// The recipe of the columns, where the model was fitted with a formula; nil otherwise.
  public internal(set) var design: ModelDesign?

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one for every row.
  ///   - loss: what one sample costs; it must have a slope everywhere.
  ///   - weights: not negative; zero takes a row out.
  ///   - offsets: known parts of the predictors.
  ///   - intercept: whether to fit a constant, which is never penalised.
  ///   - columnNames: one for every column; `x1`, `x2`, … if nil.
  ///   - targetName: the target's name, for printing.
  ///   - penalty: ridge, lasso, elastic net, groups or constraints.
  ///   - optimizer: how to minimise.
  ///   - start: a model of the same columns to start from. Without one the search begins at the ``LinearObjective``'s own starting point, or for
  ///     losses that are not convex at the fit of one that is, pseudo-Huber for residuals and binary cross-entropy for two classes: they
  ///     have several minima, and this leads to one near the bulk of the rows.
  ///   - control: when to stop, and whom to tell.
  /// - Throws: ``ModelError``, for losses with kinks, for searches that end before the minimum, where there is none
  ///   (``ModelError/lossHasNoMinimum(_:columns:)``) or where the loss is flat at every row, too.
  /// - Precondition: as many targets, weights and offsets as rows, as many names as columns.
  public static func fit<Element: Scalar, Target: TargetElement>(
    features: Matrix<Element>, targets: [Target], loss: PointwiseLoss, weights: [Element]? = nil,
    offsets: [Element]? = nil, intercept: Bool = true, columnNames: [String]? = nil, targetName: String = "y",
    penalty: Penalty = .none, optimizer: any Optimizer = AutomaticOptimizer(), start: LinearModel? = nil,
    control: OptimizerControl = OptimizerControl()
  ) throws(ModelError) -> LinearModel {
    try fit(
      features: FeatureMatrix(features), targets: targets, loss: loss, weights: weights.map { $0.map(Double.init) },
      offsets: offsets.map { $0.map(Double.init) }, intercept: intercept, columnNames: columnNames,
      targetName: targetName, penalty: penalty, optimizer: optimizer, start: start, control: control)
  }

  /// Fits the model to features of any kind: sparse, in 16 bits, or in a file that is larger than memory. The other arguments are those of the
  /// fit to a matrix.
  ///
  /// - Parameters:
  ///   - features: one row for every sample; they are shared, not copied.
  ///   - targets: one for every row.
  ///   - loss: what one sample costs; it must have a slope everywhere.
  ///   - weights: not negative; zero takes a row out, whatever it holds.
  ///   - offsets: known parts of the predictors.
  ///   - intercept: whether to fit a constant.
  ///   - columnNames: one for every column.
  ///   - targetName: the target's name, for printing.
  ///   - penalty: ridge, lasso, elastic net, groups or constraints.
  ///   - optimizer: how to minimise.
  ///   - start: a model of the same columns to start from.
  ///   - control: when to stop, and whom to tell.
  /// - Throws: ``ModelError``
  /// - Precondition: as for a matrix.
  public static func fit<Target: TargetElement>(
    features: FeatureMatrix, targets: [Target], loss: PointwiseLoss, weights: [Double]? = nil,
    offsets: [Double]? = nil, intercept: Bool = true, columnNames: [String]? = nil, targetName: String = "y",
    penalty: Penalty = .none, optimizer: any Optimizer = AutomaticOptimizer(), start: LinearModel? = nil,
    control: OptimizerControl = OptimizerControl()
  ) throws(ModelError) -> LinearModel {
    let names = columnNames ?? (0..<features.columns).map { "x\($0 + 1)" }
    precondition(names.count == features.columns, "\(names.count) names for \(features.columns) columns")
    if loss.traits?.differentiability == LossTraits.Differentiability.none { throw .lossHasKinks(loss.name) }
    let objective = try withObjective { () throws(ObjectiveError) in
      try LinearObjective(
        features: features, targets: targets, loss: loss, weights: weights, offsets: offsets, intercept: intercept,
        penalty: penalty)
    }
    let origin = start.map { objective.point(coefficients: $0.coefficients, intercept: intercept ? $0.intercept : 0) }
    let solution = try withObjective { () throws(ObjectiveError) in
      var first = origin
      if first == nil { first = try convexStart(objective) }
      return try optimizer.minimize(objective, from: first, control: control)
    }
    try objective.refuseEndlessDescent(after: solution, names: names)
    let isFlat = try withObjective { () throws(ObjectiveError) in try objective.isFlat(at: solution.point) }
    guard solution.isConverged || solution.stop == .interrupted else {
      throw .notConverged(solution.stop, iterations: solution.history.count - 1)
    }
    if isFlat { throw .lossIsFlat(loss.name) }
    return LinearModel(objective, solution, names, targetName)
  }

  /// Where the search for a loss that is not convex begins, since it has minima elsewhere, and may have no slope at all at the usual start:
  /// the fit of the pseudo-Huber loss with the spread of the targets for its scale, or of binary cross-entropy for losses of two classes. `nil` for
  /// other losses.
  private static func convexStart(_ objective: LinearObjective) throws(ObjectiveError) -> [Double]? {
    let loss = objective.loss
    guard let traits = loss.traits, traits.convexity == LossTraits.Convexity.none, traits.elicits != .circularMean,
      loss.predictionDomain == nil
    else { return nil }
    let other: PointwiseLoss
    if loss.targetDomain == nil {
      other = .pseudoHuber(delta: objective.targetSpread)
    } else if loss.targetDomain == 0...1 {
      other = .binaryCrossEntropyFromLogits
    } else {
      return nil
    }
    let convex = try LinearObjective(
      features: objective.features, targets: objective.targets, loss: other, weights: objective.weights,
      offsets: objective.offsets, intercept: objective.coordinates.hasIntercept, penalty: objective.penalty)
    return try AutomaticOptimizer().minimize(
      convex, from: nil, control: OptimizerControl(gradientTolerance: 1e-4)
    ).point
  }

  private init(_ objective: LinearObjective, _ solution: Solution, _ names: [String], _ targetName: String) {
    lossName = objective.loss.name
    (coefficients, intercept) = objective.coefficients(at: solution.point)
    hasIntercept = objective.dimension > objective.features.columns
    (columnNames, self.targetName, penalty) = (names, targetName, objective.penalty)
    (loss, penaltyValue) = (solution.loss, solution.penalty)
    observations = objective.weights?.count { $0 > 0 } ?? objective.rows
    (iterations, stop, method) = (solution.history.count - 1, solution.stop, solution.method)
    link = objective.loss.traits?.link ?? .identity
  }

  /// The coefficient of the column with this name (the constant for `(Intercept)`); nil if there is none.
  public subscript(column: String) -> Double? {
    if hasIntercept && column == "(Intercept)" { return intercept }
    return columnNames.firstIndex(of: column).map { coefficients[$0] }
  }
}

extension LinearModel {
  /// The predictors of new samples: what the loss takes.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func predict<Element: Scalar>(
    _ features: Matrix<Element>, offsets: [Element]? = nil
  ) throws(ModelError) -> [Element] {
    try features.linearPredictors(coefficients: coefficients, intercept: intercept, offsets: offsets)
  }

  /// The predictors of new samples, whose features are of any kind.
  ///
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func predict(_ features: FeatureMatrix, offsets: [Double]? = nil) -> [Double] {
    features.linearPredictors(coefficients: coefficients, intercept: intercept, offsets: offsets)
  }

  /// Fits the model that a formula in R's notation makes of a table. The other arguments are those of the fit to a matrix.
  ///
  /// - Parameters:
  ///   - formula: with a response, a `~` and terms.
  ///   - table: the columns that the formula names.
  ///   - loss: what one row costs.
  ///   - weights: the column of weights; `.` does not stand for it.
  ///   - missing: what to do about rows that lack an element in a column that takes part.
  ///   - penalty: ridge, lasso, elastic net or groups, by the columns that the formula makes.
  ///   - control: when to stop, and whom to tell.
  /// - Throws: ``ModelError``; rows in it are those of the table.
  public static func fit(
    _ formula: String, _ table: DataTable, loss: PointwiseLoss, weights: String? = nil, missing: MissingValues = .error,
    penalty: Penalty = .none, control: OptimizerControl = OptimizerControl()
  ) throws(ModelError) -> LinearModel {
    let data: FormulaData
    do throws(ModelFormulaError) {
      data = try FormulaData(ModelFormula(formula), table, weights: weights, missing: missing)
    } catch {
      throw .formula(error)
    }
    do throws(ModelError) {
      var model = try fit(
        features: data.features, targets: data.targets, loss: loss, weights: data.weights, offsets: data.offsets,
        intercept: data.design.hasIntercept, columnNames: data.design.columnNames,
        targetName: data.design.responseName, penalty: penalty, control: control)
      model.design = data.design
      return model
    } catch {
      throw error.inRows(data.keptRows)
    }
  }

  /// The predictors for the rows of another table; offsets of the formula are added.
  ///
  /// - Throws: ``ModelError`` for missing columns and elements, and for levels that the fit has not seen.
  /// - Precondition: the model was fitted with a formula.
  public func predict(_ table: DataTable) throws(ModelError) -> [Double] {
    guard let design else { preconditionFailure("this model was fitted without a formula") }
    let (features, offsets): (Matrix<Double>, [Double]?)
    do throws(ModelFormulaError) {
      (features, offsets) = (try design.matrix(table), try design.offsets(table)?.high)
    } catch {
      throw .formula(error)
    }
    return try predict(features, offsets: offsets)
  }
}

extension LinearObjective {
  /// Whether no row has any curvature at a point, which a loss that is not convex may have far from its minima.
  fileprivate func isFlat(at point: [Double]) throws(ObjectiveError) -> Bool {
    guard !isConvex, loss.traits != nil else { return false }
    let predictions = predictions(at: try evaluate([], at: point))
    var (slopes, curvatures) = (predictions, predictions)
    do throws(LossError) {
      _ = try loss.sum(
        predictions: predictions, targets: targets, weights: weights, gradient: &slopes, curvature: &curvatures)
    } catch {
      throw .loss(error)
    }
    return curvatures.allSatisfy { $0 == 0 }
  }
}
