extension FeatureMatrix {
  /// Xβ + β₀ + offset of every row, in one pass.
  ///
  /// - Precondition: as many columns as coefficients, and as many offsets as rows.
  func linearPredictors(coefficients: [Double], intercept: Double, offsets: [Double]?) -> [Double] {
    precondition(columns == coefficients.count, "\(columns) columns for a model of \(coefficients.count) features")
    precondition(offsets.map { $0.count == rows } ?? true, "\(offsets?.count ?? 0) offsets for \(rows) rows")
    var predictors = [Double](repeating: 0, count: rows)
    guard rows > 0 else { return predictors }
    var output = predictors.mutableSpan
    Parallelism.mapRows(rows, rowsPerChunk: LinearBlocks.chunkRows(of: storage, grams: 0), &output, width: 1) {
      _, range, slice in
      storage.predict(
        range, coefficients: coefficients.span, shift: nil, constant: intercept,
        offsets: offsets?.span.extracting(range), into: &slice)
    }
    return predictors
  }

  /// Some of the rows as a matrix of doubles.
  func matrix(rows range: Range<Int>) -> Matrix<Double> {
    let stride = columns + 1
    var panel = [Double](repeating: 0, count: range.count * stride)
    let (zeros, ones) = ([Double](repeating: 0, count: columns), [Double](repeating: 1, count: columns))
    var output = panel.mutableSpan
    let weights: Span<Double>? = nil
    _ = storage.weightedRows(
      range, shift: zeros.span, scale: ones.span, weights: weights, sign: 1, into: &output, stride: stride)
    return Matrix(
      rows: range.count, columns: columns,
      elements: (0..<range.count).flatMap { panel[$0 * stride..<$0 * stride + columns] })
  }

  /// The rows as matrices of doubles, some thousands of elements at a time, in order.
  func forEachBlock<Failure: Error>(
    _ body: (_ rows: Range<Int>, _ block: Matrix<Double>) throws(Failure) -> Void
  ) throws(Failure) {
    let size = max(1, min(4096, (1 << 20) / max(columns, 1)))
    for start in stride(from: 0, to: rows, by: size) {
      let range = start..<min(start + size, rows)
      try body(range, matrix(rows: range))
    }
  }

  /// The weighted standard deviations of the columns; 1 where a column is constant. Rows of weight 0 may hold anything.
  func spreads(weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    var means = [Double](repeating: 0, count: columns)
    forEachBlock { range, block in
      for (place, row) in range.enumerated() where weights[row] > 0 {
        for column in 0..<columns { means[column] += weights[row] / total * block[place, column] }
      }
    }
    var squares = [Double](repeating: 0, count: columns)
    forEachBlock { range, block in
      for (place, row) in range.enumerated() where weights[row] > 0 {
        for column in 0..<columns {
          let deviation = block[place, column] - means[column]
          squares[column] += weights[row] / total * deviation * deviation
        }
      }
    }
    return squares.map { $0 > 0 ? $0.squareRoot() : 1 }
  }

  /// Σ wᵢ·zᵢzᵢᵀ over the rows z in the coordinates of an objective over them, the constant last; in one pass.
  func products(
    weights: [Double], hasIntercept: Bool
  ) throws(ObjectiveError) -> (sum: Matrix<Double>, coordinates: ColumnCoordinates) {
    // Half the Hessian of the squares.
    let objective = try LinearObjective(
      features: self, targets: [Double](repeating: 0, count: rows), loss: .squaredError, weights: weights,
      intercept: hasIntercept, reduction: .sum)
    guard var sum = try objective.evaluate(.hessian, at: objective.startingPoint).hessian else {
      preconditionFailure("an evaluation without the Hessian that was asked for")
    }
    for index in sum.elements.indices { sum.elements[index] *= 0.5 }
    return (sum, objective.coordinates)
  }

  /// The columns that those before them, and the intercept, determine to within about a millionth of their spread.
  func dependentColumns(weights: [Double]?, hasIntercept: Bool) throws(ObjectiveError) -> [DependentColumn] {
    guard columns > 0 else { return [] }
    let counted = weights.map { $0.map { $0 == 0 ? 0.0 : 1 } } ?? [Double](repeating: 1, count: rows)
    let sums = try products(weights: counted, hasIntercept: hasIntercept).sum
    // The constant first: it is never the one that depends.
    let places = (hasIntercept ? [columns] : []) + Array(0..<columns)
    let units = places.map { place in
      let square = sums[place, place]
      return square > 0 ? 1 / square.squareRoot() : 0
    }
    let count = places.count
    var rest = [Double](repeating: 0, count: count * count)
    for (i, first) in places.enumerated() {
      for (j, second) in places.enumerated() { rest[i * count + j] = sums[first, second] * units[i] * units[j] }
    }
    let whole = rest
    var (dependent, independent) = ([DependentColumn](), [Int]())
    for pivot in 0..<count {
      let remainder = rest[pivot * count + pivot]
      guard remainder > 1e-12 else {
        let own = Matrix(rows: independent.count, columns: independent.count) {
          whole[independent[$0] * count + independent[$1]]
        }
        let parts = try HessianFactor(own).solve(independent.map { whole[$0 * count + pivot] })
        let involved = zip(parts, independent).filter { abs($0.0) > 1e-5 }.map { places[$0.1] }
        dependent.append(
          DependentColumn(
            column: places[pivot], combinationOf: involved.filter { $0 < columns },
            includesIntercept: involved.contains(columns)))
        continue
      }
      independent.append(pivot)
      for row in pivot + 1..<max(count, pivot + 1) {
        let factor = rest[pivot * count + row] / remainder
        if factor == 0 { continue }
        for column in row..<count { rest[row * count + column] -= factor * rest[pivot * count + column] }
      }
    }
    return dependent
  }

  /// Throws if columns are combinations of others, and names them.
  func refuseDependentColumns(weights: [Double]?, hasIntercept: Bool) throws(ModelError) {
    let dependent = try withObjective { () throws(ObjectiveError) in
      try dependentColumns(weights: weights, hasIntercept: hasIntercept)
    }
    if dependent.isEmpty { return }
    let terms = columns + (hasIntercept ? 1 : 0)
    throw .leastSquares(
      .rankDeficient(
        rank: terms - dependent.count, columns: terms, dependent: dependent))
  }
}
