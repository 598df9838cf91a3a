/// What to do where columns are linear combinations of others, so that infinitely many coefficients fit equally well.
///
/// Columns are first scaled by powers of two to about unit length; a column then counts as a combination of others when what
/// they leave of it is shorter than 10⁻¹³ of it. The number of rows has no part in that decision.
public enum RankDeficiency: Sendable, Equatable {
  /// Throw ``LeastSquaresError/rankDeficient(rank:columns:dependent:)``, which names the columns.
  case error

  /// The coefficients of the smallest Euclidean norm, in the units of the columns as they were given.
  case minimumNorm

  /// Leave out every column that is a combination of columns before it, as R does: its coefficient is 0 and it is listed in
  /// the solution's report.
  case drop
}

/// A column that is, to working precision, a linear combination of others.
public struct DependentColumn: Sendable, Equatable, CustomStringConvertible {
  /// The column's index.
  public var column: Int
  /// The columns before it that it is a combination of; empty for a column of zeros (or a constant one, beside an intercept).
  public var combinationOf: [Int]
  /// Whether the intercept of the model takes part in the combination.
  public var includesIntercept: Bool

  /// A dependency between columns.
  public init(column: Int, combinationOf: [Int], includesIntercept: Bool = false) {
    self.column = column
    self.combinationOf = combinationOf
    self.includesIntercept = includesIntercept
  }

  /// For example `column 3 is a combination of columns 0 and 2`.
  public var description: String { describe { "column \($0)" } }

  /// The same sentence with the columns' names.
  public func describe(name: (Int) -> String) -> String {
    var parts = combinationOf.map(name)
    if includesIntercept { parts.insert("the intercept", at: 0) }
    guard let last = parts.last else { return "\(name(column)) is zero" }
    if parts.count == 1 { return "\(name(column)) is a multiple of \(last)" }
    return "\(name(column)) is a combination of \(parts.dropLast().joined(separator: ", ")) and \(last)"
  }
}
