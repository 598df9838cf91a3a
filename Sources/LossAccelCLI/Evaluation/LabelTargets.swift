import LossAccel

/// The labels or levels that a file holds; 0 for the samples that are left out, whatever they have.
func labels<Element>(of batch: Batch<Element>) throws -> [Int] {
  try batch.targets.elements.doubles.enumerated().map { row, value in
    guard batch.counts(row) else { return 0 }
    guard let label = Int(exactly: value) else {
      throw DataError(
        "\(batch.targets.place(ofRow: row)): the label is \(value), but labels are integers that count classes from 0.")
    }
    return label
  }
}
