/// The probability of one of two classes by a linear model of its logit: log(p/(1 − p)) = β₀ + Σ βⱼxⱼ.
///
/// ```swift
/// let model = try LogisticRegression.fit(features: x, labels: spam, classWeights: .balanced, penalty: Penalty(ridge: 0.01))
/// try model.probabilities(new)     // of the second class
/// try model.classes(new)
/// model.likelihood?.coefficients   // standard errors and tests, where there is no penalty
/// ```
///
/// It minimises the weighted mean of the cross-entropies plus the penalty, which is on the coefficients of the columns as they are given. With
/// no penalty or a ridge it is a ``GeneralizedLinearModel`` (``likelihood``), whose coefficients are right to nearly the last digit; with
/// a lasso or an elastic net it is found by proximal Newton steps.
public struct LogisticRegression: Sendable, Codable {
  /// The coefficients of the columns.
  public let coefficients: [Double]
  /// The constant; 0 without one.
  public let intercept: Double
  /// The names of the columns.
  public let columnNames: [String]
  /// What the coefficients cost.
  public let penalty: Penalty
  /// How much the classes counted.
  public let classWeights: ClassWeights
  /// The weighted mean of the cross-entropies of the fit.
  public let loss: Double
  /// Why the search ended.
  public let stop: StopReason
  /// The model with its statistics; `nil` with a lasso. Its weights are those of the samples times those of their classes.
  public let likelihood: GeneralizedLinearModel?

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - features: one row for every sample.
  ///   - labels: 0 (or `false`) for the first class, 1 (or `true`) for the second; probabilities of the second in between are allowed.
  ///   - weights: of the samples, not negative.
  ///   - classWeights: how much the classes count.
  ///   - offsets: known parts of the logits.
  ///   - intercept: whether to fit a constant, which is never penalised.
  ///   - columnNames: one for every column; `x1`, `x2`, … if nil.
  ///   - penalty: ridge, lasso, elastic net or groups.
  ///   - reducesBias: whether to apply Firth's correction, which keeps coefficients finite where columns separate the classes.
  ///   - accuracy: `.exact` takes the last steps in twice the working precision.
  ///   - covariance: how to estimate the covariance of the coefficients.
  ///   - control: when the search stops, and whom to tell.
  /// - Throws: ``ModelError``, ``ModelError/separated(_:)`` among them.
  /// - Precondition: as many labels, weights and offsets as rows, as many names as columns.
  public static func fit<Element: Scalar, Label: TargetElement>(
    features: Matrix<Element>, labels: [Label], weights: [Element]? = nil, classWeights: ClassWeights = .equal,
    offsets: [Element]? = nil, intercept: Bool = true, columnNames: [String]? = nil, penalty: Penalty = .none,
    reducesBias: Bool = false, accuracy: LeastSquaresAccuracy = .exact,
    covariance: CoefficientCovariance = .classical,
    control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> LogisticRegression {
    let targets = labels.asDoubles
    let all = checked(
      features.rows, features.columns, targets, weights.map { $0.map(Double.init) }, classWeights, columnNames?.count)
    let wide = (features as? Matrix<Double>) ?? Matrix<Double>(features)
    let wideOffsets = offsets.map { $0.map(Double.init) }
    let names = columnNames ?? (0..<features.columns).map { "x\($0 + 1)" }
    if penalty.isRidge(columns: features.columns) {
      let model = try GeneralizedLinearModel.fit(
        features: wide, targets: targets, family: .binomial, weights: all, offsets: wideOffsets, intercept: intercept,
        columnNames: names, penalty: penalty, reducesBias: reducesBias, accuracy: accuracy, covariance: covariance,
        control: control)
      return LogisticRegression(model, classWeights, loss: model.meanLoss)
    }
    precondition(!reducesBias, "Firth's correction is a penalty itself; leave the other out")
    return try penalised(
      FeatureMatrix(wide), targets, all, wideOffsets, intercept, names, penalty, classWeights, control)
  }

  /// Fits the model to features of any kind: sparse, in 16 bits, or in a file that is larger than memory. The other arguments are those of the
  /// fit to a matrix.
  ///
  /// Every step is a pass over the features; what that means for accuracy and statistics is told with the fit of a
  /// ``GeneralizedLinearModel`` to such features.
  ///
  /// - Parameters:
  ///   - features: one row for every sample; they are shared, not copied.
  ///   - labels: 0 (or `false`) for the first class, 1 (or `true`) for the second.
  ///   - weights: of the samples, not negative.
  ///   - classWeights: how much the classes count.
  ///   - offsets: known parts of the logits.
  ///   - intercept: whether to fit a constant.
  ///   - columnNames: one for every column.
  ///   - penalty: ridge, lasso, elastic net, groups or constraints.
  ///   - covariance: `.classical`, `.hc0` or `.hc1`.
  ///   - control: when the search stops, and whom to tell.
  /// - Throws: ``ModelError``
  /// - Precondition: as for a matrix.
  public static func fit<Label: TargetElement>(
    features: FeatureMatrix, labels: [Label], weights: [Double]? = nil, classWeights: ClassWeights = .equal,
    offsets: [Double]? = nil, intercept: Bool = true, columnNames: [String]? = nil, penalty: Penalty = .none,
    covariance: CoefficientCovariance = .classical,
    control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> LogisticRegression {
    let targets = labels.asDoubles
    let all = checked(features.rows, features.columns, targets, weights, classWeights, columnNames?.count)
    let names = columnNames ?? (0..<features.columns).map { "x\($0 + 1)" }
    guard penalty.isRidge(columns: features.columns) else {
      return try penalised(features, targets, all, offsets, intercept, names, penalty, classWeights, control)
    }
    let model = try GeneralizedLinearModel.fit(
      features: features, targets: targets, family: .binomial, weights: all, offsets: offsets, intercept: intercept,
      columnNames: names, penalty: penalty, covariance: covariance, control: control)
    let fitted = LogisticRegression(model, classWeights, loss: .nan)
    let loss: Double
    do throws(LossError) {
      loss = try PointwiseLoss.binaryCrossEntropyFromLogits.mean(
        predictions: fitted.logits(features, offsets: offsets), targets: targets, weights: all)
    } catch {
      throw .objective(.loss(error))
    }
    return LogisticRegression(model, classWeights, loss: loss)
  }

  /// Sample weights times class weights, after a look at the counts.
  private static func checked(
    _ rows: Int, _ columns: Int, _ targets: [Double], _ weights: [Double]?, _ classWeights: ClassWeights, _ names: Int?
  ) -> [Double]? {
    precondition(targets.count == rows, "\(targets.count) labels for \(rows) rows")
    precondition(weights.map { $0.count == rows } ?? true, "\(weights?.count ?? 0) weights for \(rows) rows")
    precondition(names ?? columns == columns, "\(names ?? 0) names for \(columns) columns")
    return combined(weights, classWeights, targets)
  }

  /// With a penalty that is not only a ridge.
  private static func penalised(
    _ features: FeatureMatrix, _ targets: [Double], _ weights: [Double]?, _ offsets: [Double]?, _ intercept: Bool,
    _ names: [String], _ penalty: Penalty, _ classWeights: ClassWeights, _ control: OptimizerControl
  ) throws(ModelError) -> LogisticRegression {
    let (objective, solution) = try withObjective { () throws(ObjectiveError) -> (LinearObjective, Solution) in
      let objective = try LinearObjective(
        features: features, targets: targets, loss: .binaryCrossEntropyFromLogits, weights: weights,
        offsets: offsets, intercept: intercept, penalty: penalty)
      return (objective, try AutomaticOptimizer().minimize(objective, from: nil, control: control))
    }
    try objective.refuseEndlessDescent(after: solution, names: names)
    guard solution.isConverged || solution.stop == .interrupted else {
      throw .notConverged(solution.stop, iterations: solution.history.count - 1)
    }
    let (columns, constant) = objective.coefficients(at: solution.point)
    return LogisticRegression(
      coefficients: columns, intercept: constant, columnNames: names, penalty: penalty, classWeights: classWeights,
      loss: solution.loss, stop: solution.stop, likelihood: nil)
  }

  /// Sample weights times class weights; `nil` for ones. Soft labels take their share of both classes' weights.
  private static func combined(_ weights: [Double]?, _ classes: ClassWeights, _ targets: [Double]) -> [Double]? {
    if classes == .equal { return weights }
    var (total, second) = (0.0, 0.0)
    for (row, target) in targets.enumerated() {
      let weight = weights?[row] ?? 1
      total += weight
      second += weight * target
    }
    guard let factors = classes.factors([total - second, second]) else { return weights }
    return targets.indices.map { (weights?[$0] ?? 1) * (factors[0] + (factors[1] - factors[0]) * targets[$0]) }
  }

  private init(_ model: GeneralizedLinearModel, _ classWeights: ClassWeights, loss: Double) {
    let estimates = model.coefficients.map { $0.isDropped ? 0 : $0.estimate }
    self.init(
      coefficients: Array(estimates.dropFirst(model.hasIntercept ? 1 : 0)),
      intercept: model.hasIntercept ? estimates[0] : 0, columnNames: model.columnNames, penalty: model.penalty,
      classWeights: classWeights, loss: loss, stop: model.stop, likelihood: model)
  }

  private init(
    coefficients: [Double], intercept: Double, columnNames: [String], penalty: Penalty, classWeights: ClassWeights,
    loss: Double, stop: StopReason, likelihood: GeneralizedLinearModel?
  ) {
    (self.coefficients, self.intercept, self.columnNames) = (coefficients, intercept, columnNames)
    (self.penalty, self.classWeights, self.loss) = (penalty, classWeights, loss)
    (self.stop, self.likelihood) = (stop, likelihood)
  }
}

extension LogisticRegression {
  /// β₀ + Σ βⱼxⱼ of every row, plus its offset.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func logits<Element: Scalar>(
    _ features: Matrix<Element>, offsets: [Element]? = nil
  ) throws(ModelError) -> [Element] {
    try features.linearPredictors(coefficients: coefficients, intercept: intercept, offsets: offsets)
  }

  /// β₀ + Σ βⱼxⱼ of every row, plus its offset, whose features are of any kind.
  ///
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func logits(_ features: FeatureMatrix, offsets: [Double]? = nil) -> [Double] {
    features.linearPredictors(coefficients: coefficients, intercept: intercept, offsets: offsets)
  }

  /// The probability of the second class for every row, whose features are of any kind.
  ///
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func probabilities(_ features: FeatureMatrix, offsets: [Double]? = nil) -> [Double] {
    logits(features, offsets: offsets).map(Link.logit.mean)
  }

  /// The probability of the second class for every row.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as that of ``logits(_:offsets:)->[Double]``.
  public func probabilities<Element: Scalar>(
    _ features: Matrix<Element>, offsets: [Element]? = nil
  ) throws(ModelError) -> [Element] {
    try logits(features, offsets: offsets).map { Element(Link.logit.mean(Double($0))) }
  }

  /// 1 for the rows whose probability of the second class is above the threshold, 0 for the others.
  ///
  /// - Throws: ``ModelError``
  /// - Precondition: as that of ``logits(_:offsets:)->[Double]``.
  public func classes<Element: Scalar>(
    _ features: Matrix<Element>, offsets: [Element]? = nil, threshold: Double = 0.5
  ) throws(ModelError) -> [Int] {
    try probabilities(features, offsets: offsets).map { Double($0) > threshold ? 1 : 0 }
  }

  /// The coefficient of the column with this name; nil if there is none.
  public subscript(column: String) -> Double? { columnNames.firstIndex(of: column).map { coefficients[$0] } }
}

extension GeneralizedLinearModel {
  /// The weighted mean of the losses: for targets of 0 and 1 half the deviance over the sum of the weights.
  var meanLoss: Double {
    guard let data else { return .nan }
    let problem = data.problem
    let loss = try? family.definition.loss(link).mean(
      predictions: data.predictors.high, targets: problem.targets, weights: problem.weights)
    return loss ?? .nan
  }
}
