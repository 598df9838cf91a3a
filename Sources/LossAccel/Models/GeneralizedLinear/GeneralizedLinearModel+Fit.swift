extension GeneralizedLinearModel {
  /// Fits the model.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one for every row, as the family wants them.
  ///   - family: what they are distributed as.
  ///   - link: one of the family's links; the usual one if nil.
  ///   - weights: not negative; they multiply the likelihood. For shares they are the numbers of trials. Zero takes a row out.
  ///   - offsets: known parts of the predictors, one for every row.
  ///   - exposures: how long, or how many, every row was under observation, for the log link: their logarithms are offsets.
  ///   - intercept: whether to fit a constant, too. It is never penalised.
  ///   - columnNames: one for every column; `x1`, `x2`, … if nil.
  ///   - targetName: the target's name, for printing.
  ///   - penalty: a ridge on the coefficients, beside the mean of half the deviances: with it there are no standard errors.
  ///   - reducesBias: whether to multiply the likelihood by Jeffreys' prior, as Firth does: coefficients stay finite where columns separate the
  ///     targets. For canonical links, and without a penalty.
  ///   - start: coefficients to start from, the intercept's first.
  ///   - accuracy: with `.exact` coefficients are right to nearly the last digit, whatever the condition of the columns; `.fast` ends
  ///     with one least-squares step in double precision.
  ///   - whenRankDeficient: whether columns that depend on others are dropped, as R does, or an error.
  ///   - covariance: how to estimate the covariance of the coefficients: the Fisher information (classical), or a sandwich.
  ///   - confidenceLevel: of the intervals, between 0 and 1.
  ///   - control: when the search stops, and whom to tell.
  /// - Throws: ``ModelError``
  /// - Precondition: as many targets, weights, offsets and exposures as rows, as many names as columns; the family has the link; exposures
  ///   need the log link; lasso and group penalties have models of their own.
  /// - Complexity: O(rows · columns²) for each step
  public static func fit<Element: Scalar>(
    features: Matrix<Element>, targets: [Element], family: Family, link: Link? = nil, weights: [Element]? = nil,
    offsets: [Element]? = nil, exposures: [Element]? = nil, intercept: Bool = true, columnNames: [String]? = nil,
    targetName: String = "y", penalty: Penalty = .none, reducesBias: Bool = false, start: [Double]? = nil,
    accuracy: LeastSquaresAccuracy = .exact, whenRankDeficient: RankDeficiency = .drop,
    covariance: CoefficientCovariance = .classical, confidenceLevel: Double = 0.95,
    control: OptimizerControl = OptimizerControl(gradientTolerance: 1e-9)
  ) throws(ModelError) -> GeneralizedLinearModel {
    let link = link ?? family.links[0]
    let (rows, columns) = (features.rows, features.columns)
    requireArguments(
      rows: rows, columns: columns, targets: targets.count, weights: weights?.count, offsets: offsets?.count,
      names: columnNames?.count, family, link, penalty, start: start?.count, intercept: intercept, confidenceLevel)
    if case .minimumNorm = whenRankDeficient {
      preconditionFailure("coefficients of minimum norm are for linear regression; choose .drop or .error")
    }
    let allOffsets = try combined(
      offsets.map { $0.map(Double.init) }, exposures: exposures.map { $0.map(Double.init) }, weights, link, rows)
    let problem = try LikelihoodProblem(
      features: (features as? Matrix<Double>) ?? Matrix<Double>(features),
      targets: (targets as? [Double]) ?? targets.map(Double.init), weights: weights.map { $0.map(Double.init) },
      offsets: allOffsets, family: family, link: link, hasIntercept: intercept,
      penalty: penalty, accuracy: accuracy, whenRankDeficient: whenRankDeficient)
    let names = LinearRegression.Names(
      columns: columnNames ?? (0..<columns).map { "x\($0 + 1)" }, targets: [targetName], hasOffsets: allOffsets != nil)
    do throws(ModelError) {
      let solution =
        reducesBias
        ? try problem.solveReducingBias(names: names, confidenceLevel: confidenceLevel)
        : try problem.solve(start: start, names: names, control: control, confidenceLevel: confidenceLevel)
      let model = try GeneralizedLinearModel(
        problem, solution, names, confidenceLevel: confidenceLevel, isBiasReduced: reducesBias)
      // Where the most likely share of a row is beyond 1, the likelihood has no maximum at which the link's shares are ones.
      guard !family.definition.isShare || model.fittedMeans.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
        throw ModelError.noStart(family: family.description, link: link.description)
      }
      return try model.with(covariance: covariance)
    } catch {
      throw error.inRows(problem.keptRows)
    }
  }

  /// Mistakes in calling code, the same for every kind of features.
  static func requireArguments(
    rows: Int, columns: Int, targets: Int, weights: Int?, offsets: Int?, names: Int?, _ family: Family, _ link: Link,
    _ penalty: Penalty, start: Int?, intercept: Bool, _ confidenceLevel: Double
  ) {
    precondition(targets == rows, "\(targets) targets for \(rows) rows")
    precondition(weights ?? rows == rows, "\(weights ?? 0) weights for \(rows) rows")
    precondition(offsets ?? rows == rows, "\(offsets ?? 0) offsets for \(rows) rows")
    precondition(names ?? columns == columns, "\(names ?? 0) names for \(columns) columns")
    precondition(family.links.contains(link), "the \(family) family is not fitted with the \(link) link")
    precondition(
      penalty.isRidge(columns: columns),
      "a generalised linear model takes ridge penalties; LinearModel takes lassos, groups and constraints")
    let terms = columns + (intercept ? 1 : 0)
    precondition(start ?? terms == terms, "\(start ?? 0) coefficients to start from for \(terms) terms")
    precondition(
      confidenceLevel > 0 && confidenceLevel < 1, "a confidence level lies between 0 and 1, not at \(confidenceLevel)")
  }

  /// Offsets plus the logarithms of exposures.
  private static func combined<Element: Scalar>(
    _ offsets: [Double]?, exposures: [Double]?, _ weights: [Element]?, _ link: Link, _ rows: Int
  ) throws(ModelError) -> [Double]? {
    guard let exposures else { return offsets }
    precondition(exposures.count == rows, "\(exposures.count) exposures for \(rows) rows")
    precondition(link == .log, "exposures need the log link, not the \(link) link")
    var sums = offsets ?? [Double](repeating: 0, count: rows)
    for (row, exposure) in exposures.enumerated() where weights?[row] != 0 {
      guard exposure > 0, exposure.isFinite else { throw .invalidExposure(row: row, value: exposure) }
      sums[row] += ElementaryFunctions.log(exposure)
    }
    return sums
  }

  private init(
    _ problem: LikelihoodProblem, _ solution: LikelihoodSolution, _ names: LinearRegression.Names,
    confidenceLevel: Double, isBiasReduced: Bool
  ) throws(ModelError) {
    let working = solution.working
    let predictors = try problem.predictors(working.wideCoefficients)
    self.init(
      problem, predictors, estimates: working.coefficients.map { $0.isDropped ? nil : $0.estimate },
      iterations: solution.iterations, stop: solution.stop, names, confidenceLevel: confidenceLevel,
      isBiasReduced: isBiasReduced)
    data = ModelData(problem: problem, working: working, predictors: predictors)
  }

  /// The model with these coefficients, without a covariance.
  init(
    _ problem: LikelihoodProblem, _ predictors: WideVector, estimates: [Double?], iterations: Int, stop: StopReason,
    _ names: LinearRegression.Names, confidenceLevel: Double, isBiasReduced: Bool
  ) {
    let sums = problem.sums(at: predictors)
    (family, link, hasIntercept) = (problem.family, problem.link, problem.hasIntercept)
    (columnNames, targetName) = (names.columns, names.targets[0])
    observations = problem.observations
    (deviance, pearson) = (max(0, sums.deviance), sums.pearson)
    if problem.hasIntercept {
      nullDeviance = problem.constantModel()?.sums.deviance
    } else {
      let offsets = problem.offsets ?? [Double](repeating: 0, count: problem.rows)
      let null = problem.sums(at: WideVector(offsets)).deviance
      nullDeviance = null.isFinite ? null : nil
    }
    (self.iterations, self.stop) = (iterations, stop)
    (penalty, self.isBiasReduced) = (problem.penalty, isBiasReduced)
    (isWeighted, hasOffsets) = (problem.weights != nil, problem.offsets != nil)
    (self.confidenceLevel, covarianceName) = (confidenceLevel, "")
    self.estimates = estimates
    likelihood = problem.logLikelihood(predictors.high, deviance: sums.deviance)
  }
}

extension LikelihoodProblem {
  /// The logarithm of the likelihood; `nil` without a closed form.
  func logLikelihood(_ predictors: [Double], deviance: Double) -> Double? {
    let definition = family.definition
    let dispersion = definition.likelihoodDispersion(deviance: deviance, count: observations, totalWeight: totalWeight)
    let size = 1024
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: rows, chunkSize: size)) { chunk -> Double? in
      var sum = LongSum()
      for row in Parallelism.range(ofChunk: chunk, of: rows, chunkSize: size) where weights?[row] != 0 {
        guard
          let term = definition.logLikelihood(
            targets[row], mean: link.mean(predictors[row]), weight: weights?[row] ?? 1, dispersion: dispersion)
        else { return nil }
        sum += term
      }
      return sum.value
    }
    let sum = parts.reduce(0.0) { $0 + ($1 ?? .nan) }
    return sum.isFinite ? sum : nil
  }
}
