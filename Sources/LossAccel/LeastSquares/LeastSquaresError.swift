/// Why a least-squares problem has no answer, or none that should be trusted. Every case says what is wrong, where, and the cure.
///
/// Mistakes in the calling code (a target vector of another length than the matrix has rows) are preconditions instead.
public enum LeastSquaresError: Error, Equatable, Sendable {
  /// There are no rows (left, once those of weight zero are out), or no columns.
  case empty(rows: Int, columns: Int)

  /// An element of the matrix is infinite or NaN.
  case nonFiniteElement(row: Int, column: Int, value: Double)

  /// An element of the right-hand side is infinite or NaN. `column` is 0 for a vector.
  case nonFiniteTarget(row: Int, column: Int, value: Double)

  /// A weight is negative, infinite or NaN.
  case invalidWeight(row: Int, value: Double)

  /// The ridge penalty is negative, infinite or NaN.
  case invalidRidge(Double)

  /// A covariance or precision of tasks has a negative eigenvalue.
  case indefiniteRelation(eigenvalue: Double)

  /// Some columns are, to working precision, linear combinations of others, so the coefficients are not determined.
  case rankDeficient(rank: Int, columns: Int, dependent: [DependentColumn])

  /// Rows of the constraint matrix are linear combinations of earlier ones.
  case dependentConstraints(rows: [Int])

  /// There are more constraints than coefficients, or an element of them is infinite or NaN.
  case invalidConstraints(rows: Int, columns: Int)

  /// The chosen method cannot do what is asked of it; the automatic method can.
  case unsupported(method: String, reason: String)

  /// The iteration for the singular values did not end. It is known to happen, rarely, on valid matrices.
  case singularValuesNotConverged

  /// Values so large or small that products of them leave the range of the floating-point type.
  case outOfRange

  /// The second pass over a stream has seen another number of rows than the first.
  case differentRows(_ rows: Int, expected: Int)

  /// The BLAS or LAPACK library, or a dimension for it, is the obstacle.
  case linearAlgebra(LinearAlgebraError)
}

extension LeastSquaresError: CustomStringConvertible {
  /// What is wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .empty(let rows, let columns):
      "There is nothing to fit: \(rows) rows (of nonzero weight) and \(columns) columns. Pass at least one of each."
    case .nonFiniteElement(let row, let column, let value):
      "The matrix holds \(value) in row \(row), column \(column). Correct it, leave the row out, or give it the weight 0."
    case .nonFiniteTarget(let row, let column, let value):
      """
      The right-hand side holds \(value) in row \(row), column \(column). Correct it, leave the row out, or give it \
      the weight 0.
      """
    case .invalidWeight(let row, let value):
      "The weight of row \(row) is \(value). Weights must be finite and not negative; use 0 to leave a row out."
    case .invalidRidge(let value):
      "The ridge penalty is \(value). It must be finite and not negative."
    case .indefiniteRelation(let eigenvalue):
      """
      The covariance or precision of the tasks has the negative eigenvalue \(eigenvalue). Add at least \(-eigenvalue) to its \
      diagonal.
      """
    case .rankDeficient(let rank, let columns, let dependent):
      """
      The \(columns) columns have rank \(rank): \(dependent.map(\.description).joined(separator: "; ")). Remove columns, add a \
      ridge penalty, or choose whenRankDeficient: .drop or .minimumNorm.
      """
    case .dependentConstraints(let rows):
      """
      The constraints in rows \(rows.map(String.init).joined(separator: ", ")) are combinations of earlier ones. \
      Remove them.
      """
    case .invalidConstraints(let rows, let columns):
      """
      \(rows) equality constraints on \(columns) coefficients leave nothing to fit, or hold values that are not finite. \
      Pass fewer than \(columns), all finite.
      """
    case .unsupported(let method, let reason):
      "The method \(method) \(reason). Use .automatic, or .qr."
    case .singularValuesNotConverged:
      "The singular values did not converge. Use .pivotedQR, which decides the rank without iterating."
    case .outOfRange:
      "The data span more than the range of a double. Scale rows or targets so that they lie between 1e-150 and 1e150."
    case .differentRows(let rows, let expected):
      "The second pass saw \(rows) rows (of nonzero weight), the first \(expected). Give both the same rows."
    case .linearAlgebra(let error):
      error.description
    }
  }
}

/// `body`, with its errors as least-squares errors.
func withLinearAlgebra<Result>(
  _ body: () throws(LinearAlgebraError) -> Result
) throws(LeastSquaresError) -> Result {
  do { return try body() } catch { throw .linearAlgebra(error) }
}
