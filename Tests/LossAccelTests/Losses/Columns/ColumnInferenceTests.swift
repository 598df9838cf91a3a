import LossAccel
import Testing

@Suite("What columns are taken to be")
struct ColumnInferenceTests {
  @Test("Kinds are inferred, given kinds are kept, and both say why")
  func kinds() throws {
    let losses = try ColumnLossesTests.losses(weights: nil)
    #expect(losses.columns.map(\.name) == ["length", "visits", "member", "colour", "grade", "hour", "cost", "days"])
    #expect(losses["length"]!.kind == .real && losses["length"]!.reason == "numbers with fractions, such as 1.5")
    #expect(losses["visits"]!.kind == .count && losses["visits"]!.reason == "whole numbers from 0 to 7")
    #expect(losses["member"]!.kind == .boolean && losses["member"]!.reason == "truth values")
    #expect(losses["colour"]!.kind == .categorical && losses["colour"]!.levels == ["red", "green", "blue"])
    #expect(losses["grade"]!.levels == ["low", "middle", "high"] && losses["grade"]!.reason == "as given")
    #expect(losses["died"] == nil)
    #expect(losses.predictionCount == 10 && losses["colour"]!.predictions == 3..<6)
    let lines = losses.description.split(separator: "\n")
    #expect(lines.count == 8)
    #expect(lines[3].hasPrefix("colour: categorical [red, green, blue] (text of 3 different values, 1 missing), null"))
    #expect(lines[5].hasPrefix("hour: periodic 24 (as given, 1 missing), null loss 0.0"))
    #expect(lines[7].hasPrefix("days: censored by died (as given), null loss "))
  }

  @Test("Every type of column")
  func types() throws {
    func inferred(_ column: DataColumn) throws -> ColumnKind { try ColumnLosses(of: ["x": column]).columns[0].kind }
    #expect(try inferred(DataColumn([0, 1, 1])) == .boolean)
    #expect(try inferred(DataColumn([0.0, 1, nil])) == .boolean)
    #expect(try inferred(DataColumn([-1, 2, 3])) == .real)
    #expect(try inferred(DataColumn([4.0, 2, .nan])) == .count)
    #expect(try inferred(DataColumn(["a", nil])) == .categorical)
    #expect(try inferred(DataColumn([true, false])) == .boolean)
    // Levels of numbers and truth values are in their order, and are found in columns of other types.
    let losses = try ColumnLosses(
      of: [
        "n": DataColumn([10, 9, 9, 30]), "r": DataColumn([2.5, 1, 1, -0.0]),
        "b": DataColumn([true, false, true, true]),
      ],
      kinds: ["n": .categorical, "r": .ordinal, "b": .ordinal])
    #expect(losses.columns.map(\.levels) == [["9", "10", "30"], ["0", "1", "2.5"], ["false", "true"]])
    let others: DataTable = [
      "n": DataColumn([9.0, 30]), "r": DataColumn([0, 1]), "b": DataColumn([false, true]),
    ]
    #expect(try losses.mean(predictions: losses.nullPredictions(rows: 2), targets: others).total > 0)
  }

