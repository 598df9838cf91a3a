import LossAccel
import TestSupport
import Testing

@Suite struct ModelFormulaErrorTests {
  private let table: DataTable = [
    "y": DataColumn([1.0, 3, 2, 5, 4, 7]), "x": DataColumn([1.0, 2, 3, 4, 5, 6]),
    "zero": DataColumn([0.0, 1, 2, 0, 1, 2]),
    "text": DataColumn(["a", "b", "a", "c", "b", "a"]), "one": DataColumn(["u", "u", "u", "u", "u", "u"]),
    "gap": DataColumn([1, nil, 3, 4, nil, 5]),
  ]

  /// The text, where the mark stands (counted in characters), and a piece of the advice.
  @Test(arguments: [
    ("y x", 2, "not expected"), ("y", 1, "has a ~"), ("y ~", 3, "ends where"), ("y ~ x +", 7, "ends where"),
    ("y ~ x ~ x", 6, "one ~"), ("y ~ (x", 4, "never closed"), ("y ~ x)", 5, "not expected"),
    ("y ~ log(x", 7, "never closed"),
    ("y ~ x $ x", 6, "no meaning"), ("y ~ `x", 4, "never closed"), ("y ~ \"x\"", 4, "backquotes"),
    ("y ~ 2x", 4, "backquotes"),
    ("y ~ 2 + x", 4, "I(…)"), ("y ~ x * 2", 8, "I(2 * x)"), ("y ~ x^2.5", 6, "whole powers"),
    ("y ~ x^x", 6, "whole powers"),
    ("y ~ sine(x)", 4, "not known"), ("y ~ poly(x, 0)", 4, "1 to 32"), ("y ~ poly(x, z)", 4, "1 to 32"),
    ("y ~ poly()", 4, "poly takes"),
    ("y ~ poly(x, 2, raw = 3)", 4, "raw is TRUE"), ("y ~ C(log(x))", 4, "one column"),
    ("y ~ C(x, ref = y)", 4, "reference level"),
    ("y ~ x > 3", 6, "I(…)"), ("y ~ I(x : x)", 8, "+ - * / ^"), ("y ~ I(\"x\")", 6, "computed with"),
    ("y ~ log(., 2)", 8, "stands for terms"),
    ("y ~ log(x, 2, 3)", 4, "one argument"), ("y ~ offset()", 4, "one argument"),
    ("y ~ relevel(x)", 4, "relevel takes"), ("", 0, "ends where"),
  ]) func readingSaysWhereAndWhat(text: String, offset: Int, advice: String) throws {
    let error = #expect(throws: ModelFormulaError.self) { try ModelFormula(text) }
    guard case .syntax(text, let place, let problem) = error else {
      Issue.record("\(text): \(String(describing: error))")
      return
    }
    #expect(place == offset && problem.contains(advice), "\(text): \(place), \(problem)")
    #expect(try #require(error).description.hasSuffix(String(repeating: " ", count: offset + 2) + "^"))
  }

  @Test func deepNestingIsRefused() throws {
    for text in [
      String(repeating: "(", count: 20_000), "y ~ " + String(repeating: "-", count: 20_000) + "x",
      "y ~ " + String(repeating: "log(", count: 20_000), "y ~ x" + String(repeating: "^x", count: 20_000),
    ] {
      #expect(throws: ModelFormulaError.self) { try ModelFormula(text) }
    }
    _ = try ModelFormula("y ~ " + String(repeating: "(", count: 150) + "x" + String(repeating: ")", count: 150))
  }

