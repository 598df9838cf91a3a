extension GeneralizedLinearModel {
  /// Fits the model to features of any kind: sparse, in 16 bits, or in a file that is larger than memory.
  ///
  /// Every step is a pass over the features; beside them a few numbers per row are kept. Coefficients are where Newton's steps end in double
  /// precision, so unlike those of a fit to a ``Matrix`` they lose digits with the condition of the columns; everything that
  /// needs single rows again (residuals, leverages, covariances but the three below, Firth's correction) is not there. The other arguments are
  /// those of the fit to a matrix.
  ///
  /// - Parameters:
  ///   - features: one row for every sample; they are shared, not copied.
  ///   - targets: one for every row, as the family wants them.
  ///   - family: what they are distributed as.
  ///   - link: one of the family's links; the usual one if nil.
  ///   - weights: not negative; they multiply the likelihood. Zero takes a row out, whatever it holds.
  ///   - offsets: known parts of the predictors; for exposures pass their logarithms.
  ///   - intercept: whether to fit a constant.
  ///   - columnNames: one for every column.
  ///   - targetName: the target's name, for printing.
  ///   - penalty: a ridge on the coefficients.
  ///   - start: coefficients to start from, the intercept's first.
  ///   - covariance: `.classical`, `.hc0` or `.hc1`.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  ///   - control: when the search stops, and whom to tell.
  /// - Throws: ``ModelError``; columns that depend on others are an error that names them.
  /// - Precondition: as for a matrix.
  public static func fit(
    features: FeatureMatrix, targets: [Double], family: Family, link: Link? = nil, weights: [Double]? = nil,
    offsets: [Double]? = nil, intercept: Bool = true, columnNames: [String]? = nil, targetName: String = "y",
    penalty: Penalty = .none, start: [Double]? = nil, covariance: CoefficientCovariance = .classical,
    confidenceLevel: Double = 0.95, control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> GeneralizedLinearModel {
    let link = link ?? family.links[0]
    requireArguments(
      rows: features.rows, columns: features.columns, targets: targets.count, weights: weights?.count,
      offsets: offsets?.count, names: columnNames?.count, family, link, penalty, start: start?.count,
      intercept: intercept, confidenceLevel)
    let problem = try LikelihoodProblem(
      passingThrough: features, targets: targets, weights: weights, offsets: offsets, family: family, link: link,
      hasIntercept: intercept, penalty: penalty)
    let names = LinearRegression.Names(
      columns: columnNames ?? (0..<features.columns).map { "x\($0 + 1)" }, targets: [targetName],
      hasOffsets: offsets != nil)
    if penalty == .none { try features.refuseDependentColumns(weights: weights, hasIntercept: intercept) }
    let (coefficients, iterations, stop) = try problem.search(start, control)
    if penalty == .none { try problem.refuseSeparation(at: coefficients, names: names.columns) }
    guard stop.isConvergence else { throw .notConverged(stop, iterations: iterations) }
    let predictors = try problem.predictors(coefficients.map { DoubleDouble($0) })
    var model = GeneralizedLinearModel(
      problem, predictors, estimates: coefficients, iterations: iterations, stop: stop, names,
      confidenceLevel: confidenceLevel, isBiasReduced: false)
    model.covarianceName = covariance.description
    model.testFreedom = family.hasDispersion ? model.residualDegreesOfFreedom : nil
    if penalty == .none {
      model.keptCovariance = try problem.covariance(covariance, at: predictors, dispersion: model.dispersion)
    }
    return model
  }
}

extension LikelihoodProblem {
  /// The covariance of the coefficients, row by row, from one pass (two for a sandwich); `nil` where it cannot be computed.
  fileprivate func covariance(
    _ kind: CoefficientCovariance, at predictors: WideVector, dispersion: Double
  ) throws(ModelError) -> [Double]? {
    let order = features.columns + (hasIntercept ? 1 : 0)
    guard order > 0 else { return nil }
    var correction = 1.0
    switch kind.estimator {
    case .classical: break
    case .heteroscedastic(.hc0): break
    case .heteroscedastic(.hc1): correction = Double(observations) / Double(observations - order)
    default:
      throw .needsMatrix("The covariance \(kind)")
    }
    let rows = derivatives(at: predictors)
    return try withObjective { () throws(ObjectiveError) -> [Double]? in
      let (information, coordinates) = try features.products(weights: rows.informations, hasIntercept: hasIntercept)
      var bread = try HessianFactor(information).inverse()
      if case .classical = kind.estimator {
        if dispersion.isNaN { return nil }
        for index in bread.elements.indices { bread.elements[index] *= dispersion }
      } else {
        let squares = rows.scores.high.map { $0 * $0 * correction }
        let filling = try features.products(weights: squares, hasIntercept: hasIntercept).sum
        do throws(LinearAlgebraError) { bread = try bread.multiplied(by: filling.multiplied(by: bread)) } catch {
          throw .linearAlgebra(error)
        }
      }
      let elements = coordinates.covariance(ofParameters: bread).elements
      return elements.allSatisfy(\.isFinite) ? elements : nil
    }
  }
}

extension GeneralizedLinearModel {
  /// The means of new samples, whose features are of any kind.
  ///
  /// - Precondition: as many columns as the model was fitted with, and as many offsets as rows.
  public func predict(_ features: FeatureMatrix, offsets: [Double]? = nil) -> [Double] {
    features.linearPredictors(
      coefficients: estimates.dropFirst(hasIntercept ? 1 : 0).map { $0 ?? 0 },
      intercept: hasIntercept ? estimates[0] ?? 0 : 0, offsets: offsets
    ).map(link.mean)
  }
}
