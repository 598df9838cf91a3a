import Foundation
import Testing

/// What the reader of text tables makes of files in the wild, seen through `fit`.
@Suite struct CSVTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// y = 1 + 2a − 3b, in as many spellings as there are tests. Columns are called a, b, y.
  private func expectPlane(_ fit: JSONTree, rows: Double = 5) {
    let expected = ["(Intercept)": 1.0, "a": 2, "b": -3, "V1": 2, "V2": -3]
    #expect(fit.coefficients.elements.count == 3)
    for term in fit.coefficients.elements {
      let name = term.term.string ?? ""
      #expect(abs(term.estimate.double - (expected[name] ?? .nan)) < 1e-13, "\(name): \(term.estimate.double)")
    }
    #expect(fit.nobs.double == rows)
  }

  @Test(arguments: [
    "a,b,y\n1,0,3\n0,1,-2\n1,1,0\n2,1,2\n3,5,-8\n",
    "a,b,y\r\n1,0,3\r\n0,1,-2\r\n1,1,0\r\n2,1,2\r\n3,5,-8\r\n",
    "a,b,y\r1,0,3\r0,1,-2\r1,1,0\r2,1,2\r3,5,-8",
    "\u{FEFF}a,b,y\n1,0,3\n0,1,-2\n1,1,0\n2,1,2\n3,5,-8",
    "\n\na,b,y\n\n1,0,3\n0,1,-2\n  \n1,1,0\n2,1,2\n\n3,5,-8\n\n\n",
    "\"a\",\"b\",\"y\"\n\"1\",\"0\",\"3\"\n0,1,-2\n1,1,0\n2,1,2\n3,5,-8\n",
    " a , b , y \n 1 , 0 , 3 \n 0,1,-2\n1,1\t,0\n2,1,2 \n \"3\" , \" 5 \" ,-8\n",
    "a,b,y\n+1,0.0,3e0\n0e5,.1e1,-2.\n1,1,0\n2,1,2\n3,5,-80E-1\n",
    "text,a,more,b,y,last\nx,1,,0,3,\n\"q,\"\"\nz\",0,NA,1,-2,\"\"\n5\" pipe,1,ü,1,0,€\n,2,,1,2,\"\r\n\"\n,3,,5,-8,\n",
  ])
  func spellings(text: String) throws {
    try scratch.write(text, to: "data.csv")
    expectPlane(try scratch.json(["fit", "data.csv", "--target", "y", "--features", "a,b"]))
    expectPlane(
      try scratch.json(["fit", "-", "--target", "y", "--features", "a", "--features", "b"], input: Data(text.utf8)))
  }

  @Test(arguments: [(";", "data.csv"), ("\t", "data.tsv"), ("|", "data.txt"), (" ", "data.txt")])
  func delimiters(delimiter: String, name: String) throws {
    let text = "a,b,y\n1,0,3\n0,1,-2\n1,1,0\n2,1,2\n3,5,-8\n"
    try scratch.write(text.replacing(",", with: delimiter), to: name)
    let option = name.hasSuffix("tsv") ? [] : ["--delimiter", delimiter]
    expectPlane(try scratch.json(["fit", name, "--target", "y"] + option))
  }

  @Test func columnsByNumberWithoutAHeader() throws {
    try scratch.write("1,0,3\n0,1,-2\n1,1,0\n2,1,2\n3,5,-8\n", to: "data.csv")
    expectPlane(try scratch.json(["fit", "data.csv", "--no-header", "--target", "3"]))
    expectPlane(try scratch.json(["fit", "data.csv", "--no-header", "--target", "V3", "--features", "1,V2"]))
    let outcome = try scratch.run(["fit", "data.csv", "--no-header", "--target", "4"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("data.csv has 3 columns"))
  }

  @Test func missingCellsAreRefusedOrDropped() throws {
    try scratch.write(
      "a,b,y\n1,0,3\n,1,7\n0,1,-2\n1,NA,7\n1,1,0\n2,nan,7\n2,1,2\n9,9,N/A\n3,5,-8\n\"\",1,1\n", to: "data.csv")
    let refused = try scratch.run(["fit", "data.csv", "--target", "y"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("data.csv:3:1: the cell in column a is missing"))
    #expect(refused.errors.contains("--missing drop"))
    let dropped = try scratch.json(["fit", "data.csv", "--target", "y", "--missing", "drop"])
    expectPlane(dropped)
    #expect(dropped["dropped.records"].double == 5)
    #expect(
      try scratch.run(["fit", "data.csv", "--target", "y", "--missing", "drop"]).output.contains(
        "5 records with missing cells were left out"))
  }

  @Test func missingCellsElsewhereDoNotMatter() throws {
    try scratch.write("a,b,z,y\n1,0,,3\n0,1,x,-2\n1,1,NA,0\n2,1,,2\n3,5,,-8\n", to: "data.csv")
    expectPlane(try scratch.json(["fit", "data.csv", "--target", "y", "--features", "a,b"]))
  }

  @Test(arguments: [
    ("a,y\n1,2\n2,x\n", "data.csv:3:3: cannot read \"x\" in column y as a number"),
    ("a,y\n1,2\n  2 ,  oops\n", "data.csv:3:8: cannot read \"oops\""),
    ("a,y\r\n1,2\r\n\"3 4\",1\r\n", "data.csv:3:1: cannot read \"3 4\""),
    ("note,a,y\n\"two\nlines\",1,2\nü€,x,3\n", "data.csv:4:4: cannot read \"x\" in column a"),
    ("a,y\n1,\"1,5\"\n", "decimal point"),
    ("a,y\n1,\"1,234,567.8\"\n", "separators between thousands"),
    ("a,y\n1,50%\n", "percent sign"),
    ("a,y\n1,inf\n", "data.csv:2:3: the cell in column y is inf"),
    ("a,y\n1,1e999\n", "finite"),
    ("a,y\n1,2\n3\n", "data.csv:3:1: this record has 1 cell, but the table has 2 columns"),
    ("a,y\n1,2,3\n", "data.csv:2:1: this record has 3 cells"),
    ("a,y\n1,2,\n", "this record has 3 cells"),
    ("a,y\n1,\"2\n3,4\n", "data.csv:2:3: this cell begins with a quote that is never closed"),
    ("a,y\n1,\"2\"x\n", "data.csv:2:6: there is text behind the closing quote"),
    ("a;y\n1;2\n", "--delimiter ';'"),
    ("1,2\n3,4\n", "--no-header"),
    ("a,Y\n1,2\n", "Did you mean \"Y\"?"),
    ("a,b\n1,2\n", "Its columns are: a, b."),
    ("a,y,y\n1,2,3\n", "columns 2 and 3 are both called \"y\""),
    ("", "data.csv is empty"),
    ("a,y\n", "holds no data"),
    ("a,y\n\n\n", "holds no data"),
  ])
  func errorsNameThePlaceAndTheCure(text: String, message: String) throws {
    try scratch.write(text, to: "data.csv")
    let features = text.hasPrefix("note") ? ["--features", "a"] : []
    let outcome = try scratch.run(["fit", "data.csv", "--target", "y"] + features)
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("error: data.csv"))
  }

  @Test func foreignFilesAreRecognised() throws {
    for (bytes, message) in [
      ([0x1F, 0x8B, 8, 0] as [UInt8], "zcat"), (Array("PK\u{3}\u{4}".utf8), "zip"), ([0xFF, 0xFE, 0x61, 0], "iconv"),
      ([0x93] + Array("NUMPY".utf8), "NumPy"),
    ] {
      try Data(bytes).write(to: scratch.url("data.csv"))
      let outcome = try scratch.run(["fit", "data.csv", "--target", "y"])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
    #expect(try scratch.run(["fit", ".", "--target", "y"]).errors.contains("directory"))
  }

  /// Records that cross the edges of the reader's windows, which are 256 KiB wide, and one record much longer than a window.
  @Test func recordsAcrossWindowsAreReadWhole() throws {
    var generator = SeededGenerator(seed: 7)
    var awkward = "note,a,b,y\n", plain = "a,b,y\n"
    for row in 0..<6000 {
      let length = row == 3000 ? 900_000 : Int.random(in: 0...200, using: &generator)
      let note = String(repeating: row % 3 == 0 ? "\"\"" : row % 3 == 1 ? "\r\n" : ",", count: length)
      let numbers = (0..<3).map { _ in "\(Double.random(in: -1...1, using: &generator))" }.joined(separator: ",")
      awkward += "\"\(note)\",\(numbers)\r\n"
      plain += numbers + "\n"
    }
    try scratch.write(awkward, to: "awkward.csv")
    try scratch.write(plain, to: "plain.csv")
    let fit = try scratch.json(["fit", "awkward.csv", "--target", "y", "--features", "a,b"])
    #expect(fit.nobs.double == 6000)
    #expect(fit == (try scratch.json(["fit", "plain.csv", "--target", "y"])))
  }

  /// Random awkward tables say the same as what an oracle reads from them, to the last bit of every coefficient.
  @Test(arguments: 1...40)
  func awkwardTablesAreReadAsTheOracleReadsThem(seed: UInt64) throws {
    let table = AwkwardTable(seed: seed)
    let records = oracleRecords(table.text.replacing("\u{FEFF}", with: ""), delimiter: table.delimiter)
    #expect(records.first == ["a", "note", "b", "y", "end"])
    let oracle = records.dropFirst().map { record in
      [0, 2, 3].map { Double(record[$0].trimmingCharacters(in: .whitespaces)) ?? .nan }
    }
    #expect(Array(oracle) == table.numbers, "the oracle or the generator is wrong")

    try scratch.write(table.text, to: "awkward.csv")
    try scratch.write(table.plainText, to: "plain.csv")
    let options = ["--target", "y", "--features", "a,b"]
    let delimiter = ["--delimiter", table.delimiter == "\t" ? "tab" : String(table.delimiter)]
    let fit = try scratch.json(["fit", "awkward.csv"] + options + delimiter)
    #expect(fit.nobs.double == Double(table.numbers.count))
    #expect(fit == (try scratch.json(["fit", "plain.csv"] + options)))
  }
}
