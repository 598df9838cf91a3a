/// The middle of a sandwich whose errors may be correlated from row to row.
enum NeweyWest {
  /// ⌊4·(n/100)^(2/9)⌋ lags, and no more than there are.
  static func automaticLags(rows: Int) -> Int {
    min(max(rows - 1, 0), Int(4 * ElementaryFunctions.power(Double(rows) / 100, 2.0 / 9)))
  }

  /// Γ₀ + Σ (1 − l/(lags + 1))·(Γ_l + Γ_lᵀ) with Γ_l = Σ_t u_t·u_{t−l}ᵀ, u = e·q, in the orthonormal basis. `residuals` are
  /// multiplied by √w.
  static func middle(
    _ rows: OrthonormalRows, residuals: [Double], lags: Int, corrected: Bool
  ) throws(LeastSquaresError) -> [Double] {
    let (order, stride) = (rows.order, rows.stride)
    // Every block brings its own earlier rows, so that blocks do not wait for one another.
    let blockRows = max(256, 2 * lags)
    let half = try rows.sum(count: order * order) { (range, sums) throws(LinearAlgebraError) in
      var block = rows.block(rows: min(blockRows, range.count) + lags)
      var smoothed = block
      for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: blockRows) {
        let end = min(start + blockRows, range.upperBound)
        let first = max(0, start - lags)
        let (lead, count) = (start - first, end - start)
        try rows.fill(first..<end, &block)
        let factors = Array(residuals[first..<end])
        var span = block.mutableSpan
        RowKernels.scale(&span, stride: stride, columns: order, by: factors.span)
        // v_t = u_t + 2·Σ weight·u_{t−l}; then the sum wanted is the symmetric part of Σ u_t·v_tᵀ.
        smoothed.replaceSubrange(0..<count * stride, with: block[lead * stride..<(lead + count) * stride])
        for lag in 0..<lags {
          let weight = 2 * (1 - Double(lag + 1) / Double(lags + 1))
          // The first rows of all have fewer rows before them.
          let skipped = max(0, lag + 1 - lead)
          guard skipped < count else { continue }
          let source = (lead + skipped - lag - 1) * stride..<(lead + count - lag - 1) * stride
          var target = smoothed.mutableSpan
          try target.withSlice(skipped * stride..<count * stride) { (slice) throws(LinearAlgebraError) in
            try BLAS.axpy(alpha: weight, block.span.extracting(source), into: &slice)
          }
        }
        var total = sums.mutableSpan
        try BLAS.gemm(
          rows: order, columns: order, inner: count, a: block.span.extracting(lead * stride..<(lead + count) * stride),
          aStride: stride, transposeA: true, b: smoothed.span, bStride: stride, beta: 1, c: &total)
      }
    }
    let count = Double(residuals.count)
    let correction = corrected ? count / (count - Double(order)) : 1
    var middle = half
    for row in 0..<order {
      for column in 0..<order {
        middle[row * order + column] = correction * 0.5 * (half[row * order + column] + half[column * order + row])
      }
    }
    return middle
  }
}
