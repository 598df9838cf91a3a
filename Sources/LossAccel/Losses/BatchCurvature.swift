/// The curvature of a loss over a whole batch at one point, as an operator: what it makes of a direction.
///
/// The matrix, as many rows and columns as the batch has predictions, is never formed. A curvature is a value that owns the batch it
/// was made from.
public struct BatchCurvature<Element: Scalar>: Sendable {
  /// Which matrix it is.
  public let kind: CurvatureKind

  /// The number of predictions.
  public let count: Int

  private let multiply: @Sendable (Span<Element>, consuming MutableSpan<Element>) -> Void

  init(
    kind: CurvatureKind, count: Int,
    multiply: @escaping @Sendable (Span<Element>, consuming MutableSpan<Element>) -> Void
  ) {
    self.kind = kind
    self.count = count
    self.multiply = multiply
  }

  /// The product with `vector`, into `result`; both have ``count`` elements.
  public func product(with vector: Span<Element>, into result: consuming MutableSpan<Element>) {
    requireCount(vector.count, count, "elements of the vector", "predictions")
    requireCount(result.count, count, "elements of the result", "predictions")
    multiply(vector, result)
  }

  /// The product with `vector`, as a new array.
  public func product(with vector: [Element]) -> [Element] {
    defer { extendLifetime(vector) }
    var result = [Element](repeating: 0, count: count)
    product(with: vector.span, into: result.mutableSpan)
    return result
  }
}
