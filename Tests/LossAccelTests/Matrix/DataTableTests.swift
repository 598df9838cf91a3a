import LossAccel
import TestSupport
import Testing

@Suite struct DataTableTests {
  private let table: DataTable = [
    "real": DataColumn([1.5, nil, -2]), "whole": DataColumn([3, 4, nil]), "truth": DataColumn([true, nil, false]),
    "text": DataColumn(["b", "a", "b"]),
  ]

  @Test func columnsKeepTheirKindAndWhatIsMissing() throws {
    #expect(table.names == ["real", "whole", "truth", "text"] && table.rowCount == 3)
    let real = try #require(table["real"])
    #expect(real.isMissing == [false, true, false] && real.missingCount == 1 && real.isNumeric)
    #expect(real.doubles[0] == 1.5 && real.doubles[1].isNaN)
    #expect(try #require(table["whole"]).doubles.prefix(2) == [3, 4])
    #expect(try #require(table["truth"]).doubles[2] == 0)
    let text = try #require(table["text"])
    #expect(text.values == .text(codes: [0, 1, 0], levels: ["b", "a"]) && text.isMissing == nil && !text.isNumeric)
    #expect(table["nothing"].map(\.count) == nil)
  }

  @Test func rowsCanBeChosen() throws {
    let some = table.selecting(rows: [2, 0, 2])
    #expect(some.rowCount == 3)
    #expect(try #require(some["real"]).doubles == [-2, 1.5, -2])
    #expect(try #require(some["whole"]).isMissing == [true, false, true])
    #expect(try #require(table[rows: 1..<2]["text"]).values == .text(codes: [1], levels: ["b", "a"]))
  }

  @Test func columnsCanBeReplacedAddedAndRemoved() throws {
    var table = table
    table["text"] = DataColumn([1.0, 2, 3])
    table["more"] = DataColumn([false, true, true])
    table["real"] = nil
    #expect(table.names == ["whole", "truth", "text", "more"])
    #expect(try #require(table["text"]).doubles == [1, 2, 3])
  }

  /// 0.1 is not a double: what the nearest lacks is known from its binary expansion.
  @Test func decimalsKeepWhatADoubleLacks() throws {
    let column = try #require(DataColumn(decimalTexts: ["0.1", nil, "2.5", "-1e-1", "1234567890123456789", "NA"]))
    #expect(column.isMissing == [false, true, false, false, false, true])
    let remainders = try #require(column.remainders)
    #expect(remainders[0] == -5.551115123125783e-18 && remainders[2] == 0 && remainders[3] == 5.551115123125783e-18)
    #expect(column.doubles[4] == 1_234_567_890_123_456_768 && remainders[4] == 21)
    #expect(try #require(DataColumn(decimalTexts: ["1", "2.5"])).remainders == nil)
    #expect(DataColumn(decimalTexts: ["1", "two"]).map(\.count) == nil)
  }
}
