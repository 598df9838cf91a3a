/// How similar two embeddings are.
public enum EmbeddingSimilarity: String, Sendable, Hashable, CaseIterable {
  /// a·b.
  case dot
  /// cos(a, b): embeddings are scaled to length 1, and gradients are those with respect to the embeddings as they were. An embedding
  /// that is 0 has similarity 0 with everything, and gradient 0.
  case cosine

  /// Of a smooth function of similarities, as one of the embeddings: the cosine jumps where an embedding is 0.
  var differentiability: LossTraits.Differentiability { self == .dot ? .smooth : .none }
}

/// The evaluation of a loss of similarities of embeddings: what ``SimilarityPass`` does, around the normalisation of the embeddings and
/// the removal of those that do not count.
struct SimilarityEvaluation: Sendable {
  var problem: SimilarityProblem
  /// The number of elements of an embedding.
  let width: Int
  /// What similarities are multiplied by.
  let scale: Double
  let similarity: EmbeddingSimilarity
  /// The rows and keys that count; others are not read. Keys are the rows themselves where there are none.
  let rowCounts: [Bool]
  let keyCounts: [Bool]?
  var margin: AngularMargin?

  private func pass<T: Scalar>(_ problem: SimilarityProblem, _ type: T.Type) -> SimilarityPass<T> {
    SimilarityPass(problem, width: width, scale: scale, isShared: keyCounts == nil)
  }

  /// The loss, and its gradients, which overwrite the buffers. Where keys are the rows themselves the first is the whole gradient.
  func run<T: Scalar>(
    _ rows: Span<T>, _ keys: Span<T>, first: inout MutableSpan<T>?, second: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    first?.update(repeating: 0)
    second?.update(repeating: 0)
    do throws(LinearAlgebraError) {
      if similarity == .cosine {
        let a = UnitRows(rows, columns: width, counts: rowCounts.span)
        let b = keyCounts.map { counts in UnitRows(keys, columns: width, counts: counts.span) } ?? a
        let problem = margin?.applied(to: problem, a, b) ?? problem
        let value = try pass(problem, T.self).run(a.elements.span, b.elements.span, first: &first, second: &second)
        if first != nil { a.pullBack(&first!) }
        if second != nil { b.pullBack(&second!) }
        keepAlive(a, b)
        return value
      }
      if rowCounts.allSatisfy(\.self) && keyCounts?.allSatisfy(\.self) ?? true {
        return try pass(problem, T.self).run(rows, keys, first: &first, second: &second)
      }
      let a = cleaned(rows, rowCounts), b = keyCounts.map { counts in cleaned(keys, counts) } ?? a
      defer { keepAlive(a, b) }
      return try pass(problem, T.self).run(a.span, b.span, first: &first, second: &second)
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// The product of the Hessian or the Gauss-Newton matrix with a direction.
  func product<T: Scalar>(
    _ kind: CurvatureKind, _ matrices: [Matrix<T>], _ direction: [Matrix<T>]
  ) throws(LossError) -> [Matrix<T>] {
    var products = matrices.map { Matrix<T>.zeros(rows: $0.rows, columns: $0.columns) }
    var gradients = products
    let isCosine = similarity == .cosine, gaussNewton = kind == .gaussNewton
    var units: [UnitRows<T>] = []
    var problem = problem
    var points = zip(matrices, [rowCounts] + (keyCounts.map { [$0] } ?? [])).map { matrix, counts in
      cleaned(matrix.elements.span, counts)
    }
    var moves = direction.map(\.elements)
    if isCosine {
      units = zip(matrices, [rowCounts] + (keyCounts.map { [$0] } ?? [])).map { matrix, counts in
        UnitRows(matrix.elements.span, columns: width, counts: counts.span)
      }
      points = units.map(\.elements)
      moves = zip(units, direction).map { unit, matrix in unit.change(along: matrix.elements.span) }
      problem = margin?.applied(to: problem, units[0], units.last!) ?? problem
    }
    do throws(LinearAlgebraError) {
      let isShared = keyCounts == nil
      var (firstProduct, firstGradient) = (products[0].elements, gradients[0].elements)
      var (secondProduct, secondGradient) = (products.last!.elements, gradients.last!.elements)
      let (a, b, u, v) = (points[0], points.last!, moves[0], moves.last!)
      var first: MutableSpan<T>? = firstProduct.mutableSpan
      var second: MutableSpan<T>? = secondProduct.mutableSpan
      var firstSlope: MutableSpan<T>? = firstGradient.mutableSpan
      var secondSlope: MutableSpan<T>? = secondGradient.mutableSpan
      try pass(problem, T.self).product(
        a.span, b.span, u.span, v.span, gaussNewton: gaussNewton,
        addsGradient: isCosine && !gaussNewton, first: &first, second: &second, firstGradient: &firstSlope,
        secondGradient: &secondSlope)
      extendLifetime(first)
      extendLifetime(second)
      extendLifetime(firstSlope)
      extendLifetime(secondSlope)
      keepAlive(a, b, u, v)
      products[0].elements = firstProduct
      gradients[0].elements = firstGradient
      if !isShared {
        products[1].elements = secondProduct
        gradients[1].elements = secondGradient
      }
    } catch {
      throw .linearAlgebra(error)
    }
    for index in units.indices {
      var product = products[index].elements
      var span = product.mutableSpan
      if gaussNewton {
        units[index].pullBack(&span)
      } else {
        let (move, slope) = (direction[index].elements, gradients[index].elements)
        units[index].pullBack(&span, direction: move.span, unitGradient: slope.span)
        keepAlive(move, slope)
      }
      extendLifetime(span)
      products[index].elements = product
    }
    return products
  }

  /// A copy with 0 in the rows that do not count.
  private func cleaned<T: Scalar>(_ rows: Span<T>, _ counts: [Bool]) -> [T] {
    var copy = Matrix(rows: counts.count, columns: width, copying: rows).elements
    for row in counts.indices where !counts[row] {
      for index in row * width..<(row + 1) * width { copy[index] = 0 }
    }
    return copy
  }
}
