/// The middle of a sandwich whose errors may be correlated within clusters.
enum ClusterSums {
  /// In the orthonormal basis, with the corrections for small samples. `residuals` are multiplied by √w.
  static func middle(
    _ rows: OrthonormalRows, residuals: [Double], _ groupings: [Grouping]
  ) throws(LeastSquaresError) -> [Double] {
    let order = rows.order
    let (count, rank) = (Double(residuals.count), Double(order))
    let sums = try sums(rows, residuals, groupings)
    var total = [Double](repeating: 0, count: order * order)
    for (index, grouping) in groupings.enumerated() {
      let clusters = Double(grouping.count)
      // The third of two ways is their intersection, which is counted twice.
      let sign: Double = index == 2 ? -1 : 1
      let correction = sign * clusters / (clusters - 1) * (count - 1) / (count - rank)
      let groups = sums[index]
      try withLinearAlgebra { () throws(LinearAlgebraError) in
        var span = total.mutableSpan
        try BLAS.syrk(
          size: order, inner: grouping.count, alpha: correction, a: groups.span, transposeA: true, beta: 1, c: &span)
      }
    }
    var span = total.mutableSpan
    BLAS.mirror(.upper, size: order, c: &span)
    return total
  }

  /// Σ e·q of every group, for every grouping, in one pass: chunks are computed on several threads, and added in their order.
  private static func sums(
    _ rows: OrthonormalRows, _ residuals: [Double], _ groupings: [Grouping]
  ) throws(LeastSquaresError) -> [[Double]] {
    let order = rows.order
    var sums = groupings.map { [Double](repeating: 0, count: $0.count * order) }
    // Sixteen chunks are kept at a time: enough for the threads, little beside the data.
    let chunkRows = 1024
    let batchRows = 16 * chunkRows
    for start in Swift.stride(from: 0, to: residuals.count, by: batchRows) {
      let batch = start..<min(start + batchRows, residuals.count)
      let chunks = try withLinearAlgebra { () throws(LinearAlgebraError) in
        try Parallelism.mapChunks(count: Parallelism.chunkCount(of: batch.count, chunkSize: chunkRows)) {
          (chunk) throws(LinearAlgebraError) in
          let part = Parallelism.range(ofChunk: chunk, of: batch.count, chunkSize: chunkRows)
          let range = start + part.lowerBound..<start + part.upperBound
          var block = rows.block(rows: range.count)
          try rows.fill(range, &block)
          let factors = Array(residuals[range])
          var span = block.mutableSpan
          RowKernels.scale(&span, stride: rows.stride, columns: order, by: factors.span)
          return (range, block)
        }
      }
      for (range, block) in chunks {
        for (index, grouping) in groupings.enumerated() {
          let groups = Array(grouping.groups[range])
          var span = sums[index].mutableSpan
          RowKernels.add(block.span, stride: rows.stride, columns: order, groups: groups.span, to: &span)
        }
      }
    }
    return sums
  }
}
