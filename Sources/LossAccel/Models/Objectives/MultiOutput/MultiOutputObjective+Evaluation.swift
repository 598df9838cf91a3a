extension MultiOutputObjective {
  /// What is kept of an evaluation: the scores of all rows, by chunk.
  struct Memory: Sendable {
    var scores: [[Double]]
    var hasCurvature: Bool
    /// The rows that products go over, where those are not all.
    var thinned: MultiOutputCurvature?
  }

  /// The objective at a point, with the derivatives that are asked for, in one pass over the features.
  ///
  /// - Throws: ``ObjectiveError`` for targets outside the loss's domain, and features that are not finite. A point at which the loss
  ///   overflows is no error: the value is infinite or NaN there.
  /// - Complexity: O(rows · columns · outputs), with the Hessian O(rows · columns² · outputs²).
  public func evaluate(
    _ request: ObjectiveRequest, at point: [Double]
  ) throws(ObjectiveError) -> ObjectiveEvaluation {
    precondition(point.count == dimension, "a point of \(point.count) parameters, but the objective has \(dimension)")
    let sums = try pass(request, at: point).run()
    let (penalty, slopes) = smoothPenalty(at: point)
    var gradient: [Double] = []
    if request.contains(.gradient) { gradient = zip(sums.gradient, slopes).map { normaliser * $0 + $1 } }
    var hessian = sums.grams?.matrix(width: panels.width, times: normaliser)
    if hessian != nil { addPenalty(to: &hessian!) }
    let loss = normaliser * sums.loss
    if !loss.isFinite || !gradient.allSatisfy(\.isFinite) { try throwIfNotFinite() }
    return ObjectiveEvaluation(
      point: point, loss: loss, penalty: penalty, gradient: gradient, hessian: hessian,
      memory: Memory(scores: sums.scores, hasCurvature: !request.isDisjoint(with: [.curvature, .hessian])))
  }

  private func throwIfNotFinite() throws(ObjectiveError) {
    if let (row, column, value) = features.firstNonFinite(counts: { weights?[$0] != 0 }) {
      throw .nonFiniteFeature(row: row, column: column, value: value)
    }
  }

  func pass(_ request: ObjectiveRequest, at point: [Double]) -> MultiOutputPass {
    MultiOutputPass(
      panels: panels, loss: loss, outputs: outputs, targets: targets, weights: weights, offsets: offsets,
      parameters: point, wants: request, curvature: curvature)
  }

  /// The scores of all rows at an evaluated point, a row for every sample.
  public func scores(at evaluation: ObjectiveEvaluation) -> Matrix<Double> {
    Matrix(rows: rows, columns: outputs, elements: Array(memory(of: evaluation).scores.joined()))
  }

  func memory(of evaluation: ObjectiveEvaluation) -> Memory {
    guard let memory = evaluation.memory as? Memory else {
      preconditionFailure("the evaluation is another objective's")
    }
    return memory
  }
}

// The smooth penalties: ½ Σ ridgeⱼ·pⱼₖ², ½ Σ centringⱼ·(Σₖ pⱼₖ)², and the constraints.
extension MultiOutputObjective {
  /// The value and the gradient; the gradient is also the product of the penalty's Hessian with the point.
  func smoothPenalty(at point: [Double]) -> (value: Double, slopes: [Double]) {
    let ridge = ridge
    var (value, slopes) = (0.0, point)
    for row in 0..<panels.width {
      let sum = (0..<outputs).reduce(0) { $0 + point[row * outputs + $1] }
      if centring[row] > 0 { value += 0.5 * centring[row] * sum * sum }
      for index in row * outputs..<(row + 1) * outputs {
        if ridge[row] > 0 { value += 0.5 * ridge[row] * point[index] * point[index] }
        slopes[index] = (ridge[row] > 0 ? ridge[row] * point[index] : 0) + (centring[row] > 0 ? centring[row] * sum : 0)
      }
    }
    let constraints = constraints
    constraints.addGradient(at: point, to: &slopes)
    return (value + constraints.value(at: point), slopes)
  }

  /// The smooth constraints, on the coefficients of every output.
  private var constraints: SmoothPenalty {
    var smooth = SmoothPenalty(ridge: [])
    for output in 0..<(penalty.constraints.isEmpty ? 0 : outputs) {
      smooth.add(penalty.constraints, scale: panels.coordinates.scale) { $0 * outputs + output }
    }
    return smooth
  }

  /// The diagonal of the penalty's Hessian.
  var penaltyDiagonal: [Double] {
    let (ridge, constraints) = (ridge, constraints)
    var diagonal = (0..<dimension).map { ridge[$0 / outputs] + centring[$0 / outputs] }
    constraints.addDiagonal(to: &diagonal)
    return diagonal
  }

  private func addPenalty(to hessian: inout Matrix<Double>) {
    let ridge = ridge
    for row in 0..<panels.width {
      for first in row * outputs..<(row + 1) * outputs {
        hessian.elements[first * (dimension + 1)] += ridge[row]
        for second in row * outputs..<(row + 1) * outputs {
          hessian.elements[first * dimension + second] += centring[row]
        }
      }
    }
    constraints.addHessian(to: &hessian)
  }
}
