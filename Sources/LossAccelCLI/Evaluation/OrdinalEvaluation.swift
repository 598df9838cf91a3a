import LossAccel

/// An ordinal loss on files: a score and a level are a sample; the cuts between the levels come with the call.
struct OrdinalEvaluation: EvaluableLoss {
  let loss: OrdinalLoss
  let cuts: [Double]
  var name: String { loss.name }
  var samplesAreRows: Bool { true }

  init(_ loss: OrdinalLoss, options: LossOptions, parameters: [String: Double]) throws {
    try options.require(within: loss.options, of: loss.name)
    for parameter in parameters.keys.sorted() {
      throw LossCatalogueError.unknownParameter(loss: loss.name, parameter: parameter, known: [])
    }
    guard let cuts = options.cuts else {
      throw UsageError(
        "\(loss.name) needs the cuts between the levels, the lowest first: --cuts -1,0.5,2 for four levels.")
    }
    (self.loss, self.cuts) = (loss.ignoring(level: options.ignoredLabel), cuts)
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ reduction: Reduction
  ) throws -> Evaluation<Element> {
    guard batch.predictions.columns == 1 && batch.targets.plainShape == [batch.predictions.rows] else {
      throw DataError(
        """
        \(batch.predictions.name) has the shape \(batch.predictions.shapeText) and \(batch.targets.name) \
        \(batch.targets.shapeText). \(name) needs one score and one level in every row.
        """)
    }
    let levels = try labels(of: batch)
    let rows = levels.count
    var values = [Element](repeating: 0, count: reduction == .none ? rows : 0)
    var gradient = [Element](repeating: 0, count: rows)
    var curvature = gradient
    var cutGradient = [Double](repeating: 0, count: cuts.count)
    let scores = batch.predictionValues.span, weights = batch.weights?.span, mask = batch.mask?.span
    var value = 0.0
    if reduction == .mean {
      value = try loss.mean(
        scores: scores, levels: levels.span, cuts: cuts.span, weights: weights, mask: mask,
        gradient: gradient.mutableSpan, cutGradient: cutGradient.mutableSpan, curvature: curvature.mutableSpan)
    } else {
      value = try loss.sum(
        scores: scores, levels: levels.span, cuts: cuts.span, weights: weights, mask: mask,
        gradient: gradient.mutableSpan, cutGradient: cutGradient.mutableSpan, curvature: curvature.mutableSpan)
    }
    if reduction == .none {
      try loss.values(
        scores: scores, levels: levels.span, cuts: cuts.span, weights: weights, mask: mask, into: values.mutableSpan)
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: rows,
      weight: batch.weight(of: rows) { levels[$0] == loss.ignoredLevel }, further: [("cutGradient", cutGradient)])
  }
}
