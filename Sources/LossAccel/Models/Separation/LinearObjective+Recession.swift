/// Where a loss falls without end, the objective has no minimum, and its gradient vanishes all the same: the slope of a loss that falls towards a
/// bound, or like a logarithm, is as small as one likes where the predictions have run far enough. What tells the two apart is the way on: Newton's steps
/// near a minimum shrink, and along the last of many that do not the loss goes on falling, however far.
extension LinearObjective {
  /// Throws if a search was on its way to infinity.
  ///
  /// - Complexity: O(rows · columns) where no row can be on its way; a pass with a Hessian where some may be, and some more where they are.
  func refuseEndlessDescent(after solution: Solution, names: [String]) throws(ModelError) {
    if solution.stop == .interrupted { return }
    let direction = try withObjective { () throws(ObjectiveError) in
      try endlessDescent(from: solution.point, isSteep: !solution.isConverged)
    }
    guard let direction else { return }
    throw .lossHasNoMinimum(loss.name, columns: names.indices.filter { direction[$0] != 0 }.map { names[$0] })
  }

  /// A direction from near the point along which the objective falls without end; `nil` if none was found. Where the search did not converge, slopes
  /// may be steep yet.
  private func endlessDescent(from point: [Double], isSteep: Bool) throws(ObjectiveError) -> [Double]? {
    let free = (0..<dimension).filter { isFree($0) }
    guard !free.isEmpty, let end = try inside([], at: point) else { return nil }
    let predictions = predictions(at: end)
    let (runs, areHidden) = try distancesRun(to: predictions, isSteep: isSteep)
    let longest = runs.reduce(0, max)
    guard longest > 0 else { return nil }
    if free == [features.columns] {
      // Only the intercept may grow: both ways are known.
      for sign in [1.0, -1] {
        let moves = predictions.map { _ in sign * longest / 8 }
        var direction = [Double](repeating: 0, count: dimension)
        direction[features.columns] = sign * longest / 8
        if try fallsWithoutEnd(from: predictions, moves, point, direction) { return direction }
      }
      return nil
    }
    let outlook = try outlook(from: end, runs)
    if outlook.goesOn, let direction = try endlessDescent(ahead: point, runs) { return direction }
    guard areHidden && outlook.isNarrow else { return nil }
    // Half of the way to where curvatures are lost in the rounding of others, they are not.
    return try endlessDescent(ahead: zip(startingPoint, point).map { $0 + 0.5 * ($1 - $0) }, runs)
  }

  /// The direction in which a search from an origin goes when all that does not run off has come to rest, if the objective falls along it without
  /// end.
  private func endlessDescent(ahead origin: [Double], _ runs: [Double]) throws(ObjectiveError) -> [Double]? {
    let near = try ahead(origin, 5)
    let far = try ahead(near, 1)
    let (first, last) = (try evaluate([], at: near), try evaluate([], at: far))
    let end = predictions(at: last)
    let moves = Self.cleaned(counted(Vectors.difference(end, predictions(at: first))))
    guard moves.indices.contains(where: { abs(moves[$0]) > 0x1p-10 * runs[$0] && runs[$0] > 0 }) else { return nil }
    let direction = Self.cleaned(Vectors.difference(far, near))
    return try fallsWithoutEnd(from: end, moves, far, direction) ? direction : nil
  }

  /// The point that some of Newton's steps lead to.
  private func ahead(_ start: [Double], _ steps: Int) throws(ObjectiveError) -> [Double] {
    guard let kinks = nonsmooth else {
      let control = OptimizerControl(gradientTolerance: 0, maximumIterations: steps)
      return dimension <= AutomaticOptimizer.largestHessian
        ? try NewtonMethod().minimize(self, from: start, control: control).point
        : try TrustRegionNewton().minimize(self, from: start, control: control).point
    }
    // Where the penalty has kinks, over the parameters that are not at one: coordinate descent is slow where there is hardly any curvature.
    var current = try evaluate([.gradient, .hessian], at: start)
    for _ in 0..<steps {
      guard let hessian = current.hessian else { break }
      let slopes = kinks.smallestSubgradient(gradient: current.gradient, at: current.point)
      let moving = (0..<dimension).filter { current.point[$0] != 0 || isFree($0) }
      let part = Matrix<Double>(rows: moving.count, columns: moving.count) { hessian[moving[$0], moving[$1]] }
      let step = try HessianFactor(part).solve(moving.map { slopes[$0] })
      var direction = [Double](repeating: 0, count: dimension)
      for (place, index) in moving.enumerated() { direction[index] = -step[place] }
      guard let next = try trial([.gradient, .hessian], from: current.point, along: direction) else { break }
      current = next.evaluation
    }
    return current.point
  }

  /// Whether nothing but the losses holds a parameter.
  private func isFree(_ parameter: Int) -> Bool {
    parameter == features.columns
      || penalty.ridge[parameter] == 0 && penalty.lasso[parameter] == 0
        && !penalty.groups.contains { $0.strength > 0 && $0.columns.contains(parameter) }
  }

