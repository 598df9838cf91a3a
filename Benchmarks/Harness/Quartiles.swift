/// Lower quartile, median and upper quartile of a sample: where the middle half of the measurements lies; and the smallest.
package struct Quartiles: Codable, Equatable, Sendable {
  package var smallest: Double
  package var lower: Double
  package var median: Double
  package var upper: Double

  /// The quartiles of at least one number, interpolated between neighbours as NumPy's `quantile` does by default.
  package init(of sample: [Double]) {
    precondition(!sample.isEmpty, "quartiles of no numbers")
    let sorted = sample.sorted()
    func quantile(_ share: Double) -> Double {
      let position = share * Double(sorted.count - 1)
      let index = Int(position)
      let next = min(index + 1, sorted.count - 1)
      return sorted[index] + (sorted[next] - sorted[index]) * (position - Double(index))
    }
    smallest = sorted[0]
    lower = quantile(0.25)
    median = quantile(0.5)
    upper = quantile(0.75)
  }
}
