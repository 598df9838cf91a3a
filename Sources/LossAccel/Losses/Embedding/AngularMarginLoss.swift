/// Softmax cross-entropy of the cosines of embeddings with class centres, with a margin for the own class: ArcFace and CosFace.
///
/// ```swift
/// let loss = AngularMarginLoss.arcFace(scale: 64, margin: 0.5)
/// let value = try loss.mean(
///   embeddings: embeddings, centers: centers, labels: labels, embeddingGradient: &g, centerGradient: &h)
/// ```
///
/// With cⱼ the cosine of an embedding and centre j, the logits are γ·cⱼ, but that of the embedding's own class y is γ·cos(θ_y + m) (ArcFace, with
/// θ_y the angle) or γ·(c_y − m) (CosFace). Neither embeddings nor centres need to have length 1. Cosines are matrix products, made
/// for a strip of embeddings at a time.
///
/// - Weights and mask: one per embedding; those of weight 0 or with mask `false` are left out, whatever they hold. The mean is
///   Σ wᵢℓᵢ / Σ wᵢ.
/// - Domain: all embeddings and centres; one that is 0 is orthogonal to everything.
/// - Gradient: with respect to embeddings and centres; as θ → 0 its relative accuracy falls as ε/sin θ.
/// - Curvature: exact, and Gauss-Newton, which is positive semidefinite.
/// - Properties: not convex; not differentiable where an embedding or a centre is 0 (ArcFace: nor where the angle of the own class is 0 or
///   π − m).
public struct AngularMarginLoss: Sendable, Hashable {
  /// What the loss is called: `arc-face`.
  public let name: String

  /// What it is, in a sentence.
  public let summary: String

  /// The loss of an embedding as text.
  public let formula: String

  /// What is known of it as a function of embeddings and centres.
  public var traits: LossTraits {
    LossTraits(convexity: .none, differentiability: EmbeddingSimilarity.cosine.differentiability)
  }

  let margin: AngularMargin

  /// ArcFace: the margin is added to the angle of an embedding and its own class's centre.
  ///
  /// Where θ + m exceeds π, where cos(θ + m) would rise again, the logit continues as γ·(−2 − cos(θ + m)): value and slope go on
  /// without a jump.
  ///
  /// - Domain: γ > 0, 0 ≤ m < π.
  /// - Properties: not convex. Source: Deng et al. (2019).
  public static func arcFace(scale: Double = 64, margin: Double = 0.5) -> AngularMarginLoss {
    AngularMarginLoss(
      name: "arc-face", summary: "Softmax cross-entropy of cosines, with a margin added to the own class's angle.",
      formula: "log(e^(γ·cos(θ_y + m)) + Σ e^(γ·cos θⱼ)) − γ·cos(θ_y + m)",
      margin: AngularMargin(scale: checked(scale), margin: checked(margin, below: .pi), isAngle: true))
  }

  /// CosFace: the margin is subtracted from the cosine of an embedding and its own class's centre.
  ///
  /// - Domain: γ > 0, 0 ≤ m < 1.
  /// - Properties: not convex. Source: Wang et al. (2018).
  public static func cosFace(scale: Double = 64, margin: Double = 0.35) -> AngularMarginLoss {
    AngularMarginLoss(
      name: "cos-face", summary: "Softmax cross-entropy of cosines, with a margin subtracted from the own class's.",
      formula: "log(e^(γ·(cos θ_y − m)) + Σ e^(γ·cos θⱼ)) − γ·(cos θ_y − m)",
      margin: AngularMargin(scale: checked(scale), margin: checked(margin, below: 1), isAngle: false))
  }

  private static func checked(_ scale: Double) -> Double {
    precondition(scale > 0 && scale.isFinite, "the scale of a margin loss is \(scale); it must be positive and finite")
    return scale
  }

  private static func checked(_ margin: Double, below limit: Double) -> Double {
    precondition(margin >= 0 && margin < limit, "the margin is \(margin); it must lie in 0..<\(limit)")
    return margin
  }
}

