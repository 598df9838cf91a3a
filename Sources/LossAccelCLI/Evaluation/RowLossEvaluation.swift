import LossAccel

/// A row loss on files: a row of scores is a sample; targets are one label per row, or one distribution.
struct RowLossEvaluation: EvaluableLoss {
  let loss: RowLoss
  var name: String { loss.name }
  var samplesAreRows: Bool { true }

  /// The settings of every row loss, beside its own parameters. Without labels there are none to smooth or ignore.
  static let settings: [(name: String, value: Double)] = [("label-smoothing", 0), ("ignored-label", .nan)]

  init(named name: String, parameters: [String: Double]) throws(LossCatalogueError) {
    let own = parameters.filter { parameter in !Self.settings.contains { $0.name == parameter.key } }
    var loss = try RowLossCatalogue.loss(named: name, parameters: own)
    if let smoothing = parameters["label-smoothing"] {
      guard smoothing >= 0 && smoothing <= 1, smoothing == 0 || loss.targets.contains(.distributions) else {
        throw .invalidParameter(
          loss: name, parameter: "label-smoothing", value: smoothing,
          requirement: loss.targets.contains(.distributions) ? "from 0 to 1" : "0, because it knows labels only")
      }
      loss = loss.smoothed(by: smoothing)
    }
    if let ignored = parameters["ignored-label"] {
      guard let label = Int(exactly: ignored) else {
        throw .invalidParameter(
          loss: name, parameter: "ignored-label", value: ignored, requirement: "an integer, such as -100")
      }
      loss = loss.ignoring(label: label)
    }
    self.loss = loss
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let predictions = batch.predictions, targets = batch.targets
    if targets.plainShape == [predictions.rows], predictions.columns > 1 || targets.shape != predictions.shape {
      return try evaluate(batch, labels: try labels(of: targets), wanted)
    }
    guard loss.targets.contains(.distributions), targets.shape == predictions.shape else {
      let choice =
        loss.targets.contains(.distributions)
        ? "one label for every row, or a distribution of the same shape" : "one label for every row"
      throw DataError(
        """
        \(targets.name) has the shape \(targets.shapeText), but \(predictions.name) has \(predictions.shapeText). \(name) \
        needs \(choice).
        """)
    }
    return try evaluate(batch, distributions: targets.elements.doubles.map { Element($0) }, wanted)
  }

  private func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, labels: [Int], _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let scores = scores(of: batch)
    var gradient = scores
    var (value, values, curvature) = (0.0, [Element](), [Element]())
    switch wanted.reduction {
    case .mean: value = try loss.mean(scores: scores, labels: labels, weights: batch.weights, gradient: &gradient)
    case .sum: value = try loss.sum(scores: scores, labels: labels, weights: batch.weights, gradient: &gradient)
    case .none:
      _ = try loss.sum(scores: scores, labels: labels, weights: batch.weights, gradient: &gradient)
      values = try loss.values(scores: scores, labels: labels, weights: batch.weights)
    }
    if wanted.derivatives {
      curvature = try loss.curvature(
        of: wanted.reduction == .mean ? .mean : .sum, scores: scores, labels: labels, weights: batch.weights
      ).diagonal().elements
    }
    return Evaluation(
      value: value, values: values, gradient: wanted.derivatives ? gradient.elements : [], curvature: curvature,
      count: scores.rows, weight: weight(of: labels, without: loss.ignoredLabel, batch.weights, rows: scores.rows))
  }

  private func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, distributions: [Element], _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    let scores = scores(of: batch)
    let targets = Matrix(rows: scores.rows, columns: scores.columns, elements: distributions)
    var gradient = scores
    var (value, values, curvature) = (0.0, [Element](), [Element]())
    switch wanted.reduction {
    case .mean: value = try loss.mean(scores: scores, targets: targets, weights: batch.weights, gradient: &gradient)
    case .sum: value = try loss.sum(scores: scores, targets: targets, weights: batch.weights, gradient: &gradient)
    case .none:
      _ = try loss.sum(scores: scores, targets: targets, weights: batch.weights, gradient: &gradient)
      values = try loss.values(scores: scores, targets: targets, weights: batch.weights)
    }
    if wanted.derivatives {
      curvature = try loss.curvature(
        of: wanted.reduction == .mean ? .mean : .sum, scores: scores, targets: targets, weights: batch.weights
      ).diagonal().elements
    }
    return Evaluation(
      value: value, values: values, gradient: wanted.derivatives ? gradient.elements : [], curvature: curvature,
      count: scores.rows, weight: weight(of: nil, without: nil, batch.weights, rows: scores.rows))
  }

  private func scores<Element>(of batch: Batch<Element>) -> Matrix<Element> {
    Matrix(rows: batch.predictions.rows, columns: batch.predictions.columns, elements: batch.predictionValues)
  }
}
