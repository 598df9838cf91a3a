import LossAccel

/// Numbers from a file, one per sample. Where samples are the elements of rows, one number per row will do for the row's elements.
func perSample(
  _ array: NumericArray, _ what: String, for predictions: NumericArray, samplesAreRows: Bool
) throws -> [Double] {
  let values = array.elements.doubles
  if array.plainShape == [predictions.rows] && (samplesAreRows || predictions.columns == 1) { return values }
  if !samplesAreRows && array.plainShape == predictions.plainShape { return values }
  if !samplesAreRows && array.plainShape == [predictions.rows] {
    return values.flatMap { Array(repeating: $0, count: predictions.columns) }
  }
  throw DataError(
    """
    \(array.name) has the shape \(array.shapeText), but \(predictions.name) has \(predictions.shapeText). \
    Give one \(what) per row\(samplesAreRows ? "" : " or per element").
    """)
}

/// A mask from a file: true and false, or 1 and 0.
func maskPerSample(_ mask: NumericArray, for predictions: NumericArray, samplesAreRows: Bool) throws -> [Bool] {
  for (index, value) in mask.elements.doubles.enumerated() where value != 0 && value != 1 {
    throw DataError(
      "\(place(index, mask.columns, in: mask)): the mask is \(value). It is 1 for a sample that counts and 0 for one that is left out."
    )
  }
  return try perSample(mask, "element of the mask", for: predictions, samplesAreRows: samplesAreRows).map { $0 == 1 }
}

/// Offsets from a file: finite numbers, which are added to the predictions.
func offsetsPerSample<Element: Scalar & NumericElement>(
  _ offsets: NumericArray, for predictions: NumericArray, samplesAreRows: Bool, as type: Element.Type
) throws -> [Element] {
  for (index, value) in offsets.elements.doubles.enumerated() where !value.isFinite {
    throw DataError("\(place(index, offsets.columns, in: offsets)): the offset is \(value). Offsets must be finite.")
  }
  return try perSample(offsets, "offset", for: predictions, samplesAreRows: samplesAreRows).map { Element($0) }
}

/// Where an element stands, counted from 1 as people do: the line of a text file or the row of an array, and the column of a table
/// that has several.
func place(_ index: Int, _ columns: Int, in array: NumericArray) -> String {
  let row = array.place(ofRow: index / columns)
  guard columns > 1 else { return row }
  let column = index % columns
  return row + ", column \(array.columnNames?[column] ?? String(column + 1))"
}
