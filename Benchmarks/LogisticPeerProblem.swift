import Foundation
import LossAccel

/// Classes that a script of Benchmarks/Peers has written to a folder: X.f64 (by rows), labels.i32, and ridge.f64, the one number that half the
/// squared coefficients are multiplied by beside the sum of the losses. Fitted without an intercept, again and again on all threads.
struct LogisticPeerProblem {
  let features: Matrix<Double>
  let labels: [Int32]
  let classes: Int
  let penalty: Penalty

  init(folder: String, columns: Int) throws {
    let elements = try peerDoubles("X.f64", in: folder)
    features = Matrix(rows: elements.count / columns, columns: columns, elements: elements)
    labels = try peerElements("labels.i32", in: folder)
    classes = Int(labels.max() ?? 0) + 1
    penalty = Penalty(ridge: .uniform(try peerDoubles("ridge.f64", in: folder)[0] / Double(labels.count)))
  }

  private struct Fit: Codable {
    var seconds = 0.0
    /// A row for every column, of one coefficient or of one for each class.
    var coefficients: [Double]
    var method: String
    var passes: Int?
  }

  /// By what was called: the search alone, or the model with its statistics.
  func report(budget: Double) throws -> Data {
    var fits = ["search": try timed(budget, classes == 2 ? binarySearch : search)]
    if classes == 2 {
      fits["model, fast"] = try timed(budget) { try model(.fast) }
      fits["model, exact"] = try timed(budget) { try model(.exact) }
    }
    return try JSONEncoder().encode(fits)
  }

  private func binarySearch() throws -> Fit {
    let objective = try LinearObjective(
      features: FeatureMatrix(features), targets: labels, loss: .binaryCrossEntropyFromLogits, intercept: false,
      penalty: penalty)
    let solution = try AutomaticOptimizer().minimize(objective)
    return Fit(
      coefficients: objective.coefficients(at: solution.point).columns, method: solution.method,
      passes: solution.passes)
  }

  private func search() throws -> Fit {
    let objective = try MultiOutputObjective(
      features: FeatureMatrix(features), labels: labels, classes: classes, intercept: false, penalty: penalty)
    let solution = try AutomaticOptimizer().minimize(objective)
    return Fit(
      coefficients: objective.coefficients(at: solution.point).columns.elements, method: solution.method,
      passes: solution.passes)
  }

  private func model(_ accuracy: LeastSquaresAccuracy) throws -> Fit {
    let model = try LogisticRegression.fit(
      features: features, labels: labels, intercept: false, penalty: penalty, accuracy: accuracy)
    return Fit(coefficients: model.coefficients, method: "LogisticRegression", passes: nil)
  }

  /// The median time of at least three runs after the first, and of as many as fit into the budget; of the first one if that takes longer
  /// than ten budgets.
  private func timed(_ budget: Double, _ run: () throws -> Fit) throws -> Fit {
    var (fit, first) = try timed(run)
    var times = first > 10 * budget ? [first] : []
    while first <= 10 * budget && (times.count < 3 || (times.reduce(0, +) < budget && times.count < 51)) {
      let (next, seconds) = try timed(run)
      fit = next
      times.append(seconds)
    }
    fit.seconds = times.sorted()[times.count / 2]
    return fit
  }

  private func timed(_ run: () throws -> Fit) throws -> (fit: Fit, seconds: Double) {
    let start = ContinuousClock.now
    let fit = try run()
    let duration = start.duration(to: .now).components
    return (fit, Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
  }
}
