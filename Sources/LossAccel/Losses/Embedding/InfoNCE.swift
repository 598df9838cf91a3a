/// InfoNCE: of all keys a query should be most similar to its own. The loss of contrastive learning, CLIP's among it.
///
///     ℓᵢ = log Σⱼ e^(s(qᵢ, kⱼ)/τ) − s(qᵢ, k₊)/τ
///
/// ```swift
/// var queryGradient = Matrix<Float>.zeros(rows: queries.rows, columns: queries.columns), keyGradient = queryGradient
/// let value = try InfoNCE(temperature: 0.1).mean(
///   queries: queries, keys: keys, queryGradient: &queryGradient, keyGradient: &keyGradient)
/// ```
///
/// Query i belongs to key i unless `positives` say otherwise. Similarities are matrix products, made for a strip of queries at a time:
/// never is there a matrix of all similarities, and the value and both gradients cost little more than the three products that they
/// are.
///
/// - Similarity: cosine unless the dot product is asked for. For CLIP's loss take the mean of this and of the loss with queries and keys
///   exchanged. For NT-Xent and SupCon, where embeddings are keys of each other, see ``GroupedEmbeddingLoss``.
/// - Weights and mask: one per query; queries of weight 0 or with mask `false` are left out, whatever they hold. Every key counts. The mean
///   is Σ wᵢℓᵢ / Σ wᵢ.
/// - Domain: all embeddings; τ > 0. Squares of elements must be representable.
/// - Gradient: (Q − I)·K/τ and (Q − I)ᵀ·Q/τ with the shares Q = softmax(S/τ); a query's own key has −(1 − share) from the others' sum.
/// - Curvature: exact, and Gauss-Newton, which is positive semidefinite.
/// - Properties: convex in the similarities, not in the embeddings. Of dot products it has all derivatives; a cosine has none where an
///   embedding is 0, and all elsewhere. Sources: van den Oord, Li, Vinyals (2018); Chen et al. (2020).
public struct InfoNCE: Sendable, Hashable {
  /// τ, what similarities are divided by.
  public let temperature: Double

  /// How similar two embeddings are.
  public let similarity: EmbeddingSimilarity

  /// The loss with the given temperature and similarity.
  public init(temperature: Double = 0.1, similarity: EmbeddingSimilarity = .cosine) {
    precondition(
      temperature > 0 && temperature.isFinite, "InfoNCE needs a positive, finite temperature, not \(temperature)")
    self.temperature = temperature
    self.similarity = similarity
  }

  /// What the loss is called.
  public var name: String { "info-nce" }

  /// What it is, in a sentence.
  public var summary: String { "Of all keys a query should be most similar to its own." }

  /// The loss of a query as text.
  public var formula: String { "log Σ e^(s(q, kⱼ)/τ) − s(q, k₊)/τ" }

  /// What is known of it as a function of the embeddings.
  public var traits: LossTraits {
    LossTraits(convexity: .none, differentiability: similarity.differentiability)
  }
}

