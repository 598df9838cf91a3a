/// The bookkeeping of a search: its iterations, its passes, and how fast the gradient shrinks.
struct SearchHistory {
  private(set) var records: [Iteration] = []
  private(set) var gradientNorm = Double.infinity
  /// The last ratio of gradient norms.
  private(set) var contraction = 1.0
  private var passes = 0

  /// How many iterations there were, the starting point not counted.
  var iterations: Int { records.count - 1 }

  /// Records the starting point; the gradient norm that tolerances relate to: the one at the objective's own starting point.
  mutating func begin(
    _ evaluation: ObjectiveEvaluation, _ objective: some Objective, startsElsewhere: Bool
  ) throws(ObjectiveError) -> Double {
    passes += 1
    _ = record(evaluation, step: 0)
    contraction = 1
    guard startsElsewhere else { return gradientNorm }
    passes += 1
    // Where that point lies outside of a loss's domain, the search's own start has to do.
    guard let usual = try objective.inside(.gradient, at: objective.startingPoint) else { return gradientNorm }
    return Vectors.norm(usual.gradient)
  }

  mutating func count(passes count: Int) { passes += count }

  /// Records an evaluation; `kinks` are the value of the penalty's part with kinks and the smallest subgradient, if there is one.
  mutating func record(
    _ evaluation: ObjectiveEvaluation, step: Double, kinks: (value: Double, subgradient: [Double])? = nil
  ) -> Iteration {
    let norm = Vectors.norm(kinks?.subgradient ?? evaluation.gradient)
    contraction = gradientNorm > 0 ? norm / gradientNorm : 0
    gradientNorm = norm
    let iteration = Iteration(
      number: records.count, loss: evaluation.loss, penalty: evaluation.penalty + (kinks?.value ?? 0),
      gradientNorm: norm, step: step, passes: passes)
    records.append(iteration)
    return iteration
  }

  /// Whether the gradient has shrunk too little for a factor of an earlier Hessian to go on with.
  func wouldStall(_ gradient: [Double]) -> Bool { Vectors.norm(gradient) > 0.1 * gradientNorm }

  /// What the search came to, at its last evaluation.
  func solution(
    _ evaluation: ObjectiveEvaluation, _ stop: StopReason, method: String, decrement: Double? = nil, kinks: Double = 0
  ) -> Solution {
    Solution(
      point: evaluation.point, loss: evaluation.loss, penalty: evaluation.penalty + kinks, gradientNorm: gradientNorm,
      newtonDecrement: decrement, stop: stop, history: records, method: method)
  }
}
