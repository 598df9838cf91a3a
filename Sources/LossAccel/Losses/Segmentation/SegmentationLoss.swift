/// A loss of predicted regions: how badly a map of probabilities overlaps the true region.
///
/// ```swift
/// let probabilities: Matrix<Float> = [[0.9, 0.8, 0.2, 0.1]], truth: [UInt8] = [1, 1, 0, 0]
/// let value = try SegmentationLoss.dice().mean(predictions: probabilities, targets: truth)
/// ```
///
/// A batch is a matrix with one map per row: one image, or one class of one image (the classes of an image one after the other, as an
/// array in the order image, class, height, width holds them). With p the predictions and t the targets of a map,
/// TP = Σ p·t, FP = Σ p·(1 − t), FN = Σ (1 − p)·t:
///
/// | loss | of a map |
/// |---|---|
/// | ``dice(smoothing:)`` | 1 − (2TP + ε)/(2TP + FP + FN + ε) |
/// | ``jaccard(smoothing:)`` | 1 − (TP + ε)/(TP + FP + FN + ε) |
/// | ``tversky(alpha:beta:smoothing:)`` | 1 − (TP + ε)/(TP + αFP + βFN + ε) |
/// | ``focalTversky(alpha:beta:gamma:smoothing:)`` | the same to the power γ |
/// | ``generalizedDice(classes:smoothing:)`` | of an image: 1 − (2Σ w·TP + ε)/(Σ w·(2TP + FP + FN) + ε), w = 1/(Σt)² |
/// | ``lovaszHinge`` | Lovász extension of Jaccard, of the hinge errors of logits |
/// | ``lovaszSoftmax`` | Lovász extension of Jaccard, of the errors ∣t − p∣ |
///
/// - Weights: one per map, or per image for ``generalizedDice(classes:smoothing:)``. The mean is Σ wₖℓₖ / Σ wₖ over the maps that count.
/// - Mask: one per pixel; pixels with `false` are in no sum, whatever they hold, and their gradient is 0. A map without pixels
///   that count is left out.
/// - Empty classes: a map without true pixels and without predicted ones (TP + FP + FN = 0) costs nothing, and its gradient is 0, also with
///   ε = 0, where the formula is 0/0. A map without true pixels but with predicted ones costs 1 with ε = 0, and then has gradient 0: choose
///   ε > 0 to be told which way to go.
/// - Domain: predictions in 0...1 (``lovaszHinge``: all logits), targets in 0...1, for the Lovász losses 0 or 1.
/// - Accuracy: 1 − N/D is computed as (D − N)/D from sums of positive terms, so a nearly perfect overlap keeps its digits.
public struct SegmentationLoss: Sendable, Hashable {
  /// What the loss is called: `dice`.
  public let name: String

  /// What it is, in a sentence.
  public let summary: String

  /// The loss of one map as text.
  public let formula: String

  /// What is known of it as a function of the predictions of one map.
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

  let form: Form

  /// How a map's loss comes from its sums.
  enum Form: Sendable, Hashable {
    case ratio(OverlapRatio)
    case generalizedDice(classes: Int, smoothing: Double)
    case lovasz(fromLogits: Bool)
  }

  /// How many rows make one sample.
  var mapsPerSample: Int {
    if case .generalizedDice(let classes, _) = form { return classes }
    return 1
  }

  static func checked(_ value: Double, _ name: StaticString, positive: Bool = false) -> Double {
    precondition(
      value.isFinite && (positive ? value > 0 : value >= 0), "the \(name) of a segmentation loss cannot be \(value)")
    return value
  }
}

extension SegmentationLoss {
  /// The weighted mean of the losses of maps (or images), and on request its gradient.
  ///
  /// - Parameters:
  ///   - predictions: p, map after map.
  ///   - targets: t, as many, of any numeric type or `Bool`.
  ///   - pixels: The number of pixels of a map.
  ///   - weights: w ≥ 0, one per map (per image for ``generalizedDice(classes:smoothing:)``), 1 each if left out.
  ///   - mask: One per pixel; those with `false` are left out.
  ///   - gradient: Where the gradient of the mean goes, if it is wanted.
  /// - Returns: The mean, in `Double`; the same bits for any number of threads.
  /// - Throws: ``LossError`` for an empty batch, predictions and targets outside the domain, weights that are negative or not finite,
  ///   and where no map counts. The gradient then holds NaN.
  /// - Precondition: the lengths fit.
  public func mean<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, pixels: Int, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.mean, predictions, targets, pixels, weights, mask, 1, gradient)
  }

  /// The weighted sum of the losses, and on request its gradient; all multiplied by `scale`.
  ///
  /// Parameters and errors are those of the mean, save that without a mask no map needs to count: the sum is then 0.
  public func sum<T: Scalar, Target: TargetElement>(
    predictions: Span<T>, targets: Span<Target>, pixels: Int, weights: Span<T>? = nil, mask: Span<Bool>? = nil,
    scale: Double = 1, gradient: consuming MutableSpan<T>? = nil
  ) throws(LossError) -> Double {
    try evaluate(.sum, predictions, targets, pixels, weights, mask, scale, gradient)
  }
}
