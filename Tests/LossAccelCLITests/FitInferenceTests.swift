import Foundation
import Testing

/// Covariances, diagnostics, offsets and ridge paths on the command line, against the library's references (References/Regression).
@Suite struct FitInferenceTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  static let references = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("LossAccelTests/References/Regression")

  private func expected(_ name: String, _ key: String) throws -> [Double] {
    let text = try String(contentsOf: Self.references.appendingPathComponent("exact.txt"), encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name) \(key) ") })
    return try line.split(separator: " ").dropFirst(2).map { try #require(Double($0)) }
  }

  private func table(_ name: String) -> String { Self.references.appendingPathComponent(name).path }

  private let cars = ["--target", "mpg", "--features", "wt,hp,qsec,am"]

  private func isClose(_ actual: [Double], _ expected: [Double]) -> Bool {
    actual.count == expected.count && zip(actual, expected).allSatisfy { abs($0 / $1 - 1) < 1e-12 }
  }

  @Test(arguments: [
    ("hc3", "hc3"), ("HC4m", "hc4m"), ("hac:3", "nw"), ("cluster:cyl", "cluster"), ("classical", "classical"),
  ])
  func covariances(option: String, key: String) throws {
    let fit = try scratch.json(["fit", table("mtcars.csv")] + cars + ["--covariance", option])
    let errors = fit.coefficients.elements.map { $0["std.error"].double }
    #expect(isClose(errors, try expected("cars", "se." + key)))
    // Three clusters do not test four slopes.
    if key == "cluster" {
      #expect(fit.statistic == .null)
    } else {
      #expect(isClose([fit.statistic.double], try expected("cars", "f." + key)))
    }
  }

  @Test func labelsMayBeFeaturesAndAreNoFeaturesOtherwise() throws {
    try scratch.write("y,a,g,h\n1,1,1,1\n2,0,1,2\n4,1,2,1\n3,2,2,2\n7,3,3,1\n1,5,3,2\n", to: "data.csv")
    let common = ["fit", "data.csv", "--target", "y", "--covariance"]
    let one = try scratch.json(common + ["cluster:g"])
    #expect(one.coefficients.elements.map(\.term.string) == ["(Intercept)", "a", "h"])
    let both = try scratch.json(common + ["cluster:g,h", "--features", "a,g"])
    #expect(both.coefficients.elements.map(\.term.string) == ["(Intercept)", "a", "g"])
    #expect(both.covariance.string == "clustered two ways (3 and 2 clusters)")
    let refused = try scratch.run(common + ["cluster:y"])
    #expect(refused.status == 64 && refused.errors.contains("something else at once"))
  }

  @Test func offsetsAreSubtracted() throws {
    try scratch.write("y,a,o\n5,1,1\n7,2,2\n10,3,3\n12,4,5\n", to: "data.csv")
    try scratch.write("y,a\n4,1\n5,2\n7,3\n7,4\n", to: "difference.csv")
    let fit = try scratch.json(["fit", "data.csv", "--target", "y", "--offset", "o"])
    let other = try scratch.json(["fit", "difference.csv", "--target", "y"])
    #expect(fit.coefficients == other.coefficients)
  }

  @Test func diagnosticsForPeopleAndPrograms() throws {
    let command = ["fit", table("longley.csv"), "--target", "Employed", "--diagnostics"]
    let outcome = try scratch.run(command)
    #expect(outcome.status == 0)
    for text in [
      "Log-likelihood: 0.9066497", "AIC: 14.1867", "Durbin–Watson: 2.5595", "Jarque–Bera: 0.68414",
      "Variance inflation",
      "Condition index", "GNP.deflator and Population nearly depend on one another (condition index 42.5).", "PRESS",
    ] {
      #expect(outcome.output.contains(text), "\(text): \(outcome.output)")
    }
    let fit = try scratch.json(command)
    let diagnostics = fit.diagnostics
    let influence = [
      (".hat", "hat"), (".std.resid", "rstandard"), (".student.resid", "rstudent"), (".cooksd", "cooks"),
    ]
    for (key, name) in influence {
      let values = diagnostics[key].elements.map(\.double)
      #expect(zip(values, try expected("longley", name)).allSatisfy { abs($0 - $1) < 1e-11 }, "\(key)")
    }
    #expect(abs(diagnostics.vif.GNP.double / 1788.513 - 1) < 1e-6)
    #expect(diagnostics.notes.elements.count == 2)
  }

  @Test func ridgePathsAndChoices() throws {
    let common = ["fit", table("longley.csv"), "--target", "Employed", "--ridge"]
    let path = try scratch.json(common + ["0.01,1,30"])
    #expect(path.path.elements.map(\.ridge.double) == [0.01, 1, 30])
    let lines = try String(contentsOf: Self.references.appendingPathComponent("ridge.txt"), encoding: .utf8)
      .split(separator: "\n")
    let exact = lines[2].split(separator: " ").dropFirst().map { Double($0)! }
    let first = try #require(path.path.elements.first)
    #expect(abs(first.loo.double / exact[10] - 1) < 1e-9 && abs(first.gcv.double / exact[11] - 1) < 1e-9)
    #expect(abs(first.coefficients.Year.double / exact[7] - 1) < 1e-9)
    let chosen = try scratch.json(common + ["loo"])
    #expect(chosen.ridge.double > 0 && chosen.coefficients.elements[1]["std.error"] == .null)
    let text = try scratch.run(common + ["gcv"])
    #expect(text.output.contains("chosen among 100 penalties"))
    #expect(try scratch.run(common + ["1,2"]).output.contains("one factorisation"))
    for wrong in ["-1", "1,x", "best", "1,,2"] {
      let outcome = try scratch.run(common + [wrong])
      #expect(outcome.status == 64 && outcome.errors.contains("--ridge"), "\(wrong)")
    }
  }
}
