import LossAccel

/// Softmax cross-entropy on files: a row of logits is a sample; targets are one label per row, or one distribution.
struct SoftmaxEvaluation: EvaluableLoss {
  static let lossName = "softmax-cross-entropy"

  let loss: SoftmaxCrossEntropy
  var name: String { Self.lossName }
  var samplesAreRows: Bool { true }

  init(parameters: [String: Double]) throws {
    let smoothing = parameters["label-smoothing"] ?? 0
    guard smoothing >= 0 && smoothing <= 1 else {
      throw UsageError("--set label-smoothing=\(smoothing): the smoothing must lie between 0 and 1.")
    }
    let ignored = try parameters["ignored-label"].map { value in
      guard let label = Int(exactly: value) else {
        throw UsageError("--set ignored-label=\(value): a label is an integer, as in --set ignored-label=-100")
      }
      return label
    }
    loss = SoftmaxCrossEntropy(labelSmoothing: smoothing, ignoredLabel: ignored)
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let predictions = batch.predictions, targets = batch.targets
    if targets.plainShape == [predictions.rows] {
      return try evaluate(batch, labels: try labels(of: targets), wanted)
    }
    guard targets.shape == predictions.shape else {
      throw DataError(
        """
        \(targets.name) has the shape \(targets.shapeText), but \(predictions.name) has \(predictions.shapeText). \(name) \
        needs one label for every row of logits, or a distribution of the same shape.
        """)
    }
    return try evaluate(batch, distributions: targets.elements.doubles.map { Element($0) }, wanted)
  }

  private func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, labels: [Int], _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let rows = batch.predictions.rows, classes = batch.predictions.columns
    var values = [Element](repeating: 0, count: wanted.reduction == .none ? rows : 0)
    var gradient = [Element](repeating: 0, count: wanted.derivatives ? rows * classes : 0)
    var curvature: [Element] = []
    var value = 0.0
    let logits = batch.predictionValues.span, labelsSpan = labels.span, weights = batch.weights?.span
    switch (wanted.reduction, wanted.derivatives) {
    case (.mean, false):
      value = try loss.mean(logits: logits, classes: classes, labels: labelsSpan, weights: weights)
    case (.mean, true):
      value = try loss.mean(
        logits: logits, classes: classes, labels: labelsSpan, weights: weights, gradient: gradient.mutableSpan)
    case (.sum, false):
      value = try loss.sum(logits: logits, classes: classes, labels: labelsSpan, weights: weights)
    case (.sum, true):
      value = try loss.sum(
        logits: logits, classes: classes, labels: labelsSpan, weights: weights, gradient: gradient.mutableSpan)
    case (.none, false):
      try loss.values(
        logits: logits, classes: classes, labels: labelsSpan, weights: weights, into: values.mutableSpan)
    case (.none, true):
      try loss.values(
        logits: logits, classes: classes, labels: labelsSpan, weights: weights, into: values.mutableSpan,
        gradient: gradient.mutableSpan)
    }
    if wanted.derivatives {
      let hessian = try loss.curvature(
        of: wanted.reduction == .mean ? .mean : .sum, logits: logits, classes: classes, labels: labelsSpan,
        weights: weights)
      curvature = hessian.diagonal().elements
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: rows,
      weight: weight(of: labels, batch.weights, rows: rows))
  }

  private func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, distributions: [Element], _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let rows = batch.predictions.rows, classes = batch.predictions.columns
    var values = [Element](repeating: 0, count: wanted.reduction == .none ? rows : 0)
    var gradient = [Element](repeating: 0, count: wanted.derivatives ? rows * classes : 0)
    var curvature: [Element] = []
    var value = 0.0
    let logits = batch.predictionValues.span, targetsSpan = distributions.span, weights = batch.weights?.span
    switch (wanted.reduction, wanted.derivatives) {
    case (.mean, false):
      value = try loss.mean(logits: logits, classes: classes, targets: targetsSpan, weights: weights)
    case (.mean, true):
      value = try loss.mean(
        logits: logits, classes: classes, targets: targetsSpan, weights: weights, gradient: gradient.mutableSpan)
    case (.sum, false):
      value = try loss.sum(logits: logits, classes: classes, targets: targetsSpan, weights: weights)
    case (.sum, true):
      value = try loss.sum(
        logits: logits, classes: classes, targets: targetsSpan, weights: weights, gradient: gradient.mutableSpan)
    case (.none, false):
      try loss.values(
        logits: logits, classes: classes, targets: targetsSpan, weights: weights, into: values.mutableSpan)
    case (.none, true):
      try loss.values(
        logits: logits, classes: classes, targets: targetsSpan, weights: weights, into: values.mutableSpan,
        gradient: gradient.mutableSpan)
    }
    if wanted.derivatives {
      let hessian = try loss.curvature(
        of: wanted.reduction == .mean ? .mean : .sum, logits: logits, classes: classes, targets: targetsSpan,
        weights: weights)
      curvature = hessian.diagonal().elements
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: rows,
      weight: weight(of: nil, batch.weights, rows: rows))
  }

  /// Σ w of the rows that are not left out by their label.
  private func weight(of labels: [Int]?, _ weights: [some Scalar]?, rows: Int) -> Double {
    (0..<rows).reduce(0) { sum, row in
      guard loss.ignoredLabel == nil || labels?[row] != loss.ignoredLabel else { return sum }
      return sum + (weights.map { Double($0[row]) } ?? 1)
    }
  }

  private func labels(of targets: NumericArray) throws -> [Int] {
    try targets.elements.doubles.enumerated().map { row, value in
      guard let label = Int(exactly: value) else {
        throw DataError(
          "\(targets.place(ofRow: row)): the label is \(value), but labels are integers that count classes from 0.")
      }
      return label
    }
  }
}
