import Foundation
import Testing

/// The commands that read no data, and what holds for all commands.
@Suite struct CommandTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func doctorTellsWhatIsInUse() throws {
    let report = try scratch.json(["doctor"])
    #expect(report.selfTest.passed == .bool(true))
    #expect(report.blas.core.string?.isEmpty == false)
    #expect(report.blas.initialCore.string?.isEmpty == false)
    #expect(["avx512", "avx2", "baseline"].contains(report.kernels.target.string))
    #expect(report.threads.double >= 1)
    #expect(report.measurement.oneThread.dgemmGFLOPS.double > 0)
    #expect(report.measurement.oneThread.triadGBPerSecond.double > 0)

    let text = try scratch.run(["doctor", "--quick"])
    #expect(text.status == 0)
    #expect(text.output.contains("self-test"))
  }

  @Test func doctorObeysTheEnvironment() throws {
    let outcome = try scratch.run(["doctor", "--quick", "--json"], environment: ["LOSSACCEL_TARGET": "baseline"])
    let report = try JSONDecoder().decode(JSONTree.self, from: Data(outcome.output.utf8))
    #expect(report.kernels.target.string == "baseline")
  }

  @Test func lossesListsEveryLossAndTellsAboutOne() throws {
    let outcome = try scratch.run(["losses"])
    #expect(outcome.status == 0)
    let list = try JSONDecoder().decode(JSONTree.self, from: Data(try scratch.run(["losses", "--json"]).output.utf8))
    let names = list.elements.compactMap(\.name.string)
    #expect(
      Set(names).isSuperset(of: [
        "squared-error", "bce", "bce-logits", "softmax-cross-entropy", "cross-entropy", "info-nce", "cox",
      ]))
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(outcome.output.contains(name))
      let details = try scratch.json(["losses", name])
      #expect(details.name.string == name)
      #expect(details.formula.string?.isEmpty == false)
    }
    #expect(try scratch.run(["losses", "hubris"]).status == 64)
  }

  @Test func lossesAreDrawn() throws {
    let outcome = try scratch.run(["losses", "squared-error", "--plot", "curve.svg"])
    #expect(outcome.status == 0)
    // r² over −4…4 has its top, 16, at both ends and its bottom in the middle: its gradient, from −8 to 8, is below.
    #expect(outcome.output.contains("      16 │") && outcome.output.contains("      -8 │"))
    #expect(outcome.output.contains("━ loss   ━ gradient   ━ curvature   (squared-error, target 0)"))
    let picture = try scratch.read("curve.svg")
    #expect(picture.hasPrefix("<svg ") && picture.hasSuffix("</svg>\n"))
    #expect(picture.components(separatedBy: "<polyline").count == 4)

    let other = try scratch.run(["losses", "bce-logits", "--target", "0.25"])
    #expect(other.output.contains("(bce-logits, target 0.25)"))
    let outside = try scratch.run(["losses", "bce-logits", "--target", "3"])
    #expect(outside.status == 1 && outside.errors.contains("outside the domain"))
    let rows = try scratch.run(["losses", "softmax-cross-entropy", "--plot", "rows.svg"])
    #expect(rows.status == 1 && rows.errors.contains("loss of rows"))
    #expect(try scratch.files == ["curve.svg"])
    #expect(try scratch.run(["losses", "--plot", "all.svg"]).status == 64)
  }

  @Test(arguments: [(["--version"], "0.1.0"), (["--help"], "EXIT CODES"), (["help", "evaluate"], "EXAMPLES")])
  func helpAndVersionGoToStandardOutput(arguments: [String], text: String) throws {
    let outcome = try scratch.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(text))
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: [["nonsense"], ["evaluate"], ["losses", "--nonsense"], ["doctor", "argument"]])
  func wrongUsageEndsWithItsCode(arguments: [String]) throws {
    let outcome = try scratch.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
  }

  @Test func coloursFollowTheEnvironment() throws {
    func run(_ arguments: [String], noColor: String, forceColor: String) throws -> Outcome {
      try scratch.run(arguments, environment: ["NO_COLOR": noColor, "FORCE_COLOR": forceColor])
    }
    // An empty variable counts as none, and a file is no terminal.
    #expect(!(try run(["losses"], noColor: "", forceColor: "")).output.contains("\u{1B}"))
    #expect(try run(["losses"], noColor: "", forceColor: "1").output.contains("\u{1B}[1m"))
    #expect(!(try run(["losses"], noColor: "1", forceColor: "1")).output.contains("\u{1B}"))
    #expect(try run(["losses", "x"], noColor: "", forceColor: "1").errors.contains("\u{1B}[1;31merror:"))
  }

  @Test func outputThatCannotBeWrittenIsAnError() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "'\(Scratch.binary.path)' losses > /dev/full 2> '\(scratch.url("errors").path)'"]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 1)
    #expect(try scratch.read("errors").hasPrefix("error: Standard output cannot be written: No space left"))
  }

  @Test func aReaderThatLeavesEarlyIsNoError() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "for i in 1 2 3 4 5; do '\(Scratch.binary.path)' losses 2>&1 | true; done"]
    let output = Pipe()
    shell.standardOutput = output
    shell.standardError = output
    try shell.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(String(decoding: text, as: UTF8.self) == "")
  }
}
