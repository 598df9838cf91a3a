import LossAccel
import TestSupport
import Testing

/// Sparse features against the same numbers as a dense matrix, and what is refused.
struct SparseFeaturesTests {
  /// About a fifth of the elements, whole multiples of 1/8; one column is full and far from 0, one is empty.
  static func matrix(rows: Int, columns: Int) -> Matrix<Double> {
    var random = SeededGenerator(seed: UInt64(rows + columns))
    return Matrix(rows: rows, columns: columns) { _, column in
      if column == 1 { return 100 + Double(Int.random(in: 0...16, using: &random)) / 8 }
      let isStored = column != 2 && Int.random(in: 0..<5, using: &random) == 0
      return isStored ? Double(Int.random(in: -16...16, using: &random)) / 8 : 0
    }
  }

  static func objective(
    _ features: FeatureMatrix, loss: PointwiseLoss = .binaryCrossEntropyFromLogits, intercept: Bool = true,
    penalty: Penalty = Penalty(ridge: 0.01)
  ) throws -> LinearObjective {
    let rows = features.rows
    return try LinearObjective(
      features: features, targets: (0..<rows).map { $0 * 7 % 5 < 2 ? 1.0 : 0 }, loss: loss,
      weights: (0..<rows).map { Double($0 % 4) }, offsets: (0..<rows).map { Double($0 % 7) / 7 }, intercept: intercept,
      penalty: penalty)
  }