  /// Random strings of pieces of formulas: an error or a formula, never a crash, and offsets that lie in the text.
  @Test func nonsenseIsRefusedInAnOrderlyWay() {
    let pieces = [
      "y", "x", "~", "+", "-", "*", ":", "^", "/", "(", ")", "1", "0", "2", ".", "log(", "poly(", "C(", "I(", ",", "=",
      "`", "\"", " ", "<", "%in%", "ü", "offset(",
    ]
    var generator = SeededGenerator(seed: 9)
    var formulas = 0
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 1...9, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }
        .joined()
      do {
        let formula = try ModelFormula("y~" + text)
        formulas += 1
        _ = try? LinearRegression.fit(formula, table, missing: .drop)
      } catch {
        guard case .syntax(let whole, let offset, _) = error else {
          Issue.record("\(text): \(error)")
          continue
        }
        #expect(offset >= 0 && offset <= whole.count)
      }
    }
    #expect(formulas > 100)
  }

  @Test func applyingSaysWhatIsWrong() throws {
    func error(_ formula: String, missing: MissingValues = .error, _ policy: RankDeficiency = .drop)
      -> ModelFormulaError?
    {
      do {
        _ = try LinearRegression.fit(formula, table, missing: missing, whenRankDeficient: policy)
        return nil
      } catch { return error }
    }
    #expect(
      error("y ~ x + w") == .unknownColumn(formula: "y ~ x + w", offset: 8, name: "w", columns: table.names))
    #expect(error("y ~ gap") == .missingValue(column: "gap", row: 1))
    #expect(error("y ~ gap", missing: .drop) == nil)
    #expect(error("y ~ log(zero)") == .notFinite(term: "log(zero)", row: 0, value: -.infinity))
    // Rows are those of the table, also where others were left out.
    #expect(
      error("y ~ I(1 / (x - 4)) + gap", missing: .drop) == .notFinite(term: "I(1/(x - 4))", row: 3, value: .infinity))
    for (formula, text) in [
      ("y ~ one", "only the level \"u\""), ("y ~ log(text)", "column of text"), ("text ~ x", "column of text"),
      ("y ~ C(text, ref = \"z\")", "not one of its levels, which are: a, b, c"),
      ("y ~ poly(zero, 3)", "distinct values"),
    ] {
      #expect(error(formula)?.description.contains(text) ?? false, "\(formula): \(String(describing: error(formula)))")
    }
    #expect(error(" ~ x")?.description.contains("a response is needed") ?? false)
    guard case .dependentColumns(let sentences) = error("y ~ x + I(2 * x) + C(text)", .error) else {
      Issue.record("dependent columns were not refused")
      return
    }
    #expect(sentences == ["I(2 * x) is a multiple of x"])
  }

  @Test func newTablesAreHeldToTheLevelsOfTheFit() throws {
    let model = try LinearRegression.fit("y ~ x + text", table)
    #expect(model.design?.levels == ["text": ["a", "b", "c"]])
    let fewer: DataTable = ["x": DataColumn([1.0, 2]), "text": DataColumn(["c", "a"])]
    let all = try model.predict(table.selecting(rows: [3, 0]))
    let shifted = try model.predict(fewer)
    #expect(shifted.count == 2 && abs(shifted[0] - (all[0] - 3 * (model["x"] ?? .nan))) < 1e-12)
    let unknown: DataTable = ["x": DataColumn([1.0, 2]), "text": DataColumn(["a", "d"])]
    #expect(throws: ModelFormulaError.unknownLevel(term: "text", level: "d", row: 1)) { try model.predict(unknown) }
    let missing: DataTable = ["x": DataColumn([1.0, nil]), "text": DataColumn(["a", "b"])]
    #expect(throws: ModelFormulaError.missingValue(column: "x", row: 1)) { try model.predict(missing) }
    #expect(throws: ModelFormulaError.self) { try model.predict(["x": DataColumn([1.0])]) }
  }

  @Test func weightsAreAColumnThatTheDotDoesNotStandFor() throws {
    var table = table.selecting(rows: Array(0..<6))
    table["w"] = DataColumn([1.0, 2, 0, 1, 3, 1])
    for name in ["text", "one", "gap"] { table[name] = nil }
    let model = try LinearRegression.fit("y ~ .", table, weights: "w")
    #expect(model.coefficients.map(\.term) == ["(Intercept)", "x", "zero"] && model.observations == 5)
    let matrix = Matrix((0..<6).map { [Double($0 + 1), [0.0, 1, 2, 0, 1, 2][$0]] })
    let plain = try LinearRegression.fit(features: matrix, targets: [1, 3, 2, 5, 4, 7], weights: [1, 2, 0, 1, 3, 1])
    #expect(model.coefficients.map(\.estimate) == plain.coefficients.map(\.estimate))
    table["w"] = DataColumn([1.0, 2, 0, -1, 3, 1])
    #expect(throws: ModelFormulaError.leastSquares(.invalidWeight(row: 3, value: -1))) {
      try LinearRegression.fit("y ~ x", table, weights: "w")
    }
  }
}
