import Foundation
import Testing

@Suite struct EvaluateTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write("p\n0.8\n0.2\n0.7\n0.3\n", to: "p.csv")
    try scratch.write("1\n0\n1\n0\n", to: "y.csv")
  }

  private func numbers(_ name: String) throws -> [Double] {
    try scratch.read(name).split { ",\n".contains($0) }.compactMap { Double($0) }
  }

  private func close(_ actual: [Double], _ expected: [Double], digits: Double = 4e-16) -> Bool {
    actual.count == expected.count && zip(actual, expected).allSatisfy { abs($0 - $1) <= digits * abs($1) }
  }

  @Test func crossEntropyOfTheArticle() throws {
    let object = try scratch.json([
      "evaluate", "bce", "--predictions", "p.csv", "--targets", "y.csv", "--gradient", "g.csv", "--curvature", "h.csv",
    ])
    #expect(object.loss.string == "bce")
    #expect(abs(object.value.double - 0.28990924762647111) < 1e-16)
    #expect(object.count.double == 4)
    #expect(object.weight.double == 4)
    #expect(object.keys == ["count", "loss", "value", "weight"])
    #expect(try scratch.read("g.csv").hasPrefix("p\n"))
    #expect(close(try numbers("g.csv"), [-1 / 0.8 / 4, 1 / 0.8 / 4, -1 / 0.7 / 4, 1 / 0.7 / 4]))
    #expect(close(try numbers("h.csv"), [0.8, 0.8, 0.7, 0.7].map { 1 / ($0 * $0) / 4 }))
  }

  @Test func squaredErrorOfTheArticle() throws {
    try scratch.write("2.0\n3.5\n1.5\n4.0\n", to: "a.csv")
    try scratch.write("1.8\n3.2\n1.4\n3.9\n", to: "b.csv")
    let object = try scratch.json(["evaluate", "squared-error", "--predictions", "a.csv", "--targets", "b.csv"])
    #expect(abs(object.value.double - 0.0375) < 1e-16)
  }

  @Test func reductionsAndWeights() throws {
    try scratch.write("w\n1\n0\n2\n0.5\n", to: "w.csv")
    let common = ["evaluate", "squared-error", "--predictions", "p.csv", "--targets", "y.csv", "--weights", "w.csv"]
    let losses = [0.2 * 0.2, 0, 2 * 0.3 * 0.3, 0.5 * 0.3 * 0.3]
    let sum = try scratch.json(common + ["--reduction", "sum"])
    #expect(abs(sum.value.double - losses.reduce(0, +)) < 1e-15)
    #expect(sum.weight.double == 3.5)
    #expect(sum.count.double == 4)
    let mean = try scratch.json(common)
    #expect(abs(mean.value.double - losses.reduce(0, +) / 3.5) < 1e-15)
    let each = try scratch.json(common + ["--reduction", "none"])
    let values = each.value.elements.map(\.double)
    #expect(zip(values, losses).allSatisfy { abs($0 - $1) < 1e-15 })
    let text = try scratch.run(common + ["--reduction", "none"])
    #expect(text.output.split(separator: "\n").compactMap { Double($0) } == values)
  }

  @Test func aFirstLineOfNumbersIsDataUnlessToldOtherwise() throws {
    try scratch.write("0,1\n2,3\n", to: "numbers.csv")
    let arguments = ["evaluate", "squared-error", "--predictions", "numbers.csv", "--targets", "numbers.csv"]
    #expect(try scratch.json(arguments).count.double == 4)
    #expect(try scratch.json(arguments + ["--no-header"]).count.double == 4)
    #expect(try scratch.json(arguments + ["--header"]).count.double == 2)
    let outcome = try scratch.run(["evaluate", "bce", "--predictions", "p.csv", "--targets", "y.csv", "--no-header"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("p.csv:1:1: cannot read \"p\""))
  }

  @Test func parametersReachTheLoss() throws {
    try scratch.write("0\n10\n", to: "z.csv")
    try scratch.write("1\n0\n", to: "t.csv")
    let object = try scratch.json([
      "evaluate", "huber", "--set", "delta=1.5", "--predictions", "z.csv", "--targets", "t.csv", "--reduction", "sum",
    ])
    #expect(object.value.double == 0.5 + 1.5 * (10 - 0.75))
  }

  /// Two rows of logits whose shares are known: 1/2, 1/4, 1/4 and 1/3 each.
  @Test func softmaxTakesLabelsOrDistributionsPerRow() throws {
    let log2 = log(2.0)
    try scratch.write("a,b,c\n\(log2),0,0\n5,5,5\n", to: "z.csv")
    try scratch.write("label\n1\n2\n", to: "labels.csv")
    try scratch.write("0,1,0\n0,0,1\n", to: "onehot.csv")
    let expected = (log(4.0) + log(3.0)) / 2
    for targets in ["labels.csv", "onehot.csv"] {
      let object = try scratch.json([
        "evaluate", "softmax-cross-entropy", "--predictions", "z.csv", "--targets", targets, "--gradient", "g.csv",
        "--curvature", "h.csv",
      ])
      #expect(object.loss.string == "softmax-cross-entropy")
      #expect(abs(object.value.double - expected) < 1e-15)
      #expect(object.count.double == 2)
      #expect(try scratch.read("g.csv").hasPrefix("a,b,c\n"))
      #expect(close(try numbers("g.csv"), [1 / 4, -3 / 8, 1 / 8, 1 / 6, 1 / 6, -1 / 3], digits: 1e-15))
      #expect(close(try numbers("h.csv"), [1 / 8, 3 / 32, 3 / 32, 1 / 9, 1 / 9, 1 / 9], digits: 1e-15))
    }
    let ignoring = try scratch.json([
      "evaluate", "softmax-cross-entropy", "--predictions", "z.csv", "--targets", "labels.csv", "--ignored-label", "1",
    ])
    #expect(abs(ignoring.value.double - log(3.0)) < 1e-15)
    #expect(ignoring.weight.double == 1)
    #expect(ignoring.count.double == 2)
  }

  @Test func crossEntropyOfDistributions() throws {
    try scratch.write("0.5,0.5\n0.25,0.75\n", to: "q.csv")
    try scratch.write("1,0\n0.5,0.5\n", to: "t.csv")
    try scratch.write("1\n3\n", to: "w.csv")
    let object = try scratch.json([
      "evaluate", "cross-entropy", "--predictions", "q.csv", "--targets", "t.csv", "--weights", "w.csv",
    ])
    let expected = (log(2.0) + 3 * -(log(0.25) + log(0.75)) / 2) / 4
    #expect(abs(object.value.double - expected) < 1e-15)
    #expect(object.weight.double == 4)
  }

  @Test(arguments: [
    ("0\n3\n", "labels.csv:2: the label is 3, but z.csv has 3 columns"), ("0\n1.5\n", "labels.csv:2: the label is 1.5"),
    ("0\n1\n2\n", "has the shape 3, but z.csv has 2 × 3"), ("1,0\n0,1\n", "has the shape 2 × 2"),
  ])
  func labelsThatAreNoneAreNamed(text: String, message: String) throws {
    try scratch.write("1,2,3\n3,2,1\n", to: "z.csv")
    try scratch.write(text, to: "labels.csv")
    let outcome = try scratch.run([
      "evaluate", "softmax-cross-entropy", "--predictions", "z.csv", "--targets", "labels.csv",
    ])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func infinitiesAreValuesAndTheirJSONIsValid() throws {
    try scratch.write("1\n0\n", to: "certain.csv")
    try scratch.write("0\n0\n", to: "t.csv")
    let object = try scratch.json(["evaluate", "bce", "--predictions", "certain.csv", "--targets", "t.csv"])
    #expect(object.value.string == "Infinity")
    try scratch.write("nan\n0\n", to: "nan.csv")
    let nan = try scratch.json(["evaluate", "squared-error", "--predictions", "nan.csv", "--targets", "t.csv"])
    #expect(nan.value.string == "NaN")
  }

  @Test(arguments: [
    (["bce", "--predictions", "p.csv", "--targets", "three.csv"], 1, "three.csv has the shape 3, but p.csv has 4"),
    (["bce", "--predictions", "p.csv", "--targets", "outside.csv"], 1, "outside.csv:5"),
    (["bce", "--predictions", "p.csv", "--targets", "y.csv", "--weights", "negative.csv"], 1, "the weight is -1.0"),
    (["bce", "--predictions", "p.csv", "--targets", "y.csv", "--weights", "zero.csv"], 1, "all weights are zero"),
    (["bce", "--predictions", "p.csv", "--targets", "word.csv"], 1, "word.csv:3:1: cannot read \"one\""),
    (["bce", "--predictions", "p.csv", "--targets", "gap.csv"], 1, "gap.csv:3:3: the cell in column V2 is missing"),
    (["bce", "--predictions", "p.csv", "--targets", "nowhere.csv"], 1, "No such file"),
    (["hubris", "--predictions", "p.csv", "--targets", "y.csv"], 64, "There is no loss"),
    (["huber", "--set", "delta=-1", "--predictions", "p.csv", "--targets", "y.csv"], 64, "delta"),
    (["huber", "--set", "delta", "--predictions", "p.csv", "--targets", "y.csv"], 64, "delta=1.5"),
    (["bce", "--predictions", "p.csv", "--targets", "y.csv", "--gradient", "g.txt"], 64, ".npy, .csv or .tsv"),
    (["bce", "--predictions", "p.csv"], 64, "--targets"),
    (
      ["bce", "--predictions", "p.csv", "--targets", "y.csv", "--gradient", "g.npy", "--curvature", "g.npy"], 64, "both"
    ),
  ])
  func badInputIsNamedAndNothingIsWritten(arguments: [String], status: Int32, text: String) throws {
    try scratch.write("1\n0\n1\n", to: "three.csv")
    try scratch.write("y\n\n1\n0\n2\n0\n", to: "outside.csv")
    try scratch.write("1\n1\n-1\n1\n", to: "negative.csv")
    try scratch.write("0\n0\n0\n0\n", to: "zero.csv")
    try scratch.write("1\n0\none\n0\n", to: "word.csv")
    try scratch.write("1,1\n0,1\n1,\n0,1\n", to: "gap.csv")
    let before = try scratch.files
    let outputs = arguments.contains("--gradient") ? [] : ["--gradient", "g.npy", "--curvature", "h.csv"]
    let outcome = try scratch.run(["evaluate"] + arguments + outputs)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(try scratch.files == before)
  }

  @Test func anOldFileSurvivesAFailureAndIsReplacedOnSuccess() throws {
    try scratch.write("old", to: "g.csv")
    try scratch.write("1\n0\n2\n0\n", to: "bad.csv")
    let arguments = ["evaluate", "bce", "--predictions", "p.csv", "--gradient", "g.csv", "--targets"]
    #expect(try scratch.run(arguments + ["bad.csv"]).status == 1)
    #expect(try scratch.read("g.csv") == "old")
    #expect(try scratch.run(arguments + ["y.csv"]).status == 0)
    #expect(try numbers("g.csv").count == 4)
    #expect(try scratch.files == ["bad.csv", "g.csv", "p.csv", "y.csv"])
  }
}
