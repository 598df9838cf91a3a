/// Up to 128 rows of [1 | A | b] as columns whose elements have two words, with their weights: what streams are made of.
///
/// Rows behind the last one, up to a multiple of eight, are zero.
package struct WideBlock: Sendable {
  package static let capacity = WideColumnKernels.blockRows

  package let width: Int
  package private(set) var rows = 0
  /// Whether the low words may be other than zero.
  package var hasLowWords = false
  /// Column by column, ``capacity`` apart.
  package var high: [Double]
  package var low: [Double]
  /// One weight per row, where they are not all one.
  package var weights: [Double]?
  /// The columns times the weights.
  private var weighted: [Double] = []
  private var weightedLow: [Double] = []

  package init(width: Int) {
    self.width = width
    high = [Double](repeating: 0, count: width * Self.capacity)
    low = [Double](repeating: 0, count: width * Self.capacity)
  }

  var paddedRows: Int { (rows + 7) / 8 * 8 }

  /// Says how many rows are filled, and clears those that fill up the last vector.
  package mutating func setRows(_ count: Int) {
    precondition(count >= 0 && count <= Self.capacity, "\(count) rows in a block of \(Self.capacity)")
    rows = count
    for column in 0..<width {
      for row in rows..<max(paddedRows, rows) {
        high[column * Self.capacity + row] = 0
        low[column * Self.capacity + row] = 0
      }
    }
    if weights != nil { for row in rows..<paddedRows { weights?[row] = 0 } }
  }

  /// Multiplies columns by powers of two.
  package mutating func scale(_ scales: [Double]) {
    for column in 0..<width where scales[column] != 1 {
      for index in column * Self.capacity..<column * Self.capacity + paddedRows {
        high[index] *= scales[column]
        low[index] *= scales[column]
      }
    }
  }

  /// The largest magnitudes of the columns; infinite where an element is not finite.
  package func largestMagnitudes() -> [Double] {
    (0..<width).map { column in
      var largest = 0.0
      for index in column * Self.capacity..<column * Self.capacity + rows {
        let magnitude = high[index].magnitude
        largest = magnitude <= largest ? largest : magnitude.isNaN ? .infinity : magnitude
      }
      return largest
    }
  }

  /// Adds the weighted products of all pairs of columns to their sums.
  mutating func addProducts(to sums: inout MutableSpan<Double>) {
    guard let weights else {
      return WideColumnKernels.gram(
        left: high.span, leftLow: low.span, right: high.span, rightLow: low.span, rows: paddedRows, columns: width,
        into: &sums)
    }
    // Taken out and put back: two spans of one structure's arrays would overlap.
    var left = weighted.isEmpty ? high : weighted
    var leftLow = weightedLow.isEmpty ? low : weightedLow
    (weighted, weightedLow) = ([], [])
    for index in high.indices { (left[index], leftLow[index]) = (high[index], low[index]) }
    let zeros = [Double](repeating: 0, count: Self.capacity)
    var leftSpan = left.mutableSpan
    var leftLowSpan = leftLow.mutableSpan
    for column in 0..<width {
      let range = column * Self.capacity..<(column + 1) * Self.capacity
      leftSpan.withSlice(range) { left in
        leftLowSpan.withSlice(range) { leftLow in
          WideColumnKernels.apply(.multiply, &left, low: &leftLow, weights.span, low: zeros.span)
        }
      }
    }
    WideColumnKernels.gram(
      left: left.span, leftLow: leftLow.span, right: high.span, rightLow: low.span, rows: paddedRows, columns: width,
      into: &sums)
    (weighted, weightedLow) = (left, leftLow)
    extendLifetime(zeros)
  }
}

extension WideBlock {
  /// Fills the block with rows of a matrix and its targets, `offset` columns of ones before them. Rows of weight zero are left out.
  mutating func fill(
    _ matrix: _ScalarArray, columns: Int, _ targets: _ScalarArray, weights rowWeights: [Double]?,
    rows range: Range<Int>,
    intercept: Bool
  ) {
    let (offset, ones) = (intercept ? 1 : 0, [Double](repeating: 1, count: columns + 1))
    var largest = [Int64](repeating: 0, count: columns + 1)
    if hasLowWords { for index in low.indices { low[index] = 0 } }
    hasLowWords = false
    let kept = rowWeights.map { weights in range.filter { weights[$0] != 0 } }
    let whole = kept.map { $0.count == range.count } ?? true
    if whole {
      var all = high.mutableSpan
      var magnitudes = largest.mutableSpan
      let scales = ones.span
      all.withSlice(offset * Self.capacity..<(offset + columns) * Self.capacity) { output in
        magnitudes.withSlice(0..<columns) { magnitudes in
          WideColumnKernels.columns(
            of: matrix, columns: columns, rows: range, scale: scales.extracting(0..<columns), into: &output,
            largest: &magnitudes)
        }
      }
      all.withSlice((offset + columns) * Self.capacity..<(offset + columns + 1) * Self.capacity) { output in
        magnitudes.withSlice(0..<1) { magnitudes in
          WideColumnKernels.columns(
            of: targets, columns: 1, rows: range, scale: scales.extracting(0..<1), into: &output, largest: &magnitudes)
        }
      }
    } else if let kept {
      for (place, row) in kept.enumerated() {
        for column in 0..<columns {
          high[(offset + column) * Self.capacity + place] = matrix[row * columns + column]
        }
        high[(offset + columns) * Self.capacity + place] = targets[row]
      }
    }
    extendLifetime(ones)
    let count = kept?.count ?? range.count
    if intercept { for row in 0..<count { high[row] = 1 } }
    weights = rowWeights.map { all in
      (kept ?? Array(range)).map { all[$0] } + [Double](repeating: 0, count: Self.capacity - count)
    }
    setRows(count)
  }
}
