/// Newton's method for objectives with kinks: lasso, elastic net and groups.
///
/// Each step minimises the quadratic model of the smooth part plus the penalty itself, by coordinate descent over the parameters that
/// may move (the whole of a group at once), and a line search on the sum follows. One pass over the data per iteration; without
/// kinks it is Newton's method.
///
/// Source: Lee, Sun and Saunders, SIAM Journal on Optimization 24 (2014); Friedman, Hastie and Tibshirani, Journal of Statistical
/// Software 33 (2010) for the coordinate descent.
public struct ProximalNewton: Optimizer {
  /// Newton's method for objectives with kinks.
  public init() {}

  /// “proximal Newton”.
  public var name: String { "proximal Newton" }

  /// Minimises the objective; see ``Optimizer/minimize(_:from:control:)``.
  public func minimize(
    _ objective: some Objective, from start: [Double]?, control: OptimizerControl
  ) throws(ObjectiveError) -> Solution {
    guard let kinks = objective.nonsmooth else {
      return try NewtonMethod().minimize(objective, from: start, control: control)
    }
    let smooth = SmoothPart(objective: objective)
    var history = SearchHistory()
    var current = try objective.evaluate([.gradient, .hessian], at: start ?? objective.startingPoint)
    var penalty = kinks.value(at: current.point)
    func residual(_ evaluation: ObjectiveEvaluation) -> [Double] {
      kinks.smallestSubgradient(gradient: evaluation.gradient, at: evaluation.point)
    }
    history.count(passes: 1)
    _ = history.record(current, step: 0, kinks: (penalty, residual(current)))
    // Relative to the smooth gradient at the start: the smallest subgradient vanishes there where everything is shrunk to 0.
    let target = control.gradientTolerance * Vectors.norm(current.gradient)
    while true {
      if history.gradientNorm <= target {
        return history.solution(current, .gradientVanished, method: name, kinks: penalty)
      }
      if history.iterations >= control.maximumIterations {
        return history.solution(current, .iterationLimit(control.maximumIterations), method: name, kinks: penalty)
      }
      guard let hessian = current.hessian else { preconditionFailure("the objective has no Hessian") }
      let damping = try HessianFactor(hessian).damping
      let model = QuadraticModel(
        hessian: hessian, gradient: current.gradient, origin: current.point, kinks: kinks, damping: damping)
      let goal = model.minimiser(tolerance: min(0.1, history.contraction) * history.gradientNorm + 0.1 * target)
      let direction = Vectors.difference(goal, current.point)
      let slope = Vectors.dot(current.gradient, direction) + kinks.value(at: goal) - penalty
      let value = current.value + penalty
      guard slope < 0 else {
        return history.solution(current, LBFGS.end(slope, value), method: name, kinks: penalty)
      }
      guard let trial = try objective.trial([.gradient, .hessian], from: current.point, along: direction) else {
        return history.solution(current, .atDomainEdge, method: name, kinks: penalty)
      }
      guard let (next, step) = try smooth.advance(current, direction, slope, value, kinks, trial, &history) else {
        return history.solution(current, LBFGS.end(slope, value), method: name, kinks: penalty)
      }
      let nextPenalty = kinks.value(at: next.point)
      let stalls = value - next.value - nextPenalty <= 2 * Double.ulpOfOne * abs(value)
      (current, penalty) = (next, nextPenalty)
      let before = history.gradientNorm
      let iteration = history.record(current, step: step, kinks: (penalty, residual(current)))
      if stalls && history.gradientNorm > 0.5 * before {
        return history.solution(current, .atRoundingLimit, method: name, kinks: penalty)
      }
      if !current.value.isFinite { return history.solution(current, .unbounded, method: name, kinks: penalty) }
      if control.isInterrupted(after: iteration) {
        return history.solution(current, .interrupted, method: name, kinks: penalty)
      }
    }
  }
}

/// The line search of a composite objective.
private struct SmoothPart<Smooth: Objective> {
  let objective: Smooth

  /// The evaluation at the longest of the trial's step, its half, its quarter, … that lowers the sum enough.
  func advance(
    _ current: ObjectiveEvaluation, _ direction: [Double], _ slope: Double, _ value: Double, _ kinks: NonsmoothPenalty,
    _ trial: TrialStep, _ history: inout SearchHistory
  ) throws(ObjectiveError) -> (ObjectiveEvaluation, step: Double)? {
    func point(_ step: Double) -> [Double] { Vectors.sum(current.point, direction, times: step) }
    let full = trial.evaluation
    history.count(passes: trial.passes)
    if LineSearch.isSufficient(full.value + kinks.value(at: full.point), at: trial.step, from: value, slope: slope) {
      return (full, trial.step)
    }
    // The line runs from 0 to 1 between the two points.
    let line = objective.line(from: current, through: full)
    var step = 0.5 * trial.step
    for _ in 0..<60 {
      let sum = try line(step / trial.step).value + kinks.value(at: point(step))
      if LineSearch.isSufficient(sum, at: step, from: value, slope: slope) {
        history.count(passes: 1)
        return (try objective.evaluate([.gradient, .hessian], at: point(step)), step)
      }
      step *= 0.5
    }
    return nil
  }
}

