/// Multinomial regressions for falling strengths of a penalty, each started from the one before, with log losses by cross-validation to
/// choose by.
///
/// ```swift
/// let path = try MultinomialPath.fit(features: FeatureMatrix(x), labels: species, mixing: 0.5)
/// path.models[path.best].classes(FeatureMatrix(new))
/// ```
public struct MultinomialPath: PenaltyPath, Codable {
  /// The strengths, falling.
  public let strengths: [Double]
  /// The share of the lasso: 1 for a lasso, 0 for a ridge.
  public let mixing: Double
  /// The models, one for every strength, fitted to all rows.
  public internal(set) var models: [MultinomialRegression]
  /// The mean over the folds of the weighted log loss of the rows that a fit has not seen, for every strength.
  public let errors: [Double]
  /// The standard error of these means.
  public let standardErrors: [Double]

  /// Fits the path.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature, of any kind.
  ///   - labels: the class of every row, 0 ..< K.
  ///   - classNames: of the K classes; if nil they are named by their numbers, and K is one more than the largest label.
  ///   - mixing: the share of the lasso, on every coefficient of every class.
  ///   - strengths: positive and falling; if nil, 50 from the smallest that leaves no coefficient (for a ridge a thousand times that of the
  ///     lasso) down to a thousandth of it.
  ///   - folds: how many parts the rows are cut into, at least 2. Which part a row is in depends on `seed` alone.
  ///   - seed: for the parts.
  ///   - weights: not negative.
  ///   - classWeights: how much the classes count; the errors count them so, too.
  ///   - intercept: whether to fit constants.
  ///   - columnNames: one for every column.
  ///   - targetName: the target's name, for printing.
  ///   - control: when a search stops.
  /// - Throws: ``ModelError``; ``ModelError/emptyClass(_:)`` also where all rows of a class are in one part.
  /// - Precondition: the mixing lies in 0...1; at least as many rows as folds; as many labels and weights as rows; two classes at least.
  public static func fit<Label: LabelElement>(
    features: FeatureMatrix, labels: [Label], classNames: [String]? = nil, mixing: Double = 1,
    strengths: [Double]? = nil, folds: Int = 10, seed: UInt64 = 1, weights: [Double]? = nil,
    classWeights: ClassWeights = .equal, intercept: Bool = true, columnNames: [String]? = nil,
    targetName: String = "y", control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> MultinomialPath {
    let (numbers, names) = try MultinomialRegression.numbered(labels, classNames: classNames, rows: features.rows)
    let columnNames = columnNames ?? (0..<features.columns).map { "x\($0 + 1)" }
    precondition(columnNames.count == features.columns, "\(columnNames.count) names for \(features.columns) columns")
    let given = weights ?? [Double](repeating: 1, count: features.rows)
    precondition(given.count == features.rows, "\(given.count) weights for \(features.rows) rows")
    func problem(_ weights: [Double], _ classes: ClassWeights, _ penalty: Penalty) throws(ModelError)
      -> MultinomialProblem
    {
      try MultinomialProblem(
        passingThrough: features, labels: numbers, classes: names, weights: weights, classWeights: classes,
        hasIntercept: intercept, columnNames: columnNames, penalty: penalty)
    }
    // The classes' weights are those of all rows, in every part.
    let all = try problem(given, classWeights, Penalty(lasso: 1e100))
    let counted = all.weights ?? given
    let validation = CrossValidation(weights: counted, folds: folds, seed: seed)
    let penalty = PathPenalty(mixing: mixing, spreads: features.spreads(weights: counted))
    let strengths = try penalty.strengths(strengths) { () throws(ObjectiveError) in
      // A lasso no coefficient withstands leaves the best constants.
      let objective = try MultiOutputObjective(
        features: features, labels: all.labels, classes: names.count, weights: counted, intercept: intercept,
        penalty: all.penalty)
      let point = try ProximalNewton().minimize(objective).point
      let gradient = try objective.evaluate(.gradient, at: point).gradient
      let scale = objective.panels.coordinates.scale
      return (0..<features.columns * names.count).map {
        let column = $0 / names.count
        return abs(gradient[$0] / scale[column]) / penalty.spreads[column]
      }
    }
    let found = try validation.run(strengths) {
      (strength, weights, start) throws(ModelError) -> MultinomialRegression in
      let isWhole = weights == counted
      return try problem(weights, .equal, penalty.penalty(strength)).model(
        reference: 0, start: start.map { ($0.coefficients, $0.intercepts) }, optimizer: AutomaticOptimizer(),
        control: control, accuracy: isWhole ? .exact : .fast, targetName: targetName, confidenceLevel: 0.95,
        classWeights: classWeights, covariance: .classical)
    } loss: { (model, held) throws(LossError) in
      try SoftmaxCrossEntropy().mean(logits: model.logits(features), labels: all.labels, weights: held)
    }
    return MultinomialPath(
      strengths: strengths, mixing: mixing, models: found.models, errors: found.errors,
      standardErrors: found.standardErrors)
  }
}
