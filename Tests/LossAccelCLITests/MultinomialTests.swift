import Foundation
import Testing

/// `fit --family multinomial` and `predict`.
@Suite struct MultinomialTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    var lines = ["a,b,kind,number"]
    for row in 0..<60 {
      let (a, b) = (Double(row * 7 % 23) / 4, Double(row * 5 % 17) / 3)
      let number = [a + Double(row % 5), b + Double(row * 3 % 7), 4].enumerated().max { $0.element < $1.element }!
        .offset
      lines.append("\(a),\(b),\(["low", "mid, or so", "top"][number]),\(number)")
    }
    let quoted = lines.map { $0.replacingOccurrences(of: "mid, or so", with: "\"mid, or so\"") }
    try scratch.write(quoted.joined(separator: "\n") + "\n", to: "kinds.csv")
    try scratch.write("x,y\n1,a\n2,a\n3,b\n4,b\n5,c\n6,c\n", to: "apart.csv")
  }

  private static let digits = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/digits.csv").path

  @Test func textsAndWholeNumbersAreClasses() throws {
    let texts = try scratch.json([
      "fit", "kinds.csv", "--target", "kind", "--features", "a,b", "--family", "multinomial",
    ])
    let numbers = try scratch.json(
      ["fit", "kinds.csv", "--target", "number", "--features", "a,b", "--family", "multinomial"])
    #expect(texts.classes.elements.map(\.string) == ["low", "mid, or so", "top"])
    #expect(numbers.classes.elements.map(\.string) == ["0", "1", "2"] && numbers.reference.string == "0")
    let estimates = texts.coefficients.elements.map(\.estimate.double)
    #expect(estimates.count == 6 && estimates == numbers.coefficients.elements.map(\.estimate.double))
    #expect(
      texts.coefficients.elements.allSatisfy {
        $0["std.error"].double > 0 && $0["conf.low"].double < $0["conf.high"].double
      })
    #expect(texts.deviance.double < texts["null.deviance"].double && texts.nobs.double == 60 && texts.rank.double == 6)
    let summary = try scratch.run(
      ["fit", "kinds.csv", "--formula", "kind ~ a + b", "--family", "multinomial", "--level", "90"])
    for text in ["kind ~ a + b", "top against low:", "z value", "90 %", "McFadden"] {
      #expect(summary.output.contains(text), "\(text)")
    }
  }

  @Test func savedModelsPredictClassesAndProbabilities() throws {
    let saved = try scratch.run([
      "fit", "kinds.csv", "--target", "kind", "--features", "a,b", "--family", "multinomial", "--ridge", "0.01",
      "--save",
      "model.json",
    ])
    #expect(saved.status == 0 && saved.output.contains("no standard errors"))
    let lines = try scratch.run(["predict", "model.json", "kinds.csv"]).output.split(separator: "\n")
    #expect(lines.count == 61 && lines[0] == "class,p.low,\"p.mid, or so\",p.top")
    let rows = try scratch.json(["predict", "model.json", "kinds.csv", "--json"]).elements
    for row in rows {
      let shares = ["p.low", "p.mid, or so", "p.top"].map { row[$0].double }
      #expect(abs(shares.reduce(0, +) - 1) <= 1e-14)
      let best = shares.indices.max { shares[$0] < shares[$1] }!
      #expect(row["class"].string == ["low", "mid, or so", "top"][best])
    }
    let logits = try scratch.json(["predict", "model.json", "kinds.csv", "--type", "link", "--json"]).elements
    let (first, share) = (logits[0], rows[0])
    let ratio = exp(first["logit.low"].double - first["logit.top"].double)
    #expect(abs(ratio - share["p.low"].double / share["p.top"].double) <= 1e-12 * ratio)
    let level = try scratch.run(["predict", "model.json", "kinds.csv", "--level", "95"])
    #expect(level.status == 64 && level.errors.contains("--level"))
  }

  @Test func digitsAreReadFromTheirFile() throws {
    let arguments = [
      "fit", Self.digits, "--no-header", "--target", "65", "--family", "multinomial", "--ridge", "0.01", "--holdout",
      "0.2",
    ]
    let fit = try scratch.json(arguments)
    #expect(fit.test.nobs.double == 359 && fit.nobs.double == 1438 && fit.classes.elements.count == 10)
    #expect(fit.test.accuracy.double >= 0.94 && fit.test["log.loss"].double < 0.25)
    #expect(fit.test.confusion.elements.flatMap { $0.elements.map(\.double) }.reduce(0, +) == 359)
    let text = try scratch.run(arguments).output
    #expect(text.contains("Test: 359 records, accuracy 0.9") && text.contains("~ 64 columns"))
    let other = try scratch.json(arguments + ["--seed", "7"])
    #expect(other.test.nobs.double == 359 && other.test["log.loss"] != fit.test["log.loss"])
  }

  @Test func otherTablesTest() throws {
    let all = ["fit", "kinds.csv", "--formula", "kind ~ a + b", "--family", "multinomial", "--test"]
    let fit = try scratch.json(all + ["kinds.csv"])
    #expect(fit.test.nobs.double == 60 && abs(fit.test["log.loss"].double - fit["mean.loss"].double) <= 1e-14)
    try scratch.write("a,b,kind\n1,2,low\n1,2,odd\n", to: "odd.csv")
    let odd = try scratch.run(all + ["odd.csv"])
    #expect(odd.status == 1 && odd.errors.contains("odd.csv") && odd.errors.contains("\"odd\""))
  }

  @Test(
    arguments: [
      (["apart.csv", "--target", "y", "--family", "multinomial"], 2, "--ridge 0.01"),
      (["apart.csv", "--target", "y", "--family", "multinomial", "--link", "logit"], 64, "--link"),
      (["apart.csv", "--target", "y", "--family", "multinomial", "--covariance", "hc3"], 64, "--covariance"),
      (["apart.csv", "--target", "x", "--family", "poisson", "--holdout", "0.5"], 64, "multinomial"),
      (["apart.csv", "--target", "y", "--family", "multinomial", "--holdout", "1.5"], 64, "0.2"),
      (["kinds.csv", "--target", "a", "--features", "b", "--family", "multinomial"], 1, "whole numbers"),
    ] as [([String], Int32, String)])
  func mistakesAreExplained(arguments: [String], status: Int32, text: String) throws {
    let outcome = try scratch.run(["fit"] + arguments)
    #expect(outcome.status == status && outcome.output.isEmpty)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
  }
}
