/// The curvature of a loss of several matrices of embeddings, all together, as an operator: what it makes of a direction.
///
/// The matrix, as many rows and columns as all embeddings have elements, is never formed. A curvature is a value that owns the batch it
/// was made from.
public struct EmbeddingCurvature<Element: Scalar>: Sendable {
  /// Which matrix it is.
  public let kind: CurvatureKind

  /// Rows and columns of the matrices of embeddings, in the order of the loss's arguments.
  public let shapes: [Shape]

  /// The shape of a matrix.
  public struct Shape: Sendable, Hashable {
    /// How many embeddings.
    public let rows: Int
    /// How many elements each has.
    public let columns: Int
  }

  private let multiply: @Sendable ([Matrix<Element>]) throws(LossError) -> [Matrix<Element>]

  init(
    kind: CurvatureKind, shapes: [Matrix<Element>],
    multiply: @escaping @Sendable ([Matrix<Element>]) throws(LossError) -> [Matrix<Element>]
  ) {
    self.kind = kind
    self.shapes = shapes.map { Shape(rows: $0.rows, columns: $0.columns) }
    self.multiply = multiply
  }

  /// The product with `direction`, one matrix for each matrix of embeddings.
  ///
  /// - Throws: ``LossError/linearAlgebra(_:)`` where a loss that needs matrix products cannot have them.
  /// - Precondition: the shapes are ``shapes``.
  public func product(with direction: [Matrix<Element>]) throws(LossError) -> [Matrix<Element>] {
    requireCount(direction.count, shapes.count, "matrices of the direction", "matrices of embeddings")
    for (matrix, shape) in zip(direction, shapes) {
      precondition(
        matrix.rows == shape.rows && matrix.columns == shape.columns,
        "a direction of \(matrix.rows) × \(matrix.columns) for embeddings of \(shape.rows) × \(shape.columns)")
    }
    return try multiply(direction)
  }
}
