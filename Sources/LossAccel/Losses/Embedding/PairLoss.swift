/// A loss of pairs of embeddings that belong together or do not.
///
/// ```swift
/// let first: Matrix<Float> = [[1, 0], [0.6, 0.8]], second: Matrix<Float> = [[0.8, 0.6], [0.6, 0.8]]
/// let value = try PairLoss.cosine(margin: 0.5).mean(first: first, second: second, labels: [1, -1])
/// ```
///
/// One row of `first` and of `second` is a pair; its label is 1 if the two belong together, 0 or −1 if not. With d = ∣a − b∣:
///
/// | loss | together | not |
/// |---|---|---|
/// | ``cosine(margin:)`` | 1 − cos(a, b) | max(0, cos(a, b) − m) |
/// | ``contrastive(margin:)`` | d² | max(0, m − d)² |
/// | ``hinge(margin:)`` | d | max(0, m − d) |
///
/// - Weights and mask: one per pair; pairs of weight 0 or with mask `false` are left out, whatever they hold. The mean is
///   Σ wᵢℓᵢ / Σ wᵢ.
/// - Curvature: exact, as an operator on both matrices together (``EmbeddingCurvature``). It is not positive semidefinite in general.
/// - Properties: not convex.
public struct PairLoss: Sendable, Hashable {
  /// What the loss is called: `pair-cosine`.
  public let name: String

  /// What it is, in a sentence.
  public let summary: String

  /// The loss of a pair as text.
  public let formula: String

  /// What is known of it as a function of both embeddings.
  public let traits: LossTraits

  /// How far apart pairs must be that do not belong together.
  public let margin: Double

  let kind: PairsBatch<Double>.Kind
}

extension PairLoss {
  /// 1 − cos(a, b) for pairs that belong together, max(0, cos(a, b) − m) for the others.
  ///
  /// - Gradient with respect to a of cos: (b̂ − cos·â)/∣a∣. 1 − cos is computed as ½∣â − b̂∣² in double precision, with an
  ///   error near ε·√(1 − cos) where the embeddings nearly agree.
  /// - Domain: −1 ≤ m < 1. Squares of elements must be representable. A pair with a zero vector has no cosine: it counts as
  ///   orthogonal, with gradient 0. Nothing is added to a norm.
  /// - Properties: not convex; does not depend on the embeddings' lengths.
  public static func cosine(margin: Double = 0) -> PairLoss {
    precondition(margin >= -1 && margin < 1, "the margin of a cosine is \(margin); it must lie in -1..<1")
    return PairLoss(
      name: "pair-cosine",
      summary: "One minus the cosine of pairs that belong together; the cosine above a margin else.",
      formula: "1 − cos(a, b) | max(0, cos(a, b) − margin)",
      traits: LossTraits(convexity: .none, differentiability: LossTraits.Differentiability.none), margin: margin,
      kind: .cosine)
  }

  /// d² for pairs that belong together, max(0, m − d)² for the others: without the factor ½ that some put before it.
  ///
  /// - Gradient 2(a − b), or −2(m − d)·(a − b)/d. At d = 0, where the distance has no derivative, pairs that do not belong together have
  ///   gradient 0.
  /// - Domain: all embeddings; m > 0.
  /// - Properties: convex for pairs that belong together, not for the others. Source: Hadsell, Chopra, LeCun (2006).
  public static func contrastive(margin: Double = 1) -> PairLoss {
    PairLoss(
      name: "pair-contrastive", summary: "The squared distance of pairs that belong together; a squared hinge else.",
      formula: "|a − b|² | max(0, margin − |a − b|)²",
      traits: LossTraits(convexity: .none, differentiability: LossTraits.Differentiability.none),
      margin: checked(margin),
      kind: .contrastive)
  }

  /// d for pairs that belong together, max(0, m − d) for the others: the hinge-embedding loss of the distance.
  ///
  /// - Gradient ±(a − b)/d; 0 at d = 0, where the distance has no derivative.
  /// - Domain: all embeddings; m > 0.
  /// - Properties: convex for pairs that belong together, not for the others; Lipschitz √2.
  public static func hinge(margin: Double = 1) -> PairLoss {
    PairLoss(
      name: "pair-hinge", summary: "The distance of pairs that belong together; a hinge of it else.",
      formula: "|a − b| | max(0, margin − |a − b|)",
      traits: LossTraits(
        convexity: .none, lipschitzConstant: 2.0.squareRoot(), differentiability: LossTraits.Differentiability.none),
      margin: checked(margin), kind: .hinge)
  }

  static func checked(_ margin: Double) -> Double {
    precondition(margin > 0 && margin.isFinite, "the margin of a distance is \(margin); it must be positive and finite")
    return margin
  }
}

