import Foundation
import Testing

@Suite struct FitTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Fixtures")
  private static let table = fixtures.appendingPathComponent("regression.csv").path

  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Checks every number of the expected tree, to 12 digits.
  private func expect(_ actual: JSONTree, _ expected: JSONTree, _ path: String) {
    switch expected {
    case .object(let members):
      for (key, value) in members { expect(actual[key], value, path + "." + key) }
    case .array(let elements):
      #expect(actual.elements.count == elements.count, "\(path)")
      for (index, pair) in zip(actual.elements, elements).enumerated() { expect(pair.0, pair.1, "\(path)[\(index)]") }
    case .number(let number):
      #expect(abs(actual.double - number) <= 1e-12 * abs(number), "\(path): \(actual.double), not \(number)")
    default:
      #expect(actual == expected, "\(path)")
    }
  }

  @Test(arguments: ["automatic", "cholesky", "qr", "pivoted-qr", "pivotedQR", "svd"])
  func everyMethodSaysWhatRSays(method: String) throws {
    let data = try Data(contentsOf: Self.fixtures.appendingPathComponent("regression.json"))
    for example in try JSONDecoder().decode(JSONTree.self, from: data).elements {
      var options = try #require(example.options.string).split(separator: " ").map(String.init)
      if !options.contains("--features") { options += ["--features", "a,b,c"] }
      let fit = try scratch.json(["fit", Self.table, "--target", "y", "--method", method] + options)
      expect(fit, example.expected, "\(method) \(options.joined(separator: " "))")
      #expect(fit.method.string?.isEmpty == false)
      #expect(fit.condition.double >= 1)
      if options.contains("--ridge") {
        #expect(fit.coefficients.elements.allSatisfy { $0["std.error"] == .null && $0["p.value"] == .null })
      }
    }
  }

  @Test func theJSONHasBroomsNames() throws {
    let fit = try scratch.json(["fit", Self.table, "--target", "y"])
    let issue = [
      "coefficients", "sigma", "r.squared", "adj.r.squared", "df.residual", "rank", "method", "condition",
    ]
    #expect(Set(fit.keys).isSuperset(of: issue))
    #expect(fit.coefficients.elements.map(\.term.string) == ["(Intercept)", "a", "b", "c", "w"])
    for term in fit.coefficients.elements {
      #expect(term.keys == ["conf.high", "conf.low", "estimate", "p.value", "statistic", "std.error", "term"])
    }
  }

  @Test func theSummaryReadsLikeRs() throws {
    let outcome = try scratch.run(["fit", Self.table, "--target", "y", "--features", "a,b", "--level", "90"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    for text in ["y ~ a + b", "(Intercept)", "Std. Error", "Pr(>|t|)", "Median", "Residual standard error", "90 %"] {
      #expect(outcome.output.contains(text), "\(text)")
    }
  }

  @Test func numbersInJSONReadBackAsTheSameBits() throws {
    let outcome = try scratch.run(["fit", Self.table, "--target", "y", "--json"])
    let estimates = outcome.output.split(separator: "\n").filter { $0.contains("\"estimate\"") }
    #expect(estimates.count == 5)
    for line in estimates {
      let text = line.split(separator: " ").last?.dropLast() ?? ""
      let value = try #require(Double(text))
      #expect(String(format: "%.17g", value) == text)
    }
  }

  @Test func dependentColumnsAreAnErrorThatNamesThem() throws {
    try scratch.write("y,a,b,sum\n1,1,0,1\n2,0,1,1\n4,1,1,2\n3,2,1,3\n7,3,5,8\n", to: "data.csv")
    let common = ["fit", "data.csv", "--target", "y"]
    let refused = try scratch.run(common)
    #expect(refused.status == 2)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains("sum is a combination of a and b"), "\(refused.errors)")
    #expect(refused.errors.contains("--dependent drop"))
    let dropped = try scratch.json(common + ["--dependent", "drop"])
    #expect(dropped.rank.double == 3)
    #expect(dropped["dropped.columns"].elements == [.string("sum")])
    #expect(dropped.coefficients.elements.last?.estimate == .null)
    #expect(try scratch.json(common + ["--dependent", "minimum-norm"]).rank.double == 3)
    #expect(try scratch.json(common + ["--ridge", "0.1"]).coefficients.elements.count == 4)
  }

  @Test func oneColumnTooFewOrTooManyRolesAreRefused() throws {
    let common = ["fit", Self.table, "--target", "y"]
    for (options, text) in [
      (["--features", "a,y"], "something else at once"), (["--weights", "y"], "something else at once"),
      (["--features", "a,a"], "twice"), (["--ridge", "-1"], "--ridge"), (["--level", "100"], "--level"),
      (["--method", "magic"], "magic"), (["--delimiter", "::"], "--delimiter"), (["--delimiter", "."], "--delimiter"),
    ] {
      let outcome = try scratch.run(common + options)
      #expect(outcome.status == 64, "\(options): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }
  }

  @Test func aNegativeWeightIsNamedByItsLine() throws {
    try scratch.write("y,a,w\n\n1,1,1\n2,0,1\n4,1,-2\n3,2,1\n", to: "data.csv")
    let outcome = try scratch.run(["fit", "data.csv", "--target", "y", "--weights", "w"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("data.csv:5: the weight is -2.0"), "\(outcome.errors)")
  }

  @Test func theDemoAgreesWithNIST() throws {
    let outcome = try scratch.run(["demo"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("-3482258.63459582"))
    let report = try scratch.json(["demo"])
    #expect(report.comparisons.elements.count == 16)
    for comparison in report.comparisons.elements {
      let (value, certified) = (comparison.value.double, comparison.certified.double)
      #expect(abs(value - certified) <= 1e-11 * abs(certified), "\(comparison.quantity.string ?? "")")
    }
  }
}
