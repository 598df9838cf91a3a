/// What a linear-algebra call could not do with the data, the dimensions or the library it was given.
///
/// Mistakes in the calling code (two lengths that do not fit) are preconditions, not errors. Every case here depends on
/// something that the caller cannot know beforehand, and its ``description`` is a full sentence that ends in the cure.
public enum LinearAlgebraError: Error, Equatable, Sendable {
  /// A dimension does not fit the 32-bit integers of BLAS and LAPACK, and the operation cannot be cut into smaller
  /// calls.
  case dimensionTooLarge(operation: String, dimension: String, value: Int, limit: Int)

  /// The system's BLAS or LAPACK gave a wrong answer to a problem with a known one. Nothing is computed with it.
  case selfTestFailed(operation: String, library: String, core: String)
}

extension LinearAlgebraError: CustomStringConvertible {
  /// What went wrong, where, and what to do about it.
  public var description: String {
    switch self {
    case .dimensionTooLarge(let operation, let dimension, let value, let limit):
      "\(operation) needs \(dimension) = \(value), but the BLAS library takes at most \(limit): "
        + "split the matrix into smaller blocks."
    case .selfTestFailed(let operation, let library, let core):
      "The BLAS library \(library) computes \(operation) wrongly with its \"\(core)\" kernels: "
        + "set OPENBLAS_CORETYPE to another core (Haswell, for example) or install another version of the library."
    }
  }
}
