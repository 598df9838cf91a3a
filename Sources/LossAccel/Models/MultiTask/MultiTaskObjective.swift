/// Several losses over linear predictors of the same features, made one by a weighting, plus a penalty:
/// F(L₁, …, L_T) + penalty(B) with L_t = (1/Σw) Σ wᵢ·ℓ_t(xᵢᵀβ_t + intercept_t + offsetᵢ, yᵢ_t).
///
/// Value, gradient and Hessian of all tasks come from one pass over the features: a block of rows goes through every head while it is in
/// the cache. A task counts the rows of which it has a target.
///
/// ```swift
/// let objective = try MultiTaskObjective(
///   features: FeatureMatrix(matrix),
///   heads: [
///     TaskHead("visits", loss: .poissonNegativeLogLikelihood, targets: visits),
///     TaskHead("returns", loss: .binaryCrossEntropyFromLogits, targets: returns),
///   ],
///   weighting: NullLossWeighting(), penalty: Penalty(ridge: 1e-3))
/// let solution = try NewtonMethod().minimize(objective)
/// let (coefficients, intercept) = objective.coefficients(of: "visits", at: solution.point)
/// ```
///
/// A ``TaskWeighting`` is a function F of the losses, so value, gradient, Hessian and products with it are exact for every weighting, and
/// every ``Optimizer`` applies. Weights that depend on the course of the search have no such function: see ``AlternatingTaskSearch``. Where
/// tasks share coefficients, `taskGradients(at:)` tells whether they pull the same way, and ``TaskDescent`` goes by their gradients.
///
/// Parameters are scaled as those of ``LinearObjective``; with one task and the weight 1, value and derivatives are its, bit for bit. The
/// parameters of the weighting, if it has any, come last.
public struct MultiTaskObjective: Objective {
  /// The features, as they were given.
  public let features: FeatureMatrix
  /// The tasks.
  public let heads: [TaskHead]
  /// Which coefficients are common to all tasks.
  public let sharing: TaskSharing
  /// What makes one number of the tasks' losses.
  public let weighting: any TaskWeighting
  /// What the coefficients cost: those of every task, shared ones once. A group holds its columns' coefficients of all tasks.
  public let penalty: Penalty

  /// The heads as linear models without penalties.
  let models: [LinearObjective]
  let layout: TaskLayout

  /// Several losses over linear predictors of the same features.
  ///
  /// - Parameters:
  ///   - features: One row per sample; they are shared, not copied.
  ///   - heads: The tasks, with as many targets as there are rows.
  ///   - sharing: Which coefficients are common to all tasks.
  ///   - intercept: Whether every task has one; they are not penalised.
  ///   - weighting: What makes one number of the tasks' losses; their sum if left out.
  ///   - penalty: What the coefficients cost.
  ///   - curvature: What stands for the second derivatives of the losses.
  /// - Precondition: there is a task, names differ, and every loss has that curvature.
  /// - Throws: ``ObjectiveError``, with the task's name where one task is the cause: for one without any target, for instance.
  public init(
    features: FeatureMatrix, heads: [TaskHead], sharing: TaskSharing = .none, intercept: Bool = true,
    weighting: any TaskWeighting = FixedWeighting(), penalty: Penalty = .none, curvature: CurvatureKind = .exact
  ) throws(ObjectiveError) {
    precondition(!heads.isEmpty, "an objective of no tasks")
    precondition(Set(heads.map(\.name)).count == heads.count, "tasks with the same name: \(heads.map(\.name))")
    for head in heads {
      precondition(
        head.targets.count == features.rows,
        "\(head.targets.count) targets of the task \(head.name) for \(features.rows) rows of features")
    }
    try penalty.check(columns: features.columns)
    self.features = features
    self.heads = heads
    self.sharing = sharing
    self.penalty = penalty
    layout = TaskLayout(tasks: heads.count, columns: features.columns, hasIntercept: intercept, sharing: sharing)
    var models: [LinearObjective] = []
    for head in heads {
      models.append(
        try head.objective(
          features, intercept: intercept, curvature: curvature, groups: penalty.groups.map(\.columns)))
    }
    self.models = models
    self.weighting = try weighting.prepared { () throws(ObjectiveError) in
      try MultiTaskObjective.nullLosses(heads, models)
    }
  }

  /// The same tasks, features and penalty under another weighting.
  public func with(weighting: any TaskWeighting) throws(ObjectiveError) -> MultiTaskObjective {
    try MultiTaskObjective(self, weighting)
  }

