/// Quartiles of numbers that come one after the other and are not kept, exactly: each is counted on one side or the other of an interval in
/// which the quartile is known to lie, and kept only inside of it (R. W. Floyd, R. L. Rivest, Comm. ACM 18, 1975).
struct ResidualQuartiles: Sendable {
  /// For each quartile an interval in which its two order statistics lie, with near certainty.
  struct Brackets: Sendable {
    fileprivate let sample: [Double]
    fileprivate let margin: Double
    let rows: Int

    /// - Parameters:
    ///   - sample: some of the numbers, or as good as these.
    ///   - rows: how many numbers there are.
    ///   - margin: in standard deviations of the rank of a quartile in a sample.
    init(sample: [Double], rows: Int, margin: Double) {
      self.sample = sample.sorted()
      (self.rows, self.margin) = (rows, margin)
    }

    func widened() -> Brackets { Brackets(sample: sample, rows: rows, margin: margin * 4) }

    fileprivate func interval(_ quarter: Int) -> ClosedRange<Double> {
      let (count, share) = (Double(sample.count), Double(quarter) / 4)
      let rank = share * (count - 1)
      let width = margin * (count * share * (1 - share)).squareRoot() + 2
      // Residuals of the sample are rounded otherwise than those of the pass.
      let last = sample.count - 1
      let low = rank - width < 0 || last < 0 ? -.infinity : sample[Int(rank - width)]
      let high = rank + width > Double(last) ? .infinity : sample[Int((rank + width).rounded(.up))]
      let slack = last < 0 ? 0 : 1e-12 * max(abs(sample[0]), abs(sample[last]))
      return low - slack...high + slack
    }
  }

  private struct Count: Sendable {
    let interval: ClosedRange<Double>
    var below = 0
    var inside: [Double] = []
  }

  private var counts: [Count]
  private let rows: Int
  private var minimum = Double.infinity
  private var maximum = -Double.infinity

  init(_ brackets: Brackets) {
    counts = (1...3).map { Count(interval: brackets.interval($0)) }
    rows = brackets.rows
  }

  mutating func add(_ value: Double) {
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    for index in counts.indices {
      if value < counts[index].interval.lowerBound {
        counts[index].below += 1
      } else if value <= counts[index].interval.upperBound {
        counts[index].inside.append(value)
      }
    }
  }

  mutating func add(_ other: ResidualQuartiles) {
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    for index in counts.indices {
      counts[index].below += other.counts[index].below
      counts[index].inside += other.counts[index].inside
    }
  }

  /// Quantiles with linear interpolation, as R's type 7; nil where an interval missed its quartile.
  var summary: LinearRegression.ResidualSummary? {
    var quartiles: [Double] = []
    for (index, count) in counts.enumerated() {
      let position = (rows - 1) * (index + 1)
      let (rank, share) = (position / 4, Double(position % 4) / 4)
      let place = rank - count.below
      let needed = place + (share == 0 ? 0 : 1)
      guard place >= 0, needed < count.inside.count else { return nil }
      let sorted = count.inside.sorted()
      quartiles.append(share == 0 ? sorted[place] : sorted[place] + share * (sorted[place + 1] - sorted[place]))
    }
    return LinearRegression.ResidualSummary(
      minimum: minimum, quartiles[0], quartiles[1], quartiles[2], maximum: maximum)
  }
}