extension InfoNCE {
  /// The weighted mean of the queries' losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its gradients with respect to queries and keys.
  ///
  /// - Parameters:
  ///   - queries: q, row after row.
  ///   - keys: k, likewise, of the same length.
  ///   - columns: The number of elements of an embedding.
  ///   - positives: Which key each query belongs to; query i to key i if left out.
  ///   - weights: w ≥ 0, one per query, 1 each if left out.
  ///   - mask: Queries with `false` are left out.
  ///   - queryGradient: Where the gradient with respect to the queries goes, if it is wanted.
  ///   - keyGradient: Where that with respect to the keys goes, likewise.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, a positive that is no key, and weights that are negative, not finite or all 0. The gradients then
  ///   hold NaN.
  /// - Precondition: the lengths fit; without `positives` there are as many keys as queries.
  public func mean<T: Scalar>(
    queries: Span<T>, keys: Span<T>, columns: Int, positives: [Int]? = nil, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, queryGradient: consuming MutableSpan<T>? = nil,
    keyGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.mean, queries, keys, columns, positives, weights, mask, 1, queryGradient, keyGradient)
  }

  /// The weighted sum of the queries' losses, Σ wᵢℓᵢ, and on request its gradients; all multiplied by `scale`.
  ///
  /// Parameters and errors are those of the mean, save that weights may be all 0 where there is no mask: the sum is then 0.
  public func sum<T: Scalar>(
    queries: Span<T>, keys: Span<T>, columns: Int, positives: [Int]? = nil, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, scale: Double = 1, queryGradient: consuming MutableSpan<T>? = nil,
    keyGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.sum, queries, keys, columns, positives, weights, mask, scale, queryGradient, keyGradient)
  }

  private func evaluate<T: Scalar>(
    _ reduction: RowReduction, _ queries: Span<T>, _ keys: Span<T>, _ columns: Int, _ positives: [Int]?,
    _ weights: Span<T>?, _ mask: Span<Bool>?, _ scale: Double, _ queryGradient: consuming MutableSpan<T>?,
    _ keyGradient: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var queryGradient = queryGradient
    var keyGradient = keyGradient
    if let length = queryGradient?.count { requireCount(length, queries.count, "elements of a gradient", "elements") }
    if let length = keyGradient?.count { requireCount(length, keys.count, "elements of a gradient", "elements") }
    do throws(LossError) {
      let evaluation = try evaluation(
        reduction, queries.count, keys.count, columns, positives, weights, mask, scale: scale)
      return try evaluation.run(queries, keys, first: &queryGradient, second: &keyGradient)
    } catch {
      queryGradient?.update(repeating: .nan)
      keyGradient?.update(repeating: .nan)
      throw error
    }
  }

  func evaluation<T: Scalar>(
    _ reduction: RowReduction, _ queryElements: Int, _ keyElements: Int, _ columns: Int, _ positives: [Int]?,
    _ weights: Span<T>?, _ mask: Span<Bool>?, scale: Double = 1
  ) throws(LossError) -> SimilarityEvaluation {
    let queries = requireRows(queryElements, columns), keys = requireRows(keyElements, columns)
    if let positives {
      requireCount(positives.count, queries, "positives", "queries")
    } else {
      requireCount(keys, queries, "keys", "queries, and no positives are given")
    }
    if let weights { requireCount(weights.count, queries, "weights", "queries") }
    if let mask { requireCount(mask.count, queries, "elements of the mask", "queries") }
    let factor = try meanFactor(reduction, weights, mask, count: queries) * scale
    let factors = rowFactors(weights, mask, factor, count: queries)
    for row in 0..<queries where factors[row] != 0 {
      let key = positives?[row] ?? row
      guard key >= 0 && key < keys else { throw .labelOutOfRange(row: row, label: key, classes: keys) }
    }
    let problem = SimilarityProblem(
      rowLabels: (0..<queries).map { Int32(truncatingIfNeeded: positives?[$0] ?? $0) },
      columnLabels: (0..<Int32(keys)).map { $0 }, positiveCounts: factors.map { $0 == 0 ? 0 : 1 }, factors: factors)
    return SimilarityEvaluation(
      problem: problem, width: columns, scale: 1 / temperature, similarity: similarity,
      rowCounts: factors.map { $0 != 0 }, keyCounts: Array(repeating: true, count: keys))
  }
}

/// What each row's loss is multiplied by: its weight times `factor`, 0 where the mask is.
func rowFactors<T: Scalar>(_ weights: Span<T>?, _ mask: Span<Bool>?, _ factor: Double, count: Int) -> [Double] {
  var factors = [Double](repeating: factor, count: count)
  if let weights { for row in 0..<count { factors[row] *= Double(weights[row]) } }
  if let mask { for row in 0..<count where !mask[row] { factors[row] = 0 } }
  return factors
}
