extension WideBlock {
  /// Adds the weighted residuals b − Ax times every column of A, and then times themselves, to sums of three words in eight lanes. Returns
  /// the residuals, rounded, one per row.
  mutating func addResidualProducts(_ x: [DoubleDouble], to sums: inout [Double]) -> [Double] {
    let (capacity, order) = (Self.capacity, width - 1)
    precondition(x.count == order && sums.count == 24 * width, "\(x.count) coefficients for \(order) columns")
    var residual = Array(high[order * capacity..<width * capacity])
    var residualLow = Array(low[order * capacity..<width * capacity])
    var highSpan = residual.mutableSpan
    var lowSpan = residualLow.mutableSpan
    WideColumnKernels.subtractProducts(
      high: high.span, low: low.span, rows: paddedRows, columns: order, x: x, from: &highSpan, low: &lowSpan)
    let unweighted = residual
    let unweightedLow = residualLow
    if let weights {
      let zeros = [Double](repeating: 0, count: capacity)
      var highSpan = residual.mutableSpan
      var lowSpan = residualLow.mutableSpan
      WideColumnKernels.apply(.multiply, &highSpan, low: &lowSpan, weights.span, low: zeros.span)
      extendLifetime(zeros)
    }
    var total = sums.mutableSpan
    total.withSlice(0..<24 * order) { gradient in
      WideColumnKernels.products(
        high: high.span, low: low.span, rows: paddedRows, columns: order, vector: residual.span,
        vectorLow: residualLow.span, into: &gradient)
    }
    total.withSlice(24 * order..<24 * width) { squares in
      WideColumnKernels.products(
        high: unweighted.span, low: unweightedLow.span, rows: paddedRows, columns: 1, vector: residual.span,
        vectorLow: residualLow.span, into: &squares)
    }
    keepAlive(unweighted, unweightedLow)
    return Array(unweighted[..<rows])
  }

  /// The sum at a place of sums of three words in eight lanes.
  static func total(_ sums: [Double], _ place: Int) -> LongSum {
    var total = LongSum()
    for lane in 24 * place..<24 * place + 8 { total += LongSum(sums[lane], sums[lane + 8], sums[lane + 16]) }
    return total
  }

  /// Calls `body` with the rows of columns (as many as the block's), a block at a time; it may change the block. Rows of weight zero are
  /// left out.
  mutating func forEachBlock(
    of columns: [WideVector], weights rowWeights: [Double]? = nil, _ body: (inout WideBlock) -> Void
  ) {
    precondition(columns.count == width, "\(columns.count) columns for a block of \(width)")
    let kept = rowWeights.map { all in all.indices.filter { all[$0] != 0 } }
    let count = kept?.count ?? columns.first?.count ?? 0
    for start in stride(from: 0, to: count, by: Self.capacity) {
      let places = 0..<min(Self.capacity, count - start)
      let hadLowWords = hasLowWords
      hasLowWords = columns.contains { $0.low != nil }
      for (index, column) in columns.enumerated() {
        let base = index * Self.capacity
        var high = high.mutableSpan
        Self.copy(column.high, from: start, places, kept, to: &high, base)
        guard hadLowWords || hasLowWords else { continue }
        var low = low.mutableSpan
        if let words = column.low {
          Self.copy(words, from: start, places, kept, to: &low, base)
        } else {
          for place in places { low[base + place] = 0 }
        }
      }
      weights = rowWeights.map { all in
        places.map { all[kept?[start + $0] ?? start + $0] }
          + [Double](repeating: 0, count: Self.capacity - places.count)
      }
      setRows(places.count)
      body(&self)
    }
  }

  /// The elements of a column from `start` on, of those rows that are kept.
  private static func copy(
    _ column: [Double], from start: Int, _ places: Range<Int>, _ kept: [Int]?, to target: inout MutableSpan<Double>,
    _ base: Int
  ) {
    let source = column.span
    if let kept {
      for place in places { target[base + place] = source[kept[start + place]] }
    } else {
      for place in places { target[base + place] = source[start + place] }
    }
    extendLifetime(column)
  }
}
