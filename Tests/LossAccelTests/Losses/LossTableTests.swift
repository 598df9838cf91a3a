import Foundation
import LossAccel
import Testing

@Suite("The documentation's table of losses")
struct LossTableTests {
  private static let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/LossAccel/LossAccel.docc/LossTable.md")

  @Test("The article is what the catalogues and the bounds of the tests make of it")
  func isUpToDate() throws {
    if ProcessInfo.processInfo.environment["LOSSACCEL_WRITE_LOSS_TABLE"] != nil {
      try LossTable.text.write(to: Self.article, atomically: true, encoding: .utf8)
    }
    let written = try String(contentsOf: Self.article, encoding: .utf8).split(separator: "\n")
    let made = LossTable.text.split(separator: "\n")
    for (line, other) in zip(written, made) where line != other {
      Issue.record("make loss-table has not been run:\n\(line)\nshould be\n\(other)")
      return
    }
    #expect(written.count == made.count, "make loss-table has not been run")
  }

  @Test("Every loss of every catalogue has a line, and only one")
  func isComplete() {
    let names =
      LossCatalogue.all.map(\.name) + JointLossCatalogue.all.map(\.name) + RowLossCatalogue.all.map(\.name)
      + OrdinalLoss.all.map(\.name) + GroupLossCatalogue.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(LossTable.text.components(separatedBy: "\n| `\(name)`").count == 2, "\(name)")
    }
  }
}
