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
    let found = try withObjective { () throws(ObjectiveError) in try wayOn(objective, from: point) }
    guard let (before, way) = found else { return }
    let counted = labels.indices.filter { weights?[$0] != 0 }
    let movers = movingClasses(way.parameters, objective)
    let direction = objective.coefficients(at: way.parameters)
    if let separation = try proved(differences(way.scores), counted, movers, direction) {
      throw .classesSeparated(separation)
    }
    if let separation = try proved(differences(before), counted, Array(classes.indices), nil) {
      throw .classesSeparated(separation)
    }
    if way.goesOn { throw .notConverged(.unbounded, iterations: iterations) }
  }

  /// What some steps do to parameters and scores, and whether the last of them went on.
  private struct Way {
    var parameters: [Double]
    var scores: [Double]
    var goesOn: Bool
  }

  /// The way on from the point, and the scores there; `nil` where it is at rest.
  private func wayOn(
    _ objective: MultiOutputObjective, from point: [Double]
  ) throws(ObjectiveError) -> (before: [Double], way: Way)? {
    let method: any Optimizer =
      objective.dimension <= AutomaticOptimizer.largestHessian ? NewtonMethod() : TrustRegionNewton()
    func ahead(_ start: [Double], _ steps: Int) throws(ObjectiveError) -> [Double] {
      let control = OptimizerControl(gradientTolerance: 0, maximumIterations: steps)
      return try method.minimize(objective, from: start, control: control).point
    }
    func scores(_ point: [Double]) throws(ObjectiveError) -> [Double] {
      objective.scores(at: try objective.evaluate([], at: point)).elements
    }
    func way(_ first: [Double], _ last: [Double]) throws(ObjectiveError) -> Way {
      let moves = Vectors.difference(try scores(last), try scores(first))
      return Way(
        parameters: Vectors.difference(last, first), scores: moves, goesOn: differences(moves).contains { $0 > 0.3 })
    }
    let before = try scores(point)
    let next = try ahead(point, 1)
    if try way(point, next).goesOn {
      let near = try ahead(next, 4)
      let far = try ahead(near, 1)
      var all = try way(point, far)
      all.goesOn = try way(near, far).goesOn
      return (before, all)
    }
    guard let back = try pulledBack(point, differences(before), objective) else { return nil }
    let near = try ahead(back, 6)
    let way = try way(near, try ahead(near, 2))
    return way.goesOn ? (before, way) : nil
  }

  /// The point scaled to where the Hessian tells whether the scores would go on; `nil` where it does so at the point itself.
  ///
  /// A Newton step from shares of 1/K raises the score of a row that nothing holds by K. Where others of its shares are e^(−30) then, so is its part
  /// of the Hessian: rounding of the other rows', from which no step comes.
  private func pulledBack(
    _ point: [Double], _ margins: [Double], _ objective: MultiOutputObjective
  ) throws(ObjectiveError) -> [Double]? {
    let widest = margins.reduce(0, max)
    guard widest > Self.widestMargin, widest.isFinite else { return nil }
    if objective.dimension <= AutomaticOptimizer.largestHessian,
      let hessian = try objective.evaluate([.gradient, .hessian], at: point).hessian,
      try HessianFactor(hessian).leastCurvature() > 1e-4
    {
      return nil
    }
    return Vectors.scaled(point, by: Self.widestMargin / widest)
  }

  /// Of scores; a share of e^(−15) is still seen in a Hessian.
  private static let widestMargin = 15.0

  /// The classes whose parameters move otherwise than most do: scores may move alike. All, if no most are alike.
  private func movingClasses(_ moves: [Double], _ objective: MultiOutputObjective) -> [Int] {
    let count = classes.count
    var reach = [Double](repeating: 0, count: count)
    for first in stride(from: 0, to: moves.count, by: count) {
      let row = moves[first..<first + count]
      let middle = row.sorted()[count / 2]
      for output in 0..<count { reach[output] = max(reach[output], abs(row[first + output] - middle)) }
    }
    let largest = reach.reduce(0, max)
    return classes.indices.filter { reach[$0] > 1e-3 * largest }
  }

  /// By how much the score of every row's class exceeds those of the others, in their order; rows without weight are left out.
  private func differences(_ scores: [Double]) -> [Double] {
    let count = classes.count
    return labels.indices.filter { weights?[$0] != 0 }.flatMap { row in
      (0..<count).filter { $0 != labels[row] }.map { scores[row * count + labels[row]] - scores[row * count + $0] }
    }
  }

  /// The separation near a vector of differences, if there is one in which only these classes move; or that of given coefficients, if they separate
  /// as they stand.
  private func proved(
    _ moves: [Double], _ counted: [Int], _ movers: [Int], _ given: (columns: Matrix<Double>, intercepts: [Double])?
  ) throws(ModelError) -> ClassSeparation? {
    let largest = moves.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return nil }
    // Differences of scores are products with the rows: where all are positive, nothing is left to prove.
    if moves.allSatisfy({ $0 > 1e-6 * largest }) {
      return separation(moves, columnNames.indices.filter { kept.contains($0) }, counted)
    }
    // One class may always rest, since only differences count.
    let moving = movers.count == classes.count ? Array(movers.dropLast()) : movers
    let isMoving = classes.indices.map { moving.contains($0) }
    guard let table = differenceTable(counted, moving, isMoving) else { return nil }
    var found = given.flatMap { separating($0, table, moving) }
    if found == nil {
      let rectifier = IterativeRectifier(table, hasIntercept: false)
      let wanted = lines(counted, isMoving).firstPlaces.map { moves[$0] }
      let pulls = [Double](repeating: 1, count: wanted.count)
      found = try rectifier.direction(near: wanted, pulls: pulls).map { ($0.direction.map(\.value), $0.products) }
    }
    guard let (direction, products) = found else { return nil }
    let fewest = simplified(direction, products, table, outputs: moving.count)
    let all = lines(counted, isMoving).ofPlaces.map { $0.map { products[$0] } ?? 0 }
    return separation(all, involved(fewest, counted, outputs: moving.count), counted)
  }

  /// The coefficients of the moving classes relative to one that rests, if no line of the table has a negative product with them: those that are
  /// 0 are so up to the rounding of where a search came to rest.
  private func separating(
    _ given: (columns: Matrix<Double>, intercepts: [Double]), _ table: Matrix<Double>, _ moving: [Int]
  ) -> (direction: [Double], products: [Double])? {
    guard let resting = classes.indices.first(where: { !moving.contains($0) }) else { return nil }
    let direction = moving.flatMap { output in
      (0..<features.columns).map { given.columns[$0, output] - given.columns[$0, resting] }
        + (hasIntercept ? [given.intercepts[output] - given.intercepts[resting]] : [])
    }
    var products = (0..<table.rows).map { line in
      direction.indices.reduce(0) { $0 + table.elements[line * table.columns + $1] * direction[$1] }
    }
    let largest = products.reduce(0) { max($0, abs($1)) }
    for line in products.indices where abs(products[line]) <= 1e-8 * largest { products[line] = 0 }
    let holds = largest > 0 && products.allSatisfy { $0 == 0 || $0 > 1e-6 * largest }
    return holds ? (direction, products) : nil
  }

  /// The direction without the columns that it separates the same pairs without, those tried first that move the scores least.
  private func simplified(
    _ direction: [Double], _ products: [Double], _ table: Matrix<Double>, outputs: Int
  ) -> [Double] {
    let width = table.columns / outputs
    var (direction, products) = (direction, products)
    func part(_ column: Int) -> [Double] {
      (0..<table.rows).map { line in
        (0..<outputs).reduce(0) { sum, output in
          let place = output * width + column
          return sum + table.elements[line * table.columns + place] * direction[place]
        }
      }
    }
    let parts = (0..<features.columns).map(part)
    let reach = parts.map { $0.reduce(0) { max($0, abs($1)) } }
    let whole = products.reduce(0) { max($0, abs($1)) }
    for column in parts.indices.sorted(by: { reach[$0] < reach[$1] }) {
      let rest = zip(products, parts[column]).map { $0 - $1 }
      let unit = rest.reduce(0) { max($0, abs($1)) }
      // Where nothing but rounding would be left, the column is all that separates.
      guard unit > 1e-3 * whole else { continue }
      let holds = rest.indices.allSatisfy {
        products[$0] == 0 ? abs(rest[$0]) <= 1e-9 * unit : rest[$0] > 1e-6 * unit
      }
      guard holds else { continue }
      products = rest.indices.map { products[$0] == 0 ? 0 : rest[$0] }
      for output in 0..<outputs { direction[output * width + column] = 0 }
    }
    return direction
  }

  /// Which line of the table a pair of a row and another class has, in the order of the differences: none if neither class moves; and all
  /// resting ones share one, since the differences from them are the same. And the first pair of every line.
  private func lines(_ counted: [Int], _ isMoving: [Bool]) -> (ofPlaces: [Int?], firstPlaces: [Int]) {
    var (places, firsts) = ([Int?](), [Int]())
    places.reserveCapacity(counted.count * (classes.count - 1))
    for row in counted {
      var resting: Int?
      for other in classes.indices where other != labels[row] {
        guard isMoving[other] || isMoving[labels[row]] else {
          places.append(nil)
          continue
        }
        if !isMoving[other], let line = resting {
          places.append(line)
          continue
        }
        if !isMoving[other] { resting = firsts.count }
        firsts.append(places.count)
        places.append(firsts.count - 1)
      }
    }
    return (places, firsts)
  }

  /// The rows whose products with the coefficients of the moving classes are the differences: a column for each of these classes and each term.
  private func differenceTable(_ counted: [Int], _ moving: [Int], _ isMoving: [Bool]) -> Matrix<Double>? {
    let count = features.columns
    let width = count + (hasIntercept ? 1 : 0)
    let (ofPlaces, firsts) = lines(counted, isMoving)
    let (rows, columns) = (firsts.count, moving.count * width)
    guard rows > 0, columns > 0, rows <= Self.largestTable / columns else { return nil }
    let place = Dictionary(uniqueKeysWithValues: moving.enumerated().map { ($1, $0) })
    var table = Matrix<Double>.zeros(rows: rows, columns: columns)
    var (pair, line) = (0, 0)
    for row in counted {
      for other in classes.indices where other != labels[row] {
        defer { pair += 1 }
        guard line < rows, firsts[line] == pair, ofPlaces[pair] == line else { continue }
        for (output, sign) in [(labels[row], 1.0), (other, -1.0)] {
          guard let first = place[output].map({ line * columns + $0 * width }) else { continue }
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
  private func involved(_ direction: [Double], _ counted: [Int], outputs: Int) -> [Int] {
    guard let origin = counted.first else { return [] }
    let width = features.columns + (hasIntercept ? 1 : 0)
    let reach = (0..<features.columns).map { column in
      let middle = hasIntercept ? features[origin, column] : 0
      let spread = counted.reduce(0) { max($0, abs(features[$1, column] - middle)) }
      return (0..<outputs).reduce(0) { max($0, abs(direction[$1 * width + column])) } * spread
    }
    let largest = reach.max() ?? 0
    return reach.indices.filter { reach[$0] > 1e-7 * largest }.map { kept[$0] }
  }
}
