/// Linear models for falling strengths of a penalty, each started from the one before, with errors by cross-validation to choose by.
///
/// ```swift
/// let path = try LinearModelPath.fit(features: x, targets: y, loss: .binaryCrossEntropyFromLogits, mixing: 1)
/// path.models[path.best]                 // the smallest error
/// path.models[path.simplest]             // the strongest penalty within one standard error of it
/// ```
///
/// The penalty is strength·(mixing·|β| + ½(1 − mixing)·β²) on the coefficients of standardised columns, as glmnet has it; every model's ``LinearModel/penalty``
/// is what that means for the columns as they are.
public struct LinearModelPath: Sendable, Codable {
  /// The strengths, falling.
  public let strengths: [Double]
  /// The share of the lasso: 1 for a lasso, 0 for a ridge.
  public let mixing: Double
  /// The models, one for every strength, fitted to all rows.
  public let models: [LinearModel]
  /// The mean over the folds of the weighted mean loss of the rows that a fit has not seen, for every strength.
  public let errors: [Double]
  /// The standard error of these means.
  public let standardErrors: [Double]

  /// The place of the smallest error; the stronger penalty of equals.
  public var best: Int { errors.indices.reduce(0) { errors[$1] < errors[$0] ? $1 : $0 } }

  /// The place of the strongest penalty whose error is within one standard error of the smallest.
  public var simplest: Int {
    let limit = errors[best] + standardErrors[best]
    return errors.firstIndex { $0 <= limit } ?? best
  }

  /// Fits the path.
  ///
  /// - Parameters:
  ///   - features: one row for every sample, one column for every feature.
  ///   - targets: one for every row.
  ///   - loss: what one sample costs.
  ///   - mixing: the share of the lasso.
  ///   - strengths: positive and falling; if nil, 50 from the smallest that leaves no coefficient (for a ridge a thousand times that of the
  ///     lasso) down to a thousandth of it.
  ///   - folds: how many parts the rows are cut into, at least 2. Which part a row is in depends on `seed` alone.
  ///   - seed: for the parts.
  ///   - weights: not negative.
  ///   - offsets: known parts of the predictors.
  ///   - intercept: whether to fit a constant.
  ///   - columnNames: one for every column.
  ///   - control: when a search stops.
  /// - Throws: ``ModelError``
  /// - Precondition: the mixing lies in 0...1; at least as many rows as folds; as many targets, weights and offsets as rows.
  public static func fit<Element: Scalar, Target: TargetElement>(
    features: Matrix<Element>, targets: [Target], loss: PointwiseLoss, mixing: Double = 1, strengths: [Double]? = nil,
    folds: Int = 10, seed: UInt64 = 1, weights: [Element]? = nil, offsets: [Element]? = nil, intercept: Bool = true,
    columnNames: [String]? = nil, control: OptimizerControl = OptimizerControl()
  ) throws(ModelError) -> LinearModelPath {
    precondition((0...1).contains(mixing), "the mixing of an elastic net is \(mixing), it must lie in 0...1")
    precondition(folds >= 2 && folds <= features.rows, "\(folds) folds of \(features.rows) rows")
    let wide = weights.map { $0.map(Double.init) } ?? [Double](repeating: 1, count: features.rows)
    precondition(wide.count == features.rows, "\(wide.count) weights for \(features.rows) rows")
    let spreads = Self.spreads(features, weights: wide)
    func penalty(_ strength: Double) -> Penalty {
      Penalty(
        ridge: .perColumn(spreads.map { strength * (1 - mixing) * $0 * $0 }),
        lasso: .perColumn(spreads.map { strength * mixing * $0 }))
    }
    func model(
      _ strength: Double, _ weights: [Double], _ start: LinearModel?
    ) throws(ModelError) -> LinearModel {
      try LinearModel.fit(
        features: features, targets: targets, loss: loss, weights: weights.map { Element($0) }, offsets: offsets,
        intercept: intercept, columnNames: columnNames, penalty: penalty(strength), start: start, control: control)
    }
    var chosen = strengths ?? []
    if strengths == nil {
      chosen = try Self.strengths(
        features, targets, loss, mixing, wide, offsets.map { $0.map(Double.init) }, intercept, spreads)
    }
    let strengths = chosen
    precondition(
      !strengths.isEmpty && strengths.allSatisfy { $0 > 0 } && zip(strengths, strengths.dropFirst()).allSatisfy(>),
      "strengths of penalties are positive and fall: \(strengths)")
    var models: [LinearModel] = []
    for strength in strengths { models.append(try model(strength, wide, models.last)) }
    let parts = Self.parts(features.rows, folds: folds, seed: seed)
    var losses = [[Double]](repeating: [], count: strengths.count)
    for fold in 0..<folds {
      let trained = wide.indices.map { parts[$0] == fold ? 0 : wide[$0] }
      let held = wide.indices.map { parts[$0] == fold ? wide[$0] : 0 }
      guard held.contains(where: { $0 > 0 }), trained.contains(where: { $0 > 0 }) else { continue }
      var last: LinearModel?
      for (place, strength) in strengths.enumerated() {
        let next = try model(strength, trained, last)
        let predictions = try next.predict(features, offsets: offsets).map(Double.init)
        do throws(LossError) {
          losses[place].append(try loss.mean(predictions: predictions, targets: targets, weights: held))
        } catch { throw .objective(.loss(error)) }
        last = next
      }
    }
    let means = losses.map { $0.reduce(0, +) / Double($0.count) }
    let deviations = zip(losses, means).map { values, mean in
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return values.count > 1 ? (squares / Double(values.count * (values.count - 1))).squareRoot() : 0
    }
    return LinearModelPath(
      strengths: strengths, mixing: mixing, models: models, errors: means, standardErrors: deviations)
  }

