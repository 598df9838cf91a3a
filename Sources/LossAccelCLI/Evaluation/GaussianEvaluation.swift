import LossAccel

/// The likelihood of rows under a multivariate normal distribution, whose precision factor comes in a file of its own.
struct GaussianEvaluation: EvaluableLoss {
  static let name = "multivariate-gaussian"

  let factor: NumericArray
  var name: String { Self.name }
  var samplesAreRows: Bool { true }

  init(options: LossOptions, parameters: [String: Double]) throws {
    try options.require(within: [.precisionFactor], of: Self.name)
    for parameter in parameters.keys.sorted() {
      throw LossCatalogueError.unknownParameter(loss: Self.name, parameter: parameter, known: [])
    }
    guard let precisionFactor = options.precisionFactor else {
      throw UsageError(
        "\(Self.name) needs the Cholesky factor of its precision, a lower triangle: --precision-factor factor.csv")
    }
    factor = precisionFactor
  }

  func evaluate<Element: Scalar & NumericElement>(
    _ batch: Batch<Element>, _ reduction: Reduction
  ) throws -> Evaluation<Element> {
    let predictions = batch.predictions, size = predictions.columns
    guard batch.targets.plainShape == predictions.plainShape else {
      throw DataError(
        """
        \(batch.targets.name) has the shape \(batch.targets.shapeText), but \(predictions.name) has \(predictions.shapeText). \
        \(name) needs one target for every prediction.
        """)
    }
    guard factor.rows == size && factor.columns == size else {
      throw DataError(
        """
        \(factor.name) has the shape \(factor.shapeText), but a row of \(predictions.name) has \(size) predictions. Their precision \
        has a factor of \(size) × \(size).
        """)
    }
    let matrix = Matrix(rows: size, columns: size, elements: factor.elements.doubles)
    let targets = batch.targets.elements.doubles.map { Element($0) }, rows = predictions.rows
    var gradient = [Element](repeating: 0, count: targets.count)
    var values = [Element](repeating: 0, count: reduction == .none ? rows : 0)
    let loss = MultivariateGaussian(), weights = batch.weights?.span, mask = batch.mask?.span
    var value = 0.0
    if reduction == .mean {
      value = try loss.mean(
        predictions: batch.predictionValues.span, targets: targets.span, precisionFactor: matrix, weights: weights,
        mask: mask, gradient: gradient.mutableSpan)
    } else {
      value = try loss.sum(
        predictions: batch.predictionValues.span, targets: targets.span, precisionFactor: matrix, weights: weights,
        mask: mask, gradient: gradient.mutableSpan)
    }
    if reduction == .none {
      try loss.values(
        predictions: batch.predictionValues.span, targets: targets.span, precisionFactor: matrix, weights: weights,
        mask: mask, into: values.mutableSpan)
    }
    // The diagonal of the precision, for every row.
    let diagonal = (0..<size).map { j in (0...j).reduce(0) { $0 + matrix[j, $1] * matrix[j, $1] } }
    let total = batch.weight(of: rows), scale = reduction == .mean ? 1 / total : 1
    let curvature = (0..<rows).flatMap { row in
      let weight = batch.counts(row) ? batch.weights.map { Double($0[row]) } ?? 1 : 0
      return diagonal.map { Element($0 * weight * scale) }
    }
    return Evaluation(
      value: value, values: values, gradient: gradient, curvature: curvature, count: rows, weight: total)
  }
}
