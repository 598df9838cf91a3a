extension MultinomialProblem {
  /// The covariances that there are: the others need a leverage for every row, or an order of time.
  static func has(_ covariance: CoefficientCovariance) -> Bool {
    switch covariance.estimator {
    case .classical, .clustered, .heteroscedastic(.hc0), .heteroscedastic(.hc1): true
    default: false
    }
  }

  /// What a summary calls a covariance.
  func named(_ covariance: CoefficientCovariance) -> String {
    guard case .clustered(let groupings) = covariance.estimator else { return covariance.description }
    let counts = groupings.prefix(2).map { "\($0.selecting(counted).count)" }
    return "\(covariance.description) (\(counts.joined(separator: " and ")) clusters)"
  }

  private var counted: [Int]? {
    weights.flatMap { weights in weights.contains(0) ? weights.indices.filter { weights[$0] != 0 } : nil }
  }

  /// The covariance of the parameters relative to a class, from the inverse of the information: class by class without the reference.
  ///
  /// The sandwiches have a filling of the scores w·(t − q)⊗z of the rows, or their sums over clusters.
  func covariance(
    _ kind: CoefficientCovariance, bread: Matrix<Double>, _ objective: MultiOutputObjective,
    at end: ObjectiveEvaluation, reference: Int
  ) throws(ObjectiveError) -> Matrix<Double> {
    let (count, order) = (Double(observations), bread.rows)
    let freedom = count - Double(order)
    var filling = Matrix<Double>.zeros(rows: order, columns: order)
    do throws(LinearAlgebraError) {
      switch kind.estimator {
      case .heteroscedastic(let type):
        try forEachScore(objective, end, reference, order) { (_, scores) throws(LinearAlgebraError) in
          try Self.add(scores, order, times: 1, to: &filling)
        }
        if case .hc1 = type { for index in filling.elements.indices { filling.elements[index] *= count / freedom } }
      case .clustered(let groupings):
        for (index, grouping) in groupings.enumerated() {
          var sums = [Double](repeating: 0, count: grouping.count * order)
          try forEachScore(objective, end, reference, order) { (rows, scores) throws(LinearAlgebraError) in
            for (place, row) in rows.enumerated() {
              let first = grouping.groups[row] * order
              for column in 0..<order { sums[first + column] += scores[place * order + column] }
            }
          }
          let clusters = Double(grouping.selecting(counted).count)
          // The third of two ways is their intersection, which is counted twice.
          let sign: Double = index == 2 ? -1 : 1
          try Self.add(sums, order, times: sign * clusters / (clusters - 1) * (count - 1) / freedom, to: &filling)
        }
      default: return bread
      }
      return try bread.multiplied(by: filling.multiplied(by: bread))
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// Adds `factor` times the Gram matrix of rows.
  private static func add(
    _ rows: [Double], _ order: Int, times factor: Double, to sum: inout Matrix<Double>
  ) throws(LinearAlgebraError) {
    var output = sum.elements.mutableSpan
    try BLAS.syrk(
      size: order, inner: rows.count / order, alpha: factor, a: rows.span, transposeA: true, beta: 1, c: &output)
    BLAS.mirror(.upper, size: order, c: &output)
  }

  /// Calls `body` with the scores of some rows at a time, those of a row behind one another.
  private func forEachScore(
    _ objective: MultiOutputObjective, _ end: ObjectiveEvaluation, _ reference: Int, _ order: Int,
    _ body: (_ rows: Range<Int>, _ scores: [Double]) throws(LinearAlgebraError) -> Void
  ) throws(LinearAlgebraError) {
    let logits = objective.scores(at: end)
    let shares = SoftmaxCurvature(
      logits: logits.elements.span, classes: classes.count, scales: [Double](repeating: 1, count: logits.rows)
    ).shares
    let (panels, others) = (objective.panels, classes.indices.filter { $0 != reference })
    try panels.forEachBlock(of: 0..<labels.count) { (rows, panel) throws(LinearAlgebraError) in
      var scores = [Double](repeating: 0, count: rows.count * order)
      for (place, row) in rows.enumerated() {
        let weight = weights?[row] ?? 1
        if weight == 0 { continue }
        for (block, other) in others.enumerated() {
          let slope = weight * ((labels[row] == other ? 1 : 0) - shares[row, other])
          for index in 0..<panels.width {
            scores[place * order + block * panels.width + index] = slope * panel[place * panels.stride + index]
          }
        }
      }
      try body(rows, scores)
    }
  }
}

extension MultiOutputObjective {
  /// The covariance of the parameters relative to a reference from the inverse of the Hessian: output by output without the reference.
  func contrasts(_ inverse: Matrix<Double>, reference: Int) -> Matrix<Double> {
    let (width, others) = (panels.width, (0..<outputs).filter { $0 != reference })
    return Matrix(rows: width * others.count, columns: width * others.count) { row, column in
      // The parts that all outputs share fall out of the differences.
      let (a, b) = (row % width * outputs, column % width * outputs)
      let (first, second) = (others[row / width], others[column / width])
      return normaliser
        * (inverse[a + first, b + second] - inverse[a + first, b + reference]
          - inverse[a + reference, b + second] + inverse[a + reference, b + reference])
    }
  }

  /// The same in the units of the columns, the intercept first in every output.
  func inTerms(_ contrasts: Matrix<Double>) -> Matrix<Double> {
    let width = panels.width
    var result = contrasts
    for i in stride(from: 0, to: contrasts.rows, by: width) {
      for j in stride(from: 0, to: contrasts.columns, by: width) {
        let block = Matrix<Double>(rows: width, columns: width) { contrasts[i + $0, j + $1] }
        let terms = panels.coordinates.covariance(ofParameters: block)
        for row in 0..<width {
          for column in 0..<width { result[i + row, j + column] = terms[row, column] }
        }
      }
    }
    return result
  }
}