  /// How far every row's prediction has gone from where searches start, if its loss may fall that way without end and hardly has a slope any
  /// more (unless slopes may be steep); 0 for the other rows. And whether some have gone so far that their curvature is rounding beside others'.
  private func distancesRun(
    to predictions: [Double], isSteep: Bool
  ) throws(ObjectiveError) -> (runs: [Double], areHidden: Bool) {
    let start = coordinates.hasIntercept ? startingPoint[features.columns] : 0
    let chunkRows = LinearBlocks.chunkRows(of: features.storage, grams: 0)
    let count = Parallelism.chunkCount(of: rows, chunkSize: chunkRows)
    let parts = try Parallelism.mapChunks(count: count) { (chunk) throws(ObjectiveError) in
      try distancesRun(
        Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows), to: predictions, from: start,
        isSteep: isSteep)
    }
    return (parts.flatMap(\.runs), parts.contains(where: \.areHidden))
  }

  private func distancesRun(
    _ rows: Range<Int>, to predictions: [Double], from start: Double, isSteep: Bool
  ) throws(ObjectiveError) -> (runs: [Double], areHidden: Bool) {
    let ends = Array(predictions[rows])
    let origins = rows.map { start + (offsets?[$0] ?? 0) }
    let slopes = try slopes(at: ends, rows)
    var (runs, areHidden) = ([Double](repeating: 0, count: rows.count), false)
    guard let steep = try? self.slopes(at: origins, rows) else { return (runs, areHidden) }
    for sign in [1.0, -1] {
      // Losses that rise there hold their rows.
      let remote = sign * 0x1p60
      if let domain = loss.predictionDomain, !domain.contains(remote) { continue }
      let beyond = try self.slopes(at: [Double](repeating: remote, count: rows.count), rows)
      for place in runs.indices where weights?[rows.lowerBound + place] != 0 {
        let isFlat = !(abs(slopes[place]) > 0.05 * abs(steep[place]))
        let isOnItsWay = !(sign * slopes[place] > 0) && (isSteep || isFlat)
        guard isOnItsWay && !(sign * beyond[place] > 0) else { continue }
        runs[place] = abs(ends[place] - origins[place])
        if !(abs(slopes[place]) > 1e-8 * abs(steep[place])) { areHidden = true }
      }
    }
    return (runs, areHidden)
  }

  /// The weighted losses' slopes of some rows.
  private func slopes(at predictions: [Double], _ rows: Range<Int>) throws(ObjectiveError) -> [Double] {
    defer { keepAlive(targets, weights) }
    var slopes = [Double](repeating: 0, count: rows.count)
    do throws(LossError) {
      _ = try loss.sum(
        predictions: predictions.span, targets: targets.span.extracting(rows),
        weights: weights?.span.extracting(rows), gradient: slopes.mutableSpan)
    } catch {
      throw .loss(error.shifted(by: rows.lowerBound))
    }
    return slopes
  }

  /// Whether a Newton step moves a row that may be on its way by more than a step near a minimum would, and whether hardly any curvature is
  /// left in some direction. Not known, and so true, where there is no Hessian or a penalty has kinks.
  private func outlook(
    from end: ObjectiveEvaluation, _ runs: [Double]
  ) throws(ObjectiveError) -> (goesOn: Bool, isNarrow: Bool) {
    guard nonsmooth == nil, dimension <= AutomaticOptimizer.largestHessian else { return (true, true) }
    let current = try evaluate([.gradient, .hessian], at: end.point)
    guard let hessian = current.hessian else { return (true, true) }
    let factor = try HessianFactor(hessian)
    let isNarrow = try factor.leastCurvature() < 1e-6
    let direction = Vectors.scaled(try factor.solve(current.gradient), by: -1)
    guard let next = try trial([], from: end.point, along: direction)?.evaluation else { return (false, isNarrow) }
    let moves = Vectors.difference(predictions(at: next), predictions(at: end))
    return (runs.indices.contains { runs[$0] > 0 && abs(moves[$0]) > 0x1p-10 * runs[$0] }, isNarrow)
  }

  /// Elements that are rounding beside the largest become 0.
  private static func cleaned(_ vector: [Double]) -> [Double] {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    return vector.map { abs($0) > 1e-7 * largest ? $0 : 0 }
  }

  /// 0 for rows that do not count.
  private func counted(_ vector: [Double]) -> [Double] {
    weights.map { weights in vector.indices.map { weights[$0] == 0 ? 0 : vector[$0] } } ?? vector
  }

  /// Whether losses and penalty fall along a direction at once, and at twice, four times, … 2¹⁶ times the distance do not rise.
  ///
  /// Only the rows that move are looked at, so that no others' rounding hides how little is left to fall.
  private func fallsWithoutEnd(
    from predictions: [Double], _ moves: [Double], _ point: [Double], _ direction: [Double]
  ) throws(ObjectiveError) -> Bool {
    let rows = moves.indices.filter { moves[$0] != 0 && weights?[$0] != 0 }
    guard !rows.isEmpty else { return false }
    let ownTargets = rows.map { targets[$0] }
    let ownWeights = weights.map { all in rows.map { all[$0] } }
    func state(_ step: Double) throws(ObjectiveError) -> (value: Double, slope: Double)? {
      let moved = rows.map { predictions[$0] + step * moves[$0] }
      var slopes = moved
      let sum: Double
      do throws(LossError) {
        sum = try loss.sum(predictions: moved, targets: ownTargets, weights: ownWeights, gradient: &slopes)
      } catch {
        // Where predictions end, so does the fall.
        guard ObjectiveError.loss(error).leavesDomain else { throw .loss(error) }
        return nil
      }
      var slope = 0.0
      for (place, row) in rows.enumerated() where slopes[place] != 0 { slope += slopes[place] * moves[row] }
      let penalty = smoothPenalty.along(point, direction, step)
      let kinks = nonsmooth?.value(at: Vectors.sum(point, direction, times: step)) ?? 0
      let value = normaliser * sum + penalty.value + kinks
      return (value, normaliser * slope + penalty.slope)
    }
    guard var last = try state(0)?.value else { return false }
    for doubling in 0...16 {
      guard let (value, slope) = try state(Double(1 << doubling)) else { return false }
      if value == -.infinity { return true }
      // Soon there may be nothing left that a number can hold.
      guard value <= last + 8 * Double.ulpOfOne * abs(last), doubling > 2 || slope < 0 else { return false }
      last = value
    }
    return true
  }
}
