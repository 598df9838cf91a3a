/// Why a formula cannot be read, or cannot be applied to a table. Every case says what, where, and the cure.
public enum ModelFormulaError: Error, Equatable, Sendable {
  /// The formula is not one; `offset` characters stand before the trouble.
  case syntax(formula: String, offset: Int, problem: String)

  /// The formula names a column that the table does not have.
  case unknownColumn(formula: String, offset: Int, name: String, columns: [String])

  /// An element is missing in a column that the formula uses.
  case missingValue(column: String, row: Int)

  /// A term is infinite or not a number where its columns are neither, as log(0).
  case notFinite(term: String, row: Int, value: Double)

  /// A column holds a level that the model was not fitted with.
  case unknownLevel(term: String, level: String, row: Int)

  /// A term cannot be computed from the table's columns.
  case unusable(term: String, problem: String)

  /// Columns of the design depend on others, in words.
  case dependentColumns([String])

  /// The least-squares problem that the formula makes of the table has no answer.
  case leastSquares(LeastSquaresError)
}

extension ModelFormulaError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .syntax(let formula, let offset, let problem):
      return "The formula cannot be read: \(problem)\n\(ModelFormulaError.pointing(formula, offset))"
    case .unknownColumn(let formula, let offset, let name, let columns):
      let shown = columns.prefix(20).joined(separator: ", ") + (columns.count > 20 ? ", …" : "")
      return """
        The formula names the column "\(name)", which does not exist. The columns are: \(shown).
        \(ModelFormulaError.pointing(formula, offset))
        """
    case .missingValue(let column, let row):
      return "Column \(column) lacks row \(row). Fill it in, or leave such rows out with missing: .drop."
    case .notFinite(let term, let row, let value):
      return "\(term) is \(value) in row \(row). Correct the row, or choose another transformation."
    case .unknownLevel(let term, let level, let row):
      return "\(term) is \"\(level)\" in row \(row), a level that the model has never seen. Leave the row out."
    case .unusable(let term, let problem):
      return "\(term): \(problem)"
    case .dependentColumns(let sentences):
      return """
        The coefficients are not determined: \(sentences.joined(separator: "; ")). Leave terms out, add a ridge penalty, or choose \
        whenRankDeficient: .drop or .minimumNorm.
        """
    case .leastSquares(let error):
      return error.description
    }
  }

  /// The formula, and below it a mark at the place.
  private static func pointing(_ formula: String, _ offset: Int) -> String {
    let line = formula.map { $0.isNewline ? " " : String($0) }.joined()
    return "  \(line)\n  \(String(repeating: " ", count: max(0, offset)))^"
  }
}
