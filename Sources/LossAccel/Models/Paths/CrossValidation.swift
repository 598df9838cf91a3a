/// Rows in parts, each of which is predicted by fits to the others.
struct CrossValidation: Sendable {
  let weights: [Double]
  let folds: Int
  /// Which part every row is in.
  private let parts: [Int]

  /// Parts of equal size, the rows in an order that only the seed decides.
  ///
  /// - Precondition: at least two folds, and as many rows.
  init(weights: [Double], folds: Int, seed: UInt64) {
    precondition(folds >= 2 && folds <= weights.count, "\(folds) folds of \(weights.count) rows")
    (self.weights, self.folds) = (weights, folds)
    var random = SeededOrder(state: seed)
    var parts = [Int](repeating: 0, count: weights.count)
    for (place, row) in weights.indices.shuffled(using: &random).enumerated() { parts[row] = place % folds }
    self.parts = parts
  }

  /// Models for all strengths and all rows, and their errors on rows that fits have not seen.
  struct Outcome<Model> {
    var models: [Model]
    var errors: [Double]
    var standardErrors: [Double]
  }

  /// Fits the models, each from the one before.
  ///
  /// - Parameters:
  ///   - fit: to rows of these weights, from the model of a stronger penalty.
  ///   - loss: the mean loss of a model over rows of these weights.
  func run<Model>(
    _ strengths: [Double],
    fit: (_ strength: Double, _ weights: [Double], _ start: Model?) throws(ModelError) -> Model,
    loss: (_ model: Model, _ weights: [Double]) throws(LossError) -> Double
  ) throws(ModelError) -> Outcome<Model> {
    var models: [Model] = []
    for strength in strengths { models.append(try fit(strength, weights, models.last)) }
    var losses = [[Double]](repeating: [], count: strengths.count)
    for fold in 0..<folds {
      let trained = weights.indices.map { parts[$0] == fold ? 0 : weights[$0] }
      let held = weights.indices.map { parts[$0] == fold ? weights[$0] : 0 }
      guard held.contains(where: { $0 > 0 }), trained.contains(where: { $0 > 0 }) else { continue }
      var last: Model?
      for (place, strength) in strengths.enumerated() {
        let next = try fit(strength, trained, last)
        do throws(LossError) { losses[place].append(try loss(next, held)) } catch { throw .objective(.loss(error)) }
        last = next
      }
    }
    let means = losses.map { $0.reduce(0, +) / Double($0.count) }
    let deviations = zip(losses, means).map { values, mean in
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return values.count > 1 ? (squares / Double(values.count * (values.count - 1))).squareRoot() : 0
    }
    return Outcome(models: models, errors: means, standardErrors: deviations)
  }
}
