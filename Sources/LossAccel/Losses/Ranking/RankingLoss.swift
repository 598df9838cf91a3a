/// A loss of lists of scored items that should be ordered by relevance: learning to rank.
///
/// ```swift
/// let scores = [0.2, 1.1, -0.3, 0.9, 0.4], relevance = [0, 2, 1, 1, 0]
/// let value = try RankingLoss.logistic.mean(predictions: scores, targets: relevance, lists: [3, 2])
/// ```
///
/// A batch is one list after the other: `lists` tells how many items each has (one list of everything if left out), such as the
/// documents found for each query. Items of different lists are never compared.
///
/// | loss | of a list with scores s and relevances y | per list | curvature |
/// |---|---|---|---|
/// | ``logistic`` (RankNet) | Σ log(1 + e^−(sᵢ − sⱼ)) over pairs with yᵢ > yⱼ | O(n²) | exact |
/// | ``lambda`` (LambdaRank) | the same, each pair times ∣ΔNDCG∣ | O(n²) | exact, with ranks held |
/// | ``hinge(margin:)`` | Σ max(0, m − (sᵢ − sⱼ)) | O(n log n) | exact: 0 |
/// | ``squaredHinge(margin:)`` | Σ max(0, m − (sᵢ − sⱼ))² | O(n log n) | exact |
/// | ``listwiseSoftmax`` (ListNet) | −Σ softmax(y)·log softmax(s) | O(n) | exact |
/// | ``orderLikelihood(top:)`` (ListMLE) | Σ (log Σ_{j from i on} e^sⱼ − sᵢ) by falling y | O(n log n) | exact |
/// | ``approximateNDCG(temperature:)`` | 1 − NDCG with ranks made smooth | O(n²) | exact |
///
/// - Weights: one per list. The mean is Σ wₖℓₖ / Σ wₖ over the lists that count.
/// - Mask: one per item; items with `false` are in no pair and no sum, whatever they hold. A list without items that count is left
///   out. A list whose items are all equally relevant costs nothing but counts.
/// - Accuracy: computed in double precision for both types of batch.
public struct RankingLoss: Sendable, Hashable {
  /// What the loss is called: `ranking-logistic`.
  public let name: String

  /// What it is, in a sentence.
  public let summary: String

  /// The loss of one list as text.
  public let formula: String

  /// What is known of it as a function of the scores of one list.
  public let traits: LossTraits

  /// With their values.
  public let parameters: [Parameter]

  /// A number that the loss depends on.
  public struct Parameter: Sendable, Hashable {
    /// What it is called.
    public let name: String
    /// What it is.
    public let value: Double
  }

  let options: RankingKernel.Options

  init(
    _ name: String, summary: String, formula: String, traits: LossTraits, parameters: [Parameter] = [],
    _ options: RankingKernel.Options
  ) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.traits = traits
    self.parameters = parameters
    self.options = options
  }
}

