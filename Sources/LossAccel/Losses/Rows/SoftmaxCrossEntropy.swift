/// Softmax cross-entropy: the loss of multinomial logistic regression and of classifiers that yield one logit per class.
///
/// For a row of logits z with class shares q = softmax(z) and a target distribution t the loss is −Σ tₖ·log qₖ, computed as
/// (Σt)·log Σ e^zₖ − Σ tₖzₖ, whatever the sum of t. For a label y it is −log q_y.
///
/// ```swift
/// let loss = SoftmaxCrossEntropy()
/// var gradient = Matrix<Float>.zeros(rows: logits.rows, columns: logits.columns)
/// let value = try loss.mean(logits: logits, labels: labels, gradient: &gradient)
/// ```
///
/// With class weights c, smoothing ε and K classes a label y stands for the distribution
///
///     tₖ = c_y·(1 − ε)·[k = y] + cₖ·ε/K
///
/// and a distribution t for cₖ·((1 − ε)·tₖ + ε/K), as in PyTorch. All options work together:
///
/// | | with labels | with distributions |
/// |---|---|---|
/// | ``sum(logits:classes:labels:weights:mask:scale:gradient:)`` | Σ wᵢℓᵢ | Σ wᵢℓᵢ |
/// | ``mean(logits:classes:labels:weights:mask:gradient:)`` | Σ wᵢℓᵢ / Σ wᵢ·c_yᵢ | Σ wᵢℓᵢ / Σ wᵢ |
/// | left out | weight 0, ignored label, class weight 0 without smoothing | weight 0 |
///
/// Rows that are left out count nowhere, and their gradient is 0, even if their logits are not finite or their label is no class.
///
/// - Gradient: w·((Σt)·q − t). At a label that has most of the mass it is −w·(1 − q_y), with 1 − q_y from the sum of the other
///   classes, so that it keeps its digits where q_y rounds to 1; and the loss there is log(1 + Σ e^(z_k − z_y)), as small as it is.
/// - Curvature: ``SoftmaxCurvature``.
/// - Domain: all logits. Nothing is clipped. A logit −∞ is a class that is impossible: it costs nothing where its target is 0 and
///   infinity elsewhere. A row with +∞ or NaN, or with −∞ only, gives NaN.
/// - Accuracy: losses within 4 ulp, for any number of classes, and gradients likewise where the target is a label without
///   smoothing. Otherwise gradients pass through 0 where (Σt)·q = t, and their error is at most 4 ulp of the greater of the two.
/// - Properties: convex, Lipschitz √2, smooth ½, strictly proper. A constant added to all logits of a row changes nothing.
public struct SoftmaxCrossEntropy: Sendable, Hashable {
  /// cₖ, one per class; 1 each if `nil`.
  public let classWeights: [Double]?

  /// ε, the share of a target that is spread evenly over all classes.
  public let labelSmoothing: Double

  /// Rows with this label are left out; it need not be a class.
  public let ignoredLabel: Int?

  /// The loss with the given options; without any, −log q_y.
  ///
  /// - Precondition: class weights are finite and not negative, and the smoothing lies in 0...1.
  public init(classWeights: [Double]? = nil, labelSmoothing: Double = 0, ignoredLabel: Int? = nil) {
    for (index, weight) in (classWeights ?? []).enumerated() {
      precondition(weight >= 0 && weight.isFinite, "the weight of class \(index) is \(weight), it must be at least 0")
    }
    precondition(
      labelSmoothing >= 0 && labelSmoothing <= 1, "the label smoothing is \(labelSmoothing), it must lie in 0...1")
    self.classWeights = classWeights
    self.labelSmoothing = labelSmoothing
    self.ignoredLabel = ignoredLabel
  }
}

