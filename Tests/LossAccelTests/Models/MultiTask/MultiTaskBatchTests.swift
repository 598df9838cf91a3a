import LossAccel
import TestSupport
import Testing

/// Several tasks by batches of rows: against sums written out, and differences of values.
struct MultiTaskBatchTests {
  @Test(arguments: MultiTaskProblem.all.indices, [0..<300, 0..<1, 17..<120, 3..<6])
  func batchesAreSumsOverTheirRows(number: Int, range: Range<Int>) throws {
    let problem = MultiTaskProblem.all[number]
    let objective = try problem.objective()
    let point = problem.point(objective)
    let found = try objective.evaluate(rows: range, at: point)
    // The mean of every task over the rows that have a target, one after the other.
    let matrix = problem.matrix
    let feature = matrix.column(0)
    var losses: [Double?] = []
    for task in 0..<3 {
      let (columns, intercept) = objective.coefficients(of: MultiTaskProblem.names[task], at: point)
      var (sum, total) = (0.0, 0.0)
      for row in range {
        guard let target = problem.target(task, row, feature[row]) else { continue }
        let weight = problem.weights(task)?[row] ?? 1
        if weight == 0 { continue }
        let start = intercept + (problem.offsets(task)?[row] ?? 0)
        let predictor = zip(matrix.row(row), columns).reduce(start) { $0 + $1.0 * $1.1 }
        sum += weight * MultiTaskProblem.losses[task].value(prediction: predictor, target: target)
        total += weight
      }
      losses.append(total > 0 ? sum / total : nil)
    }
    let present = losses.compactMap { $0 }
    let mean = present.reduce(0, +) / Double(max(present.count, 1))
    let penalty = try objective.evaluate([], at: point).penalty
    let combined = try objective.weighting.combine(
      losses.map { $0 ?? mean }, parameters: objective.weightingParameters(at: point))
    let expected = (present.isEmpty ? 0 : combined.value) + penalty
    #expect(abs(found.value - expected) <= 1e-11 * max(1, abs(expected)))
    // With all tasks in the batch, the gradient is that of the value.
    guard present.count == 3 else { return }
    let scale = found.gradient.reduce(1) { max($0, abs($1)) }
    for index in stride(from: 0, to: objective.dimension, by: 3) {
      var ends = [point, point]
      ends[0][index] -= 1e-5
      ends[1][index] += 1e-5
      let sides = try ends.map { try objective.evaluate(rows: range, at: $0).value }
      #expect(abs((sides[1] - sides[0]) / 2e-5 - found.gradient[index]) <= 1e-5 * scale, "\(index)")
    }
  }

  @Test func wholeBatchesAreTheObjective() throws {
    for problem in MultiTaskProblem.all {
      let objective = try problem.objective()
      let point = problem.point(objective)
      let (batch, whole) = (
        try objective.evaluate(rows: 0..<objective.rows, at: point), try objective.evaluate(.gradient, at: point)
      )
      #expect(abs(batch.value - whole.value) <= 1e-12 * max(1, abs(whole.value)))
      #expect(distance(batch.gradient, whole.gradient) <= 1e-11 * (1 + norm(whole.gradient)))
    }
  }

  @Test func stochasticStepsComeNearTheMinimum() throws {
    let objective = try MultiTaskProblem(rows: 3000, weighting: NullLossWeighting()).objective()
    let minimum = try NewtonMethod().minimize(objective)
    let start = try objective.evaluate([], at: objective.startingPoint).value
    let found = try StochasticMethod(rate: 0.05, batchSize: 100, epochs: 30).minimize(objective)
    #expect(found.value - minimum.value <= 1e-3 * (start - minimum.value))
  }
}
