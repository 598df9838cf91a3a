import ArgumentParser
import LossAccel

/// The options of `fit` that ask how well a classifier predicts records that the fit has not seen.
struct TestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "With --family multinomial: also predict the records of this table, and print accuracy and log loss.",
      valueName: "file"))
  var test: String?

  @Option(
    help: ArgumentHelp(
      "With --family multinomial: fit without this share of the records, and print accuracy and log loss on them.",
      valueName: "share"))
  var holdout: Double?

  @Option(help: "With --holdout and --cv: what the choice of the records is drawn from.")
  var seed: UInt64 = 0

  var isGiven: Bool { test != nil || holdout != nil }

  func validate() throws {
    if test != nil && holdout != nil { throw ValidationError("Give either --test or --holdout.") }
    if let holdout, !(holdout > 0 && holdout < 1) {
      throw ValidationError("--holdout is \(holdout); a share lies between 0 and 1, as in --holdout 0.2.")
    }
  }

  /// The rows to fit and the rows to test, each in their order.
  func split(rows: Int) -> (fit: [Int], test: [Int]) {
    guard let holdout else { return (Array(0..<rows), []) }
    var random = SeededOrder(state: seed)
    let count = min(max(Int((holdout * Double(rows)).rounded()), 1), rows - 1)
    let test = Set((0..<rows).shuffled(using: &random).prefix(count))
    return ((0..<rows).filter { !test.contains($0) }, test.sorted())
  }
}
