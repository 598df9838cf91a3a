import LossAccel
import TestSupport

/// Every loss of the catalogues that has a slope everywhere, as objectives of small linear models with one minimum near their start.
///
/// Losses enter by what their traits do not deny: one that says nothing of kinks is taken for smooth.
enum SmoothLosses {
  /// A linear model's predictions are any numbers, and so none that a loss refuses.
  static let pointwise = LossCatalogue.all.filter {
    $0.traits?.differentiability != LossTraits.Differentiability.none && $0.predictionDomain == nil
  }

  static let ofRows = RowLossCatalogue.all.filter {
    $0.traits.differentiability != LossTraits.Differentiability.none && $0.scores != .probabilities
  }

  static func pointwise(named name: String) -> PointwiseLoss { pointwise.first { $0.name == name }! }
  static func ofRows(named name: String) -> RowLoss { ofRows.first { $0.name == name }! }

  static let columns = 5

  static func matrix(rows: Int) -> Matrix<Double> {
    var random = SeededGenerator(seed: 21)
    return Matrix(rows: rows, columns: columns) { _, _ in Double.random(in: -1...1, using: &random) }
  }

  /// A prediction that lies well inside of the loss's domain.
  static func center(_ loss: PointwiseLoss) -> Double {
    guard let domain = loss.predictionDomain else { return 0 }
    return domain.upperBound <= 1 ? 0.5 : 1
  }

  /// Targets that a linear model comes near to: of losses of classes one of both ends, of others close to the model, since losses
  /// that are not convex have minima elsewhere, too.
  static func targets(_ loss: PointwiseLoss, _ matrix: Matrix<Double>) -> [Double] {
    var random = SeededGenerator(seed: 22)
    let domain = loss.targetDomain ?? -.infinity ... .infinity
    return (0..<matrix.rows).map { row in
      let signal = 0.3 * matrix[row, 0] - 0.2 * matrix[row, 1]
      let draw = Double.random(in: 0...1, using: &random)
      if domain.lowerBound > -.infinity && domain.upperBound <= 1 {
        // Classes that a loss with a slope near its edge only would not find in noise.
        let score = 2 * matrix[row, 0] - matrix[row, 1] + draw - 0.5
        return (loss.predictionDomain == nil ? score > 0 : draw < 0.5 + 0.6 * signal)
          ? domain.upperBound : domain.lowerBound
      }
      let noise = 0.3 * (draw - 0.5)
      return (domain.lowerBound > -.infinity ? 1 : center(loss)) + 0.5 * signal + noise
    }
  }

  static func linear(_ loss: PointwiseLoss, rows: Int = 300) throws -> LinearObjective {
    let matrix = matrix(rows: rows)
    return try LinearObjective(
      features: FeatureMatrix(matrix), targets: targets(loss, matrix), loss: loss, penalty: Penalty(ridge: 0.05))
  }

  /// Coefficients of 0; of losses of classes that are not convex, and flat far from their minima, those of one that is.
  private static func coefficients(
    _ loss: PointwiseLoss, _ matrix: Matrix<Double>
  ) throws -> (columns: [Double], intercept: Double) {
    guard loss.targetDomain == 0...1, loss.traits?.convexity == LossTraits.Convexity.none else {
      return ([Double](repeating: 0, count: columns), center(loss))
    }
    let convex = try LinearObjective(
      features: FeatureMatrix(matrix), targets: targets(loss, matrix), loss: .binaryCrossEntropyFromLogits,
      penalty: Penalty(ridge: 0.05))
    return convex.coefficients(at: try NewtonMethod().minimize(convex).point)
  }

  static func start(_ objective: LinearObjective) throws -> [Double] {
    let (columns, intercept) = try coefficients(objective.loss, matrix(rows: objective.features.rows))
    return objective.point(coefficients: columns, intercept: intercept)
  }

  /// The loss beside another, with two columns shared.
  static func twoTasks(_ loss: PointwiseLoss, rows: Int = 300) throws -> MultiTaskObjective {
    let matrix = matrix(rows: rows)
    let other = PointwiseLoss.logCosh
    return try MultiTaskObjective(
      features: FeatureMatrix(matrix),
      heads: [
        TaskHead("one", loss: loss, targets: targets(loss, matrix)),
        TaskHead("other", loss: other, targets: targets(other, matrix).map { 1 - $0 }),
      ], sharing: .columns([0, 3]), weighting: FixedWeighting([1, 0.5]), penalty: Penalty(ridge: 0.05))
  }

  static func start(_ objective: MultiTaskObjective) throws -> [Double] {
    let matrix = matrix(rows: objective.features.rows)
    return objective.point(coefficients: try objective.heads.map { try coefficients($0.loss, matrix) })
  }

  /// Three classes that lean on three of the columns.
  static func outputs(_ loss: RowLoss, rows: Int = 200) throws -> MultiOutputObjective {
    let matrix = matrix(rows: rows)
    var random = SeededGenerator(seed: 23)
    let labels = (0..<rows).map { row in
      let scores = [matrix[row, 0], -matrix[row, 1], 0.5 * matrix[row, 2]].map {
        $0 + Double.random(in: -1...1, using: &random)
      }
      return scores.indices.max { scores[$0] < scores[$1] } ?? 0
    }
    // Smoothed where that can be: some are infinite at a target of 0.
    return try MultiOutputObjective(
      features: FeatureMatrix(matrix), labels: labels, classes: 3,
      loss: loss.targets.contains(.distributions) ? loss.smoothed(by: 0.3) : loss, penalty: Penalty(ridge: 0.05))
  }
}
