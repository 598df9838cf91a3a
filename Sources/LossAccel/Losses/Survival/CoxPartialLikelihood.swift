/// The negative log partial likelihood of Cox's proportional hazards model: the loss of survival regression.
///
/// A subject i with score ηᵢ has the hazard e^ηᵢ times a common one that nothing is said about. The loss of an event is the negative log
/// of the probability that of all who were then at risk (no earlier event, not censored before) it was this subject's:
///
///     Σ over events i of  wᵢ·(log Σ_{j at risk} wⱼ·e^ηⱼ − ηᵢ)
///
/// ```swift
/// let targets = try SurvivalTimes(times: [5.0, 6, 6, 2], events: [true, true, false, true])
/// let value = try CoxPartialLikelihood().mean(predictions: [0.5, -0.2, 0.1, 1.0], targets: targets)
/// ```
///
/// - Ties: by ``Ties/efron`` unless Breslow's are asked for.
/// - Domain: all scores; they may differ by thousands, since sums are kept relative to the greatest score that they contain. A constant
///   added to all scores of a stratum changes nothing.
/// - Weights multiply a subject both as an event and as one at risk. With Breslow's ties (or no ties) weight 2 is the same as the
///   subject twice. With Efron's, tied events share their mean weight, as in R's survival package. Subjects of weight 0, and those that the
///   mask leaves out, are at risk nowhere, whatever their score is.
/// - Mean: the sum divided by the weight of all events, Σ wᵢ over the events: the mean loss of an event.
/// - Gradient wᵢ·(e^ηᵢ·Aᵢ − δᵢ) with Aᵢ the cumulative hazard; the product with the Hessian is exact and O(n), as is its diagonal.
///   The Hessian is positive semidefinite.
/// - Accuracy: computed in double precision for both types of batch. An event alone at its time has its loss to its last digits;
///   derivatives within 8 ulp of the sum of the magnitudes that are added.
/// - Properties: convex, not strictly; not Lipschitz as a sum, but each event's loss is Lipschitz √2 and smooth ½.
///   Sources: Cox (1972), Breslow (1974), Efron (1977).
public struct CoxPartialLikelihood: Sendable, Hashable {
  /// What several events at the same time count as.
  public enum Ties: String, Sendable, Hashable, CaseIterable {
    /// The average over the orders that they may have happened in, approximately: the l-th of d tied events is compared with those at
    /// risk less l/d of the tied.
    case efron
    /// Every tied event is compared with all at risk, the tied included.
    case breslow
  }

  /// What several events at the same time count as.
  public let ties: Ties

  /// The loss with the given ties.
  public init(ties: Ties = .efron) {
    self.ties = ties
  }

  /// What the loss is called.
  public var name: String { "cox" }

  /// What it is, in a sentence.
  public var summary: String { "Cox's partial likelihood: of all at risk it was this subject that had the event." }

  /// The loss of an event as text.
  public var formula: String { "log Σ e^ηⱼ over those at risk − ηᵢ" }

  /// What is known of it as a function of the scores.
  public var traits: LossTraits {
    LossTraits(convexity: .convex, differentiability: .smooth, robustness: .bounded)
  }
}

extension CoxPartialLikelihood {
  /// The mean loss of an event, and on request its derivatives.
  ///
  /// - Parameters:
  ///   - predictions: η, one score per subject.
  ///   - targets: The subjects' times.
  ///   - weights: w ≥ 0, one per subject, 1 each if left out.
  ///   - mask: Subjects with `false` are left out.
  ///   - gradient: Where the gradient of the mean goes, if it is wanted.
  ///   - curvature: Where the diagonal of its Hessian goes, likewise.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, weights that are negative or not finite, and where no event counts. The buffers
  ///   then hold NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar>(
    predictions: Span<T>, targets: SurvivalTimes, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.mean, predictions, targets, weights, mask, 1, gradient, curvature)
  }

  /// The sum of the losses of all events, and on request its derivatives; all multiplied by `scale`. Without any event it is 0; without
  /// any subject that counts it is an error where there is a mask.
  ///
  /// Parameters and errors are otherwise those of the mean.
  public func sum<T: Scalar>(
    predictions: Span<T>, targets: SurvivalTimes, weights: Span<T>? = nil, mask: Span<Bool>? = nil, scale: Double = 1,
    gradient: consuming MutableSpan<T>? = nil, curvature: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.sum, predictions, targets, weights, mask, scale, gradient, curvature)
  }

  private func evaluate<T: Scalar>(
    _ reduction: RowReduction, _ predictions: Span<T>, _ targets: SurvivalTimes, _ weights: Span<T>?,
    _ mask: Span<Bool>?, _ scale: Double, _ gradient: consuming MutableSpan<T>?,
    _ curvature: consuming MutableSpan<T>?
  ) throws(LossError) -> Double {
    var gradient = gradient
    var curvature = curvature
    var product: MutableSpan<T>?
    requireCount(predictions.count, targets.count, "predictions", "times")
    if let length = gradient?.count { requireCount(length, targets.count, "elements of the gradient", "times") }
    if let length = curvature?.count { requireCount(length, targets.count, "elements of the curvature", "times") }
    do throws(LossError) {
      let factor = try factor(reduction, targets, weights, mask) * scale
      return run(predictions, targets, weights, mask, factor, nil, &gradient, &curvature, &product) * factor
    } catch {
      gradient?.update(repeating: .nan)
      curvature?.update(repeating: .nan)
      throw error
    }
  }

  /// What the sum is multiplied by.
  func factor<T: Scalar>(
    _ reduction: RowReduction, _ targets: SurvivalTimes, _ weights: Span<T>?, _ mask: Span<Bool>?
  ) throws(LossError) -> Double {
    if let weights { requireCount(weights.count, targets.count, "weights", "times") }
    if let mask { requireCount(mask.count, targets.count, "elements of the mask", "times") }
    guard targets.count > 0 else { throw .emptyBatch }
    let (total, invalid) = Weights.sum(weights, mask: mask, selection: targets.events.span, count: targets.count)
    if let invalid { throw .invalidWeight(index: invalid, value: Double(weights![invalid])) }
    if reduction == .mean {
      if total == 0 { throw .nothingToAverage }
      return 1 / total
    }
    // Subjects without any event are a sum of 0, but none at all are a mistake.
    if let mask, total == 0, Weights.sum(weights, mask: mask, count: targets.count).total == 0 {
      throw .nothingToAverage
    }
    return 1
  }

  func run<T: Scalar>(
    _ predictions: Span<T>, _ targets: SurvivalTimes, _ weights: Span<T>?, _ mask: Span<Bool>?, _ factor: Double,
    _ direction: Span<T>?, _ gradient: inout MutableSpan<T>?, _ curvature: inout MutableSpan<T>?,
    _ product: inout MutableSpan<T>?
  ) -> Double {
    SurvivalKernel.run(
      scores: predictions, weights: weights, mask: mask, events: targets.events.span, order: targets.order.span,
      groups: targets.groups.span, strata: targets.strata, efron: ties == .efron, scale: factor, direction: direction,
      gradient: &gradient, diagonal: &curvature, product: &product)
  }
}
