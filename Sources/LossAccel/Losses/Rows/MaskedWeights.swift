/// The weights of rows, 1 each where there are none, with 0 for those that a mask leaves out: the kernels of rows know weights only.
func maskedWeights<T: Scalar>(
  _ weights: Span<T>?, by mask: Span<Bool>, rows: Int
) throws(LossError) -> [T] {
  requireCount(mask.count, rows, "elements of the mask", "rows")
  if let weights { requireCount(weights.count, rows, "weights", "rows") }
  var result = [T](repeating: 0, count: rows)
  var counts = rows == 0
  for row in 0..<rows where mask[row] {
    result[row] = weights == nil ? 1 : weights![row]
    if result[row] != 0 { counts = true }
  }
  if !counts { throw .nothingToAverage }
  return result
}
