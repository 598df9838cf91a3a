import Foundation
import TestSupport
import Testing

/// `fit --cv`, fits of tables that are not held, and `predict --no-header`.
@Suite struct PathTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    var generator = SeededGenerator(seed: 3)
    var lines = ["a,b,group,w,count,answer,kind,school"]
    for record in 0..<3000 {
      let (a, b) = (Double.random(in: -1...1, using: &generator), Double.random(in: 100...101, using: &generator))
      let group = ["red", "green", "a, b"][record % 3]
      let noise = Double.random(in: -2...2, using: &generator)
      let score = a - 2 * (b - 100.5) + noise + (group == "green" ? 0.5 : 0)
      let count = Int.random(in: 0...max(1, Int(exp(score / 2) + 1)), using: &generator)
      let numbers = [a, b].map { String(format: "%.6f", $0) }.joined(separator: ",")
      let kind = score > 1 ? 10 : score > -1 ? 2 : 1
      lines.append("\(numbers),\"\(group)\",\(record % 5),\(count),\(score > 0 ? "yes" : "no"),\(kind),\(record % 40)")
    }
    try scratch.write(lines.joined(separator: "\n") + "\n", to: "data.csv")
  }

  private func expectSame(_ first: JSONTree, _ second: JSONTree, _ tolerance: Double = 1e-8) {
    #expect(first.coefficients.elements.map(\.term) == second.coefficients.elements.map(\.term))
    #expect(!first.coefficients.elements.isEmpty)
    for (a, b) in zip(first.coefficients.elements, second.coefficients.elements) {
      for key in ["estimate", "std.error"] where a[key] != .null {
        #expect(abs(a[key].double - b[key].double) <= tolerance * abs(a[key].double), "\(a.term): \(key)")
      }
    }
    for key in ["deviance", "null.deviance", "AIC", "nobs", "df.residual", "rank", "mean.loss", "classes"]
    where first[key] != .null {
      if key == "classes" || first[key].double == 0 {
        #expect(first[key] == second[key])
      } else {
        #expect(abs(first[key].double - second[key].double) <= tolerance * abs(first[key].double), "\(key)")
      }
    }
  }

  @Test(arguments: [
    ["--formula", "count ~ a + b + group", "--family", "poisson", "--covariance", "hc1", "--weights", "w"],
    ["--formula", "answer ~ a * group + poly(b, 2) + offset(a)", "--family", "binomial"],
    ["--target", "count", "--features", "a,b", "--loss", "huber", "--set", "delta=1", "--ridge", "0.1"],
    ["--target", "count", "--features", "a,b", "--family", "poisson", "--lasso", "0.02"],
    ["--formula", "kind ~ a + b + group", "--family", "multinomial"],
    ["--formula", "group ~ a + b", "--family", "multinomial", "--ridge", "0.01", "--weights", "w"],
  ]) func passesSayWhatTheHeldTableSays(options: [String]) throws {
    let held = try scratch.json(["fit", "data.csv"] + options)
    let streamed = try scratch.json(["fit", "data.csv", "--stream"] + options)
    // A lasso's search ends at its gradient's tolerance.
    expectSame(held, streamed, options.contains("--lasso") ? 1e-5 : 1e-8)
    if options.contains("multinomial") { #expect(streamed.classes == held.classes) }
  }

  @Test func heldOutRecordsAreTheSameInPasses() throws {
    let options = ["--formula", "kind ~ a + b", "--family", "multinomial", "--ridge", "0.01", "--holdout", "0.25"]
    let held = try scratch.json(["fit", "data.csv"] + options)
    let streamed = try scratch.json(["fit", "data.csv", "--stream"] + options)
    #expect(streamed.test.nobs.double == 750 && streamed.test.accuracy == held.test.accuracy)
    #expect(abs(streamed.test["log.loss"].double - held.test["log.loss"].double) <= 1e-9)
    #expect(streamed.test.confusion == held.test.confusion)
  }

  @Test func whatPassesCannotDo() throws {
    for options in [
      ["--family", "poisson", "--covariance", "hc3"], ["--family", "poisson", "--firth"],
      ["--family", "poisson", "--covariance", "cluster:school"],
    ] {
      let outcome = try scratch.run(
        ["fit", "data.csv", "--target", "count", "--features", "a,b", "--stream"] + options)
      #expect(outcome.status == 64 && outcome.errors.contains("held in memory"), "\(outcome.errors)")
    }
    try scratch.write("x,z,y\n1,2,0\n2,4,1\n3,6,1\n4,8,3\n5,10,2\n", to: "twice.csv")
    let twice = try scratch.run(["fit", "twice.csv", "--target", "y", "--family", "poisson", "--stream"])
    #expect(twice.status == 2 && twice.errors.contains("\"z\" is a"), "\(twice.errors)")
  }

  @Test func clustersOfClasses() throws {
    let options = ["fit", "data.csv", "--formula", "kind ~ a + b", "--family", "multinomial"]
    let plain = try scratch.json(options)
    let clustered = try scratch.json(options + ["--covariance", "cluster:school"])
    for (a, b) in zip(plain.coefficients.elements, clustered.coefficients.elements) {
      let ratio = b["std.error"].double / a["std.error"].double
      #expect(a.estimate == b.estimate && ratio != 1 && ratio > 0.3 && ratio < 3)
    }
    let wrong = try scratch.run(options + ["--covariance", "hc3"])
    #expect(wrong.status == 64 && wrong.errors.contains("hc0"))
  }

  /// The library's own tests hold the errors to scikit-learn's; here are the table and what follows from it.
  @Test func pathsAreShownAndChosenFrom() throws {
    let options = ["fit", "data.csv", "--formula", "answer ~ a + b + group", "--family", "binomial", "--cv", "5"]
    let path = try scratch.json(options + ["--save", "model.json"])
    let rows = path.path.elements
    #expect(rows.count == 50 && rows.filter { $0.chosen == .bool(true) }.count == 1)
    let errors = rows.map(\.error.double)
    let best = errors.indices.min { errors[$0] < errors[$1] }!
    #expect(rows[best].chosen == .bool(true) && rows[0].nonzero.double == 0)
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.strength.double > $1.strength.double })
    let simplest = try scratch.json(options + ["--choose", "simplest"]).path.elements
    let place = simplest.firstIndex { $0.chosen == .bool(true) }!
    #expect(place < best && errors[place] <= errors[best] + rows[best]["std.error"].double)
    #expect(try scratch.json(options + ["--seed", "9"]).path.elements.map(\.error.double) != errors)
    let text = try scratch.run(options)
    for word in ["Penalty path, lasso", "Nonzero", "best", "simplest", "Chosen:", "Loss: "] {
      #expect(text.output.contains(word), "\(word)")
    }
    #expect(try scratch.run(["predict", "model.json", "data.csv"]).output.split(separator: "\n").count == 3001)
    let classes = try scratch.json([
      "fit", "data.csv", "--formula", "kind ~ a + b", "--family", "multinomial", "--cv", "3", "--mixing", "0",
      "--holdout", "0.2",
    ])
    #expect(classes.path.elements.count == 50 && classes.test.nobs.double == 600)
    let squares = try scratch.run([
      "fit", "data.csv", "--target", "count", "--features", "a,b", "--cv", "4", "--mixing", "0.5",
    ])
    #expect(squares.output.contains("elastic net") && squares.output.contains("squared-error"))
    for wrong in [["--cv", "1"], ["--cv", "5", "--lasso", "0.1", "--family", "poisson"], ["--mixing", "0.5"]] {
      let outcome = try scratch.run(["fit", "data.csv", "--target", "count", "--features", "a,b"] + wrong)
      #expect(outcome.status == 64, "\(wrong)")
    }
  }

  @Test func tablesWithoutAHeaderArePredicted() throws {
    try scratch.write("1,5,2\n2,4,3\n3,7,5\n4,1,4\n5,2,9\n", to: "bare.csv")
    try scratch.write("V1,V2\n6,3\n7,1\n", to: "named.csv")
    try scratch.write("6,3\n7,1\n", to: "new.csv")
    let fit = try scratch.run([
      "fit", "bare.csv", "--no-header", "--target", "3", "--family", "poisson", "--save", "model.json",
    ])
    #expect(fit.status == 0, "\(fit.errors)")
    let bare = try scratch.run(["predict", "model.json", "new.csv", "--no-header"])
    let named = try scratch.run(["predict", "model.json", "named.csv"])
    #expect(bare.status == 0 && bare.output == named.output)
    #expect(bare.output.split(separator: "\n").count == 3)
    #expect(try scratch.run(["predict", "model.json", "new.csv"]).status != 0)
  }
}