  @Test(arguments: [(3, 4), (700, 30), (5000, 12), (40, 3000)], [true, false])
  func objectivesAgreeWithDenseOnes(shape: (Int, Int), intercept: Bool) throws {
    let matrix = Self.matrix(rows: shape.0, columns: shape.1)
    let columns = (0..<shape.1).map { 0.1 * Double($0 % 7 - 3) / Double(shape.1) }
    let constant = intercept ? 0.25 : 0
    let dense = try Self.objective(FeatureMatrix(matrix), intercept: intercept)
    for sparse in [
      try Self.objective(FeatureMatrix(SparseMatrix(matrix)), intercept: intercept),
      try Self.objective(FeatureMatrix(SparseMatrix(Matrix<Float>(matrix))), intercept: intercept),
    ] {
      func evaluation(_ objective: LinearObjective, _ request: ObjectiveRequest) throws -> ObjectiveEvaluation {
        try objective.evaluate(request, at: objective.point(coefficients: columns, intercept: constant))
      }
      let (a, b) = (try evaluation(dense, .gradient), try evaluation(sparse, .gradient))
      // Predictors of about ten, rounded in sums of as many terms as a row has.
      #expect(abs(a.value - b.value) <= 1e-14 * Double(shape.1) * max(1, abs(a.value)))
      // Derivatives by the coefficients themselves do not depend on the parameters' units: along whole lines.
      let moved = columns.enumerated().map { $1 + 0.01 * Double($0 % 3 - 1) }
      func slope(_ objective: LinearObjective, _ start: ObjectiveEvaluation) throws -> [Double] {
        let end = try objective.evaluate(.gradient, at: objective.point(coefficients: moved, intercept: constant))
        let direction = zip(start.point, end.point).map { $1 - $0 }
        let both = try objective.evaluate(.curvature, at: start.point)
        let product = try objective.curvatureProduct(direction, at: both)
        return [dot(start.gradient, direction), dot(product, direction)]
      }
      let (first, second) = (try slope(dense, a), try slope(sparse, b))
      for (x, y) in zip(first, second) { #expect(abs(x - y) <= 1e-12 * max(1, abs(x))) }
    }
  }

  @Test(arguments: [true, false]) func derivativesAreThoseOfTheValue(intercept: Bool) throws {
    // A curvature of both signs, too.
    for loss in [
      PointwiseLoss.binaryCrossEntropyFromLogits, PointwiseLoss("wavy") { square($0 - $1) / (1 + square($0 - $1)) },
    ] {
      let features = FeatureMatrix(SparseMatrix(Self.matrix(rows: 300, columns: 9)))
      let objective = try Self.objective(features, loss: loss, intercept: intercept)
      let point = (0..<objective.dimension).map { 0.05 * Double($0 % 7 - 3) }
      let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
      let hessian = try #require(evaluation.hessian)
      for index in 0..<objective.dimension {
        let step = 1e-5
        var (ahead, behind) = (point, point)
        ahead[index] += step
        behind[index] -= step
        let (after, before) = (
          try objective.evaluate(.gradient, at: ahead), try objective.evaluate(.gradient, at: behind)
        )
        #expect(abs((after.value - before.value) / (2 * step) - evaluation.gradient[index]) <= 1e-8)
        for other in 0..<objective.dimension {
          #expect(abs((after.gradient[other] - before.gradient[other]) / (2 * step) - hessian[other, index]) <= 1e-8)
        }
        var axis = [Double](repeating: 0, count: objective.dimension)
        axis[index] = 1
        let product = try objective.curvatureProduct(axis, at: evaluation)
        // What shifting leaves of the full column's squares is less than them by (100/0.6)².
        for other in 0..<objective.dimension { #expect(abs(product[other] - hessian[other, index]) <= 1e-10) }
      }
    }
  }

  @Test func fitsAgreeWithDenseOnes() throws {
    let matrix = Self.matrix(rows: 2000, columns: 15)
    let control = OptimizerControl(gradientTolerance: 1e-11)
    for penalty in [Penalty(ridge: 0.01), Penalty(lasso: 0.01)] {
      let (dense, sparse) = (
        try Self.objective(FeatureMatrix(matrix), penalty: penalty),
        try Self.objective(FeatureMatrix(SparseMatrix(matrix)), penalty: penalty)
      )
      let (a, b) = (
        try AutomaticOptimizer().minimize(dense, from: nil, control: control),
        try AutomaticOptimizer().minimize(sparse, from: nil, control: control)
      )
      #expect(a.isConverged && b.isConverged)
      let (x, y) = (dense.coefficients(at: a.point), sparse.coefficients(at: b.point))
      #expect(distance(x.columns, y.columns) <= 1e-8)
      // The full column's mean of 100 carries its coefficient's error into the intercept.
      #expect(abs(x.intercept - y.intercept) <= 1e-6)
    }
  }

  @Test func severalTasksTakeSparseFeatures() throws {
    let matrix = Self.matrix(rows: 1500, columns: 8)
    func losses(_ features: FeatureMatrix) throws -> [Double] {
      let objective = try MultiTaskObjective(
        features: features,
        heads: [
          TaskHead("a", loss: .squaredError, targets: (0..<1500).map { Double($0 % 11) }),
          TaskHead("b", loss: .logCosh, targets: (0..<1500).map { Double($0 % 3) }),
        ])
      let coefficients = (columns: (0..<8).map { 0.01 * Double($0) }, intercept: 0.5)
      return objective.losses(
        at: try objective.evaluate([], at: objective.point(coefficients: [coefficients, coefficients])))
    }
    let (dense, sparse) = (try losses(FeatureMatrix(matrix)), try losses(FeatureMatrix(SparseMatrix(matrix))))
    for (a, b) in zip(dense, sparse) { #expect(abs(a - b) <= 1e-13 * abs(a)) }
  }

  @Test func severalOutputsTakeSparseFeatures() throws {
    let matrix = Self.matrix(rows: 1500, columns: 8)
    let labels = (0..<1500).map { $0 * 7 % 3 }
    func value(_ features: FeatureMatrix) throws -> Double {
      let objective = try MultiOutputObjective(
        features: features, labels: labels, classes: 3, weights: (0..<1500).map { Double($0 % 3) })
      let coefficients = Matrix(rows: 8, columns: 3) { 0.01 * Double($0 - 2 * $1) }
      return try objective.evaluate(
        .gradient, at: objective.point(coefficients: coefficients, intercepts: [0.5, 0, -0.5])
      ).loss
    }
    let (dense, sparse) = (try value(FeatureMatrix(matrix)), try value(FeatureMatrix(SparseMatrix(matrix))))
    #expect(abs(dense - sparse) <= 1e-13 * abs(dense))
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let objective = try Self.objective(FeatureMatrix(SparseMatrix(Self.matrix(rows: 6000, columns: 10))))
    let point = (0..<objective.dimension).map { 0.1 * Double($0 % 3) }
    func evaluate() throws -> [Double] {
      let evaluation = try objective.evaluate([.gradient, .hessian, .curvature], at: point)
      return try [evaluation.value] + evaluation.gradient + evaluation.hessian!.elements
        + objective.curvatureProduct(point, at: evaluation)
    }
    let one = try Parallelism.withThreads(1, evaluate)
    #expect(try Parallelism.withThreads(3, evaluate) == one)
  }

  @Test func rowsOfWeightZeroMayHoldAnything() throws {
    var matrix = Self.matrix(rows: 100, columns: 6)
    func evaluate() throws -> ObjectiveEvaluation {
      let objective = try Self.objective(FeatureMatrix(SparseMatrix(matrix)))
      return try objective.evaluate(
        [.gradient, .hessian, .curvature], at: objective.point(coefficients: [0.1, 0, 0, -0.1, 0.2, 0], intercept: 1))
    }
    let clean = try evaluate().value
    matrix[8, 4] = .nan
    let soiled = try evaluate()
    #expect(soiled.gradient.allSatisfy(\.isFinite) && soiled.hessian!.elements.allSatisfy(\.isFinite))
    #expect(abs(soiled.value - clean) <= 1e-13)
    matrix[9, 3] = .infinity
    #expect(throws: ObjectiveError.nonFiniteFeature(row: 9, column: 3, value: .infinity)) { try evaluate() }
  }

  @Test func arraysOfAnotherFormAreRefused() throws {
    func make(_ starts: [Int], _ columns: [Int32]) throws(SparseMatrixError) -> SparseMatrix<Double> {
      try SparseMatrix(
        rows: 3, columns: 4, rowStarts: starts, columnIndices: columns, values: columns.map { Double($0) + 1 })
    }
    let good = try make([0, 2, 2, 3], [0, 3, 1])
    #expect(good == SparseMatrix([[1, 0, 0, 4], [0, 0, 0, 0], [0, 2, 0, 0]]))
    #expect(good[0, 3] == 4 && good[1, 3] == 0 && good[2, 1] == 2)
    #expect(FeatureMatrix(good)[2, 1] == 2 && FeatureMatrix(good)[2, 2] == 0)
    #expect(throws: SparseMatrixError.rowStarts(count: 3, expected: 4, first: 0, last: 3, elements: 3)) {
      try make([0, 2, 3], [0, 3, 1])
    }
    #expect(throws: SparseMatrixError.rowStarts(count: 4, expected: 4, first: 0, last: 2, elements: 3)) {
      try make([0, 1, 2, 2], [0, 3, 1])
    }
    #expect(throws: SparseMatrixError.rowStartsFall(row: 1, start: 3, end: 2)) { try make([0, 3, 2, 3], [0, 1, 3]) }
    #expect(throws: SparseMatrixError.rowStartsFall(row: 0, start: 0, end: 5)) { try make([0, 5, 2, 3], [0, 1, 3]) }
    #expect(throws: SparseMatrixError.columnOutOfRange(row: 2, place: 2, column: 4, columns: 4)) {
      try make([0, 2, 2, 3], [0, 3, 4])
    }
    #expect(throws: SparseMatrixError.columnOutOfRange(row: 0, place: 0, column: -1, columns: 4)) {
      try make([0, 2, 2, 3], [-1, 3, 2])
    }
    #expect(throws: SparseMatrixError.columnsNotRising(row: 0, place: 1, column: 3, after: 3)) {
      try make([0, 2, 2, 3], [3, 3, 1])
    }
  }
}
