import LossAccel
import TestSupport
import Testing

/// Related ridge regressions against one dense system of all coefficients, in 50 digits.
struct MultiTaskRidgeTests {
  private func compare(_ model: MultiTaskRidge, _ known: MultiTaskReferences.Ridge, _ tolerance: Double = 1e-13) {
    for (task, expected) in known.coefficients.enumerated() {
      let found = (known.intercept ? [model.intercepts[task]] : []) + Array(model.coefficients.row(task))
      // Conditions of about ten.
      #expect(distance(found, expected) <= tolerance * norm(expected))
    }
  }

  @Test(arguments: MultiTaskReferences.known.ridges.indices) func denseSystems(number: Int) throws {
    let known = MultiTaskReferences.known.ridges[number]
    let (features, targets) = (Matrix(known.features), Matrix(known.targets))
    compare(
      try MultiTaskRidge.fit(
        features: features, targets: targets, penalty: known.penalty, relation: .precision(Matrix(known.precision)),
        intercept: known.intercept), known)
    // The same from the covariance: its inverse is exact enough.
    let (a, b) = (known.precision[0], known.precision[1])
    if known.precision.count == 2 {
      let determinant = a[0] * b[1] - a[1] * b[0]
      let covariance = Matrix([[b[1] / determinant, -a[1] / determinant], [-b[0] / determinant, a[0] / determinant]])
      compare(
        try MultiTaskRidge.fit(
          features: features, targets: targets, penalty: known.penalty, relation: .covariance(covariance),
          intercept: known.intercept), known, 1e-12)
    }
    // Rows of weight 2 are rows given twice; rows of weight 0 may hold anything.
    var (moreFeatures, moreTargets) = (known.features + known.features, known.targets + known.targets)
    moreFeatures.append([Double](repeating: .nan, count: features.columns))
    moreTargets.append([Double](repeating: .infinity, count: targets.columns))
    compare(
      try MultiTaskRidge.fit(
        features: Matrix(moreFeatures), targets: Matrix(moreTargets), penalty: known.penalty,
        relation: .precision(Matrix(known.precision)), intercept: known.intercept,
        weights: (0..<moreTargets.count).map { $0 == moreTargets.count - 1 ? 0 : 0.5 }), known)
  }

  @Test(arguments: [2, 11]) func unrelatedTasksAreSeparateRidges(tasks: Int) throws {
    let (features, _) = LeastSquaresTests.problem(rows: 400, columns: 5)
    let targets = Matrix(rows: 400, columns: tasks) { row, task in Double((row * (task + 3) * 7) % 23) - Double(task) }
    let together = try MultiTaskRidge.fit(features: features, targets: targets, penalty: 3)
    for task in 0..<tasks {
      let alone = try LinearRegression.fit(features: features, targets: targets.column(task), ridge: 3)
      let found = [together.intercepts[task]] + together.coefficients.row(task)
      let expected = alone.coefficients.map(\.estimate)
      #expect(distance(found, expected) <= 1e-12 * norm(expected))
    }
    let predictions = try together.predict(features)
    let expected = (0..<5).reduce(together.intercepts[1]) { $0 + features[7, $1] * together.coefficients[1, $1] }
    #expect(abs(predictions[7, 1] - expected) <= 1e-13 * (1 + abs(expected)))
    func elements() throws -> [Double] {
      try MultiTaskRidge.fit(features: features, targets: targets, penalty: 3).coefficients.elements
    }
    #expect(try Parallelism.withThreads(1, elements) == Parallelism.withThreads(3, elements))
  }

  @Test func relationsDrawTasksTogether() throws {
    let (features, _) = LeastSquaresTests.problem(rows: 60, columns: 3)
    let targets = Matrix(rows: 60, columns: 3) { row, task in
      features[row, 0] * Double(task + 1) + Double(row * 7 % 5) / 10
    }
    func spread(_ relation: TaskRelation) throws -> Double {
      let model = try MultiTaskRidge.fit(features: features, targets: targets, penalty: 1, relation: relation)
      return distance(Array(model.coefficients.row(0)), Array(model.coefficients.row(1)))
    }
    let edges = [(0, 1), (1, 2)]
    let spreads = try [0, 1, 1e3, 1e9].map { try spread(.graph(tasks: 3, edges: edges, strength: $0)) }
    #expect(zip(spreads, spreads.dropFirst()).allSatisfy { $1 < $0 } && spreads[3] < 1e-5 * spreads[0])
    // Tasks of covariance 1 are one task: the coefficients are those of the mean of the targets.
    let one = try MultiTaskRidge.fit(
      features: features, targets: targets, penalty: 6, relation: .covariance(Matrix(repeating: 1, rows: 3, columns: 3))
    )
    let means = (0..<60).map { row in targets.row(row).reduce(0, +) / 3 }
    // 3·‖mean − Xβ‖² + 6·‖β‖², less what does not depend on β.
    let mean = try LinearRegression.fit(features: features, targets: means, ridge: 2)
    let common = mean.coefficients.map(\.estimate).dropFirst()
    for task in 0..<3 {
      #expect(distance(Array(one.coefficients.row(task)), Array(common)) <= 1e-11 * norm(Array(common)))
    }
  }

  @Test func badDataIsRefused() throws {
    let (features, _) = LeastSquaresTests.problem(rows: 20, columns: 2)
    var targets = Matrix(rows: 20, columns: 2) { row, task in Double(row % (3 + task)) }
    #expect(throws: LeastSquaresError.invalidRidge(-1)) {
      try MultiTaskRidge.fit(features: features, targets: targets, penalty: -1)
    }
    for matrix in [[[1.0, 2], [2, 1]], [[0, 1], [1, 0]], [[-1, 0], [0, -1]]] {
      #expect(throws: LeastSquaresError.self) {
        try MultiTaskRidge.fit(features: features, targets: targets, penalty: 1, relation: .precision(Matrix(matrix)))
      }
    }
    #expect(throws: LeastSquaresError.indefiniteRelation(eigenvalue: -1)) {
      try MultiTaskRidge.fit(
        features: features, targets: targets, penalty: 1, relation: .precision([[-1, 0], [0, 0.5]]))
    }
    targets[7, 1] = .nan
    let place = Result { () throws(LeastSquaresError) in
      try MultiTaskRidge.fit(features: features, targets: targets, penalty: 1)
    }
    guard case .failure(.nonFiniteTarget(row: 7, column: 1, value: _)) = place else {
      Issue.record("\(place)")
      return
    }
  }
}