extension SoftmaxCrossEntropy {
  /// One pass over the batch: what every public call comes to. `targets` are labels, one per row, or distributions.
  func evaluate<T: Scalar, Target: TargetElement>(
    _ logits: Span<T>, classes: Int, targets: Span<Target>, areLabels: Bool, weights: Span<T>?,
    mask: Span<Bool>? = nil, reduction: RowReduction, scale: Double, _ values: inout MutableSpan<T>?,
    _ gradient: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    var masses: MutableSpan<T>?
    return try evaluate(
      logits, classes: classes, targets: targets, areLabels: areLabels, weights: weights, mask: mask,
      reduction: reduction,
      scale: scale, &values, &gradient, &masses
    ).value
  }

  /// The same, with what each row's curvature is multiplied by, and what a mean divides by.
  func evaluate<T: Scalar, Target: TargetElement>(
    _ logits: Span<T>, classes: Int, targets: Span<Target>, areLabels: Bool, weights: Span<T>?,
    mask: Span<Bool>? = nil, reduction: RowReduction, scale: Double,
    _ values: inout MutableSpan<T>?, _ gradient: inout MutableSpan<T>?, _ masses: inout MutableSpan<T>?
  ) throws(LossError) -> (value: Double, weight: Double) {
    let rows = requireRows(logits.count, classes)
    if areLabels {
      requireCount(targets.count, rows, "labels", "rows")
    } else {
      requireCount(targets.count, logits.count, "targets", "logits")
    }
    if let weights { requireCount(weights.count, rows, "weights", "rows") }
    if let length = values?.count { requireCount(length, rows, "values", "rows") }
    if let length = gradient?.count { requireCount(length, logits.count, "elements of the gradient", "logits") }
    if let classWeights { requireCount(classWeights.count, classes, "class weights", "classes") }

    do throws(LossError) {
      guard rows > 0 else { throw .emptyBatch }
      if let mask {
        let counted = try maskedWeights(weights, by: mask, rows: rows)
        defer { extendLifetime(counted) }
        return try evaluate(
          logits, classes: classes, targets: targets, areLabels: areLabels, weights: counted.span, reduction: reduction,
          scale: scale, &values, &gradient, &masses)
      }
      let options = SoftmaxKernel.Options(
        classes: classes, targetsAreLabels: areLabels, classWeights: classWeights, labelSmoothing: labelSmoothing,
        ignoredLabel: areLabels ? ignoredLabel : nil)
      let outcome = SoftmaxKernel.run(
        logits: logits, targets: targets, weights: weights, options: options, reduction: reduction, scale: scale,
        values: &values, gradient: &gradient, masses: &masses)
      switch outcome {
      case .value(let value, let weight):
        if weight == 0, areLabels, let ignoredLabel, !anyRowCounts(targets, weights, ignoring: ignoredLabel) {
          throw .nothingToAverage
        }
        return (value, weight)
      case .nothingToAverage: throw .nothingToAverage
      case .invalidWeight(let row): throw .invalidWeight(index: row, value: Double(weights![row]))
      case .invalidLabel(let row): throw .labelOutOfRange(row: row, label: targets[row].asLabel, classes: classes)
      case .invalidTarget(let row, let column):
        throw .invalidProbability(row: row, column: column, value: targets[row * classes + column].asDouble)
      }
    } catch {
      values?.update(repeating: .nan)
      gradient?.update(repeating: .nan)
      throw error
    }
  }
}

/// The number of rows of a batch.
func requireRows(_ elements: Int, _ classes: Int) -> Int {
  precondition(classes >= 1, "rows of \(classes) classes; there must be at least 1")
  precondition(elements % classes == 0, "\(elements) elements are no whole rows of \(classes) classes")
  return elements / classes
}

func requireCount(_ count: Int, _ expected: Int, _ what: StaticString, _ unit: StaticString) {
  precondition(count == expected, "\(count) \(what), but \(expected) \(unit)")
}

extension _KernelReadable {
  /// The value as a class label, for messages; one that does not fit becomes the largest `Int`.
  var asLabel: Int {
    switch self {
    case let value as Bool: value ? 1 : 0
    case let value as any BinaryInteger: Int(clamping: value)
    default: -1
    }
  }
}
