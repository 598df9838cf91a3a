extension MultinomialRegression {
  /// Fits the model to classes that are numbered.
  ///
  /// - Parameters:
  ///   - features: one row for every sample.
  ///   - labels: the class of every row, 0 ..< K.
  ///   - classNames: of the K classes; if nil they are named by their numbers, and K is one more than the largest label.
  ///   - weights: not negative; they multiply the likelihood. Zero takes a row out.
  ///   - classWeights: how much the classes count.
  ///   - intercept: whether to fit constants, which are never penalised.
  ///   - columnNames: one for every column; `x1`, `x2`, … if nil.
  ///   - targetName: the target's name, for printing.
  ///   - penalty: ridge, lasso, elastic net or groups.
  ///   - reference: the class that the others are compared with, where there is no penalty.
  ///   - optimizer: how to minimise.
  ///   - accuracy: `.exact` takes the last steps with gradients of twice the working precision, up to 2000 coefficients of all classes together;
  ///     beyond, the Hessian that such steps need is not formed, and the search's own accuracy is the fit's.
  ///   - covariance: how to estimate the covariance of the coefficients: `.classical`, `.hc0`, `.hc1`, `.clustered(by:)`.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  ///   - control: when to stop, and whom to tell.
  /// - Throws: ``ModelError``: ``ModelError/classesSeparated(_:)`` where the likelihood has no maximum, ``ModelError/emptyClass(_:)`` for a
  ///   class without a row, and searches that end before the minimum.
  /// - Precondition: as many labels and weights as rows, as many names as columns; two classes at least.
  /// - Complexity: O(rows · columns² · K²) for each of Newton's steps; beyond 2000 coefficients O(rows · columns · K) for each product.
  public static func fit<Element: Scalar, Label: LabelElement>(
    features: Matrix<Element>, labels: [Label], classNames: [String]? = nil, weights: [Element]? = nil,
    classWeights: ClassWeights = .equal, intercept: Bool = true, columnNames: [String]? = nil,
    targetName: String = "y", penalty: Penalty = .none, reference: Int = 0,
    optimizer: any Optimizer = AutomaticOptimizer(), accuracy: LeastSquaresAccuracy = .exact,
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95,
    control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> MultinomialRegression {
    let (numbers, names) = try requireArguments(
      features.rows, features.columns, labels, classNames, weights?.count, columnNames?.count, reference, covariance,
      confidenceLevel)
    let problem = try MultinomialProblem(
      features: features, labels: numbers, classes: names, weights: weights.map { $0.map(Double.init) },
      classWeights: classWeights, hasIntercept: intercept,
      columnNames: columnNames ?? (0..<features.columns).map { "x\($0 + 1)" }, penalty: penalty)
    return try problem.model(
      reference: reference, optimizer: optimizer, control: control, accuracy: accuracy, targetName: targetName,
      confidenceLevel: confidenceLevel, classWeights: classWeights, covariance: covariance)
  }

  /// Fits the model to features of any kind: sparse, in 16 bits, or in a file that is larger than memory. The other arguments are those of the
  /// fit to a matrix.
  ///
  /// Every step is a pass over the features; the scores of all rows are kept beside them, K numbers each. Without a penalty columns
  /// that depend on others are an error that names them. A separation is proved, and named, where it tells all rows' classes apart or the
  /// rows' differences take no more than 256 MB, rows · columns · M · (M + 1) numbers if the coefficients of M classes move apart from the
  /// others'; beyond, steps that go on without end are an error that names nothing.
  ///
  /// - Parameters:
  ///   - features: one row for every sample; they are shared, not copied.
  ///   - labels: the class of every row, 0 ..< K.
  ///   - classNames: of the K classes.
  ///   - weights: not negative. Zero takes a row out, whatever it holds.
  ///   - classWeights: how much the classes count.
  ///   - intercept: whether to fit constants.
  ///   - columnNames: one for every column.
  ///   - targetName: the target's name, for printing.
  ///   - penalty: ridge, lasso, elastic net, groups or constraints.
  ///   - reference: the class that the others are compared with, where there is no penalty.
  ///   - optimizer: how to minimise.
  ///   - accuracy: as for a matrix.
  ///   - covariance: as for a matrix.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  ///   - control: when to stop, and whom to tell.
  /// - Throws: ``ModelError``
  /// - Precondition: as for a matrix.
  public static func fit<Label: LabelElement>(
    features: FeatureMatrix, labels: [Label], classNames: [String]? = nil, weights: [Double]? = nil,
    classWeights: ClassWeights = .equal, intercept: Bool = true, columnNames: [String]? = nil,
    targetName: String = "y", penalty: Penalty = .none, reference: Int = 0,
    optimizer: any Optimizer = AutomaticOptimizer(), accuracy: LeastSquaresAccuracy = .exact,
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95,
    control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> MultinomialRegression {
    let (numbers, names) = try requireArguments(
      features.rows, features.columns, labels, classNames, weights?.count, columnNames?.count, reference, covariance,
      confidenceLevel)
    let problem = try MultinomialProblem(
      passingThrough: features, labels: numbers, classes: names, weights: weights, classWeights: classWeights,
      hasIntercept: intercept, columnNames: columnNames ?? (0..<features.columns).map { "x\($0 + 1)" },
      penalty: penalty)
    return try problem.model(
      reference: reference, optimizer: optimizer, control: control, accuracy: accuracy, targetName: targetName,
      confidenceLevel: confidenceLevel, classWeights: classWeights, covariance: covariance)
  }

  /// Mistakes in calling code, the same for every kind of features; the labels as numbers, and the classes' names.
  private static func requireArguments<Label: LabelElement>(
    _ rows: Int, _ columns: Int, _ labels: [Label], _ classNames: [String]?, _ weights: Int?, _ columnNames: Int?,
    _ reference: Int, _ covariance: CoefficientCovariance, _ confidenceLevel: Double
  ) throws(ModelError) -> (labels: [Int], classNames: [String]) {
    precondition(weights ?? rows == rows, "\(weights ?? 0) weights for \(rows) rows")
    precondition(columnNames ?? columns == columns, "\(columnNames ?? 0) names for \(columns) columns")
    precondition(
      confidenceLevel > 0 && confidenceLevel < 1, "a confidence level lies between 0 and 1, not at \(confidenceLevel)")
    precondition(
      MultinomialProblem.has(covariance),
      "a multinomial regression has the covariances classical, HC0, HC1 and those over clusters, not \(covariance)")
    if case .clustered(let groupings) = covariance.estimator {
      precondition(
        groupings[0].groups.count == rows, "\(groupings[0].groups.count) labels of clusters for \(rows) rows")
    }
    let (numbers, names) = try numbered(labels, classNames: classNames, rows: rows)
    precondition(reference >= 0 && reference < names.count, "the reference is class \(reference) of \(names.count)")
    return (numbers, names)
  }

  /// Labels as numbers, and the names of the classes.
  static func numbered<Label: LabelElement>(
    _ labels: [Label], classNames: [String]?, rows: Int
  ) throws(ModelError) -> (labels: [Int], classNames: [String]) {
    precondition(labels.count == rows, "\(labels.count) labels for \(rows) rows")
    guard rows > 0 else { throw .objective(.loss(.emptyBatch)) }
    let numbers = labels.map(\.asLabel)
    let count = classNames?.count ?? (numbers.reduce(0, max) + 1)
    let names = classNames ?? (0..<count).map(String.init)
    if count < 2 { throw .oneClass(names.first ?? "") }
    return (numbers, names)
  }

  /// Fits the model to classes that are named; they come in the order of their Unicode scalars. The other arguments are those of the fit to
  /// numbers.
  ///
  /// - Parameters:
  ///   - features: one row for every sample.
  ///   - labels: the name of every row's class.
  ///   - weights: not negative.
  ///   - classWeights: how much the classes count.
  ///   - intercept: whether to fit constants.
  ///   - columnNames: one for every column.
  ///   - targetName: the target's name, for printing.
  ///   - penalty: ridge, lasso, elastic net or groups.
  ///   - reference: the class that the others are compared with; the first if nil.
  ///   - optimizer: how to minimise.
  ///   - accuracy: `.exact` takes the last steps with gradients of twice the working precision, up to 2000 coefficients of all classes together;
  ///     beyond, the Hessian that such steps need is not formed, and the search's own accuracy is the fit's.
  ///   - covariance: how to estimate the covariance of the coefficients: `.classical`, `.hc0`, `.hc1`, `.clustered(by:)`.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  ///   - control: when to stop, and whom to tell.
  /// - Throws: ``ModelError``
  /// - Precondition: as for numbers; the reference is one of the classes.
  public static func fit<Element: Scalar>(
    features: Matrix<Element>, labels: [String], weights: [Element]? = nil, classWeights: ClassWeights = .equal,
    intercept: Bool = true, columnNames: [String]? = nil, targetName: String = "y", penalty: Penalty = .none,
    reference: String? = nil, optimizer: any Optimizer = AutomaticOptimizer(), accuracy: LeastSquaresAccuracy = .exact,
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95,
    control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> MultinomialRegression {
    let names = Set(labels).sorted(by: TableColumns.precedes)
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let first = reference.map { places[$0] } ?? 0
    guard let first else { preconditionFailure("the reference \(reference ?? "") is none of the classes \(names)") }
    return try fit(
      features: features, labels: labels.map { places[$0] ?? 0 }, classNames: names, weights: weights,
      classWeights: classWeights, intercept: intercept, columnNames: columnNames, targetName: targetName,
      penalty: penalty, reference: first, optimizer: optimizer, accuracy: accuracy, covariance: covariance,
      confidenceLevel: confidenceLevel, control: control)
  }
}