  /// The standard deviations of the columns; 1 where a column is constant.
  private static func spreads<Element: Scalar>(_ features: Matrix<Element>, weights: [Double]) -> [Double] {
    let (columns, total) = (features.columns, weights.reduce(0, +))
    var means = [Double](repeating: 0, count: columns)
    for row in weights.indices where weights[row] > 0 {
      for column in 0..<columns { means[column] += weights[row] / total * Double(features[row, column]) }
    }
    var squares = [Double](repeating: 0, count: columns)
    for row in weights.indices where weights[row] > 0 {
      for column in 0..<columns {
        let deviation = Double(features[row, column]) - means[column]
        squares[column] += weights[row] / total * deviation * deviation
      }
    }
    return squares.map { $0 > 0 ? $0.squareRoot() : 1 }
  }

  /// The strengths from the one that leaves no coefficient, by equal ratios.
  private static func strengths<Element: Scalar, Target: TargetElement>(
    _ features: Matrix<Element>, _ targets: [Target], _ loss: PointwiseLoss, _ mixing: Double, _ weights: [Double],
    _ offsets: [Double]?, _ intercept: Bool, _ spreads: [Double]
  ) throws(ModelError) -> [Double] {
    let slopes = try withObjective { () throws(ObjectiveError) in
      // A lasso no coefficient withstands leaves the best constant.
      let objective = try LinearObjective(
        features: FeatureMatrix(features), targets: targets, loss: loss, weights: weights, offsets: offsets,
        intercept: intercept, penalty: Penalty(lasso: 1e100))
      let point = try ProximalNewton().minimize(objective).point
      let gradient = try objective.evaluate(.gradient, at: point).gradient
      return spreads.indices.map { abs(gradient[$0] / objective.coordinates.scale[$0]) / spreads[$0] }
    }
    let largest = max((slopes.max() ?? 0) / max(mixing, 1e-3), .leastNormalMagnitude)
    return (0..<50).map { largest * ElementaryFunctions.exp(-Double($0) / 49 * ElementaryFunctions.log(1000)) }
  }

  /// Which part every row is in: parts of equal size, the rows in an order that only the seed decides.
  private static func parts(_ rows: Int, folds: Int, seed: UInt64) -> [Int] {
    var state = seed
    var order = Array(0..<rows)
    // The generator is SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
    for last in stride(from: rows - 1, to: 0, by: -1) {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      order.swapAt(last, Int((bits ^ (bits >> 31)) % UInt64(last + 1)))
    }
    var parts = [Int](repeating: 0, count: rows)
    for (place, row) in order.enumerated() { parts[row] = place % folds }
    return parts
  }
}
