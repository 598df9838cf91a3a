extension LinearRegression {
  /// Fits the model.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one element for every row.
  ///   - intercept: whether to fit a constant, too. It is never penalised.
  ///   - columnNames: one for every column; `x1`, `x2`, … if nil.
  ///   - targetName: the target's name, for printing.
  ///   - weights: not negative; a whole number stands for that many copies of a row in the coefficients (though not in the count of
  ///     observations, as in R), zero takes the row out even if it holds values that are not finite.
  ///   - ridge: λ ≥ 0 of the penalty λ·Σ βⱼ².
  ///   - method: how to solve; not `.constrained`, which has no standard errors here.
  ///   - whenRankDeficient: what to do where columns depend on others. By default they are dropped, and listed in
  ///     ``report``, as R does.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  /// - Throws: ``LeastSquaresError``
  /// - Precondition: as many targets, and weights, as rows, and as many names as columns.
  /// - Complexity: O(rows · columns²)
  public static func fit<Element: Scalar>(
    features: Matrix<Element>, targets: [Element], intercept: Bool = true, columnNames: [String]? = nil,
    targetName: String = "y", weights: [Element]? = nil, ridge: Element = 0, method: LeastSquaresMethod = .automatic,
    whenRankDeficient: RankDeficiency = .drop, confidenceLevel: Double = 0.95
  ) throws(LeastSquaresError) -> LinearRegression {
    precondition(
      columnNames.map { $0.count == features.columns } ?? true,
      "\(columnNames?.count ?? 0) names for \(features.columns) columns")
    precondition(
      confidenceLevel > 0 && confidenceLevel < 1, "a confidence level lies between 0 and 1, not at \(confidenceLevel)")
    let system = try LeastSquaresSystem(
      features, weights: weights, ridge: ridge, whenRankDeficient: whenRankDeficient, hasIntercept: intercept)
    let rightHandSide = system.targets(targets, count: 1)
    let factor = try method.factorFollowingPolicy(system, rightHandSide)
    let solved = try factor.solve(rightHandSide, expected: true)[0]
    return try LinearRegression(
      system, rightHandSide, factor, solved,
      columnNames: columnNames ?? (0..<features.columns).map { "x\($0 + 1)" }, targetName: targetName,
      confidenceLevel: confidenceLevel)
  }

  private init(
    _ system: LeastSquaresSystem, _ targets: LeastSquaresTargets, _ factor: any LeastSquaresFactor,
    _ solved: SolvedTarget, columnNames: [String], targetName: String, confidenceLevel: Double
  ) throws(LeastSquaresError) {
    let report = factor.report
    let pass = ResidualPass(PackedRows(sampling: system, nil))
    let freedom = system.rows - report.rank
    let variance = freedom > 0 ? solved.residualSquares / Double(freedom) : .nan

    let dropped = Set(report.droppedColumns.map { $0.column + system.offset })
    var errors = [Double](repeating: .nan, count: system.unknowns)
    if system.ridge == 0, freedom > 0, let geometry = factor.geometry {
      let inverse = try geometry.inverseGram()
      let kept = (0..<system.unknowns).filter { !dropped.contains($0) }
      for (position, index) in kept.enumerated() {
        errors[index] = (variance * inverse[position * (kept.count + 1)]).squareRoot()
      }
    }
    coefficients = (0..<system.unknowns).map { index in
      Coefficient(
        term: index < system.offset ? "(Intercept)" : columnNames[index - system.offset],
        estimate: dropped.contains(index) ? .nan : solved.coefficients[index].value, standardError: errors[index],
        degreesOfFreedom: freedom, confidenceLevel: confidenceLevel, isDropped: dropped.contains(index))
    }
    let residuals = pass.residuals(solved.coefficients, targets, 0)
    self.residuals = residuals
    residualSummary = ResidualSummary(
      system.rootWeights.map { zip($0, residuals).map { $0 * $1 } } ?? residuals)
    residualSumOfSquares = solved.residualSquares
    totalSumOfSquares = LinearRegression.totalSumOfSquares(system, targets)
    residualDegreesOfFreedom = freedom
    observations = system.rows
    hasIntercept = system.hasIntercept
    ridge = system.ridge
    isWeighted = system.weights != nil
    (self.columnNames, self.targetName, self.confidenceLevel) = (columnNames, targetName, confidenceLevel)
    (self.report, certificate) = (report, solved.certificate)
  }

  /// Σ w·(y − ȳ)² in double-double: the mean of large targets must not blur their spread.
  private static func totalSumOfSquares(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets) -> Double {
    var mean = DoubleDouble(0)
    if system.hasIntercept {
      var (sum, total) = (DoubleDouble(0), DoubleDouble(0))
      for row in 0..<system.rows {
        let weight = system.weights?[row] ?? 1
        sum += DoubleDouble.product(weight, targets.elements[row])
        total = total + weight
      }
      mean = sum / total
    }
    var squares = DoubleDouble(0)
    for row in 0..<system.rows {
      let deviation = DoubleDouble(targets.elements[row]) - mean
      squares += deviation * deviation * (system.weights?[row] ?? 1)
    }
    return squares.value
  }

  /// The model's values for new samples; dropped columns take no part.
  ///
  /// - Throws: ``LeastSquaresError/linearAlgebra(_:)``
  /// - Precondition: as many columns as the model was fitted with.
  public func predict<Element: Scalar>(_ features: Matrix<Element>) throws(LeastSquaresError) -> [Element] {
    precondition(
      features.columns == columnNames.count,
      "\(features.columns) columns for a model of \(columnNames.count) features")
    let slopes = coefficients.dropFirst(hasIntercept ? 1 : 0).map { Element($0.isDropped ? 0 : $0.estimate) }
    let constant = hasIntercept ? Element(coefficients[0].estimate) : 0
    let products = try withLinearAlgebra { () throws(LinearAlgebraError) in try features.multiplied(by: slopes) }
    return products.map { $0 + constant }
  }
}
