/// Columns whose combination tells targets at the edge of their range apart: the likelihood of a model with them has no maximum.
///
/// In a logistic model it is a direction γ with xᵢᵀγ > 0 only for successes and < 0 only for failures; in a Poisson model with the
/// logarithmic link one with xᵢᵀγ < 0 only for counts of 0. Along it the likelihood grows without end, and coefficients and standard
/// errors that software reports nevertheless mean nothing.
public struct Separation: Error, Sendable, Hashable, Codable {
  /// The columns that γ combines, by name; the intercept is not listed.
  public let columns: [String]
  /// γ: the intercept's coefficient first where there is one, then those of the columns. The largest product with a row is 1 in magnitude.
  public let direction: [Double]
  /// The rows with xᵢᵀγ ≠ 0, which the model would predict without error.
  public let rows: [Int]
  /// How many rows there are.
  public let observations: Int
  /// Whether Firth's correction, which keeps the coefficients finite, is there for the model: for canonical links of logistic and Poisson
  /// regression, fitted to a matrix or a table.
  public let canReduceBias: Bool

  /// Whether every row is predicted without error.
  public var isComplete: Bool { rows.count == observations }

  /// The same, where rows are those of a table of which only these rows took part.
  func inRows(_ kept: [Int]) -> Separation {
    Separation(
      columns: columns, direction: direction, rows: rows.map { kept[$0] }, observations: observations,
      canReduceBias: canReduceBias)
  }
}

extension Separation: CustomStringConvertible {
  /// What separates which rows, and what to do about it.
  public var description: String {
    let subject = SeparationText.subject(
      columns, one: "separates", several: "separate", none: "The intercept separates")
    let what =
      isComplete
      ? "the targets completely"
      : "\(rows.count == 1 ? "one row" : "\(rows.count) rows") of \(observations) from the others without error"
    let cure =
      canReduceBias
      ? "add a ridge penalty, or fit with Firth's correction, which keeps every coefficient finite."
      : "or add a ridge penalty, which keeps every coefficient finite."
    return "\(subject) \(what), so the likelihood has no maximum. Leave the column out, \(cure)"
  }
}

/// Words that all kinds of separation have in common.
enum SeparationText {
  /// Who separates: the names of the columns, or of the first eight, and a verb.
  static func subject(_ columns: [String], one: String, several: String, none: String) -> String {
    switch columns.count {
    case 0: none
    case 1: "The column \(columns[0]) \(one)"
    case 2...8: "The columns \(joined(columns)) \(several)"
    default: "The columns \(columns.prefix(8).joined(separator: ", ")) and \(columns.count - 8) more \(several)"
    }
  }

  /// “a, b and c”.
  static func joined(_ parts: [String]) -> String {
    parts.count > 1 ? parts.dropLast().joined(separator: ", ") + " and \(parts[parts.count - 1])" : parts.joined()
  }
}