extension RankingLoss {
  /// The weighted mean of the lists' losses, Σ wₖℓₖ / Σ wₖ over the lists that count, and on request its gradient.
  ///
  /// - Parameters:
  ///   - predictions: s, one score per item.
  ///   - targets: y, one relevance per item, of any numeric type.
  ///   - lists: How many items each list has; one list of all if left out.
  ///   - weights: w ≥ 0, one per list, 1 each if left out.
  ///   - mask: Items with `false` are left out.
  ///   - gradient: Where the gradient of the mean goes, if it is wanted.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, weights that are negative or not finite, relevances that are not finite (for NDCG: outside
  ///   0...1000), and where no list counts. The gradient then holds NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar, Relevance: TargetElement>(
    predictions: Span<T>, targets: Span<Relevance>, lists: [Int]? = nil, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    return try evaluate(.mean, predictions, targets, lists, weights, mask, 1, &values, gradient)
  }

  /// The weighted sum of the lists' losses, Σ wₖℓₖ, and on request its gradient; all multiplied by `scale`.
  ///
  /// Parameters and errors are those of the mean, save that without a mask no list needs to count: the sum is then 0.
  public func sum<T: Scalar, Relevance: TargetElement>(
    predictions: Span<T>, targets: Span<Relevance>, lists: [Int]? = nil, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, scale: Double = 1, gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    var values: MutableSpan<T>?
    return try evaluate(.sum, predictions, targets, lists, weights, mask, scale, &values, gradient)
  }

  /// The loss of every list, times its weight, in a buffer with one element per list; 0 for lists that are left out. On request the
  /// gradient of their sum.
  public func values<T: Scalar, Relevance: TargetElement>(
    predictions: Span<T>, targets: Span<Relevance>, lists: [Int]? = nil, weights: Span<T>? = nil,
    mask: Span<Bool>? = nil, into values: consuming MutableSpan<T>, gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) {
    var values: MutableSpan<T>? = values
    _ = try evaluate(.sum, predictions, targets, lists, weights, mask, 1, &values, gradient)
  }

  private func evaluate<T: Scalar, Relevance: TargetElement>(
    _ reduction: RowReduction, _ predictions: Span<T>, _ targets: Span<Relevance>, _ lists: [Int]?,
    _ weights: Span<T>?, _ mask: Span<Bool>?, _ scale: Double, _ values: inout MutableSpan<T>?,
    _ gradient: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var gradient = gradient
    var product: MutableSpan<T>?
    if let length = gradient?.count { requireCount(length, predictions.count, "elements of the gradient", "scores") }
    let starts = starts(lists, count: predictions.count)
    if let length = values?.count { requireCount(length, starts.count - 1, "values", "lists") }
    do throws(LossError) {
      let factor = try factor(reduction, predictions, targets, starts, weights, mask) * scale
      return RankingKernel.run(
        options, scores: predictions, relevance: targets, starts: starts.span, weights: weights, mask: mask,
        scale: factor, direction: nil, values: &values, gradient: &gradient, product: &product) * factor
    } catch {
      values?.update(repeating: .nan)
      gradient?.update(repeating: .nan)
      throw error
    }
  }

  /// Where each list begins, and the end of the last one.
  func starts(_ lists: [Int]?, count: Int) -> [Int64] {
    guard let lists else { return [0, Int64(count)] }
    var starts: [Int64] = [0]
    starts.reserveCapacity(lists.count + 1)
    for (index, length) in lists.enumerated() {
      precondition(length >= 0, "list \(index) has \(length) items")
      starts.append(starts[index] + Int64(length))
    }
    precondition(starts.last! == count, "the lists have \(starts.last!) items together, but there are \(count) scores")
    return starts
  }

  /// What the sum is multiplied by.
  func factor<T: Scalar, Relevance: TargetElement>(
    _ reduction: RowReduction, _ predictions: Span<T>, _ targets: Span<Relevance>, _ starts: [Int64],
    _ weights: Span<T>?, _ mask: Span<Bool>?
  ) throws(LossError) -> Double {
    requireCount(targets.count, predictions.count, "relevances", "scores")
    if let weights { requireCount(weights.count, starts.count - 1, "weights", "lists") }
    if let mask { requireCount(mask.count, predictions.count, "elements of the mask", "scores") }
    guard predictions.count > 0 else { throw .emptyBatch }
    let (counted, improper) = RankingKernel.check(
      options, T.self, relevance: targets, starts: starts.span, weights: weights, mask: mask)
    let (total, invalid) = Weights.sum(weights, mask: nil, selection: counted.span, count: starts.count - 1)
    if let invalid { throw .invalidWeight(index: invalid, value: Double(weights![invalid])) }
    if let improper {
      throw .targetOutsideDomain(
        index: improper, value: targets[improper].asDouble, lowest: options.lowestRelevance,
        highest: options.highestRelevance)
    }
    if total == 0 && (reduction == .mean || mask != nil) { throw .nothingToAverage }
    return reduction == .mean ? 1 / total : 1
  }
}
