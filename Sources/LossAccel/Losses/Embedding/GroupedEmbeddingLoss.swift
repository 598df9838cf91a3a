/// A loss of embeddings that belong to groups: those of one group should be similar, those of different groups should not.
///
/// ```swift
/// let loss = GroupedEmbeddingLoss.supervisedContrastive(temperature: 0.1)
/// let value = try loss.mean(embeddings: embeddings, labels: [0, 0, 1, 1], gradient: &gradient)
/// ```
///
/// Every embedding is an anchor, and the others are its keys: the positives have its label, the negatives another one. Two augmented
/// views of each sample with the sample's number as label make NT-Xent of
/// ``supervisedContrastive(temperature:similarity:)``. Similarities are matrix products, made for a strip of anchors at a time.
///
/// - Weights: one per anchor, which its loss is multiplied by. The mean is Σ wᵢℓᵢ / Σ wᵢ over the anchors that count: those with
///   a positive (and, for the circle loss, a negative).
/// - Left out: embeddings of weight 0 or with mask `false` are neither anchors nor keys, whatever they hold.
/// - Curvature: exact, and Gauss-Newton, which is positive semidefinite.
public struct GroupedEmbeddingLoss: Sendable, Hashable {
  /// What the loss is called: `circle`.
  public let name: String

  /// What it is, in a sentence.
  public let summary: String

  /// The loss of an anchor as text.
  public let formula: String

  /// What is known of it as a function of the embeddings.
  public let traits: LossTraits

  /// How similar two embeddings are.
  public let similarity: EmbeddingSimilarity

  enum Form: Sendable, Hashable {
    case softmax(temperature: Double)
    case circle(scale: Double, margin: Double)
  }
  let form: Form

  /// SupCon: the mean over an anchor's positives p of log Σⱼ e^(s(a, j)/τ) − s(a, p)/τ, the sum over all other embeddings.
  ///
  /// With one positive each it is NT-Xent, the loss of SimCLR.
  ///
  /// - Domain: all embeddings; τ > 0.
  /// - Properties: convex in the similarities, not in the embeddings. Of dot products it has all derivatives; a cosine has none where an
  ///   embedding is 0, and all elsewhere. Sources: Khosla et al. (2020), the form with the sum outside the
  ///   logarithm; Chen et al. (2020).
  public static func supervisedContrastive(
    temperature: Double = 0.1, similarity: EmbeddingSimilarity = .cosine
  ) -> GroupedEmbeddingLoss {
    precondition(temperature > 0 && temperature.isFinite, "the temperature is \(temperature); it must be positive")
    return GroupedEmbeddingLoss(
      name: "supervised-contrastive", summary: "An anchor should be more similar to its group than to all others.",
      formula: "mean over p of log Σ e^(s(a, j)/τ) − s(a, p)/τ",
      traits: LossTraits(convexity: .none, differentiability: similarity.differentiability), similarity: similarity,
      form: .softmax(temperature: temperature))
  }

  /// The circle loss log(1 + Σₙ e^(γ·[sₙ + m]₊·(sₙ − m)) · Σₚ e^(−γ·[1 + m − sₚ]₊·(sₚ − 1 + m))) of an anchor's cosines with its negatives n
  /// and its positives p.
  ///
  /// - Gradient and curvature are those of this function. The authors hold the factors [·]₊ constant when they differentiate, which
  ///   halves some slopes; then no function has the gradient.
  /// - Domain: all embeddings; γ > 0, 0 ≤ m < 1.
  /// - Properties: not convex; not differentiable where an embedding is 0, and once where a factor [·]₊ becomes 0. Source: Sun et al. (2020).
  public static func circle(scale: Double = 64, margin: Double = 0.25) -> GroupedEmbeddingLoss {
    precondition(scale > 0 && scale.isFinite, "the scale of the circle loss is \(scale); it must be positive")
    precondition(margin >= 0 && margin < 1, "the margin of the circle loss is \(margin); it must lie in 0..<1")
    return GroupedEmbeddingLoss(
      name: "circle", summary: "Similarities count the more the further they are from what they should be.",
      formula: "log(1 + Σ e^(γ·[sₙ + m]₊·(sₙ − m))·Σ e^(−γ·[1 + m − sₚ]₊·(sₚ − 1 + m)))",
      traits: LossTraits(convexity: .none, differentiability: EmbeddingSimilarity.cosine.differentiability),
      similarity: .cosine, form: .circle(scale: scale, margin: margin))
  }
}

