/// Why a generalised linear model has no fit. Every case says what is wrong, where, and the cure.
public enum ModelError: Error, Equatable, Sendable {
  /// The objective has no value: a target, a weight, an offset or a feature cannot be used.
  case objective(ObjectiveError)

  /// The weighted least-squares problem of a step has no answer.
  case leastSquares(LeastSquaresError)

  /// An exposure is not positive, or not finite.
  case invalidExposure(row: Int, value: Double)

  /// The likelihood has no maximum: some columns tell the targets at the edge of their range apart from the others without error.
  case separated(Separation)

  /// The likelihood has no maximum: some columns tell classes apart without error.
  case classesSeparated(ClassSeparation)

  /// No row that counts belongs to this class.
  case emptyClass(String)

  /// All rows belong to the same class.
  case oneClass(String)

  /// No coefficients were found to start from: the link takes no predictor near the targets' to a valid mean.
  case noStart(family: String, link: String)

  /// The search ended before the minimum.
  case notConverged(StopReason, iterations: Int)

  /// The loss has kinks, at which a search by slopes would stop before the minimum.
  case lossHasKinks(String)

  /// The loss falls without end as the coefficients of these columns grow, or the intercept alone: there is no minimum.
  case lossHasNoMinimum(String, columns: [String])

  /// At the end of the search no row has a slope or a curvature: all are where the loss is flat, far from its minima.
  case lossIsFlat(String)

  /// This needs single rows again, and the fit only passes through them.
  case needsMatrix(String)

  /// The formula cannot be read, or cannot be applied to the table.
  case formula(ModelFormulaError)
}

extension ModelError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .objective(let error): error.description
    case .leastSquares(let error): error.description
    case .invalidExposure(let row, let value):
      "The exposure of row \(row) is \(value). It must be positive and finite; leave the row out with the weight 0."
    case .separated(let separation): separation.description
    case .classesSeparated(let separation): separation.description
    case .emptyClass(let name):
      "No row that counts belongs to the class \(name), so its intercept would be −∞. Leave the class out."
    case .oneClass(let name):
      "All rows belong to the class \(name). A classifier needs rows of two classes at least."
    case .noStart(let family, let link):
      """
      No coefficients were found at which the \(link) link has means that the \(family) family allows. Pass some as start, or \
      choose another link, such as log.
      """
    case .notConverged(let reason, let iterations): "The fit ended after \(iterations) iterations. \(reason)"
    case .lossHasKinks(let name):
      "The loss \(name) has kinks, at which a search by slopes ends too early. Choose a smooth relative: pseudo-huber, smooth-pinball, smooth-hinge."
    case .lossHasNoMinimum(let name, let columns):
      columns.isEmpty
        ? "The loss \(name) falls without end along the intercept, which no penalty holds, so it has no minimum on these data. Choose another loss."
        : """
        \(SeparationText.subject(columns, one: "lets", several: "let", none: "")) the loss \(name) fall without end, so it has no minimum on these data. \
        Leave columns out, add a ridge penalty, which keeps every coefficient of a column finite, or choose another loss.
        """
    case .lossIsFlat(let name):
      """
      The loss \(name) is flat at every row, so nothing tells one fit from another: its scale is too small for these targets. Give it a larger \
      one, scale the targets, or start from the fit of a convex loss, such as pseudo-huber.
      """
    case .needsMatrix(let what):
      "\(what) needs single rows again, and this fit only passes through them. Fit a Matrix, or a table in memory."
    case .formula(let error): error.description
    }
  }
}

/// `body`, with the errors of least squares as a model's.
func withLeastSquares<Result>(_ body: () throws(LeastSquaresError) -> Result) throws(ModelError) -> Result {
  do { return try body() } catch { throw .leastSquares(error) }
}

/// `body`, with the errors of objectives as a model's.
func withObjective<Result>(_ body: () throws(ObjectiveError) -> Result) throws(ModelError) -> Result {
  do { return try body() } catch { throw .objective(error) }
}

extension ModelError {
  /// The same error, where rows are those of a table of which only these rows took part.
  package func inRows(_ rows: [Int]?) -> ModelError {
    guard let rows else { return self }
    switch self {
    case .objective(.nonFiniteFeature(let row, let column, let value)):
      return .objective(.nonFiniteFeature(row: rows[row], column: column, value: value))
    case .leastSquares(.nonFiniteElement(let row, let column, let value)):
      return .leastSquares(.nonFiniteElement(row: rows[row], column: column, value: value))
    case .objective(.loss(.targetOutsideDomain(let row, let value, let lowest, let highest))):
      return .objective(
        .loss(.targetOutsideDomain(index: rows[row], value: value, lowest: lowest, highest: highest)))
    case .objective(.loss(.invalidWeight(let row, let value))):
      return .objective(.loss(.invalidWeight(index: rows[row], value: value)))
    case .objective(.nonFiniteOffset(let row, let value)):
      return .objective(.nonFiniteOffset(row: rows[row], value: value))
    case .invalidExposure(let row, let value): return .invalidExposure(row: rows[row], value: value)
    case .objective(.loss(.labelOutOfRange(let row, let label, let classes))):
      return .objective(.loss(.labelOutOfRange(row: rows[row], label: label, classes: classes)))
    case .separated(let separation): return .separated(separation.inRows(rows))
    case .classesSeparated(let separation): return .classesSeparated(separation.inRows(rows))
    case .formula(let error): return .formula(error.inRows(rows))
    default: return self
    }
  }
}
