import LossAccel

/// Weights from a file, one per sample. Where samples are the elements of rows, one weight per row will do for the row's elements.
func weightsPerSample<Element: Scalar & NumericElement>(
  _ weights: NumericArray, for predictions: NumericArray, samplesAreRows: Bool, as type: Element.Type
) throws -> [Element] {
  let values = weights.elements.doubles.map { Element($0) }
  if weights.plainShape == [predictions.rows] && (samplesAreRows || predictions.columns == 1) { return values }
  if !samplesAreRows && weights.plainShape == predictions.plainShape { return values }
  if !samplesAreRows && weights.plainShape == [predictions.rows] {
    return values.flatMap { Array(repeating: $0, count: predictions.columns) }
  }
  throw DataError(
    """
    \(weights.name) has the shape \(weights.shapeText), but \(predictions.name) has \(predictions.shapeText). \
    Give one weight per row\(samplesAreRows ? "" : " or per element").
    """)
}