extension GroupedEmbeddingLoss {
  /// The weighted mean of the anchors' losses, Σ wᵢℓᵢ / Σ wᵢ over the anchors that count, and on request its gradient.
  ///
  /// - Parameters:
  ///   - embeddings: Row after row.
  ///   - columns: The number of elements of an embedding.
  ///   - labels: The group of each embedding; any numbers.
  ///   - weights: w ≥ 0, one per embedding, 1 each if left out.
  ///   - mask: Embeddings with `false` are left out.
  ///   - gradient: Where the gradient goes, if it is wanted.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, weights that are negative or not finite, and where no anchor counts. The gradient then holds
  ///   NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar>(
    embeddings: Span<T>, columns: Int, labels: [Int], weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.mean, embeddings, columns, labels, weights, mask, 1, gradient)
  }

  /// The weighted sum of the anchors' losses, Σ wᵢℓᵢ, and on request its gradient; all multiplied by `scale`. 0 where no anchor has a
  /// positive.
  ///
  /// Parameters and errors are otherwise those of the mean.
  public func sum<T: Scalar>(
    embeddings: Span<T>, columns: Int, labels: [Int], weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    scale: Double = 1, gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.sum, embeddings, columns, labels, weights, mask, scale, gradient)
  }

  private func evaluate<T: Scalar>(
    _ reduction: RowReduction, _ embeddings: Span<T>, _ columns: Int, _ labels: [Int], _ weights: Span<T>?,
    _ mask: Span<Bool>?, _ scale: Double, _ gradient: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var gradient = gradient
    var none: MutableSpan<T>?
    if let length = gradient?.count { requireCount(length, embeddings.count, "elements of the gradient", "elements") }
    do throws(LossError) {
      let evaluation = try evaluation(reduction, embeddings.count, columns, labels, weights, mask, scale: scale)
      return try evaluation.run(embeddings, embeddings, first: &gradient, second: &none)
    } catch {
      gradient?.update(repeating: .nan)
      throw error
    }
  }

  func evaluation<T: Scalar>(
    _ reduction: RowReduction, _ elements: Int, _ columns: Int, _ labels: [Int], _ weights: Span<T>?,
    _ mask: Span<Bool>?, scale: Double = 1
  ) throws(LossError) -> SimilarityEvaluation {
    let rows = requireRows(elements, columns)
    requireCount(labels.count, rows, "labels", "embeddings")
    if let weights { requireCount(weights.count, rows, "weights", "embeddings") }
    if let mask { requireCount(mask.count, rows, "elements of the mask", "embeddings") }
    _ = try meanFactor(.sum, weights, mask, count: rows)
    var factors = rowFactors(weights, mask, 1, count: rows)
    let counts = factors.map { $0 != 0 }
    let (groups, sizes) = Self.groups(labels, counts)
    let present = counts.lazy.filter(\.self).count
    var positives = [Double](repeating: 0, count: rows)
    for row in 0..<rows where counts[row] {
      let size = sizes[Int(groups[row])]
      let hasNegatives = size < present
      if case .circle = form, !hasNegatives { continue }
      positives[row] = Double(size - 1)
    }
    for row in 0..<rows where positives[row] == 0 { factors[row] = 0 }
    let total = factors.reduce(0, +)
    if reduction == .mean && total == 0 { throw .nothingToAverage }
    let factor = reduction == .mean ? 1 / total : scale
    for row in 0..<rows { factors[row] *= factor }
    var problem = SimilarityProblem(
      rowLabels: groups, columnLabels: groups, excludesDiagonal: true, positiveCounts: positives, factors: factors)
    var steepness = 1.0
    switch form {
    case .softmax(let temperature): steepness = 1 / temperature
    case .circle(let circleScale, let margin): problem.circle = (circleScale, margin)
    }
    return SimilarityEvaluation(
      problem: problem, width: columns, scale: steepness, similarity: similarity, rowCounts: counts, keyCounts: nil)
  }

  /// The groups by number, −1 for rows that do not count, and their sizes.
  private static func groups(_ labels: [Int], _ counts: [Bool]) -> (groups: [Int32], sizes: [Int]) {
    var numbers: [Int: Int32] = [:]
    var sizes: [Int] = []
    let groups = labels.indices.map { row -> Int32 in
      guard counts[row] else { return -1 }
      let number = numbers[labels[row]] ?? Int32(sizes.count)
      if Int(number) == sizes.count {
        numbers[labels[row]] = number
        sizes.append(0)
      }
      sizes[Int(number)] += 1
      return number
    }
    return (groups, sizes)
  }
}

// One row of a matrix is one embedding. Each call is the Span-based one of the same name.
extension GroupedEmbeddingLoss {
  /// The weighted mean of the anchors' losses.
  public func mean<T: Scalar>(
    embeddings: Matrix<T>, labels: [Int], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(embeddings, weights, mask) }
    return try mean(
      embeddings: embeddings.elements.span, columns: embeddings.columns, labels: labels, weights: weights?.span,
      mask: mask?.span)
  }

  /// The weighted mean and its gradient, a matrix of the embeddings' shape that is reused.
  public func mean<T: Scalar>(
    embeddings: Matrix<T>, labels: [Int], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(embeddings, weights, mask, gradient) }
    requireShape(of: gradient, as: embeddings)
    return try mean(
      embeddings: embeddings.elements.span, columns: embeddings.columns, labels: labels, weights: weights?.span,
      mask: mask?.span, gradient: gradient.elements.mutableSpan)
  }

  /// The weighted sum of the anchors' losses and its gradient, a matrix of the embeddings' shape that is reused.
  public func sum<T: Scalar>(
    embeddings: Matrix<T>, labels: [Int], weights: [T]? = nil, mask: [Bool]? = nil, gradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer { keepAlive(embeddings, weights, mask, gradient) }
    requireShape(of: gradient, as: embeddings)
    return try sum(
      embeddings: embeddings.elements.span, columns: embeddings.columns, labels: labels, weights: weights?.span,
      mask: mask?.span, gradient: gradient.elements.mutableSpan)
  }

  /// The curvature of the sum or the mean as an operator: ``CurvatureKind/exact``, or ``CurvatureKind/gaussNewton``.
  ///
  /// - Throws: ``LossError``, as the mean, and for another kind.
  public func curvature<T: Scalar>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, embeddings: Matrix<T>, labels: [Int],
    weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> EmbeddingCurvature<T> {
    defer { keepAlive(embeddings, weights, mask) }
    let evaluation = try evaluation(
      reduction, embeddings.elements.count, embeddings.columns, labels, weights?.span, mask?.span)
    return try evaluation.curvature(kind, name, [embeddings])
  }
}