  private init(_ other: MultiTaskObjective, _ weighting: any TaskWeighting) throws(ObjectiveError) {
    (features, heads, sharing, penalty) = (other.features, other.heads, other.sharing, other.penalty)
    (models, layout) = (other.models, other.layout)
    self.weighting = try weighting.prepared { () throws(ObjectiveError) in try other.nullLosses() }
  }
}

extension MultiTaskObjective {
  /// How many parameters the weighting has.
  var weightingParameters: Int { weighting.parameterCount(tasks: heads.count) }

  /// The shared parameters, then task by task its own and its intercept, then the weighting's.
  public var dimension: Int { layout.dimension + weightingParameters }

  /// Every task where it would start alone: coefficients zero, intercepts as ``LinearObjective/startingPoint`` has them. Parameters of the
  /// weighting are zero.
  public var startingPoint: [Double] {
    point(
      coefficients: models.map { $0.coefficients(at: $0.startingPoint) },
      weightingParameters: [Double](repeating: 0, count: weightingParameters))
  }

  /// Whether the losses are convex, and the weighting keeps them so.
  public var isConvex: Bool { weighting.keepsConvexity && models.allSatisfy(\.isConvex) }

  /// Rows times columns.
  public var dataSize: Int { features.rows * features.columns }

  /// Lasso and groups, in the parameters' units.
  public var nonsmooth: NonsmoothPenalty? {
    if penalty.groups.isEmpty, !(0..<features.columns).contains(where: { penalty.lasso[$0] > 0 }) { return nil }
    let scale = models[0].coordinates.scale
    var thresholds = [Double](repeating: 0, count: dimension)
    for places in layout.places {
      for column in scale.indices { thresholds[places[column]] = penalty.lasso[column] * scale[column] }
    }
    return NonsmoothPenalty(
      thresholds: thresholds,
      groups: penalty.groups.filter { !$0.columns.isEmpty }.map { group in
        // The columns of a group have one scale.
        let places = Set(layout.places.flatMap { places in group.columns.map { places[$0] } })
        return Penalty.Group(columns: places.sorted(), strength: group.strength * scale[group.columns[0]])
      })
  }

  /// The penalty without kinks, in the parameters' units.
  var smoothPenalty: SmoothPenalty {
    let scale = models[0].coordinates.scale
    var smooth = SmoothPenalty(ridge: [Double](repeating: 0, count: dimension))
    var seen = Set<[Int]>()
    for places in layout.places {
      for column in scale.indices {
        smooth.ridge[places[column]] = penalty.ridge[column] * scale[column] * scale[column]
      }
      // A constraint on shared coefficients alone counts once.
      for (number, constraint) in penalty.constraints.enumerated()
      where seen.insert([number] + constraint.columns.map { places[$0] }).inserted {
        smooth.add([constraint], scale: scale) { places[$0] }
      }
    }
    return smooth
  }

  /// The place of a task among the heads.
  ///
  /// - Precondition: there is one of that name.
  func index(of task: String) -> Int {
    guard let index = heads.firstIndex(where: { $0.name == task }) else {
      preconditionFailure("no task \(task), there are \(heads.map(\.name))")
    }
    return index
  }

  /// One task's coefficients of the columns, and its intercept (0 without one), at a point.
  ///
  /// - Precondition: there is a task of that name, and the point is one of this objective.
  public func coefficients(of task: String, at point: [Double]) -> (columns: [Double], intercept: Double) {
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    let index = index(of: task)
    return models[index].coefficients(at: layout.parameters(of: index, at: point))
  }

  /// The point with these coefficients of the tasks, in their order, and these parameters of the weighting.
  ///
  /// Of a shared column, the coefficient of the last task is taken.
  public func point(
    coefficients: [(columns: [Double], intercept: Double)], weightingParameters: [Double] = []
  ) -> [Double] {
    precondition(coefficients.count == heads.count, "coefficients of \(coefficients.count) tasks for \(heads.count)")
    precondition(
      weightingParameters.count == self.weightingParameters,
      "\(weightingParameters.count) parameters of the weighting, it has \(self.weightingParameters)")
    var point = [Double](repeating: 0, count: layout.dimension)
    for (index, own) in coefficients.enumerated() {
      let parameters = models[index].point(coefficients: own.columns, intercept: own.intercept)
      for (place, value) in zip(layout.places[index], parameters) { point[place] = value }
    }
    return point + weightingParameters
  }

  /// The weighting's own parameters at a point.
  public func weightingParameters(at point: [Double]) -> [Double] { Array(point[layout.dimension...]) }
}
