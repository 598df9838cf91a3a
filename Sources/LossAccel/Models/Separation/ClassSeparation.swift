/// Columns whose combinations tell classes apart without error: the likelihood of a multinomial regression with them has no maximum.
///
/// There are directions γ, one for each class, such that in every row of a class y the product xᵢᵀγ_y is at least that of every other
/// class, and in some rows larger. Along them the likelihood grows without end, and coefficients and standard errors that software reports
/// nevertheless mean nothing.
public struct ClassSeparation: Error, Sendable, Hashable, Codable {
  /// Two classes that are told apart.
  public struct Pair: Sendable, Hashable, Codable {
    /// The earlier one.
    public let first: String
    /// The later one.
    public let second: String
  }

  /// The columns that the directions combine, by name; the intercept is not listed.
  public let columns: [String]
  /// The classes that are told apart, where a row of one of them has the larger product.
  public let pairs: [Pair]
  /// The rows whose class has a larger product than some other.
  public let rows: [Int]
  /// How many rows there are.
  public let observations: Int

  /// The same, where rows are those of a table of which only these rows took part.
  func inRows(_ kept: [Int]) -> ClassSeparation {
    ClassSeparation(columns: columns, pairs: pairs, rows: rows.map { kept[$0] }, observations: observations)
  }
}

extension ClassSeparation: CustomStringConvertible {
  /// What tells which classes apart, and what to do about it.
  public var description: String {
    let subject = SeparationText.subject(columns, one: "tells", several: "tell", none: "The intercepts tell")
    let told = pairs.prefix(4).map { "\($0.first) from \($0.second)" }
    let pairs =
      pairs.count > 4
      ? "\(told.joined(separator: ", ")), and \(pairs.count - 4) more pairs of classes,"
      : SeparationText.joined(Array(told))
    return """
      \(subject) \(pairs) without error in \
      \(rows.count == observations ? "all \(observations)" : "\(rows.count) of \(observations)") rows, so the likelihood has no maximum. \
      Leave columns out, or add a ridge penalty, which keeps every coefficient finite.
      """
  }
}
