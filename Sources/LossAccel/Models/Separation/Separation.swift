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

  /// Whether every row is predicted without error.
  public var isComplete: Bool { rows.count == observations }

  /// The same, where rows are those of a table of which only these rows took part.
  func inRows(_ kept: [Int]) -> Separation {
    Separation(columns: columns, direction: direction, rows: rows.map { kept[$0] }, observations: observations)
  }
}

extension Separation: CustomStringConvertible {
  /// What separates which rows, and what to do about it.
  public var description: String {
    let names = columns.isEmpty ? "The intercept" : (columns.count == 1 ? "The column " : "The columns ")
    let list =
      columns.count > 1
      ? columns.dropLast().joined(separator: ", ") + " and \(columns[columns.count - 1])" : columns.joined()
    let verb = columns.count > 1 ? "separate" : "separates"
    let what =
      isComplete
      ? "\(verb) the targets completely"
      : "\(verb) \(rows.count == 1 ? "one row" : "\(rows.count) rows") of \(observations) from the others without error"
    return """
      \(names)\(list) \(what), so the likelihood has no maximum. Leave the column out, add a ridge penalty, or fit with Firth's \
      correction, which keeps every coefficient finite.
      """
  }
}
