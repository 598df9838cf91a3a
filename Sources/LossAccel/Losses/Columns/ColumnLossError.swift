/// Why the losses of a table's columns cannot be had. Every case says in which column, and in which row where there is one; rows are
/// counted from 0.
public enum ColumnLossError: Error, Equatable, Sendable {
  /// The table has no column of that name.
  case noColumn(name: String, known: [String])
  /// The table has no rows, or no columns.
  case emptyTable
  /// No element of the column counts: each is missing, masked, or in a row of weight 0.
  case nothingIn(column: String)
  /// The column holds text, which cannot be of the kind.
  case text(column: String, kind: ColumnKind)
  /// An element cannot be of the kind.
  case wrongElement(column: String, kind: ColumnKind, row: Int, element: String)
  /// An element is not one of the column's levels.
  case unknownLevel(column: String, row: Int, level: String, known: [String])
  /// The levels of a column of text have an order that was not given.
  case orderNotGiven(column: String, levels: [String])
  /// No element of the column is of that level, so that there is no telling how far it reaches.
  case levelNotFound(column: String, level: String)
  /// The column's null loss cannot be divided by: its elements differ too much or too little for the numbers' range.
  case nullLossOutOfRange(column: String, nullLoss: Double)
  /// The weight of a row is negative, infinite or NaN.
  case invalidWeight(row: Int, value: Double)
  /// The loss of the column cannot be computed.
  case loss(column: String, error: LossError)
}

extension ColumnLossError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .noColumn(let name, let known):
      return "The table has no column \(name). It has: \(known.joined(separator: ", "))."
    case .emptyTable:
      return "The table is empty. Give it at least one row of one column."
    case .nothingIn(let column):
      return """
        No element of column \(column) counts: each is missing, masked, or in a row of weight 0. Leave the column out, or the batch; \
        a sum does without.
        """
    case .text(let column, let kind):
      return
        "Column \(column) cannot be \(kind): it holds text. Let it be categorical or ordinal, or turn it into numbers."
    case .wrongElement(let column, let kind, let row, let element):
      return """
        Column \(column) holds \(element) in row \(row), but an element of a column that is \(kind) is \(kind.elements). Correct it, mark \
        it as missing, or give the column another kind.
        """
    case .unknownLevel(let column, let row, let level, let known):
      return """
        Column \(column) holds “\(level)” in row \(row), which is none of its levels \(known.joined(separator: ", ")). Correct it, mark \
        it as missing, or make the losses from a table that has it.
        """
    case .orderNotGiven(let column, let levels):
      return """
        Column \(column) holds text, whose order is not known. Give it: \
        .ordinal(levels: [\(levels.map { "\"\($0)\"" }.joined(separator: ", "))]) from the lowest to the highest.
        """
    case .levelNotFound(let column, let level):
      return
        "No element of column \(column) is \(level). Leave the level out, or make the losses from a table that has it."
    case .nullLossOutOfRange(let column, let nullLoss):
      return """
        The null loss of column \(column) is \(nullLoss), by which nothing can be divided. Give its numbers in another unit, nearer \
        to 1.
        """
    case .invalidWeight(let row, let value):
      return "The weight of row \(row) is \(value). Weights must be finite and not negative; use 0 to leave a row out."
    case .loss(let column, let error):
      return "Column \(column): \(error)"
    }
  }
}
