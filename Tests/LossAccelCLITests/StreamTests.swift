import Foundation
import TestSupport
import Testing

/// Tables that are read in passes, against the same tables held in memory.
@Suite struct StreamTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Records (tens of thousands make several pieces) of a response, two numbers, a text, a weight and a gap.
  private func table(records: Int, lineBreak: String = "\n", quotes: Bool = false) -> String {
    var generator = SeededGenerator(seed: 11)
    var lines = ["a,b,group,w,gap,y"]
    for record in 0..<records {
      let (a, b) = (Double.random(in: -1...1, using: &generator), Double.random(in: 1000...1001, using: &generator))
      let group = ["red", "green", "blue", "a, b"][Int.random(in: 0..<4, using: &generator)]
      let y = 1 + 2 * a - 3 * b + Double.random(in: -1...1, using: &generator)
      let cell = group.contains(",") || quotes ? "\"\(group)\"" : group
      let numbers = [a, b, y].map { String(format: "%.6f", $0) }
      lines.append(
        "\(numbers[0]),\(numbers[1]),\(cell),\(record % 5),\(record % 1000 == 7 ? "NA" : numbers[0]),\(numbers[2])")
    }
    return lines.joined(separator: lineBreak) + lineBreak
  }

  /// The same numbers, and for those that come from sums in another order, to a few units in the last place.
  private func expectSame(_ held: JSONTree, _ streamed: JSONTree) {
    #expect(held.coefficients.elements.map(\.term) == streamed.coefficients.elements.map(\.term))
    for (first, second) in zip(held.coefficients.elements, streamed.coefficients.elements) {
      #expect(first.estimate == second.estimate, "\(first.term)")
      for key in ["std.error", "statistic", "conf.low", "conf.high"] where first[key] != .null {
        #expect(abs(first[key].double - second[key].double) <= 1e-13 * abs(first[key].double), "\(first.term): \(key)")
      }
    }
    for key in ["sigma", "r.squared", "adj.r.squared", "statistic"] where held[key] != .null {
      #expect(abs(held[key].double - streamed[key].double) <= 1e-12 * abs(held[key].double), "\(key)")
    }
    for key in ["nobs", "df.residual", "rank", "dropped.records", "dropped.columns"] {
      #expect(held[key] == streamed[key], "\(key)")
    }
  }

  @Test(arguments: [
    ["--target", "y", "--features", "a,b"], ["--target", "y", "--features", "a,b", "--weights", "w"],
    ["--target", "y", "--features", "a,b", "--no-intercept", "--ridge", "0.5"], ["--formula", "y ~ a * b"],
    ["--formula", "y ~ a + group + poly(b, 3)", "--weights", "w"],
    ["--formula", "y ~ gap + group:b - 1", "--missing", "drop"],
    ["--formula", "y ~ a + b + I(a + b)", "--dependent", "drop"], ["--formula", "log(b) ~ offset(a) + C(w, ref = 3)"],
  ]) func passesSayWhatTheHeldTableSays(options: [String]) throws {
    try scratch.write(table(records: 30_000), to: "data.csv")
    let held = try scratch.json(["fit", "data.csv"] + options)
    expectSame(held, try scratch.json(["fit", "data.csv", "--stream"] + options))
    if options.contains("poly(b, 3)") { return }
    let texts = try [[], ["--stream"]].map { try scratch.run(["fit", "data.csv"] + options + $0).output }
    func residuals(_ text: String) -> [Substring] { Array(text.split(separator: "\n").prefix(4)) }
    #expect(residuals(texts[0]) == residuals(texts[1]))
  }

  @Test func lineEndsQuotesAndStandardInputChangeNothing() throws {
    let options = ["--formula", "y ~ a + group", "--stream"]
    try scratch.write(table(records: 12_000), to: "data.csv")
    let plain = try scratch.json(["fit", "data.csv"] + options)
    for (lineBreak, quotes) in [("\r\n", false), ("\r", false), ("\n", true), ("\r\n", true)] {
      let text = table(records: 12_000, lineBreak: lineBreak, quotes: quotes)
      #expect(
        try scratch.json(["fit", "-"] + options, input: Data(text.utf8)) == plain, "\(lineBreak.debugDescription)")
    }
  }

  /// Places in messages are those of the whole file, however far into it.
  @Test(arguments: ["\n", "\r\n"]) func errorsNameTheLine(lineBreak: String) throws {
    var lines = table(records: 30_000).split(separator: "\n").map(String.init)
    lines[27_000] = "1,2,red,1,1,oops"
    try scratch.write(lines.joined(separator: lineBreak), to: "data.csv")
    let refused = try scratch.run(["fit", "data.csv", "--target", "y", "--features", "a,b", "--stream"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("data.csv:27001:13: cannot read \"oops\" in column y"), "\(refused.errors)")
    lines[27_000] = "-2,2,red,1,1,3"
    try scratch.write(lines.joined(separator: lineBreak), to: "data.csv")
    for option in [[], ["--stream"]] {
      let infinite = try scratch.run(["fit", "data.csv", "--formula", "y ~ log1p(a)"] + option)
      #expect(infinite.status == 1)
      #expect(infinite.errors.contains("data.csv:27001: log1p(a) is "), "\(infinite.errors)")
    }
  }

  @Test(arguments: 1...6) func awkwardTablesAreReadAsTheOracleReadsThem(seed: UInt64) throws {
    let table = AwkwardTable(seed: seed)
    try scratch.write(table.text, to: "awkward.csv")
    try scratch.write(table.plainText, to: "plain.csv")
    let delimiter = ["--delimiter", table.delimiter == "\t" ? "tab" : String(table.delimiter)]
    let fit = try scratch.json(["fit", "awkward.csv", "--target", "y", "--features", "a,b", "--stream"] + delimiter)
    #expect(fit == (try scratch.json(["fit", "plain.csv", "--target", "y", "--stream"])))
    let formula = try scratch.json(["fit", "awkward.csv", "--formula", "y ~ a + b", "--stream"] + delimiter)
    #expect(formula == (try scratch.json(["fit", "plain.csv", "--formula", "y ~ a + b", "--stream"])))
  }

  /// Tables with random damage: held or read in passes they are refused with the same words, or give the same fit; nothing crashes.
  @Test(arguments: 1...8) func damagedTablesAreRefusedInTheSameWords(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var bytes = Array(AwkwardTable(seed: seed).text.utf8)
    let pieces: [[UInt8]] =
      ["\"", "\n", "\r", ",,", "x", "\u{0}", "NA", "1e999", "\"\"", ";", " "].map { Array($0.utf8) } + [[0xFF], [0xC3]]
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Int.random(in: 20..<bytes.count, using: &generator)
      bytes.replaceSubrange(
        place..<min(bytes.count, place + Int.random(in: 0...3, using: &generator)),
        with: pieces.randomElement(using: &generator)!)
    }
    try Data(bytes).write(to: scratch.url("data.csv"))
    let delimiter = AwkwardTable(seed: seed).delimiter
    let options = [
      "--target", "y", "--features", "a,b", "--delimiter", delimiter == "\t" ? "tab" : String(delimiter), "--json",
    ]
    let held = try scratch.run(["fit", "data.csv"] + options)
    let streamed = try scratch.run(["fit", "data.csv", "--stream"] + options)
    #expect([0, 1, 2].contains(held.status) && held.status == streamed.status)
    #expect(held.errors == streamed.errors)
    if held.status == 0 {
      let decoder = JSONDecoder()
      let fits = try [held, streamed].map { try decoder.decode(JSONTree.self, from: Data($0.output.utf8)) }
      expectSame(fits[0], fits[1])
    }
  }

  @Test func whatPassesCannotDoIsSaid() throws {
    try scratch.write(table(records: 100), to: "data.csv")
    for (options, status, text) in [
      (["--target", "y", "--features", "a", "--method", "qr", "--stream"], 64, "read in passes"),
      (["--target", "y", "--formula", "y ~ a"], 64, "either"), ([], 64, "either"),
      (["--formula", "y ~ a", "--features", "b"], 64, "A formula says itself"),
      (["--formula", "y ~ a +"], 64, "ends where"), (["--formula", "y ~ q"], 1, "\"q\", which does not exist"),
      (["--formula", "y ~ gap"], 1, "data.csv:9:30: the cell in column gap is missing"),
      (["--formula", "y ~ group + log(group)"], 1, "column of text"),
      (["--formula", "y ~ a + I(3 * a)"], 2, "I(3 * a) is a multiple of a"),
    ] {
      let outcome = try scratch.run(["fit", "data.csv"] + options)
      #expect(outcome.status == Int32(status) && outcome.errors.contains(text), "\(options): \(outcome.errors)")
    }
  }

  @Test func temporaryCopiesAreRemoved() throws {
    let folder = scratch.url("temporary")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let outcome = try scratch.run(
      ["fit", "-", "--formula", "y ~ a"], input: Data(table(records: 50).utf8), environment: ["TMPDIR": folder.path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
