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

/// Whether a row has a weight and a label that is not ignored. Its loss may be 0 all the same, by the weight of its class.
func anyRowCounts<T: Scalar, Target: TargetElement>(
  _ labels: Span<Target>, _ weights: Span<T>?, ignoring ignored: Int
) -> Bool {
  for row in labels.indices where labels[row].asLabel != ignored {
    if let weights, weights[row] == 0 { continue }
    return true
  }
  return false
}
