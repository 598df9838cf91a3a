import LossAccel

/// An ordinal loss on files: a score and a level are a sample; the cuts between the levels come with the call.
struct OrdinalEvaluation: EvaluableLoss {
  let loss: OrdinalLoss
  let cuts: [Double]
  var name: String { loss.name }
  var samplesAreRows: Bool { true }

  init(_ loss: OrdinalLoss, cuts: [Double]?, parameters: [String: Double]) throws {
    guard let cuts else {
      throw UsageError(
        "\(loss.name) needs the cuts between the levels, the lowest first: --cuts -1,0.5,2 for four levels.")
    }
    for parameter in parameters.keys.sorted() where parameter != "ignored-label" {
      throw LossCatalogueError.unknownParameter(loss: loss.name, parameter: parameter, known: ["ignored-label"])
    }
    guard let ignored = parameters["ignored-label"] else {
      (self.loss, self.cuts) = (loss, cuts)
      return
    }
    guard let level = Int(exactly: ignored) else {
      throw LossCatalogueError.invalidParameter(
        loss: loss.name, parameter: "ignored-label", value: ignored, requirement: "an integer, such as -100")
    }
    (self.loss, self.cuts) = (loss.ignoring(level: level), cuts)
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ wanted: WantedOutputs
  ) throws -> Evaluation<Element> {
    guard batch.predictions.columns == 1 && batch.targets.plainShape == [batch.predictions.rows] else {
      throw DataError(
        """
        \(batch.predictions.name) has the shape \(batch.predictions.shapeText) and \(batch.targets.name) \
        \(batch.targets.shapeText). \(name) needs one score and one level in every row.
        """)
    }
    let levels = try labels(of: batch.targets)
    let rows = levels.count
    var values = [Element](repeating: 0, count: wanted.reduction == .none ? rows : 0)
    var gradient = [Element](repeating: 0, count: rows)
    var curvature = gradient
    var cutGradient = [Double](repeating: 0, count: cuts.count)
    let scores = batch.predictionValues.span, weights = batch.weights?.span
    var value = 0.0
    if wanted.reduction == .mean {
      value = try loss.mean(
        scores: scores, levels: levels.span, cuts: cuts.span, weights: weights, gradient: gradient.mutableSpan,
        cutGradient: cutGradient.mutableSpan, curvature: curvature.mutableSpan)
    } else {
      value = try loss.sum(
        scores: scores, levels: levels.span, cuts: cuts.span, weights: weights, gradient: gradient.mutableSpan,
        cutGradient: cutGradient.mutableSpan, curvature: curvature.mutableSpan)
    }
    if wanted.reduction == .none {
      try loss.values(
        scores: scores, levels: levels.span, cuts: cuts.span, weights: weights, into: values.mutableSpan)
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: rows,
      weight: weight(of: levels, without: loss.ignoredLevel, batch.weights, rows: rows),
      further: [("cutGradient", cutGradient)])
  }
}
