/// The triplet loss max(0, d(a, p) − d(a, n) + m): an anchor should be nearer to its positive than to its negative, by a margin.
///
/// ```swift
/// let anchors: Matrix<Double> = [[0, 0]], positives: Matrix<Double> = [[1, 0]], negatives: Matrix<Double> = [[0, 1.5]]
/// let value = try TripletLoss().mean(anchors: anchors, positives: positives, negatives: negatives)  // 0.5
/// ```
///
/// - Distance: the Euclidean one, or its square.
/// - Gradient: unit vectors along a − p and a − n (twice the differences themselves for squares). Where a distance is 0 it has no
///   derivative, and that part of the gradient is 0: nothing is added under the root.
/// - Domain: all embeddings; m > 0.
/// - Weights and mask: one per triplet; triplets of weight 0 or with mask `false` are left out, whatever they hold. The mean is
///   Σ wᵢℓᵢ / Σ wᵢ.
/// - Curvature: exact, as an operator on the three matrices together; not positive semidefinite.
/// - Properties: not convex; with plain distances Lipschitz √6 in all three together. Source: Schroff, Kalenichenko, Philbin (2015).
public struct TripletLoss: Sendable, Hashable {
  /// How far two embeddings are apart.
  public enum Distance: String, Sendable, Hashable, CaseIterable {
    /// ∣a − b∣.
    case euclidean
    /// ∣a − b∣².
    case squaredEuclidean
  }

  /// How much farther the negative must be.
  public let margin: Double

  /// How far two embeddings are apart.
  public let distance: Distance

  /// The loss with the given margin and distance.
  public init(margin: Double = 1, distance: Distance = .euclidean) {
    self.margin = PairLoss.checked(margin)
    self.distance = distance
  }

  /// What the loss is called.
  public var name: String { distance == .euclidean ? "triplet" : "squared-triplet" }

  /// What it is, in a sentence.
  public var summary: String { "An anchor should be nearer to its positive than to its negative, by a margin." }

  /// The loss of a triplet as text.
  public var formula: String {
    distance == .euclidean ? "max(0, |a − p| − |a − n| + margin)" : "max(0, |a − p|² − |a − n|² + margin)"
  }

  /// What is known of it as a function of the three embeddings.
  public var traits: LossTraits {
    LossTraits(
      convexity: .none, lipschitzConstant: distance == .euclidean ? 6.0.squareRoot() : nil,
      differentiability: LossTraits.Differentiability.none)
  }
}

extension TripletLoss {
  /// The weighted mean of the triplets' losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its gradient with respect to the three embeddings.
  ///
  /// - Parameters:
  ///   - anchors: a, row after row.
  ///   - positives: p, likewise.
  ///   - negatives: n, likewise.
  ///   - columns: The number of elements of an embedding.
  ///   - weights: w ≥ 0, one per triplet, 1 each if left out.
  ///   - mask: Triplets with `false` are left out.
  ///   - anchorGradient: Where the gradient with respect to the anchors goes, if it is wanted.
  ///   - positiveGradient: Where that with respect to the positives goes, likewise.
  ///   - negativeGradient: Where that with respect to the negatives goes, likewise.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, and weights that are negative, not finite or all 0. The gradients then hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar>(
    anchors: Span<T>, positives: Span<T>, negatives: Span<T>, columns: Int, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, anchorGradient: consuming MutableSpan<T>? = nil,
    positiveGradient: consuming MutableSpan<T>? = nil, negativeGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(
      .mean, anchors, positives, negatives, columns, weights, mask, 1, anchorGradient, positiveGradient,
      negativeGradient)
  }

  /// The weighted sum of the triplets' losses, Σ wᵢℓᵢ, and on request its gradients; all multiplied by `scale`.
  ///
  /// Parameters and errors are those of the mean, save that weights may be all 0 where there is no mask: the sum is then 0.
  public func sum<T: Scalar>(
    anchors: Span<T>, positives: Span<T>, negatives: Span<T>, columns: Int, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, scale: Double = 1, anchorGradient: consuming MutableSpan<T>? = nil,
    positiveGradient: consuming MutableSpan<T>? = nil, negativeGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(
      .sum, anchors, positives, negatives, columns, weights, mask, scale, anchorGradient, positiveGradient,
      negativeGradient)
  }

  private func evaluate<T: Scalar>(
    _ reduction: RowReduction, _ anchors: Span<T>, _ positives: Span<T>, _ negatives: Span<T>, _ columns: Int,
    _ weights: Span<T>?, _ mask: Span<Bool>?, _ scale: Double, _ anchorGradient: consuming MutableSpan<T>?,
    _ positiveGradient: consuming MutableSpan<T>?, _ negativeGradient: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var anchorGradient = anchorGradient
    var positiveGradient = positiveGradient
    var negativeGradient = negativeGradient
    defer {
      extendLifetime(anchors)
      extendLifetime(positives)
      extendLifetime(negatives)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(anchorGradient)
      extendLifetime(positiveGradient)
      extendLifetime(negativeGradient)
    }
    let count = anchors.count
    if let length = anchorGradient?.count { requireCount(length, count, "elements of a gradient", "elements") }
    if let length = positiveGradient?.count { requireCount(length, count, "elements of a gradient", "elements") }
    if let length = negativeGradient?.count { requireCount(length, count, "elements of a gradient", "elements") }
    do throws(LossError) {
      var batch = batch(anchors, positives, negatives, columns, weights, mask)
      let factor = try meanFactor(reduction, weights, mask, count: count / columns) * scale
      if anchorGradient != nil { batch.store(0, in: &anchorGradient!, scale: factor) }
      if positiveGradient != nil { batch.store(1, in: &positiveGradient!, scale: factor) }
      if negativeGradient != nil { batch.store(2, in: &negativeGradient!, scale: factor) }
      return batch.run() * factor
    } catch {
      anchorGradient?.update(repeating: .nan)
      positiveGradient?.update(repeating: .nan)
      negativeGradient?.update(repeating: .nan)
      throw error
    }
  }

  /// The batch, whose spans the caller keeps.
  func batch<T: Scalar>(
    _ anchors: Span<T>, _ positives: Span<T>, _ negatives: Span<T>, _ columns: Int, _ weights: Span<T>?,
    _ mask: Span<Bool>?
  ) -> PairsBatch<T> {
    let rows = requireRows(anchors.count, columns)
    requireCount(positives.count, anchors.count, "elements of the positives", "elements of the anchors")
    requireCount(negatives.count, anchors.count, "elements of the negatives", "elements of the anchors")
    if let weights { requireCount(weights.count, rows, "weights", "triplets") }
    if let mask { requireCount(mask.count, rows, "elements of the mask", "triplets") }
    var batch = PairsBatch<T>(
      distance == .euclidean ? .triplet : .squaredTriplet, margin: margin, rows: rows, columns: columns)
    batch.read(0, anchors)
    batch.read(1, positives)
    batch.read(2, negatives)
    batch.weigh(by: weights, mask: mask)
    return batch
  }
}
