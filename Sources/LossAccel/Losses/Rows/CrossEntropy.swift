/// The cross-entropy H(p, q) = −Σ pₖ·log qₖ between distributions that are given as probabilities, in nats.
///
/// ```swift
/// let loss = CrossEntropy()
/// let value = try loss.mean(predictions: q, targets: p)      // one distribution per row
/// ```
///
/// p are the targets, q the predictions. Neither is renormalised: rows that do not sum to 1 are taken as they stand.
///
/// - Domain: p and q in 0...1. A class with p = 0 costs nothing, even where q = 0; q = 0 where p > 0 costs infinity: nothing is
///   clipped. A prediction that is NaN makes its row NaN.
/// - Derivatives with respect to the predictions: gradient −p/q and (diagonal) curvature p/q², both 0 where p = 0.
/// - Accuracy: losses within 4 ulp, derivatives within 2 ulp.
/// - Properties: convex, strictly proper among distributions. Where the model yields logits use ``SoftmaxCrossEntropy``: a
///   probability near 1 has lost the digits that the loss depends on. For two classes given as one probability see
///   ``PointwiseLoss/binaryCrossEntropy``.
public struct CrossEntropy: Sendable, Hashable {
  /// The loss; it has no options.
  public init() {}
}

extension CrossEntropy {
  /// The weighted mean of the rows' cross-entropies, Σ wᵢℓᵢ / Σ wᵢ, and on request its derivatives.
  ///
  /// - Parameters:
  ///   - predictions: q, row after row.
  ///   - targets: p, as many.
  ///   - classes: The number of probabilities in a row.
  ///   - weights: w ≥ 0, one per row, 1 each if left out. A row of weight 0 is left out, whatever it holds.
  ///   - mask: The rows that count, all if left out.
  ///   - gradient: Where the gradient of the mean goes, if it is wanted: a buffer of the predictions' length.
  ///   - curvature: Where the diagonal of the curvature goes, likewise; the other second derivatives are 0.
  /// - Returns: The mean, in `Double` for every batch type; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, a probability outside 0...1, and weights that are negative, not finite or all 0.
  ///   The buffers then hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, classes: Int, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, targets, classes, weights, mask, reduction: .mean, scale: 1, &values, &gradient, &curvature)
  }

  /// The weighted sum of the rows' cross-entropies, Σ wᵢℓᵢ, and on request its derivatives; all multiplied by `scale`.
  ///
  /// As ``mean(predictions:targets:classes:weights:mask:gradient:curvature:)``, save that weights may be all 0: the sum is then 0.
  public func sum<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, classes: Int, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    var gradient = gradient
    var curvature = curvature
    return try evaluate(
      predictions, targets, classes, weights, mask, reduction: .sum, scale: scale, &values, &gradient, &curvature)
  }

  /// The cross-entropy of every row, times its weight, in a buffer with one element per row; and on request the derivatives of
  /// their sum.
  public func values<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, classes: Int, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    into values: consuming MutableSpan<T>,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    var gradient = gradient
    var curvature = curvature
    _ = try evaluate(
      predictions, targets, classes, weights, mask, reduction: .sum, scale: 1, &values, &gradient, &curvature)
  }

  /// One pass over the batch: what every public call comes to.
  private func evaluate<T: Scalar>(
    _ predictions: Span<T>, _ targets: Span<T>, _ classes: Int, _ weights: Span<T>?, _ mask: Span<Bool>?,
    reduction: RowReduction,
    scale: Double,
    _ values: inout MutableSpan<T>?, _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    let count = predictions.count, rows = requireRows(count, classes)
    requireCount(targets.count, count, "targets", "predictions")
    if let weights { requireCount(weights.count, rows, "weights", "rows") }
    if let length = values?.count { requireCount(length, rows, "values", "rows") }
    if let length = gradient?.count { requireCount(length, count, "elements of the gradient", "predictions") }
    if let length = curvature?.count { requireCount(length, count, "elements of the curvature", "predictions") }

    do throws(LossError) {
      if let mask, rows > 0 {
        let counted = try maskedWeights(weights, by: mask, rows: rows)
        defer { extendLifetime(counted) }
        return try evaluate(
          predictions, targets, classes, counted.span, nil, reduction: reduction, scale: scale, &values, &gradient,
          &curvature)
      }
      let total = try totalWeight(weights, rows: rows)
      if reduction == .mean && total == 0 { throw .nothingToAverage }
      let (sum, row, column) = CrossEntropyKernel.run(
        predictions: predictions, targets: targets, columns: classes, weights: weights,
        scale: reduction == .mean ? 1 / total : scale, values: &values, gradient: &gradient, curvature: &curvature)
      guard row < 0 else {
        let target = targets[row * classes + column]
        let isImproper = !(target >= 0 && target <= 1)
        let value = isImproper ? target : predictions[row * classes + column]
        throw .invalidProbability(row: row, column: column, value: Double(value))
      }
      return reduction == .mean ? sum / total : sum * scale
    } catch {
      values?.update(repeating: .nan)
      gradient?.update(repeating: .nan)
      curvature?.update(repeating: .nan)
      throw error
    }
  }

  private func totalWeight<T: Scalar>(_ weights: Span<T>?, rows: Int) throws(LossError) -> Double {
    guard rows > 0 else { throw .emptyBatch }
    guard let weights else { return Double(rows) }
    let (total, invalid) = Weights.sum(weights)
    if let invalid { throw .invalidWeight(index: invalid, value: Double(weights[invalid])) }
    return total
  }
}