/// gᵀ(z − x) + ½(z − x)ᵀH(z − x) + kinks(z), and its minimiser.
private struct QuadraticModel {
  let hessian: Matrix<Double>
  let gradient: [Double]
  let origin: [Double]
  let kinks: NonsmoothPenalty
  /// What raises a Hessian that is not positive definite, in times of its diagonal: negative curvature would send the model to −∞.
  let damping: Double

  /// Coordinate descent until no move would change the gradient of the model by more than `tolerance`: first over all parameters,
  /// then over those that are not at a kink, and again over all.
  func minimiser(tolerance: Double) -> [Double] {
    var point = origin
    // The gradient of the quadratic at `point`.
    var slopes = gradient
    let grouped = Set(kinks.groups.flatMap(\.columns))
    let single = point.indices.filter { !grouped.contains($0) }
    for _ in 0..<1000 {
      guard sweep(single, kinks.groups, &point, &slopes) > tolerance else { break }
      for round in 1...1000 {
        let active = single.filter { point[$0] != 0 || kinks.thresholds[$0] == 0 }
        let groups = kinks.groups.filter { $0.columns.contains { point[$0] != 0 } }
        if sweep(active, groups, &point, &slopes) <= tolerance { break }
        // Where hardly any curvature is left in some direction, sweeps creep along it.
        if round % 32 == 0 && groups.isEmpty { leap(active, &point, &slopes) }
      }
    }
    return point
  }

  /// To the minimiser over some parameters that have no kink, or are not at theirs, or as far towards it as none of them comes to one.
  private func leap(_ active: [Int], _ point: inout [Double], _ slopes: inout [Double]) {
    let part = Matrix<Double>(rows: active.count, columns: active.count) { row, column in
      row == column ? diagonal(active[row]) : hessian[active[row], active[column]]
    }
    let residuals = active.map { slopes[$0] + (point[$0] < 0 ? -kinks.thresholds[$0] : kinks.thresholds[$0]) }
    guard let step = try? HessianFactor(part).solve(residuals), step.allSatisfy(\.isFinite) else { return }
    var length = 1.0
    for (place, index) in active.enumerated() where kinks.thresholds[index] > 0 && step[place] * point[index] > 0 {
      length = min(length, point[index] / step[place])
    }
    for (place, index) in active.enumerated() {
      // The one that comes to its kink stays there.
      let isAtKink = kinks.thresholds[index] > 0 && length * step[place] == point[index]
      _ = move([index], by: [isAtKink ? -point[index] : -length * step[place]], &point, &slopes)
    }
  }

  /// One round; returns the largest change of a gradient element that a move was worth.
  private func sweep(
    _ single: [Int], _ groups: [Penalty.Group], _ point: inout [Double], _ slopes: inout [Double]
  ) -> Double {
    var largest = 0.0
    for index in single {
      let bend = diagonal(index)
      guard bend > 0 else { continue }
      let free = point[index] - slopes[index] / bend
      let rest = abs(free) - kinks.thresholds[index] / bend
      let next = rest <= 0 ? 0 : free < 0 ? -rest : rest
      largest = max(largest, move([index], by: [next - point[index]], &point, &slopes) * bend)
    }
    for group in groups {
      // The largest eigenvalue is at most the trace.
      let bend = group.columns.reduce(0) { $0 + diagonal($1) }
      guard bend > 0 else { continue }
      var free = group.columns.map { point[$0] - slopes[$0] / bend }
      for (place, index) in group.columns.enumerated() where kinks.thresholds[index] > 0 {
        let rest = abs(free[place]) - kinks.thresholds[index] / bend
        free[place] = rest <= 0 ? 0 : free[place] < 0 ? -rest : rest
      }
      let length = Vectors.norm(free)
      let factor = length > group.strength / bend ? 1 - group.strength / (bend * length) : 0
      let moves = zip(free, group.columns).map { factor * $0 - point[$1] }
      largest = max(largest, move(group.columns, by: moves, &point, &slopes) * bend)
    }
    return largest
  }

  private func diagonal(_ index: Int) -> Double {
    let diagonal = hessian.elements[index * (hessian.rows + 1)]
    return diagonal + raise(diagonal)
  }

  /// What the Hessian's diagonal is raised by: where there is no curvature at all, to a unit, so that its slope moves the parameter.
  private func raise(_ diagonal: Double) -> Double { diagonal == 0 ? 1 : damping * max(abs(diagonal), 1e-8) }

  /// Moves parameters and updates the slopes; returns the largest move.
  private func move(
    _ indices: [Int], by moves: [Double], _ point: inout [Double], _ slopes: inout [Double]
  ) -> Double {
    var largest = 0.0
    let order = hessian.rows
    for (index, move) in zip(indices, moves) where move != 0 {
      point[index] += move
      let row = index * order
      for column in 0..<order { slopes[column] += move * hessian.elements[row + column] }
      slopes[index] += move * raise(hessian.elements[row + index])
      largest = max(largest, abs(move))
    }
    return largest
  }
}
