import Foundation
import Testing

/// What the library's calls take beside predictions, targets and weights, as options with the same names.
@Suite struct EvaluateOptionTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func numbers(_ name: String) throws -> [Double] {
    try scratch.read(name).split { ",\n".contains($0) }.compactMap { Double($0) }
  }

  private func isClose(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 1e-14 * (1 + abs(y)) }

  private func close(_ actual: [Double], _ expected: [Double]) -> Bool {
    actual.count == expected.count && zip(actual, expected).allSatisfy(isClose)
  }

  @Test func masksLeaveSamplesOut() throws {
    try scratch.write("1,2\n3,nan\n5,6\n", to: "p.csv")
    try scratch.write("0,0\n0,0\n1,7\n", to: "y.csv")
    try scratch.write("1,1\n1,0\n0,1\n", to: "m.csv")
    let common = ["evaluate", "squared-error", "--predictions", "p.csv", "--targets", "y.csv", "--mask"]
    let object = try scratch.json(common + ["m.csv", "--gradient", "g.csv", "--curvature", "h.csv"])
    // 1, 4, 9 and 1 of 4 samples.
    #expect(object.value.double == 3.75 && object.weight.double == 4 && object.count.double == 6)
    #expect(close(try numbers("g.csv"), [0.5, 1, 1.5, 0, 0, -0.5]))
    #expect(close(try numbers("h.csv"), [0.5, 0.5, 0.5, 0, 0, 0.5]))
    // One element for each row does for all of it.
    try scratch.write("1\n0\n1\n", to: "rows.csv")
    #expect(try scratch.json(common + ["rows.csv", "--reduction", "sum"]).value.double == 1 + 4 + 16 + 1)
    try scratch.write("0\n0\n0\n", to: "none.csv")
    let none = try scratch.run(common + ["none.csv", "--reduction", "sum"])
    #expect(none.status == 1 && none.errors.contains("No sample of p.csv counts"))
    try scratch.write("m\n1\n0.5\n1\n", to: "half.csv")
    let half = try scratch.run(common + ["half.csv"])
    #expect(half.status == 1 && half.errors.contains("half.csv:3: the mask is 0.5. It is 1 for a sample that counts"))
    try scratch.write("1,1\n1,2\n0,1\n", to: "two.csv")
    #expect(try scratch.run(common + ["two.csv"]).errors.contains("two.csv:2, column 2: the mask is 2.0"))
    try scratch.write("1\n1\n", to: "short.csv")
    #expect(try scratch.run(common + ["short.csv"]).errors.contains("Give one element of the mask per row or per"))
  }

  @Test func masksOfRows() throws {
    try scratch.write("1,2\n3,3\n0,0\n", to: "z.csv")
    try scratch.write("0\n9\n1\n", to: "labels.csv")
    try scratch.write("1\n0\n1\n", to: "m.csv")
    let log2 = log(2.0), first = log(1 + exp(1.0))
    let object = try scratch.json([
      "evaluate", "softmax-cross-entropy", "--predictions", "z.csv", "--targets", "labels.csv", "--mask", "m.csv",
    ])
    #expect(isClose(object.value.double, (first + log2) / 2) && object.weight.double == 2)

    try scratch.write("0\n1\n5\n", to: "s.csv")
    try scratch.write("0\n0.5\n1\n", to: "l.csv")
    let ordinal = try scratch.json([
      "evaluate", "all-threshold-logistic", "--cuts", "0", "--predictions", "s.csv", "--targets", "l.csv", "--mask",
      "m.csv", "--reduction", "none",
    ])
    #expect(close(ordinal.value.elements.map(\.double), [log2, 0, log(1 + exp(-5.0))]))

    try scratch.write("2\n", to: "factor.csv")
    let gaussian = try scratch.json([
      "evaluate", "multivariate-gaussian", "--precision-factor", "factor.csv", "--predictions", "s.csv", "--targets",
      "m.csv", "--mask", "m.csv", "--curvature", "h.csv",
    ])
    #expect(isClose(gaussian.value.double, 17 - log2))
    #expect(try numbers("h.csv") == [2, 0, 2])
  }

  @Test func offsetsAreAdded() throws {
    try scratch.write("0.5\n-1\n2\n", to: "p.csv")
    try scratch.write("1\n0\n4\n", to: "y.csv")
    try scratch.write("0.25\n1\n-2\n", to: "offsets.csv")
    try scratch.write("0.75\n0\n0\n", to: "moved.csv")
    let common = ["evaluate", "poisson", "--targets", "y.csv", "--gradient", "g.csv", "--predictions"]
    let object = try scratch.json(common + ["p.csv", "--offsets", "offsets.csv"])
    let gradient = try numbers("g.csv")
    #expect(try scratch.json(common + ["moved.csv"]).value.double == object.value.double)
    #expect(try numbers("g.csv") == gradient)

    try scratch.write("0.25\nnan\n-2\n", to: "offsets.csv")
    let wrong = try scratch.run(common + ["p.csv", "--offsets", "offsets.csv"])
    #expect(wrong.status == 1 && wrong.errors.contains("offsets.csv:2: the offset is nan. Offsets must be finite."))

    // Of several predictions the first one is moved.
    try scratch.write("1,0\n2,0\n", to: "means.csv")
    try scratch.write("3\n2\n", to: "t.csv")
    try scratch.write("2\n0\n", to: "by.csv")
    let joint = try scratch.json([
      "evaluate", "gaussian-nll", "--predictions", "means.csv", "--targets", "t.csv", "--offsets", "by.csv",
    ])
    #expect(joint.value.double == 0)
    let none = try scratch.run([
      "evaluate", "bce", "--predictions", "y.csv", "--targets", "y.csv", "--offsets", "by.csv",
    ])
    #expect(none.status == 64)
    #expect(none.errors.contains("bce takes no --offsets, which is for losses that are defined for every prediction."))
  }

  @Test func missingTargetsAreLeftOut() throws {
    try scratch.write("1,1\n2,2\n3,3\n", to: "p.csv")
    try scratch.write("0,NA\n-99,0\nnan,3\n", to: "y.csv")
    let common = ["evaluate", "squared-error", "--predictions", "p.csv", "--targets"]
    let object = try scratch.json(common + ["y.csv", "--missing-targets", "nan", "--gradient", "g.csv"])
    // 1, 101², 4 and 0 of 4 samples.
    #expect(object.value.double == 10_206 / 4.0 && object.weight.double == 4)
    #expect(close(try numbers("g.csv"), [0.5, 0, 50.5, 1, 0, 0]))
    try scratch.write("0,-99\n-99,0\n-99,3\n", to: "y.csv")
    #expect(try scratch.json(common + ["y.csv", "--missing-targets", "-99"]).value.double == 5 / 3.0)
    #expect(try scratch.run(common + ["y.csv", "--missing-targets", "none"]).errors.contains("nan or a number such"))
    // Without the option a missing cell is a mistake.
    try scratch.write("0,NA\n1,1\n2,2\n", to: "y.csv")
    let outcome = try scratch.run(common + ["y.csv"])
    #expect(outcome.status == 1 && outcome.errors.contains("y.csv:1:3: the cell in column V2 is missing"))

    try scratch.write("0\n0\n", to: "hazard.csv")
    try scratch.write("time,event\n3,1\n,0\n", to: "times.csv")
    let survival = try scratch.json([
      "evaluate", "exponential-survival", "--predictions", "hazard.csv", "--targets", "times.csv", "--missing-targets",
      "nan",
    ])
    #expect(survival.value.double == 3 && survival.weight.double == 1)
    let labels = try scratch.run([
      "evaluate", "softmax-cross-entropy", "--predictions", "p.csv", "--targets", "hazard.csv", "--missing-targets",
      "nan",
    ])
    #expect(labels.status == 64 && labels.errors.contains("labels have --ignored-label"))
  }

  @Test func classWeightsAndSmoothing() throws {
    try scratch.write("1,2,0\n3,3,1\n", to: "z.csv")
    try scratch.write("1\n2\n", to: "labels.csv")
    func cost(_ row: [Double], _ k: Int) -> Double { log(row.reduce(0) { $0 + exp($1) }) - row[k] }
    let rows = [[1.0, 2, 0], [3.0, 3, 1]], c = [2.0, 0.5, 4]
    // tₖ = c_y·(1 − ε)·[k = y] + cₖ·ε/K.
    let expected = zip(rows, [1, 2]).map { row, y in
      let spread = (0..<3).map { c[$0] * cost(row, $0) }.reduce(0, +)
      return 0.7 * c[y] * cost(row, y) + 0.1 * spread
    }
    let common = ["evaluate", "softmax-cross-entropy", "--predictions", "z.csv", "--targets", "labels.csv"]
    let object = try scratch.json(common + ["--class-weights", "2, 0.5,4", "--label-smoothing", "0.3"])
    #expect(isClose(object.value.double, (expected[0] + expected[1]) / 4.5))
    #expect(object.weight.double == 2)
    let sum = try scratch.json(
      common + ["--class-weights", "2,0.5,4", "--label-smoothing", "0.3", "--reduction", "sum"])
    #expect(isClose(sum.value.double, expected[0] + expected[1]))

    try scratch.write("0.5\n-1\n", to: "p.csv")
    try scratch.write("0\n1\n", to: "y.csv")
    func bce(_ z: Double, _ y: Double) -> Double { log(1 + exp(z)) - z * y }
    let binary = try scratch.json([
      "evaluate", "bce-logits", "--predictions", "p.csv", "--targets", "y.csv", "--class-weights", "1,5",
      "--label-smoothing", "0.2", "--reduction", "sum",
    ])
    #expect(isClose(binary.value.double, bce(0.5, 0.1) + 5 * bce(-1, 0.9)))
    #expect(binary.loss.string == "bce-logits")

    func error(_ arguments: [String]) throws -> (Int32, String) {
      let outcome = try scratch.run(arguments)
      return (outcome.status, outcome.errors)
    }
    var (status, text) = try error(common + ["--class-weights", "1,2"])
    #expect(status == 1 && text.contains("--class-weights names 2 weights, but a row of z.csv has 3 scores"))
    (status, text) = try error(common + ["--class-weights", "1,-2,3"])
    #expect(status == 64 && text.contains("the weight of class 1 must be finite and not negative"))
    (status, text) = try error(common + ["--class-weights", "1,,3"])
    #expect(status == 64 && text.contains("write numbers with commas between them"))
    (status, text) = try error(common + ["--label-smoothing", "1.5"])
    #expect(status == 64 && text.contains("lies in 0…1"))
    (status, text) = try error([
      "evaluate", "hinge", "--predictions", "p.csv", "--targets", "y.csv", "--class-weights", "1",
    ])
    #expect(status == 64 && text.contains("hinge has 2 classes, 0 and 1, but --class-weights names 1 weights"))
    (status, text) = try error([
      "evaluate", "crammer-singer", "--predictions", "z.csv", "--targets", "labels.csv", "--label-smoothing", "0.1",
    ])
    #expect(status == 64 && text.contains("crammer-singer takes no --label-smoothing"))
    (status, text) = try error([
      "evaluate", "huber", "--predictions", "p.csv", "--targets", "y.csv", "--ignored-label", "-100",
    ])
    #expect(status == 64 && text.contains("huber takes no --ignored-label, which is for losses of labels and levels"))
    (status, text) = try error(common + ["--ignored-label", "1.5"])
    #expect(status == 64)
  }

  @Test func ignoredLabelsLeaveRowsOut() throws {
    try scratch.write("1,2\n3,3\n0,0\n", to: "z.csv")
    try scratch.write("0\n-100\n1\n", to: "labels.csv")
    let common = ["evaluate", "softmax-cross-entropy", "--predictions", "z.csv", "--targets", "labels.csv"]
    let object = try scratch.json(common + ["--ignored-label", "-100", "--gradient", "g.csv"])
    #expect(isClose(object.value.double, (log(1 + exp(1.0)) + log(2.0)) / 2) && object.weight.double == 2)
    let share = 1 / (1 + exp(-1.0))
    #expect(close(try numbers("g.csv"), [-share / 2, share / 2, 0, 0, 0.25, -0.25]))
    let without = try scratch.run(common)
    #expect(without.status == 1 && without.errors.contains("labels.csv:2"))
  }

  @Test func lossesTellTheirOptions() throws {
    func options(_ name: String) throws -> [String] {
      try scratch.json(["losses", name]).options.elements.compactMap(\.string)
    }
    #expect(try options("squared-error") == ["weights", "mask", "missing-targets", "offsets"])
    #expect(try options("bce") == ["weights", "mask", "class-weights", "label-smoothing", "missing-targets"])
    #expect(try options("crammer-singer") == ["weights", "mask", "class-weights", "ignored-label"])
    #expect(try options("cumulative-logit") == ["weights", "mask", "cuts", "ignored-label"])
    #expect(try options("crps-gaussian") == ["weights", "mask", "missing-targets", "offsets"])
    #expect(try options("multivariate-gaussian") == ["weights", "mask", "precision-factor"])
    #expect(try options("info-nce") == [])
    #expect(try scratch.run(["losses", "poisson"]).output.contains("--weights, --mask, --missing-targets, --offsets"))
  }
}
