import Foundation
import Testing

/// `fit --family`, `fit --loss` and `predict`; the numbers are those of R's `glm` for the same tables.
@Suite struct ModelTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    let doses = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839]
    let counts = zip([6.0, 13, 18, 28, 52, 53, 61, 60], [59.0, 60, 62, 56, 63, 59, 62, 60])
    let lines = zip(doses, counts).map { "\($0),\($1.1),\($1.0 / $1.1)" }
    try scratch.write((["dose,beetles,share"] + lines).joined(separator: "\n") + "\n", to: "beetles.csv")
    try scratch.write("dose\n1.8\n1.85\n", to: "new.csv")
    try scratch.write("x,g,y\n1,a,no\n2,b,no\n3,a,no\n4,a,yes\n5,b,yes\n6,a,yes\n", to: "separated.csv")
    try scratch.write(
      "treated,count,years\n0,3,1\n0,9,2\n0,4,1\n0,12,3\n1,10,1\n1,22,2\n1,31,3\n1,14,1\n", to: "years.csv")
    try scratch.write("x,y\n1,2\n2,-1\n3,4\n4,5\n", to: "plain.csv")
  }

  private func isNear(_ value: JSONTree, _ expected: Double, _ digits: Double = 1e-8) -> Bool {
    abs(value.double - expected) <= digits * abs(expected)
  }

  @Test func binomialWithTrialsIsThatOfR() throws {
    let fit = try scratch.json(
      ["fit", "beetles.csv", "--target", "share", "--family", "binomial", "--weights", "beetles", "--link", "cloglog"])
    let dose = fit.coefficients.elements[1]
    #expect(dose.term.string == "dose" && isNear(dose.estimate, 22.041169820757556, 1e-14))
    #expect(isNear(dose["std.error"], 1.7993551909810614) && isNear(fit.deviance, 3.446438733024405, 1e-12))
    #expect(isNear(fit["null.deviance"], 284.20244948083143) && isNear(fit.AIC, 33.64447, 1e-6))
    #expect(fit["df.null"].double == 7 && fit["df.residual"].double == 6 && fit.family.string == "binomial")
    let summary = try scratch.run(
      ["fit", "beetles.csv", "--target", "share", "--family", "binomial", "--weights", "beetles", "--level", "95"])
    for text in ["share ~ dose", "link: logit", "z value", "Null deviance: 284.2 on 7", "AIC: 41.43", "95 %"] {
      #expect(summary.output.contains(text), "\(text)")
    }
  }

  @Test func offsetsAndSandwichesAreThoseOfR() throws {
    for arguments in [
      ["--formula", "count ~ treated + offset(log(years))"], ["--formula", "count ~ offset(log(years)) + treated"],
    ] {
      let fit = try scratch.json(["fit", "years.csv", "--family", "poisson", "--covariance", "hc1"] + arguments)
      #expect(isNear(fit.coefficients.elements[1].estimate, 1.0116009116784799, 1e-13))
      #expect(isNear(fit.coefficients.elements[1]["std.error"], 0.0809303857))
    }
    try scratch.write("t,c,o\n0,3,0\n0,9,0.6931471805599453\n1,10,0\n1,22,0.6931471805599453\n", to: "offset.csv")
    let named = try scratch.json(["fit", "offset.csv", "--target", "c", "--offset", "o", "--family", "poisson"])
    let written = try scratch.json(["fit", "offset.csv", "--formula", "c ~ t + offset(o)", "--family", "poisson"])
    #expect(named.coefficients == written.coefficients && named.coefficients.elements.count == 2)
  }

  @Test func savedModelsPredict() throws {
    let saved = try scratch.run([
      "fit", "beetles.csv", "--target", "share", "--family", "binomial", "--weights", "beetles", "--link", "cloglog",
      "--save", "model.json",
    ])
    #expect(saved.status == 0)
    let rows = try scratch.json(["predict", "model.json", "new.csv", "--level", "95", "--json"]).elements
    #expect(isNear(rows[0].prediction, 0.669502622893, 1e-8) && isNear(rows[1].prediction, 0.964311820129, 1e-8))
    #expect(isNear(rows[0]["std.error"], 0.02904710229, 1e-4) && rows[0]["conf.low"].double < rows[0].prediction.double)
    let links = try scratch.run(["predict", "model.json", "new.csv", "--type", "link"])
    #expect(links.output.hasPrefix("prediction\n0.1017950") && links.output.split(separator: "\n").count == 3)
  }

  @Test func factorsAndPolynomialsAreSavedWithTheModel() throws {
    try scratch.write("x,g,y\n1,a,0\n2,b,1\n3,a,0\n4,a,1\n5,b,1\n6,a,0\n", to: "factor.csv")
    let fit = try scratch.run([
      "fit", "factor.csv", "--formula", "y ~ poly(x, 2) + g", "--family", "binomial", "--ridge", "0.1", "--save",
      "m.json",
    ])
    #expect(fit.status == 0)
    let all = try scratch.run(["predict", "m.json", "factor.csv"]).output.split(separator: "\n")
    #expect(Set(all).count == 7)
    try scratch.write("g,x\na,4\nb,2\n", to: "some.csv")
    let some = try scratch.run(["predict", "m.json", "some.csv"]).output.split(separator: "\n")
    #expect(some == ["prediction", all[4], all[2]])
  }

  @Test func lossesAndPenaltiesFit() throws {
    let huber = try scratch.json(["fit", "plain.csv", "--target", "y", "--loss", "huber", "--set", "delta=1.5"])
    #expect(huber.loss.string == "huber" && isNear(huber.coefficients.elements[1].estimate, 17.0 / 14, 1e-6))
    let lasso = try scratch.json(["fit", "plain.csv", "--target", "y", "--loss", "squared-error", "--lasso", "100"])
    #expect(lasso.coefficients.elements[1].estimate.double == 0)
    #expect(isNear(lasso.coefficients.elements[0].estimate, 2.5, 1e-7))
    let sparse = try scratch.json(["fit", "years.csv", "--target", "count", "--family", "poisson", "--lasso", "100"])
    #expect(sparse.coefficients.elements.dropFirst().allSatisfy { $0.estimate.double == 0 })
  }

  @Test func separationIsAnErrorWithTwoCures() throws {
    let fit = ["fit", "separated.csv", "--formula", "y ~ x", "--family", "binomial"]
    let refused = try scratch.run(fit)
    #expect(refused.status == 2 && refused.output.isEmpty)
    for text in ["separated.csv", "The column x separates", "--ridge", "--firth"] {
      #expect(refused.errors.contains(text), "\(text)")
    }
    for cure in [["--firth"], ["--ridge", "0.1"]] {
      #expect(try scratch.json(fit + cure).coefficients.elements[1].estimate.double > 0)
    }
  }

  /// The divergence without its other half falls however large the predictions are.
  @Test func lossesWithoutAMinimumAreErrors() throws {
    try scratch.write("x,y\n1,2\n2,3\n3,5\n4,4\n5,7\n6,8\n", to: "amounts.csv")
    for more in [[], ["--ridge", "0.1"], ["--lasso", "0.1"], ["--stream"]] {
      let refused = try scratch.run(["fit", "amounts.csv", "--target", "y", "--loss", "kl"] + more)
      #expect(refused.status == 2 && refused.output.isEmpty, "\(more): \(refused.output)")
      #expect(refused.errors.contains("fall") && refused.errors.contains("without end"), "\(more): \(refused.errors)")
    }
    #expect(try scratch.run(["fit", "amounts.csv", "--target", "y", "--loss", "generalized-kl"]).status == 0)
  }

  @Test(
    arguments: [
      (["--target", "y", "--family", "poisson"], 1, "plain.csv:3: the target is -1"),
      (["--target", "y", "--family", "cauchy"], 64, "There are: gaussian, binomial"),
      (["--target", "y", "--family", "negative-binomial"], 64, "--set theta"),
      (["--target", "y", "--family", "poisson", "--set", "theta=2"], 64, "no parameters"),
      (["--target", "y", "--family", "poisson", "--link", "logit"], 64, "It has: log, identity, sqrt"),
      (["--target", "y", "--loss", "huberr"], 64, "huber"),
      (["--target", "y", "--loss", "absolute-error"], 2, "pseudo-huber"),
      (["--target", "y", "--loss", "huber", "--family", "gaussian"], 64, "either"),
      (["--target", "y", "--loss", "huber", "--covariance", "hc3"], 64, "--covariance"),
      (["--target", "y", "--family", "gaussian", "--diagnostics"], 64, "--diagnostics"),
      (["--target", "y", "--lasso", "1"], 64, "--family"),
      (["--target", "z", "--family", "gaussian"], 1, "plain.csv:1"),
    ] as [([String], Int32, String)])
  func mistakesAreExplained(options: [String], status: Int32, text: String) throws {
    let outcome = try scratch.run(["fit", "plain.csv"] + options)
    #expect(outcome.status == status && outcome.output.isEmpty)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
  }

  /// Losses that have no slope, or no curvature, far from the targets begin near them.
  @Test(arguments: ["log-cosh", "tukey", "welsch", "geman-mcclure"]) func robustLossesFindTheirTargets(loss: String)
    throws
  {
    let lines = (0..<60).map { "\($0),\($0 == 7 ? 900 : 500 + 2 * $0 + $0 * 7 % 3)" }
    try scratch.write("x,y\n" + lines.joined(separator: "\n") + "\n", to: "line.csv")
    let fit = try scratch.json(["fit", "line.csv", "--target", "y", "--loss", loss])
    let (constant, slope) = (fit.coefficients.elements[0].estimate.double, fit.coefficients.elements[1].estimate.double)
    #expect(abs(constant - 501) < 1 && abs(slope - 2) < 0.05, "\(constant), \(slope)")
  }

  @Test func predictionsNameWhatIsWrong() throws {
    #expect(try scratch.run(["fit", "plain.csv", "--target", "y", "--loss", "huber", "--save", "m.json"]).status == 0)
    try scratch.write("x,y\n1,2\nlots,3\n", to: "words.csv")
    let word = try scratch.run(["predict", "m.json", "words.csv"])
    #expect(word.status == 1 && word.errors.contains("words.csv:3:1") && word.errors.contains("column x"))
    let missing = try scratch.run(["predict", "m.json", "new.csv"])
    #expect(missing.status == 1 && missing.errors.contains("new.csv:1") && missing.errors.contains("\"x\""))
    let none = try scratch.run(["predict", "plain.csv", "plain.csv"])
    #expect(none.status == 1 && none.errors.contains("holds no model"))
  }
}
