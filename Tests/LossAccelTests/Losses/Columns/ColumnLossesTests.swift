import LossAccel
import TestSupport
import Testing

@Suite("Losses of mixed columns")
struct ColumnLossesTests {
  static let known = MixedTable.known
  static let table = known.table

  static func losses(weights: [Double]? = known.weights) throws -> ColumnLosses {
    try ColumnLosses(of: table, kinds: MixedTable.kinds, weights: weights)
  }

  /// Within `ulps` of what is expected, or of 1 where that is more: constants enter as what they differ by from others.
  private func expect<T: Scalar>(
    _ actual: T, _ expected: Double, ulps: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = abs(Double(actual) - expected)
    #expect(
      error <= ulps * Double(T.ulpOfOne) * max(1, abs(expected)), "\(what): \(actual), not \(expected)",
      sourceLocation: sourceLocation)
  }

  @Test("Null losses and null predictions are those of 60 digits")
  func nullLosses() throws {
    let weighted = try Self.losses(), unweighted = try Self.losses(weights: nil)
    for (column, known) in zip(weighted.columns, Self.known.columns) {
      expect(column.nullLoss, known.nullLoss, ulps: 8, column.name)
      expect(unweighted[column.name]!.nullLoss, known.unweightedNullLoss, ulps: 8, column.name)
      for (actual, expected) in zip(column.nullPrediction, known.nullPrediction) {
        expect(actual, expected, ulps: 8, column.name)
      }
    }
  }

  @Test("Losses, gradient and curvature are those of 60 digits")
  func references() throws {
    try check(Double.self, ulps: 16)
    // Scores and cuts of the ordinal column differ by numbers of order 1, and a null loss of 0.07 divides the hours'.
    try check(Float.self, ulps: 64)
  }

  private func check<T: Scalar>(_: T.Type, ulps: Double) throws {
    let losses = try Self.losses()
    let predictions: Matrix<T> = Self.known.rows(\.predictions)
    let expected: (gradient: Matrix<Double>, curvature: Matrix<Double>) = (
      Self.known.rows(\.gradient), Self.known.rows(\.curvature)
    )
    var (gradient, curvature) = (predictions, predictions)
    let value = try losses.mean(
      predictions: predictions, targets: Self.table, weights: Self.known.weights.map { T($0) }, gradient: &gradient,
      curvature: &curvature)
    for (index, known) in Self.known.columns.enumerated() {
      expect(T(value.losses[index]), known.loss, ulps: ulps, known.name)
      expect(T(value.scaled[index]), known.scaled, ulps: ulps, known.name)
    }
    expect(T(value.total), Self.known.columns.reduce(0) { $0 + $1.scaled }, ulps: ulps, "total")
    for row in 0..<8 {
      for (index, column) in losses.columns.enumerated() {
        for place in column.predictions {
          let what = "\(Self.known.columns[index].name), row \(row)"
          expect(gradient[row, place], expected.gradient[row, place], ulps: ulps, what)
          expect(curvature[row, place], expected.curvature[row, place], ulps: ulps, what)
        }
      }
    }
    #expect(
      try losses.mean(
        predictions: predictions, targets: Self.table, weights: Self.known.weights.map { T($0) }) == value)
  }

  @Test("Null predictions cost 1 in every column, and no constant is better")
  func nullPredictions() throws {
    let losses = try Self.losses(weights: nil)
    let null: Matrix<Double> = losses.nullPredictions(rows: 8)
    var (gradient, curvature) = (null, null)
    let value = try losses.mean(predictions: null, targets: Self.table, gradient: &gradient, curvature: &curvature)
    for (column, scaled) in zip(losses.columns, value.scaled) {
      // The same loss at the same predictions, summed in the same order.
      #expect(scaled == 1, "\(column.name)")
      for place in column.predictions {
        expect(gradient.column(place).reduce(0, +), 0, ulps: 16, column.name)
      }
    }
    expect(value.total, 8, ulps: 4, "total")
  }

  @Test("The total is the sum of the single losses")
  func composition() throws {
    let losses = try Self.losses()
    let predictions: Matrix<Double> = Self.known.rows(\.predictions)
    var (gradient, curvature) = (predictions, predictions)
    let value = try losses.mean(
      predictions: predictions, targets: Self.table, weights: Self.known.weights, gradient: &gradient,
      curvature: &curvature)
    func single(_ name: String, _ loss: PointwiseLoss) throws {
      let column = losses[name]!, place = column.predictions.lowerBound
      let targets = Self.known.columns.first { $0.name == name }!.values.map { $0 ?? .nan }
      var (slopes, bends) = (targets, targets)
      let mean = try loss.mean(
        predictions: predictions.column(place), targets: targets, weights: Self.known.weights, missingTargets: .nan,
        gradient: &slopes, curvature: &bends)
      let index = losses.columns.firstIndex { $0.name == name }!
      #expect(value.losses[index] == mean)
      for row in 0..<8 {
        #expect(ulpDistance(gradient[row, place], slopes[row] / column.nullLoss) <= 2)
        #expect(ulpDistance(curvature[row, place], bends[row] / column.nullLoss) <= 2)
      }
    }
    try single("length", .squaredError)
    try single("visits", .poissonDeviance)
    try single("member", .binaryCrossEntropyFromLogits)
    try single("hour", .periodic(period: 24))
    try single("cost", .gammaDeviance)
    // Levels: the third column of predictions belongs to the fourth column of the table.
    let labels = Self.known.columns[3].values.map { Int($0 ?? -1) }
    let mean = try SoftmaxCrossEntropy(ignoredLabel: -1).mean(
      logits: predictions[columns: [3, 4, 5]], labels: labels, weights: Self.known.weights)
    #expect(value.losses[3] == mean)
    #expect(ulpDistance(value.total, value.scaled.reduce(0, +)) == 0)
  }

  @Test("Missing elements, masked rows and weights of 0 count nowhere, whatever the predictions are")
  func missing() throws {
    let losses = try Self.losses()
    let targets = try losses.targets(of: Self.table)
    var predictions: Matrix<Double> = Self.known.rows(\.predictions)
    var (gradient, curvature) = (predictions, predictions)
    let value = try losses.mean(
      predictions: predictions, targets: Self.table, gradient: &gradient, curvature: &curvature)
    for (index, column) in losses.columns.enumerated() {
      for (row, element) in Self.known.columns[index].values.enumerated() where element == nil {
        for place in column.predictions {
          #expect(gradient[row, place] == 0 && curvature[row, place] == 0, "\(column.name)")
          predictions[row, place] = .nan
        }
      }
    }
    #expect(try losses.mean(predictions: predictions, targets: Self.table) == value)

    // Without row 5, by mask, by weight, and by leaving it out.
    var weights = Self.known.weights
    let mask = (0..<8).map { $0 != 5 }
    for place in 0..<predictions.columns { predictions[5, place] = .infinity }
    let masked = try losses.mean(predictions: predictions, targets: Self.table, weights: weights, mask: mask)
    weights[5] = 0
    #expect(try losses.mean(predictions: predictions, targets: Self.table, weights: weights) == masked)
    let rows = [0, 1, 2, 3, 4, 6, 7]
    let without = try losses.mean(
      predictions: Matrix(rows.map { Array(predictions.row($0)) }), targets: Self.table.selecting(rows: rows),
      weights: rows.map { weights[$0] })
    for (a, b) in zip(without.losses, masked.losses) { #expect(ulpDistance(a, b) <= 2) }

    // A sum does with columns of which nothing is there, a mean does not; nothing at all is an error of both.
    let third = targets[rows: 3..<4], row = predictions[rows: 3..<4]
    let sum = try losses.sum(predictions: row, targets: third)
    #expect(sum.losses[1] == 0 && sum.losses[3] == 0 && sum.losses[5] == 0 && sum.losses[0] > 0)
    #expect(throws: ColumnLossError.nothingIn(column: "visits")) { try losses.mean(predictions: row, targets: third) }
    #expect(throws: ColumnLossError.self) { try losses.sum(predictions: row, targets: third, mask: [false]) }
  }

  @Test("Sums of parts add up to the sum of the whole, times its scale")
  func sums() throws {
    let losses = try Self.losses()
    let targets = try losses.targets(of: Self.table)
    let predictions: Matrix<Double> = Self.known.rows(\.predictions)
    let weights = Self.known.weights
    var (gradient, curvature) = (predictions, predictions)
    let whole = try losses.sum(
      predictions: predictions, targets: targets, weights: weights, scale: 3, gradient: &gradient, curvature: &curvature
    )
    var total = 0.0
    for row in 0..<8 {
      let part = predictions[rows: row..<row + 1]
      var (slopes, bends) = (part, part)
      total += try losses.sum(
        predictions: part, targets: targets[rows: row..<row + 1], weights: [weights[row]], gradient: &slopes,
        curvature: &bends
      ).total
      for place in 0..<part.columns {
        expect(gradient[row, place], 3 * slopes[0, place], ulps: 4, "gradient")
        expect(curvature[row, place], 3 * bends[0, place], ulps: 4, "curvature")
      }
    }
    expect(whole.total, 3 * total, ulps: 16, "total")
  }

  @Test("Curvature products are differences of gradients, blocks of categorical columns among them")
  func curvatureProducts() throws {
    let losses = try Self.losses()
    let targets = try losses.targets(of: Self.table)
    let predictions: Matrix<Double> = Self.known.rows(\.predictions)
    let weights = Self.known.weights, mask = (0..<8).map { $0 != 6 }, width = losses.predictionCount
    var random = SeededGenerator(seed: 4)
    let direction: Matrix<Double> = random.matrix(rows: 8, columns: width, in: -1...1)
    for reduction in RowReduction.allCases {
      func gradient(_ step: Double) throws -> [Double] {
        let moved = Matrix<Double>(rows: 8, columns: width) { predictions[$0, $1] + step * direction[$0, $1] }
        var (gradient, curvature) = (moved, moved)
        _ =
          try reduction == .mean
          ? losses.mean(
            predictions: moved, targets: targets, weights: weights, mask: mask, gradient: &gradient,
            curvature: &curvature)
          : losses.sum(
            predictions: moved, targets: targets, weights: weights, mask: mask, gradient: &gradient,
            curvature: &curvature)
        return gradient.elements
      }
      let curvature = try losses.curvature(
        of: reduction, predictions: predictions, targets: targets, weights: weights, mask: mask)
      #expect(curvature.kind == .exact && curvature.count == 8 * width)
      let product = curvature.product(with: direction.elements)
      let step = 1e-6, (above, below) = (try gradient(step), try gradient(-step))
      for index in product.indices {
        // Off by h² times a third derivative of order 100 (of the hours), and by ε/h times a gradient of order 10.
        #expect(abs(product[index] - (above[index] - below[index]) / (2 * step)) < 1e-8 * (1 + abs(product[index])))
      }
      // Logits of one row bend together: what one does to the others is not 0.
      let logits = losses["colour"]!.predictions
      var unit = [Double](repeating: 0, count: 8 * width)
      unit[logits.lowerBound] = 1
      let column = curvature.product(with: unit)
      #expect(column[logits.lowerBound] > 0 && column[logits.lowerBound + 1] < 0)
      #expect(abs(logits.reduce(0) { $0 + column[$1] }) < 1e-15)
      #expect(product[6 * width..<7 * width].allSatisfy { $0 == 0 })
    }
    let none = [Bool](repeating: false, count: 8)
    #expect(throws: ColumnLossError.self) {
      try losses.curvature(of: .sum, predictions: predictions, targets: targets, mask: none)
    }
    // In a part of a table in which a column has nothing, the others still bend.
    let part = try losses.curvature(of: .sum, predictions: predictions[rows: 3..<4], targets: targets[rows: 3..<4])
    let ones = part.product(with: [Double](repeating: 1, count: width))
    #expect(losses["colour"]!.predictions.allSatisfy { ones[$0] == 0 } && ones[0] > 0)
  }

  @Test("The number of threads does not matter")
  func threads() throws {
    let losses = try Self.losses()
    let rows = 40_000
    let table = Self.table.selecting(rows: (0..<rows).map { $0 % 8 })
    let targets = try losses.targets(of: table)
    var random = SeededGenerator(seed: 3)
    let predictions = Matrix<Double>(rows: rows, columns: losses.predictionCount) { _, _ in
      .random(in: -2...2, using: &random)
    }
    func run(_ threads: Int) throws -> (ColumnLosses.Value, Matrix<Double>, Matrix<Double>) {
      var (gradient, curvature) = (predictions, predictions)
      let value = try Parallelism.withThreads(threads) {
        try losses.mean(predictions: predictions, targets: targets, gradient: &gradient, curvature: &curvature)
      }
      return (value, gradient, curvature)
    }
    let one = try run(1), three = try run(3)
    #expect(one.0 == three.0 && one.1 == three.1 && one.2 == three.2)
  }
}