  @Test("Columns with nothing to learn count nothing")
  func constants() throws {
    let table: DataTable = [
      "same": DataColumn([2.5e-9, 2.5e-9]), "text": DataColumn(["a", "a"]), "yes": DataColumn([true, true]),
      "none": DataColumn([0, 0]), "level": DataColumn([3, 3]), "noon": DataColumn([12.0, 36]),
      "days": DataColumn([2.0, 3]), "died": DataColumn([false, false]),
    ]
    let losses = try ColumnLosses(
      of: table,
      kinds: [
        "none": .count, "level": .ordinal, "noon": .periodic(period: 24), "days": .censored(event: "died"),
      ])
    #expect(losses.columns.allSatisfy { $0.nullLoss == 0 && $0.scale == 0 })
    #expect(
      losses.description.contains("same: real (numbers with fractions, such as 2.5e-09), constant: nothing to learn"))
    var predictions: Matrix<Double> = losses.nullPredictions(rows: 2)
    predictions[0, 0] = 1
    var (gradient, curvature) = (predictions, predictions)
    let value = try losses.mean(predictions: predictions, targets: table, gradient: &gradient, curvature: &curvature)
    #expect(value.total == 0 && value.losses[0] > 0 && value.losses.dropFirst().allSatisfy { abs($0) < 1e-300 })
    #expect(gradient.elements.allSatisfy { $0 == 0 })
    // Small differences are differences: 1e-9 and 3e-9 have the variance 1e-18.
    let small = try ColumnLosses(of: ["x": DataColumn([1e-9, 3e-9])])
    #expect(abs(small.columns[0].nullLoss - 1e-18) < 1e-32)
  }

  @Test("Mistakes are named, with column, row and cure")
  func mistakes() throws {
    let losses = try ColumnLossesTests.losses()
    let table = ColumnLossesTests.table
    var predictions: Matrix<Double> = losses.nullPredictions(rows: 8)
    func expect(_ expected: ColumnLossError, _ says: String, _ body: () throws -> Void) {
      let error = #expect(throws: ColumnLossError.self, performing: body)
      #expect(error == expected)
      #expect(error?.description.contains(says) == true, "\(error!)")
    }
    var other = table
    other["colour"] = DataColumn(["red", "green", "pink", nil, "blue", "green", "red", "blue"])
    expect(
      .unknownLevel(column: "colour", row: 2, level: "pink", known: ["red", "green", "blue"]), "mark it as missing"
    ) {
      var (gradient, curvature) = (predictions, predictions)
      defer { #expect(gradient.elements.allSatisfy(\.isNaN) && curvature.elements.allSatisfy(\.isNaN)) }
      _ = try losses.mean(predictions: predictions, targets: other, gradient: &gradient, curvature: &curvature)
    }
    other["colour"] = nil
    expect(.noColumn(name: "colour", known: other.names), "It has: length") {
      _ = try losses.mean(predictions: predictions, targets: other)
    }
    expect(.noColumn(name: "age", known: table.names), "no column age") {
      _ = try ColumnLosses(of: table, kinds: ["age": .real])
    }
    expect(.noColumn(name: "dead", known: table.names), "no column dead") {
      _ = try ColumnLosses(of: table, kinds: ["days": .censored(event: "dead")])
    }
    expect(.text(column: "colour", kind: .count), "Let it be categorical or ordinal") {
      _ = try ColumnLosses(of: table, kinds: ["colour": .count])
    }
    expect(.orderNotGiven(column: "grade", levels: ["low", "high", "middle"]), ".ordinal(levels: [\"low\", ") {
      _ = try ColumnLosses(of: table, kinds: ["grade": .ordinal])
    }
    expect(.levelNotFound(column: "grade", level: "top"), "Leave the level out") {
      _ = try ColumnLosses(of: table, kinds: ["grade": .ordinal(levels: ["low", "middle", "high", "top"])])
    }
    expect(.unknownLevel(column: "grade", row: 1, level: "high", known: ["low", "middle"]), "none of its levels") {
      _ = try ColumnLosses(of: table, kinds: ["grade": .ordinal(levels: ["low", "middle"])])
    }
    for (kind, element, row) in [
      (ColumnKind.positive, "-1.0", 1), (.count, "-1.0", 1), (.count, "2.5", 2), (.boolean, "-1.0", 1),
      (.censored(event: "seen"), "-1.0", 1),
    ] {
      let x = element == "2.5" ? [0, 1, 2.5] : [1, -1, 1]
      expect(.wrongElement(column: "x", kind: kind, row: row, element: element), "in row \(row)") {
        _ = try ColumnLosses(of: ["x": DataColumn(x), "seen": DataColumn([true, true, false])], kinds: ["x": kind])
      }
    }
    expect(.wrongElement(column: "x", kind: .real, row: 1, element: "inf"), "a finite number") {
      _ = try ColumnLosses(of: ["x": DataColumn([0.5, .infinity])])
    }
    expect(.wrongElement(column: "seen", kind: .boolean, row: 0, element: "2.0"), "0 or 1") {
      _ = try ColumnLosses(
        of: ["x": DataColumn([1.0]), "seen": DataColumn([2])], kinds: ["x": .censored(event: "seen")])
    }
    expect(.nothingIn(column: "x"), "Leave the column out") {
      _ = try ColumnLosses(of: ["x": DataColumn([Double?.none, nil])])
    }
    expect(.nothingIn(column: "x"), "Leave the column out") {
      _ = try ColumnLosses(of: ["x": DataColumn([1.5, nil])], weights: [0, 1])
    }
    expect(.emptyTable, "at least one row") { _ = try ColumnLosses(of: DataTable()) }
    expect(.invalidWeight(row: 1, value: -2), "row 1") {
      _ = try ColumnLosses(of: ["x": DataColumn([1.5, 2])], weights: [0, -2])
    }
    expect(.nullLossOutOfRange(column: "x", nullLoss: .infinity), "another unit") {
      _ = try ColumnLosses(of: ["x": DataColumn([-1e200, 1e200])])
    }
    expect(.nullLossOutOfRange(column: "x", nullLoss: 0), "another unit") {
      _ = try ColumnLosses(of: ["x": DataColumn([1e-200, 2e-200])])
    }
    var weights = ColumnLossesTests.known.weights
    weights[4] = .nan
    expect(.nothingIn(column: "length"), "masked") {
      _ = try losses.mean(predictions: predictions, targets: table, mask: [Bool](repeating: false, count: 8))
    }
    predictions[0, 0] = 3
    #expect(throws: ColumnLossError.self) {
      try losses.mean(predictions: predictions, targets: table, weights: weights)
    }
  }
}
