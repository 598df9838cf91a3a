extension MultinomialProblem {
  /// The most elements of a table of differences that a proof may need: 256 MB.
  private static let largestTable = 1 << 25

  /// Throws if the coefficients were on their way to infinity.
  ///
  /// At a maximum Newton's step is nothing; on the way to infinity it raises the score of a row's class above those of others by 1 or
  /// so, since the likelihood rises like 1 − e^(−t). The moves of some steps are taken for a direction, which is then proved or dismissed.
  /// Where the steps go on all the same, there is no maximum in sight, proof or not.
  func refuseSeparation(
    _ objective: MultiOutputObjective, at point: [Double], iterations: Int
  ) throws(ModelError) {
    let formsHessian = objective.dimension <= AutomaticOptimizer.largestHessian
    let request: ObjectiveRequest = formsHessian ? [.gradient, .hessian] : [.gradient, .curvature]
    typealias Moved = (before: [Double], after: [Double], goesOn: Bool)
    let scores = try withObjective { () throws(ObjectiveError) -> Moved? in
      let start = try objective.evaluate(request, at: point)
      let before = objective.scores(at: start).elements
      var (current, after, goesOn) = (start, before, true)
      for step in 0..<6 {
        let direction =
          if let hessian = current.hessian { try HessianFactor(hessian).solve(current.gradient) } else {
            try roughNewtonStep(objective, at: current)
          }
        let next = try objective.evaluate(request, at: Vectors.difference(current.point, direction))
        let scores = objective.scores(at: next).elements
        guard next.value.isFinite, scores.allSatisfy(\.isFinite) else { break }
        goesOn = differences(zip(scores, after).map { $0 - $1 }).contains { $0 > 0.3 }
        if step == 0 && !goesOn { return nil }
        (current, after) = (next, scores)
      }
      return (before, after, goesOn)
    }
    guard let (before, after, goesOn) = scores else { return }
    let counted = labels.indices.filter { weights?[$0] != 0 }
    for candidate in [zip(after, before).map { $0 - $1 }, before] {
      if let separation = try proved(differences(candidate), counted) { throw .classesSeparated(separation) }
    }
    if goesOn { throw .notConverged(.unbounded, iterations: iterations) }
  }

  /// H⁻¹g to a tenth, by conjugate gradients: what the step does to the scores is all that is asked of it.
  private func roughNewtonStep(
    _ objective: MultiOutputObjective, at current: ObjectiveEvaluation
  ) throws(ObjectiveError) -> [Double] {
    var step = [Double](repeating: 0, count: current.point.count)
    var residual = current.gradient
    var direction = residual
    var square = Vectors.dot(residual, residual)
    let enough = 0.01 * square
    for _ in 0..<200 where square > enough {
      let product = try objective.curvatureProduct(direction, at: current)
      let bend = Vectors.dot(direction, product)
      guard bend > 0 else { break }
      step = Vectors.sum(step, direction, times: square / bend)
      residual = Vectors.sum(residual, product, times: -square / bend)
      let next = Vectors.dot(residual, residual)
      direction = Vectors.sum(residual, direction, times: next / square)
      square = next
    }
    return step
  }

  /// By how much the score of every row's class exceeds those of the others, in their order; rows without weight are left out.
  private func differences(_ scores: [Double]) -> [Double] {
    let count = classes.count
    return labels.indices.filter { weights?[$0] != 0 }.flatMap { row in
      (0..<count).filter { $0 != labels[row] }.map { scores[row * count + labels[row]] - scores[row * count + $0] }
    }
  }

  /// The separation near a vector of differences, if there is one.
  private func proved(_ moves: [Double], _ counted: [Int]) throws(ModelError) -> ClassSeparation? {
    let largest = moves.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return nil }
    // Differences of scores are products with the rows: where all are positive, nothing is left to prove.
    if moves.allSatisfy({ $0 > 1e-6 * largest }) {
      return separation(moves, columnNames.indices.filter { kept.contains($0) }, counted)
    }
    guard let table = differenceTable(counted) else { return nil }
    let rectifier = IterativeRectifier(table, hasIntercept: false)
    let pulls = [Double](repeating: 1, count: moves.count)
    guard let (direction, products) = try rectifier.direction(near: moves, pulls: pulls) else { return nil }
    return separation(products, involved(direction.map(\.value), counted), counted)
  }

  /// The rows whose products with the coefficients of all classes but the last are the differences: a row for each row and each other
  /// class, a column for each class and term.
  private func differenceTable(_ counted: [Int]) -> Matrix<Double>? {
    let count = features.columns
    let (others, width) = (classes.count - 1, count + (hasIntercept ? 1 : 0))
    let (rows, columns) = (counted.count * others, others * width)
    guard columns > 0, rows <= Self.largestTable / columns else { return nil }
    var table = Matrix<Double>.zeros(rows: rows, columns: columns)
    var line = 0
    for row in counted {
      for other in classes.indices where other != labels[row] {
        for (output, sign) in [(labels[row], 1.0), (other, -1.0)] where output < others {
          let first = line * columns + output * width
          for column in 0..<count { table.elements[first + column] = sign * features[row, column] }
          if hasIntercept { table.elements[first + count] = sign }
        }
        line += 1
      }
    }
    return table
  }

  private func separation(_ products: [Double], _ columns: [Int], _ counted: [Int]) -> ClassSeparation {
    var (pairs, rows, place) = (Set<ClassSeparation.Pair>(), [Int](), 0)
    for row in counted {
      var isStrict = false
      for other in classes.indices where other != labels[row] {
        if products[place] > 0 {
          isStrict = true
          let (first, second) = (min(labels[row], other), max(labels[row], other))
          pairs.insert(.init(first: classes[first], second: classes[second]))
        }
        place += 1
      }
      if isStrict { rows.append(row) }
    }
    let order = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    func key(_ pair: ClassSeparation.Pair) -> (Int, Int) { (order[pair.first] ?? 0, order[pair.second] ?? 0) }
    return ClassSeparation(
      columns: columns.map { columnNames[$0] }, pairs: pairs.sorted { key($0) < key($1) }, rows: rows,
      observations: counted.count)
  }

  /// The columns that a direction moves by more than rounding.
  private func involved(_ direction: [Double], _ counted: [Int]) -> [Int] {
    guard let origin = counted.first else { return [] }
    let width = features.columns + (hasIntercept ? 1 : 0)
    let reach = (0..<features.columns).map { column in
      let middle = hasIntercept ? features[origin, column] : 0
      let spread = counted.reduce(0) { max($0, abs(features[$1, column] - middle)) }
      return (0..<classes.count - 1).reduce(0) { max($0, abs(direction[$1 * width + column])) } * spread
    }
    let largest = reach.max() ?? 0
    return reach.indices.filter { reach[$0] > 1e-7 * largest }.map { kept[$0] }
  }
}
