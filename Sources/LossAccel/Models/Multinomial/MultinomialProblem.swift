/// The data of a multinomial regression, checked, and how it is fitted.
struct MultinomialProblem: Sendable {
  /// The columns that take part.
  private(set) var features: FeatureMatrix
  /// The same in memory, where a proof about the columns is needed: without a penalty. `nil` where passes go through the rows and nothing
  /// else.
  private(set) var dense: Matrix<Double>?
  let labels: [Int]
  let classes: [String]
  /// Sample weights times class weights; `nil` for ones.
  let weights: [Double]?
  let hasIntercept: Bool
  /// All columns, and those that take part.
  let columnNames: [String]
  private(set) var kept: [Int]
  let penalty: Penalty
  /// The weights of the classes' rows.
  let totals: [Double]

  init<Element: Scalar>(
    features: Matrix<Element>, labels: [Int], classes: [String], weights: [Double]?, classWeights: ClassWeights,
    hasIntercept: Bool, columnNames: [String], penalty: Penalty
  ) throws(ModelError) {
    guard penalty == .none else {
      try self.init(
        passingThrough: FeatureMatrix(features), labels: labels, classes: classes, weights: weights,
        classWeights: classWeights, hasIntercept: hasIntercept, columnNames: columnNames, penalty: penalty)
      return
    }
    let wide = (features as? Matrix<Double>) ?? Matrix<Double>(features)
    try self.init(
      FeatureMatrix(wide), labels, classes, weights, classWeights, hasIntercept, columnNames, penalty)
    kept = try Self.independentColumns(wide, weights: weights, hasIntercept: hasIntercept)
    let chosen =
      kept.count == wide.columns
      ? wide
      : Matrix(
        rows: wide.rows, columns: kept.count,
        elements: (0..<wide.rows).flatMap { row in
          kept.map { wide[row, $0] }
        })
    (self.features, dense) = (FeatureMatrix(chosen), chosen)
  }

  /// Rows of any kind, which passes go through. Without a penalty columns must not depend on one another.
  init(
    passingThrough features: FeatureMatrix, labels: [Int], classes: [String], weights: [Double]?,
    classWeights: ClassWeights, hasIntercept: Bool, columnNames: [String], penalty: Penalty
  ) throws(ModelError) {
    try self.init(
      features, labels, classes, weights, classWeights, hasIntercept, columnNames, penalty)
    if penalty == .none { try features.refuseDependentColumns(weights: self.weights, hasIntercept: hasIntercept) }
  }

  private init(
    _ features: FeatureMatrix, _ labels: [Int], _ classes: [String], _ given: [Double]?, _ classWeights: ClassWeights,
    _ hasIntercept: Bool, _ columnNames: [String], _ penalty: Penalty
  ) throws(ModelError) {
    (self.features, dense, kept) = (features, nil, Array(0..<features.columns))
    (self.labels, self.classes, self.hasIntercept) = (labels, classes, hasIntercept)
    (self.columnNames, self.penalty) = (columnNames, penalty)
    var totals = [Double](repeating: 0, count: classes.count)
    for (row, label) in labels.enumerated() {
      let weight = given?[row] ?? 1
      guard weight >= 0, weight.isFinite else { throw .objective(.loss(.invalidWeight(index: row, value: weight))) }
      if weight == 0 { continue }
      guard classes.indices.contains(label) else {
        throw .objective(.loss(.labelOutOfRange(row: row, label: label, classes: classes.count)))
      }
      totals[label] += weight
    }
    guard totals.contains(where: { $0 > 0 }) else { throw .objective(.loss(.nothingToAverage)) }
    if let empty = totals.firstIndex(of: 0), hasIntercept || penalty == .none { throw .emptyClass(classes[empty]) }
    if let factors = classWeights.factors(totals) {
      weights = labels.indices.map { row in
        classes.indices.contains(labels[row]) ? (given?[row] ?? 1) * factors[labels[row]] : 0
      }
      totals = zip(totals, factors).map { $0 * $1 }
    } else {
      weights = given
    }
    self.totals = totals
  }

  /// The columns that do not depend on others before them.
  private static func independentColumns(
    _ features: Matrix<Double>, weights: [Double]?, hasIntercept: Bool
  ) throws(ModelError) -> [Int] {
    guard features.columns > 0 else { return [] }
    let regression = try withLeastSquares { () throws(LeastSquaresError) in
      try LinearRegression.fit(
        features: features, targets: [Double](repeating: 0, count: features.rows), intercept: hasIntercept,
        weights: weights.map { $0.map { $0 == 0 ? 0 : 1 } })
    }
    let columns = regression.coefficients.dropFirst(hasIntercept ? 1 : 0)
    return columns.indices.filter { !columns[$0].isDropped }.map { $0 - columns.startIndex }
  }

  var observations: Int { weights?.count { $0 > 0 } ?? labels.count }

  /// The deviance of the model with nothing but the intercepts, or of nothing.
  var nullDeviance: Double {
    let all = totals.reduce(0, +)
    if !hasIntercept { return 2 * all * ElementaryFunctions.log(Double(classes.count)) }
    return totals.reduce(0) { $0 + ($1 > 0 ? 2 * $1 * ElementaryFunctions.log(all / $1) : 0) }
  }

  func objective() throws(ModelError) -> MultiOutputObjective {
    try withObjective { () throws(ObjectiveError) in
      try MultiOutputObjective(
        features: features, labels: labels, classes: classes.count, weights: weights, intercept: hasIntercept,
        penalty: penalty)
    }
  }
}