extension PairLoss {
  /// The weighted mean of the pairs' losses, Σ wᵢℓᵢ / Σ wᵢ, and on request its gradient with respect to both embeddings.
  ///
  /// - Parameters:
  ///   - first: One member of each pair, row after row.
  ///   - second: The other members.
  ///   - columns: The number of elements of an embedding.
  ///   - labels: 1 for pairs that belong together, 0 or −1 for the others, of any numeric type or `Bool`.
  ///   - weights: w ≥ 0, one per pair, 1 each if left out.
  ///   - mask: Pairs with `false` are left out.
  ///   - firstGradient: Where the gradient with respect to `first` goes, if it is wanted.
  ///   - secondGradient: Where that with respect to `second` goes, likewise.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, other labels, and weights that are negative, not finite or all 0. The gradients then
  ///   hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar, Label: TargetElement>(
    first: Span<T>, second: Span<T>, columns: Int, labels: Span<Label>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, firstGradient: consuming MutableSpan<T>? = nil,
    secondGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.mean, first, second, columns, labels, weights, mask, 1, firstGradient, secondGradient)
  }

  /// The weighted sum of the pairs' losses, Σ wᵢℓᵢ, and on request its gradients; all multiplied by `scale`.
  ///
  /// Parameters and errors are those of the mean, save that weights may be all 0 where there is no mask: the sum is then 0.
  public func sum<T: Scalar, Label: TargetElement>(
    first: Span<T>, second: Span<T>, columns: Int, labels: Span<Label>, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, scale: Double = 1, firstGradient: consuming MutableSpan<T>? = nil,
    secondGradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.sum, first, second, columns, labels, weights, mask, scale, firstGradient, secondGradient)
  }

  private func evaluate<T: Scalar, Label: TargetElement>(
    _ reduction: RowReduction, _ first: Span<T>, _ second: Span<T>, _ columns: Int, _ labels: Span<Label>,
    _ weights: Span<T>?, _ mask: Span<Bool>?, _ scale: Double, _ firstGradient: consuming MutableSpan<T>?,
    _ secondGradient: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var firstGradient = firstGradient
    var secondGradient = secondGradient
    defer {
      extendLifetime(first)
      extendLifetime(second)
      extendLifetime(labels)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(firstGradient)
      extendLifetime(secondGradient)
    }
    if let length = firstGradient?.count { requireCount(length, first.count, "elements of a gradient", "elements") }
    if let length = secondGradient?.count { requireCount(length, first.count, "elements of a gradient", "elements") }
    do throws(LossError) {
      var batch = batch(first, second, columns, labels, weights, mask)
      let factor = try factor(reduction, batch, labels, weights, mask) * scale
      if firstGradient != nil { batch.store(0, in: &firstGradient!, scale: factor) }
      if secondGradient != nil { batch.store(1, in: &secondGradient!, scale: factor) }
      return batch.run() * factor
    } catch {
      firstGradient?.update(repeating: .nan)
      secondGradient?.update(repeating: .nan)
      throw error
    }
  }

  /// The batch, whose spans the caller keeps.
  func batch<T: Scalar, Label: TargetElement>(
    _ first: Span<T>, _ second: Span<T>, _ columns: Int, _ labels: Span<Label>, _ weights: Span<T>?,
    _ mask: Span<Bool>?
  ) -> PairsBatch<T> {
    let rows = requireRows(first.count, columns)
    requireCount(second.count, first.count, "elements of the second", "elements of the first")
    requireCount(labels.count, rows, "labels", "pairs")
    if let weights { requireCount(weights.count, rows, "weights", "pairs") }
    if let mask { requireCount(mask.count, rows, "elements of the mask", "pairs") }
    var batch = PairsBatch<T>(
      PairsBatch<T>.Kind(rawValue: kind.rawValue)!, margin: margin, rows: rows, columns: columns)
    batch.read(0, first)
    batch.read(1, second)
    batch.label(by: labels)
    batch.weigh(by: weights, mask: mask)
    return batch
  }

  /// What the sum is multiplied by.
  func factor<T: Scalar, Label: TargetElement>(
    _ reduction: RowReduction, _ batch: PairsBatch<T>, _ labels: Span<Label>, _ weights: Span<T>?, _ mask: Span<Bool>?
  ) throws(LossError) -> Double {
    let factor = try meanFactor(reduction, weights, mask, count: labels.count)
    if let row = batch.firstImproperLabel() {
      throw .targetOutsideDomain(index: row, value: labels[row].asDouble, lowest: -1, highest: 1)
    }
    return factor
  }
}

/// What a weighted sum is multiplied by to be the asked-for reduction.
func meanFactor<T: Scalar>(
  _ reduction: RowReduction, _ weights: Span<T>?, _ mask: Span<Bool>?, count: Int
) throws(LossError) -> Double {
  guard count > 0 else { throw .emptyBatch }
  let (total, invalid) = Weights.sum(weights, mask: mask, count: count)
  if let invalid { throw .invalidWeight(index: invalid, value: Double(weights![invalid])) }
  if total == 0 && (reduction == .mean || mask != nil) { throw .nothingToAverage }
  return reduction == .mean ? 1 / total : 1
}