extension AngularMarginLoss {
  /// The weighted mean of the embeddings' losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its gradients.
  ///
  /// - Parameters:
  ///   - embeddings: Row after row.
  ///   - centers: One per class, likewise, of the same length.
  ///   - columns: The number of elements of an embedding.
  ///   - labels: The class of each embedding, 0 ..< the number of centres.
  ///   - weights: w ≥ 0, one per embedding, 1 each if left out.
  ///   - mask: Embeddings with `false` are left out.
  ///   - embeddingGradient: Where the gradient with respect to the embeddings goes, if it is wanted.
  ///   - centerGradient: Where that with respect to the centres goes, likewise.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, a label that is no class, and weights that are negative, not finite or all 0. The gradients
  ///   then hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar>(
    embeddings: Span<T>, centers: Span<T>, columns: Int, labels: [Int], weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, embeddingGradient: consuming MutableSpan<T>? = nil,
    centerGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.mean, embeddings, centers, columns, labels, weights, mask, 1, embeddingGradient, centerGradient)
  }

  /// The weighted sum of the embeddings' losses, Σ wᵢℓᵢ, and on request its gradients; all multiplied by `scale`. Weights may be all 0
  /// where there is no mask: the sum is then 0.
  public func sum<T: Scalar>(
    embeddings: Span<T>, centers: Span<T>, columns: Int, labels: [Int], weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, scale: Double = 1, embeddingGradient: consuming MutableSpan<T>? = nil,
    centerGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.sum, embeddings, centers, columns, labels, weights, mask, scale, embeddingGradient, centerGradient)
  }

  private func evaluate<T: Scalar>(
    _ reduction: RowReduction, _ embeddings: Span<T>, _ centers: Span<T>, _ columns: Int, _ labels: [Int],
    _ weights: Span<T>?, _ mask: Span<Bool>?, _ scale: Double, _ embeddingGradient: consuming MutableSpan<T>?,
    _ centerGradient: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var first = embeddingGradient
    var second = centerGradient
    if let length = first?.count { requireCount(length, embeddings.count, "elements of a gradient", "elements") }
    if let length = second?.count { requireCount(length, centers.count, "elements of a gradient", "elements") }
    do throws(LossError) {
      let evaluation = try evaluation(
        reduction, embeddings.count, centers.count, columns, labels, weights, mask, scale: scale)
      return try evaluation.run(embeddings, centers, first: &first, second: &second)
    } catch {
      first?.update(repeating: .nan)
      second?.update(repeating: .nan)
      throw error
    }
  }

  func evaluation<T: Scalar>(
    _ reduction: RowReduction, _ elements: Int, _ centerElements: Int, _ columns: Int, _ labels: [Int],
    _ weights: Span<T>?, _ mask: Span<Bool>?, scale: Double = 1
  ) throws(LossError) -> SimilarityEvaluation {
    requireCount(labels.count, requireRows(elements, columns), "labels", "embeddings")
    // An embedding's positive is its class's centre.
    var evaluation = try InfoNCE(temperature: 1 / margin.scale, similarity: .cosine).evaluation(
      reduction, elements, centerElements, columns, labels, weights, mask, scale: scale)
    evaluation.margin = margin
    return evaluation
  }
}

// One row of a matrix is one embedding. Each call is the Span-based one of the same name.
extension AngularMarginLoss {
  /// The weighted mean of the embeddings' losses.
  public func mean<T: Scalar>(
    embeddings: Matrix<T>, centers: Matrix<T>, labels: [Int], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> Double {
    defer { keepAlive(embeddings, centers, weights, mask) }
    requireWidth(of: centers, as: embeddings)
    return try mean(
      embeddings: embeddings.elements.span, centers: centers.elements.span, columns: embeddings.columns,
      labels: labels, weights: weights?.span, mask: mask?.span)
  }

  /// The weighted mean and its gradients with respect to embeddings and centres, matrices of their shapes that are reused.
  public func mean<T: Scalar>(
    embeddings: Matrix<T>, centers: Matrix<T>, labels: [Int], weights: [T]? = nil, mask: [Bool]? = nil,
    embeddingGradient: inout Matrix<T>, centerGradient: inout Matrix<T>
  ) throws(LossError) -> Double {
    defer {
      keepAlive(embeddings, centers, weights, mask)
      keepAlive(embeddingGradient, centerGradient)
    }
    requireWidth(of: centers, as: embeddings)
    requireShape(of: embeddingGradient, as: embeddings)
    requireShape(of: centerGradient, as: centers)
    return try mean(
      embeddings: embeddings.elements.span, centers: centers.elements.span, columns: embeddings.columns,
      labels: labels, weights: weights?.span, mask: mask?.span,
      embeddingGradient: embeddingGradient.elements.mutableSpan, centerGradient: centerGradient.elements.mutableSpan)
  }

  /// The curvature of the sum or the mean as an operator on embeddings and centres: ``CurvatureKind/exact``, or
  /// ``CurvatureKind/gaussNewton``.
  ///
  /// - Throws: ``LossError``, as the mean, and for another kind.
  public func curvature<T: Scalar>(
    _ kind: CurvatureKind = .exact, of reduction: RowReduction, embeddings: Matrix<T>, centers: Matrix<T>,
    labels: [Int], weights: [T]? = nil, mask: [Bool]? = nil
  ) throws(LossError) -> EmbeddingCurvature<T> {
    defer { keepAlive(embeddings, centers, weights, mask) }
    requireWidth(of: centers, as: embeddings)
    let evaluation = try evaluation(
      reduction, embeddings.elements.count, centers.elements.count, embeddings.columns, labels, weights?.span,
      mask?.span)
    return try evaluation.curvature(kind, name, [embeddings, centers])
  }
}
