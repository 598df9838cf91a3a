import Foundation
import LossAccel
import TestSupport
import Testing

@Suite struct DecimalParsingTests {
  /// Texts and bits from exact rational arithmetic: ties, near-ties, subnormals, overflow, up to 800 digits.
  @Test func hardTextsRoundToTheNearestDouble() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("References/decimal_texts.txt")
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count > 1000)
    for line in lines {
      let parts = line.split(separator: " ")
      let expected = try #require(UInt64(parts[1], radix: 16))
      let actual = try #require(parseDecimal(parts[0]), "\(parts[0])")
      #expect(actual.bitPattern == expected, "\(parts[0]) gave \(actual)")
    }
  }

  @Test func shortestAndLongTextsOfRandomDoublesRoundTrip() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
      guard value.isFinite else { continue }
      #expect(parseDecimal("\(value)")?.bitPattern == value.bitPattern, "\(value)")
      let long = String(format: "%.25e", value)
      #expect(parseDecimal(long)?.bitPattern == value.bitPattern, "\(long)")
    }
  }

  @Test(arguments: [
    ("1,2", 1), ("12.5;", 4), ("-3e", 2), ("-3e+", 2), ("1e5x", 3), ("1.2.3", 3), (".", 0), ("-", 0), ("+.", 0),
    ("", 0),
    ("e5", 0), ("nan", 0), ("inf", 0), ("0x10", 1), ("--1", 0), (" 1", 0), ("5.e1,", 4), ("1_000", 1),
  ])
  func readsTheLongestPrefix(text: String, length: Int) {
    let bytes = Array(text.utf8)
    var value = 42.0
    #expect(parseDecimal(bytes.span, from: 0, into: &value) == length)
    if length == 0 { #expect(value == 42) }
  }

  @Test func beginsWhereTold() {
    let bytes = Array("12,-7.25,9".utf8)
    var value = 0.0
    #expect(parseDecimal(bytes.span, from: 3, into: &value) == 8)
    #expect(value == -7.25)
    #expect(parseDecimal(bytes.span, from: 10, into: &value) == 10)
  }

  @Test func wholeTextsOnly() {
    #expect(parseDecimal("1.5") == 1.5)
    #expect(parseDecimal("1.5 ") == nil)
    #expect(parseDecimal("") == nil)
  }

  /// What the nearest double lacks of a decimal, against integers of any size.
  @Test func remaindersAreThoseOfExactArithmetic() throws {
    func tens(_ count: Int) -> BigInteger { (0..<count).reduce(BigInteger(1)) { power, _ in power * BigInteger(10) } }
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let length = Int.random(in: 1...19, using: &generator)
      let largest = length == 19 ? Int.max : (0..<length).reduce(1) { power, _ in power * 10 }
      let number = Int.random(in: largest / 10...largest - 1, using: &generator) | 1
      let power = Int.random(in: -22...22, using: &generator)
      let parsed = try #require(parseWideDecimal("\(number)e\(power)"))
      let exponent = Int(parsed.high.exponent) - 52
      // number·10ᵖ − significand·2ᵉ over a common denominator.
      var (exact, rounded) = (BigInteger(number), BigInteger(Int(parsed.high.significandBitPattern) | 1 << 52))
      var denominator = tens(max(0, -power))
      (exact, rounded) = (exact * tens(max(0, power)), rounded * denominator)
      (exact, rounded) = (exact << max(0, -exponent), rounded << max(0, exponent))
      denominator = denominator << max(0, -exponent)
      let difference = BigInteger.quotient(exact - rounded, denominator)
      #expect(difference.relativeError(of: parsed.low) < 0x1.01p-52, "\(number)e\(power)")
    }
  }

  /// Whole records, whose cells have a way of their own through the common cases.
  @Test(arguments: [false, true]) func recordsHoldTheSameNumbers(keepsRemainders: Bool) throws {
    var generator = SeededGenerator(seed: 12)
    func digits(_ counts: ClosedRange<Int>) -> String {
      let count = Int.random(in: counts, using: &generator)
      return String((0..<count).map { _ in "0123456789".randomElement(using: &generator)! })
    }
    var cells = [
      "0", "-0", "-0.0", "1", "-1.", ".5", "0.1", "9007199254740992", "9007199254740993", "9007199.254740993",
      "9007199.123456789012345", "1234567.12345678", "1234567.1234567812345678", "7654321.99999999999999999",
      "1.7976931348623157e308", "4.9e-324", "1e5", "2.5E-3", "+3.25", " 4.5 ", "0.00000000000000000000001", "12345678",
      "123456789012345678901234567890",
    ]
    for _ in 0..<6000 {
      var cell = Bool.random(using: &generator) ? "-" : ""
      cell += digits(1...9)
      if Int.random(in: 0..<8, using: &generator) > 0 { cell += "." + digits(0...18) }
      if Int.random(in: 0..<8, using: &generator) == 0 { cell += "e\(Int.random(in: -30...30, using: &generator))" }
      cells.append(cell)
    }
    cells.removeLast(cells.count % 3)
    var bytes: [UInt8] = []
    for (place, cell) in cells.enumerated() { bytes += Array((cell + (place % 3 == 2 ? "\n" : ",")).utf8) }
    let rows = cells.count / 3
    var columns = RecordColumns(numbers: 3, texts: 0, capacity: rows, keepsRemainders: keepsRemainders)
    var position = 0
    #expect(
      columns.readPlainRecords(
        bytes.span, at: &position, delimiter: UInt8(ascii: ","), slots: [0, 1, 2], row: 0) == rows)
    for (place, cell) in cells.enumerated() {
      let expected = try #require(parseWideDecimal(cell.trimmingCharacters(in: .whitespaces)))
      let index = place % 3 * rows + place / 3
      #expect(columns.values[index].bitPattern == expected.high.bitPattern, "\(cell)")
      if keepsRemainders { #expect(columns.remainders[index] == expected.low, "\(cell)") }
    }
  }
}
