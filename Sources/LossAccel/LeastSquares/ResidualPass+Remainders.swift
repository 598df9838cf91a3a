extension ResidualPass {
  /// Whether elements have two words, for which there is a kernel of its own.
  func hasRemainders(_ targets: LeastSquaresTargets) -> Bool { system.remainders != nil || targets.remainders != nil }

  /// The same as ``LeastSquaresKernels/refinementPass(_:columns:rows:scale:x:constant:targets:target:targetCount:targetScale:weights:deep:residual:)``
  /// for a matrix and one target whose elements have two words; always with three words in the sums.
  func wideSums(
    _ rows: Range<Int>, _ slopes: [DoubleDouble], _ constant: DoubleDouble, _ targets: LeastSquaresTargets,
    _ targetScale: Double, weights: [Double]?, residual: inout MutableSpan<Double>
  ) -> LeastSquaresKernels.Sums {
    precondition(targets.count == 1, "\(targets.count) targets with remainders")
    let (capacity, columns) = (WideBlock.capacity, system.columns)
    var block = WideBlock(width: columns + 2)
    var sums = [Double](repeating: 0, count: 24 * (columns + 2))
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: capacity) {
      let range = start..<min(start + capacity, rows.upperBound)
      block.fill(system.matrix, columns: columns, targets.elements, weights: weights, rows: range, intercept: true)
      for (place, row) in range.enumerated() {
        if let remainders = system.remainders {
          for column in 0..<columns { block.low[(column + 1) * capacity + place] = remainders[row * columns + column] }
        }
        if let remainders = targets.remainders { block.low[(columns + 1) * capacity + place] = remainders[row] }
      }
      block.hasLowWords = true
      block.scale([1] + scale + [targetScale])
      let values = block.addResidualProducts([constant] + slopes, to: &sums)
      if residual.count > 0 {
        for (place, row) in range.enumerated() { residual[row - rows.lowerBound] = values[place] }
      }
    }
    let totals = (0..<columns + 2).map { WideBlock.total(sums, $0) }
    return LeastSquaresKernels.Sums(
      gradient: Array(totals[1..<columns + 1]), residuals: totals[0], squares: totals[columns + 1])
  }
}
