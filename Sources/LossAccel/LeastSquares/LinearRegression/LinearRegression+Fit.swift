extension LinearRegression {
  /// Fits the model.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one element for every row.
  ///   - offsets: known parts of the targets, one for every row: the model is fitted to target − offset, rounded once. R² and F are those of
  ///     this difference (R counts offsets among the fitted values instead).
  ///   - intercept: whether to fit a constant, too. It is never penalised.
  ///   - columnNames: one for every column; `x1`, `x2`, … if nil.
  ///   - targetName: the target's name, for printing.
  ///   - weights: not negative; a whole number stands for that many copies of a row in the coefficients (though not in the count of
  ///     observations, as in R), zero takes the row out even if it holds values that are not finite.
  ///   - ridge: λ ≥ 0 of the penalty λ·Σ fⱼβⱼ².
  ///   - penaltyFactors: f, not negative, one for every column; all ones if nil. A column of factor 0 is not penalised; with a ridge of 1 the
  ///     factors are the penalties themselves.
  ///   - method: how to solve; not `.constrained`, which has no standard errors here.
  ///   - whenRankDeficient: what to do where columns depend on others. By default they are dropped, and listed in
  ///     ``report``, as R does.
  ///   - covariance: how to estimate the covariance of the coefficients, and so their standard errors and tests.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  /// - Throws: ``LeastSquaresError``
  /// - Precondition: as many targets, offsets and weights as rows, and as many names and factors as columns.
  /// - Complexity: O(rows · columns²)
  public static func fit<Element: Scalar>(
    features: Matrix<Element>, targets: [Element], offsets: [Element]? = nil, intercept: Bool = true,
    columnNames: [String]? = nil, targetName: String = "y", weights: [Element]? = nil, ridge: Element = 0,
    penaltyFactors: [Element]? = nil, method: LeastSquaresMethod = .automatic,
    whenRankDeficient: RankDeficiency = .drop, covariance: CoefficientCovariance = .classical,
    confidenceLevel: Double = 0.95
  ) throws(LeastSquaresError) -> LinearRegression {
    precondition(targets.count == features.rows, "\(targets.count) targets for \(features.rows) rows")
    return try fit(
      features: features, targets: Matrix(column: targets), offsets: offsets, intercept: intercept,
      columnNames: columnNames, targetNames: [targetName], weights: weights, ridge: ridge,
      penaltyFactors: penaltyFactors, method: method, whenRankDeficient: whenRankDeficient, covariance: covariance,
      confidenceLevel: confidenceLevel)[0]
  }

  /// Fits a model for every column of `targets`; the features are factored once.
  ///
  /// The arguments are those of the fit to one target; offsets and weights are shared by all.
  ///
  /// `targetNames` are one for every column of targets; `y1`, `y2`, … if nil.
  ///
  /// - Returns: one model for every column of targets, each the same as if it had been fitted alone.
  /// - Throws: ``LeastSquaresError``
  /// - Complexity: O(rows · columns · (columns + targets))
  public static func fit<Element: Scalar>(
    features: Matrix<Element>, targets: Matrix<Element>, offsets: [Element]? = nil, intercept: Bool = true,
    columnNames: [String]? = nil, targetNames: [String]? = nil, weights: [Element]? = nil, ridge: Element = 0,
    penaltyFactors: [Element]? = nil, method: LeastSquaresMethod = .automatic,
    whenRankDeficient: RankDeficiency = .drop, covariance: CoefficientCovariance = .classical,
    confidenceLevel: Double = 0.95
  ) throws(LeastSquaresError) -> [LinearRegression] {
    precondition(targets.rows == features.rows, "\(targets.rows) rows of targets for \(features.rows) rows")
    precondition(
      columnNames.map { $0.count == features.columns } ?? true,
      "\(columnNames?.count ?? 0) names for \(features.columns) columns")
    precondition(
      targetNames.map { $0.count == targets.columns } ?? true,
      "\(targetNames?.count ?? 0) names for \(targets.columns) targets")
    precondition(
      confidenceLevel > 0 && confidenceLevel < 1, "a confidence level lies between 0 and 1, not at \(confidenceLevel)")
    let system = try LeastSquaresSystem(
      features, weights: weights, ridge: ridge, penaltyFactors: penaltyFactors, whenRankDeficient: whenRankDeficient,
      hasIntercept: intercept)
    return try fit(
      system, system.targets(targets.elements, offsets: offsets, count: targets.columns),
      Names(
        columns: columnNames ?? (0..<features.columns).map { "x\($0 + 1)" },
        targets: targetNames ?? (0..<targets.columns).map { "y\($0 + 1)" }, hasOffsets: offsets != nil),
      method: method, covariance: covariance, confidenceLevel: confidenceLevel)
  }

  /// Fits a system to all its right-hand sides.
  static func fit(
    _ system: LeastSquaresSystem, _ rightHandSides: LeastSquaresTargets, _ names: Names, method: LeastSquaresMethod,
    covariance: CoefficientCovariance, confidenceLevel: Double
  ) throws(LeastSquaresError) -> [LinearRegression] {
    let factor = try method.factorFollowingPolicy(system, rightHandSides)
    let solved = try factor.solve(rightHandSides, expected: true)
    let inverse = try factor.geometry.map { (geometry) throws(LeastSquaresError) in try geometry.inverseGram() }
    var models: [LinearRegression] = []
    for target in solved.indices {
      let model = LinearRegression(
        system, rightHandSides, target, factor, inverse, solved[target], names, confidenceLevel: confidenceLevel)
      models.append(try model.with(covariance: covariance))
    }
    return models
  }

  /// What the columns and the targets are called, for printing.
  struct Names {
    let columns: [String]
    let targets: [String]
    let hasOffsets: Bool
  }

  private init(
    _ system: LeastSquaresSystem, _ targets: LeastSquaresTargets, _ target: Int, _ factor: any LeastSquaresFactor,
    _ inverse: [Double]?, _ solved: SolvedTarget, _ names: Names, confidenceLevel: Double
  ) {
    let report = factor.report
    let pass = ResidualPass(PackedRows(sampling: system, nil))
    let freedom = system.rows - report.rank
    let dropped = Set(report.droppedColumns.map { $0.column + system.offset })
    let kept = (0..<system.unknowns).filter { !dropped.contains($0) }
    let rows = FittedRows(
      system: system, targets: targets, target: target, geometry: factor.geometry, inverseGram: inverse, kept: kept,
      coefficients: kept.map { solved.coefficients[$0] }, method: report.method)
    let residuals = pass.residuals(solved.coefficients, targets, target)

    let variance = freedom > 0 && system.ridge == 0 ? solved.residualSquares / Double(freedom) : .nan
    covarianceMatrix = rows.expanded(inverse.map { $0.map { variance * $0 } })
    covariance = .classical
    let errors = standardErrors(covarianceMatrix)
    coefficients = (0..<system.unknowns).map { index in
      Coefficient(
        term: index < system.offset ? "(Intercept)" : names.columns[index - system.offset],
        estimate: dropped.contains(index) ? .nan : solved.coefficients[index].value, standardError: errors[index],
        degreesOfFreedom: freedom, confidenceLevel: confidenceLevel, isDropped: dropped.contains(index))
    }
    self.residuals = residuals
    residualSummary = ResidualSummary(
      system.rootWeights.map { zip($0, residuals).map { $0 * $1 } } ?? residuals)
    residualSumOfSquares = solved.residualSquares
    totalSumOfSquares = LinearRegression.totalSumOfSquares(system, targets, target)
    residualDegreesOfFreedom = freedom
    observations = system.rows
    hasIntercept = system.hasIntercept
    ridge = system.ridge
    isWeighted = system.weights != nil
    (columnNames, targetName, hasOffsets) = (names.columns, names.targets[target], names.hasOffsets)
    (self.confidenceLevel, keptRows) = (confidenceLevel, rows)
    (self.report, certificate) = (report, solved.certificate)
  }

  /// Σ w·(y − ȳ)² in double-double: the mean of large targets must not blur their spread.
  private static func totalSumOfSquares(
    _ system: LeastSquaresSystem, _ targets: LeastSquaresTargets, _ target: Int
  ) -> Double {
    func element(_ row: Int) -> Double { targets.elements[row * targets.count + target] }
    var mean = DoubleDouble(0)
    if system.hasIntercept {
      var (sum, total) = (DoubleDouble(0), DoubleDouble(0))
      for row in 0..<system.rows {
        let weight = system.weights?[row] ?? 1
        sum += DoubleDouble.product(weight, element(row))
        total = total + weight
      }
      mean = sum / total
    }
    var squares = DoubleDouble(0)
    for row in 0..<system.rows {
      let deviation = DoubleDouble(element(row)) - mean
      squares += deviation * deviation * (system.weights?[row] ?? 1)
    }
    return squares.value
  }

  /// The model's values for new samples; dropped columns take no part.
  ///
  /// `offsets` are known parts to add, one for every row; none if nil.
  ///
  /// - Throws: ``LeastSquaresError/linearAlgebra(_:)``
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func predict<Element: Scalar>(
    _ features: Matrix<Element>, offsets: [Element]? = nil
  ) throws(LeastSquaresError) -> [Element] {
    precondition(
      features.columns == columnNames.count,
      "\(features.columns) columns for a model of \(columnNames.count) features")
    precondition(
      offsets.map { $0.count == features.rows } ?? true, "\(offsets?.count ?? 0) offsets for \(features.rows) rows")
    let slopes = coefficients.dropFirst(hasIntercept ? 1 : 0).map { Element($0.isDropped ? 0 : $0.estimate) }
    let constant = hasIntercept ? Element(coefficients[0].estimate) : 0
    let products = try withLinearAlgebra { () throws(LinearAlgebraError) in try features.multiplied(by: slopes) }
    return products.indices.map { products[$0] + constant + (offsets?[$0] ?? 0) }
  }
}
