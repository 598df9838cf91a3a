import Foundation
import LossAccel
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
}
