import Foundation
import Testing

/// Losses of several predictions or targets, of levels, and of whole rows, from files.
@Suite struct EvaluateManyTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func numbers(_ name: String) throws -> [Double] {
    try scratch.read(name).split { ",\n".contains($0) }.compactMap { Double($0) }
  }

  /// The rows of a file of numbers below its header, if it has one.
  private func table(_ name: String, header: String? = nil) throws -> [[Double]] {
    var lines = try scratch.read(name).split(separator: "\n")
    if let header { #expect(lines.removeFirst() == header) }
    return lines.map { $0.split(separator: ",").compactMap { Double($0) } }
  }

  private func close(_ actual: [[Double]], _ expected: [[Double]]) -> Bool {
    actual.map(\.count) == expected.map(\.count) && close(actual.flatMap { $0 }, expected.flatMap { $0 })
  }

  private func close(_ actual: [Double], _ expected: [Double]) -> Bool {
    actual.count == expected.count && zip(actual, expected).allSatisfy { abs($0 - $1) <= 1e-14 * (1 + abs($1)) }
  }

  @Test func jointLossesTakeRowsOfPredictionsAndTargets() throws {
    // Means 1 and 2, variances 1 and 4, targets 3 and 2.
    try scratch.write("mean,v\n1,0\n2,\(log(4.0))\n", to: "p.csv")
    try scratch.write("3\n2\n", to: "y.csv")
    let arguments = [
      "evaluate", "gaussian-nll", "--predictions", "p.csv", "--targets", "y.csv", "--gradient", "g.csv", "--curvature",
      "h.csv",
    ]
    let object = try scratch.json(arguments)
    #expect(abs(object.value.double - (2 + log(4.0) / 2) / 2) < 1e-15)
    #expect(object.count.double == 2 && object.weight.double == 2)
    #expect(close(try table("g.csv", header: "mean,v"), [[-1, -0.75], [0, 0.25]]))
    // Row by row ∂²/∂μ², ∂²/∂μ∂v, ∂²/∂v².
    #expect(close(try table("h.csv"), [[0.5, 1, 1], [0.125, 0, 0]]))
    let each = try scratch.json(arguments + ["--reduction", "none"])
    #expect(close(each.value.elements.map(\.double), [2, log(2.0)]))

    // Two targets: times, and whether an event ended them.
    try scratch.write("0\n\(log(2.0))\n", to: "hazard.csv")
    try scratch.write("time,event\n3,1\n5,0\n", to: "times.csv")
    let survival = try scratch.json([
      "evaluate", "exponential-survival", "--predictions", "hazard.csv", "--targets", "times.csv", "--reduction", "sum",
    ])
    #expect(abs(survival.value.double - 13) < 1e-14)

    let wrong = try scratch.run(["evaluate", "gaussian-nll", "--predictions", "y.csv", "--targets", "y.csv"])
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("y.csv has 1 columns, but the predictions of gaussian-nll are mean, log variance"))
    try scratch.write("time,event\n3,1\n5,2\n", to: "times.csv")
    let outside = try scratch.run([
      "evaluate", "exponential-survival", "--predictions", "hazard.csv", "--targets", "times.csv",
    ])
    #expect(outside.errors.contains("times.csv:3, column event: the target is 2.0, outside 0.0…1.0"))
  }

  @Test func ordinalLossesTakeCuts() throws {
    try scratch.write("0\n1\n5\n", to: "s.csv")
    try scratch.write("0\n1\n7\n", to: "l.csv")
    let common = ["evaluate", "cumulative-logit", "--predictions", "s.csv", "--targets", "l.csv"]
    let object = try scratch.json(
      common + ["--cuts", "-1,1", "--ignored-label", "7", "--reduction", "sum", "--gradient", "g.csv"])
    func sigma(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    let expected = -log(sigma(-1)) - log(sigma(0) - sigma(-2))
    #expect(abs(object.value.double - expected) < 1e-14)
    #expect(object.weight.double == 2 && object.count.double == 3)
    // σ(η − b_y) − σ(b_{y−1} − η): below the first cut, between the two, and of what is ignored.
    #expect(close(try numbers("g.csv"), [sigma(1), sigma(0) - sigma(-2), 0]))
    #expect(object.keys == ["count", "cutGradient", "loss", "value", "weight"])
    // A constant added to scores and cuts changes nothing: all derivatives add up to 0.
    let sum = try numbers("g.csv").reduce(0, +) + object.cutGradient.elements.map(\.double).reduce(0, +)
    #expect(abs(sum) < 1e-14)

    let without = try scratch.run(common)
    #expect(without.status == 64 && without.errors.contains("cumulative-logit needs the cuts between the levels"))
    #expect(try scratch.run(common + ["--cuts", "1,x"]).errors.contains("--cuts 1,x: write numbers with commas"))
    let other = ["evaluate", "squared-error", "--predictions", "s.csv", "--targets", "l.csv"]
    #expect(
      try scratch.run(other + ["--cuts", "1"]).errors.contains(
        "squared-error takes no --cuts, which is for ordinal losses"))
    let order = try scratch.run(common + ["--cuts", "1,-1"])
    #expect(order.status == 1 && order.errors.contains("The cut at index 1 is -1.0"))
  }

  @Test func theNormalLikelihoodTakesAPrecisionFactor() throws {
    try scratch.write("1,2\n0,0\n", to: "p.csv")
    try scratch.write("0,0\n0,1\n", to: "y.csv")
    try scratch.write("2,0\n1,3\n", to: "factor.csv")
    let common = ["evaluate", "multivariate-gaussian", "--predictions", "p.csv", "--targets", "y.csv"]
    let object = try scratch.json(
      common + [
        "--precision-factor", "factor.csv", "--reduction", "sum", "--gradient", "g.csv", "--curvature", "h.csv",
      ])
    // Λ = LLᵀ = (4, 2; 2, 10); residuals (1, 2) and (0, −1).
    #expect(abs(object.value.double - (0.5 * (4 + 8 + 40) + 0.5 * 10 - 2 * log(6.0))) < 1e-13)
    #expect(close(try table("g.csv"), [[8, 22], [-2, -10]]))
    #expect(close(try table("h.csv"), [[4, 10], [4, 10]]))
    #expect(try scratch.run(common).errors.contains("needs the Cholesky factor of its precision"))
  }
}
