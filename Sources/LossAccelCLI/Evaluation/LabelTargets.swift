import LossAccel

/// The labels or levels that a file holds.
func labels(of targets: NumericArray) throws -> [Int] {
  try targets.elements.doubles.enumerated().map { row, value in
    guard let label = Int(exactly: value) else {
      throw DataError(
        "\(targets.place(ofRow: row)): the label is \(value), but labels are integers that count classes from 0.")
    }
    return label
  }
}

/// Σ w of the rows that are not left out by their label.
func weight(of labels: [Int]?, without ignored: Int?, _ weights: [some Scalar]?, rows: Int) -> Double {
  (0..<rows).reduce(0) { sum, row in
    guard ignored == nil || labels?[row] != ignored else { return sum }
    return sum + (weights.map { Double($0[row]) } ?? 1)
  }
}
