import LossAccel
import Testing

/// What inference must satisfy whatever the data: fits without a row, covariances that are special cases of others, weights as
/// repetitions, direct sums over the rows.
@Suite struct InferenceIdentityTests {
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count)")
    let scale = b.reduce(0) { max($0, abs($1)) }
    return zip(a, b).reduce(0) { $1.0.isNaN && $1.1.isNaN ? $0 : max($0, abs($1.0 - $1.1) / scale) }
  }

  private func without(_ row: Int, _ matrix: Matrix<Double>) -> Matrix<Double> {
    Matrix((0..<matrix.rows).filter { $0 != row }.map { Array(matrix.row($0)) })
  }

  private func without(_ row: Int, _ elements: [Double]) -> [Double] {
    elements.indices.filter { $0 != row }.map { elements[$0] }
  }

  @Test(arguments: [0, 3.5]) func whatIsSaidOfARowIsWhatAFitWithoutItSays(ridge: Double) throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 12, columns: 3)
    let weights = (0..<12).map { 0.5 + Double($0 % 5) / 2 }
    let model = try LinearRegression.fit(features: features, targets: targets, weights: weights, ridge: ridge)
    let (influence, moves) = (try model.influence(), try model.dfbetas())
    var press = 0.0
    for row in 0..<12 {
      let other = try LinearRegression.fit(
        features: without(row, features), targets: without(row, targets), weights: without(row, weights), ridge: ridge)
      let prediction = try other.predict(Matrix([Array(features.row(row))]))[0]
      let missed = targets[row] - prediction
      press += weights[row] * missed * missed
      #expect(abs(influence.deletedResiduals[row] - missed) < 1e-12)
      guard ridge == 0 else {
        #expect(influence.studentizedResiduals[row].isNaN && moves[row, 0].isNaN)
        continue
      }
      #expect(abs(influence.deletedSigmas[row] / other.sigma - 1) < 1e-12)
      let fitted = targets[row] - model.residuals[row]
      let spread = other.sigma * (influence.leverages[row] / weights[row]).squareRoot()
      #expect(abs(influence.dffits[row] - (fitted - prediction) / spread) < 1e-11)
      for term in 0..<4 {
        let unit = model.coefficients[term].standardError / model.sigma * other.sigma
        let move = (model.coefficients[term].estimate - other.coefficients[term].estimate) / unit
        #expect(abs(moves[row, term] - move) < 1e-11)
      }
    }
    #expect(abs(influence.press / press - 1) < 1e-12)
    let effective = try model.effectiveDegreesOfFreedom()
    #expect(abs(influence.leverages.reduce(0, +) - effective) < 1e-13 && (ridge == 0 || effective < 4))
  }

  @Test func specialCasesOfCovariances() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 40, columns: 3)
    let model = try LinearRegression.fit(features: features, targets: targets)
    func covariance(_ kind: CoefficientCovariance) throws -> [Double] {
      try model.with(covariance: kind).covarianceMatrix.elements
    }
    let (hc0, hc1) = (try covariance(.hc0), try covariance(.hc1))
    // n/(n − 1)·(n − 1)/(n − k): clusters of one row are HC1.
    #expect(distance(try covariance(.clustered(by: Array(0..<40))), hc1) < 1e-14)
    #expect(distance(try covariance(.neweyWest(lags: 0)), hc0) < 1e-14)
    #expect(distance(try covariance(.neweyWest(lags: 0, smallSampleCorrection: true)), hc1) < 1e-14)
    // Both ways the same way is one way.
    let labels = (0..<40).map { "firm \($0 % 9)" }
    #expect(
      distance(try covariance(.clustered(by: labels, and: labels)), try covariance(.clustered(by: labels))) < 1e-13)
    // Clusters crossed with single rows: the intersections are the single rows.
    #expect(
      distance(
        try covariance(.clustered(by: labels, and: Array(0..<40))), try covariance(.clustered(by: labels))) < 1e-13)
    #expect(try covariance(.classical) == model.covarianceMatrix.elements)
    #expect(try model.with(covariance: .clustered(by: labels)).coefficients[0].degreesOfFreedom == 8)
    #expect(try model.with(covariance: .hc3).covariance.description == "HC3")
    #expect(try model.with(covariance: .neweyWest()).covariance.description == "Newey–West (3 lags)")
    #expect(
      try model.with(covariance: .clustered(by: labels)).covariance.description == "clustered (9 clusters)")
    // One cluster says nothing, and fewer clusters than slopes test nothing.
    let one = try model.with(covariance: .clustered(by: [Int](repeating: 7, count: 40)))
    #expect(one.coefficients[1].standardError.isNaN && one.fTest == nil)
    #expect(try model.with(covariance: .clustered(by: (0..<40).map { $0 % 3 })).fTest == nil)
  }

  /// Copies of a row in one cluster: (Σ copies·e·x)² is what HC0 makes of a weight.
  @Test func clusteredCopiesAreWeights() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 25, columns: 2)
    let copies = (0..<25).map { $0 % 4 }
    let order = copies.indices.flatMap { [Int](repeating: $0, count: copies[$0]) }
    let weighted = try LinearRegression.fit(
      features: features, targets: targets, weights: copies.map(Double.init), covariance: .hc0)
    let repeated = try LinearRegression.fit(
      features: Matrix(order.map { Array(features.row($0)) }), targets: order.map { targets[$0] },
      covariance: .clustered(by: order))
    let (n, clusters) = (Double(order.count), Double(copies.count { $0 > 0 }))
    let correction = clusters / (clusters - 1) * (n - 1) / (n - 3)
    #expect(
      distance(
        repeated.covarianceMatrix.elements, weighted.covarianceMatrix.elements.map { $0 * correction }) < 1e-13)
    // Labels of rows of weight zero do not count.
    let labels = copies.map { $0 == 0 ? 100 : $0 }
    let partial = try weighted.with(covariance: .clustered(by: labels))
    #expect(partial.covariance.description == "clustered (3 clusters)")
  }

  /// Rows enough for several chunks, against plain sums over explicit inverses.
  @Test func directSumsOverManyRows() throws {
    let rows = 2300
    let (features, targets) = LeastSquaresTests.problem(rows: rows, columns: 2)
    let model = try LinearRegression.fit(features: features, targets: targets)
    let design = (0..<rows).map { [1, features[$0, 0], features[$0, 1]] }
    let variance = model.sigma * model.sigma
    let inverse = (0..<3).map { i in (0..<3).map { model.covarianceMatrix[i, $0] / variance } }
    func sandwich(_ terms: [(u: [Double], v: [Double], weight: Double)]) -> [Double] {
      var middle = [[Double]](repeating: [0, 0, 0], count: 3)
      for (u, v, weight) in terms { for i in 0..<3 { for j in 0..<3 { middle[i][j] += weight * u[i] * v[j] } } }
      return (0..<9).map { index in
        (0..<3).reduce(0) { sum, a in
          sum + (0..<3).reduce(0) { $0 + inverse[index / 3][a] * middle[a][$1] * inverse[$1][index % 3] }
        }
      }
    }
    let scores = (0..<rows).map { row in design[row].map { $0 * model.residuals[row] } }
    func check(_ kind: CoefficientCovariance, _ terms: [(u: [Double], v: [Double], weight: Double)]) throws {
      let actual = try model.with(covariance: kind).covarianceMatrix.elements
      #expect(distance(actual, sandwich(terms)) < 1e-12, "\(kind)")
    }
    try check(.hc0, scores.map { ($0, $0, 1) })
    let leverages = design.map { x in
      (0..<3).reduce(0) { sum, a in sum + (0..<3).reduce(0) { $0 + x[a] * inverse[a][$1] * x[$1] } }
    }
    #expect(distance(try model.influence().leverages, leverages) < 1e-12)
    try check(.hc3, zip(scores, leverages).map { ($0, $0, 1 / ((1 - $1) * (1 - $1))) })
    let lags = 12
    var lagged: [(u: [Double], v: [Double], weight: Double)] = scores.map { ($0, $0, 1) }
    for lag in 1...lags {
      let weight = 1 - Double(lag) / Double(lags + 1)
      for t in lag..<rows {
        lagged.append((scores[t], scores[t - lag], weight))
        lagged.append((scores[t - lag], scores[t], weight))
      }
    }
    try check(.neweyWest(lags: lags), lagged)
    let clusters = 700
    var sums = [[Double]](repeating: [0, 0, 0], count: clusters)
    for (row, score) in scores.enumerated() { for i in 0..<3 { sums[row * 11 % clusters][i] += score[i] } }
    let (n, g) = (Double(rows), Double(clusters))
    try check(
      .clustered(by: (0..<rows).map { $0 * 11 % clusters }),
      sums.map { ($0, $0, g / (g - 1) * (n - 1) / (n - 3)) })
  }

  @Test func theBitsDoNotDependOnThreads() throws {
    let (features, targets) = LeastSquaresTests.problem(rows: 5000, columns: 9)
    func numbers() throws -> [Double] {
      let model = try LinearRegression.fit(features: features, targets: targets)
      let kinds: [CoefficientCovariance] = [
        .hc3, .neweyWest(lags: 5), .clustered(by: (0..<5000).map { $0 % 60 }),
      ]
      var numbers = try model.influence().cooksDistances
      numbers += try model.dfbetas().elements
      for kind in kinds { numbers += try model.with(covariance: kind).covarianceMatrix.elements }
      numbers += try model.with(covariance: .hc1).predictions(for: features).standardErrors
      return numbers
    }
    let alone = try Parallelism.withThreads(1) { try numbers() }
    let together = try Parallelism.withThreads(4) { try numbers() }
    #expect(alone == together)
  }

  /// R from QR, and from a corrected Gram matrix, on columns that nearly depend on one another.
  @Test(arguments: [1e-3, 1e-6, 1e-9]) func nearlyDependentColumns(distance: Double) throws {
    let (base, targets) = LeastSquaresTests.problem(rows: 60, columns: 3)
    // x₂ is x₁ plus a little of x₃'s: the fitted values, and so the leverages, are those of the three columns themselves.
    let features = Matrix((0..<60).map { [base[$0, 0], base[$0, 0] + distance * base[$0, 1], base[$0, 2]] })
    let easy = try LinearRegression.fit(features: base, targets: targets)
    let hard = try LinearRegression.fit(features: features, targets: targets)
    let (expected, actual) = (try easy.influence(), try hard.influence())
    // Rounding the columns moves what they span by ε/distance.
    let bound = 64 * Double.ulpOfOne / distance + 1e-13
    #expect(self.distance(actual.leverages, expected.leverages) < bound)
    #expect(abs(actual.press / expected.press - 1) < bound)
    // β₂ multiplies distance·x: its standard error is that of the easy fit over the distance.
    for kind in [CoefficientCovariance.hc0, .hc3, .clustered(by: (0..<60).map { $0 / 6 })] {
      let (easy, hard) = (try easy.with(covariance: kind), try hard.with(covariance: kind))
      let ratio = hard.coefficients[2].standardError * distance / easy.coefficients[2].standardError
      #expect(abs(ratio - 1) < bound, "\(kind)")
      let (f, g) = (try #require(hard.fTest), try #require(easy.fTest))
      #expect(abs(f.statistic / g.statistic - 1) < 10 * bound, "\(kind)")
    }
    let notes = try hard.collinearity().notes
    #expect(notes.count == 1 && notes[0].hasPrefix("x1 and x2 nearly depend on one another (condition index "))
    #expect(try easy.collinearity().notes.isEmpty)
  }

  @Test func droppedColumnsSinglePrecisionAndRowsOfLeverageOne() throws {
    let (base, targets) = LeastSquaresTests.problem(rows: 30, columns: 2)
    let features = Matrix((0..<30).map { [base[$0, 0], 2 * base[$0, 0], base[$0, 1], $0 == 4 ? 1 : 0] })
    let model = try LinearRegression.fit(features: features, targets: targets, covariance: .hc3)
    let kept = Matrix((0..<30).map { [base[$0, 0], base[$0, 1], $0 == 4 ? 1 : 0] })
    let expected = try LinearRegression.fit(features: kept, targets: targets, covariance: .hc3)
    #expect(model.coefficients[2].isDropped && model.covarianceMatrix[2, 0].isNaN)
    #expect(model.coefficients[3].standardError == expected.coefficients[2].standardError)
    #expect(model.fTest == expected.fTest)
    let influence = try model.influence()
    #expect(influence.leverages[4] == 1 && influence.studentizedResiduals[4].isNaN)
    let moves = try model.dfbetas()
    #expect(moves[0, 2].isNaN && moves[0, 3].isFinite)
    #expect(try model.collinearity().terms == ["(Intercept)", "x1", "x3", "x4"])
    // The row that determines x4 alone takes no part in the others' covariance.
    let rest = (0..<30).filter { $0 != 4 }
    let smaller = try LinearRegression.fit(
      features: Matrix(rest.map { Array(base.row($0)) }), targets: rest.map { targets[$0] }, covariance: .hc3)
    #expect(abs(model.coefficients[3].standardError / smaller.coefficients[2].standardError - 1) < 1e-13)
    let predictions = try model.predictions(for: features)
    #expect(distance(predictions.values, zip(targets, model.residuals).map { $0 - $1 }) < 1e-13)
    let single = try LinearRegression.fit(
      features: Matrix<Float>(rows: 30, columns: 2, elements: base.elements.map { Float($0) }),
      targets: targets.map { Float($0) }, covariance: .hc2)
    let double = try LinearRegression.fit(features: base, targets: targets, covariance: .hc2)
    #expect(single.coefficients.map(\.standardError) == double.coefficients.map(\.standardError))
  }

  @Test func whatHasNoInferenceSaysSo() throws {
    let features: Matrix<Double> = [[1, 2], [2, 4], [3, 6.5], [4, 8]]
    let wide: Matrix<Double> = [[1, 2, 3], [2, 4, 6], [3, 6, 9], [4, 8, 12.5]]
    let minimum = try LinearRegression.fit(
      features: wide, targets: [1, 2, 2, 5], intercept: false, whenRankDeficient: .minimumNorm)
    #expect(throws: LeastSquaresError.self) { try minimum.influence() }
    #expect(throws: LeastSquaresError.self) { try minimum.with(covariance: .hc0) }
    let ridge = try LinearRegression.fit(features: features, targets: [1, 2, 2, 5], ridge: 1, covariance: .hc1)
    #expect(ridge.coefficients[1].standardError.isNaN && ridge.fTest == nil && ridge.aic.isNaN)
    #expect(throws: LeastSquaresError.self) { try ridge.collinearity() }
    let saturated = try LinearRegression.fit(
      features: Matrix(column: [1, 2.0]), targets: [3, 5], covariance: .hc0)
    #expect(saturated.coefficients[0].standardError.isNaN)
    #expect(try saturated.influence().leverages == [1, 1])
    let constant = try LinearRegression.fit(
      features: Matrix<Double>(rows: 3, columns: 0, elements: []), targets: [1, 2, 6], covariance: .hc1)
    #expect(constant.coefficients[0].standardError > 0 && constant.fTest == nil)
    #expect(try constant.collinearity().conditionIndices == [1])
  }
}
