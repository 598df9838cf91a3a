extension RowLoss {
  /// One pass over the batch: what every public call comes to. `targets` are labels, one per row, or distributions.
  func evaluate<T: Scalar, Target: TargetElement>(
    _ scores: Span<T>, classes: Int, targets: Span<Target>, areLabels: Bool, weights: Span<T>?,
    mask: Span<Bool>? = nil, reduction: RowReduction, scale: Double, _ values: inout MutableSpan<T>?,
    _ gradient: inout MutableSpan<T>?
  ) throws(LossError) -> Double {
    requireShapes(scores.count, classes: classes, targets: targets.count, areLabels: areLabels, weights: weights?.count)
    if let length = values?.count { requireCount(length, scores.count / classes, "values", "rows") }
    if let length = gradient?.count { requireCount(length, scores.count, "elements of the gradient", "scores") }
    do throws(LossError) {
      guard !scores.isEmpty else { throw .emptyBatch }
      if let mask {
        let counted = try maskedWeights(weights, by: mask, rows: scores.count / classes)
        defer { extendLifetime(counted) }
        return try evaluate(
          scores, classes: classes, targets: targets, areLabels: areLabels, weights: counted.span, reduction: reduction,
          scale: scale, &values, &gradient)
      }
      let outcome = kernel.run(
        scores: scores, targets: targets, weights: weights,
        settings: settings(classes: classes, areLabels: areLabels, reduction: reduction, scale: scale),
        values: &values, gradient: &gradient)
      return try result(of: outcome, scores, classes: classes, targets: targets, areLabels: areLabels, weights)
    } catch {
      values?.update(repeating: .nan)
      gradient?.update(repeating: .nan)
      throw error
    }
  }

  /// What the kernels need to know besides the data.
  func settings(
    classes: Int, areLabels: Bool, reduction: RowReduction, scale: Double
  ) -> RowLossKernel.Settings {
    RowLossKernel.Settings(
      parameters: parameters.map(\.value), weighsClasses: weighsClasses,
      options: SoftmaxKernel.Options(
        classes: classes, targetsAreLabels: areLabels, classWeights: classWeights, labelSmoothing: labelSmoothing,
        ignoredLabel: areLabels ? ignoredLabel : nil),
      reduction: reduction, scale: scale)
  }

  func requireShapes(_ count: Int, classes: Int, targets targetCount: Int, areLabels: Bool, weights: Int?) {
    let rows = requireRows(count, classes)
    if areLabels {
      requireCount(targetCount, rows, "labels", "rows")
    } else {
      precondition(targets.contains(.distributions), "\(name) needs labels, and was given distributions")
      requireCount(targetCount, count, "targets", "scores")
    }
    if let weights { requireCount(weights, rows, "weights", "rows") }
    if let classWeights { requireCount(classWeights.count, classes, "class weights", "classes") }
  }

  /// The value, or the error that says where the data is not valid.
  func result<T: Scalar, Target: TargetElement>(
    of outcome: SoftmaxKernel.Outcome, _ scores: Span<T>, classes: Int, targets: Span<Target>, areLabels: Bool,
    _ weights: Span<T>?
  ) throws(LossError) -> Double {
    switch outcome {
    case .value(let value, let weight):
      if weight == 0, areLabels, let ignoredLabel, !anyRowCounts(targets, weights, ignoring: ignoredLabel) {
        throw .nothingToAverage
      }
      return value
    case .nothingToAverage: throw .nothingToAverage
    case .invalidWeight(let row): throw .invalidWeight(index: row, value: Double(weights![row]))
    case .invalidLabel(let row): throw .labelOutOfRange(row: row, label: targets[row].asLabel, classes: classes)
    case .invalidTarget(let row, let column):
      let score = Double(scores[row * classes + column])
      let isScore = self.scores == .probabilities && (score < 0 || score > 1)
      throw .invalidProbability(
        row: row, column: column, value: isScore ? score : targets[row * classes + column].asDouble)
    }
  }
}
