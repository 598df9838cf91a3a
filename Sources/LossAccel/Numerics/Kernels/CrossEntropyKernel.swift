import CVectorKernels

/// Cross-entropy over a batch of rows of probabilities: the kernels' batch, made from spans and run chunk by chunk.
package enum CrossEntropyKernel {
  /// Runs over all rows. The losses are stored in `values`, times their weights; the derivatives are multiplied by `scale`.
  ///
  /// The buffers' lengths fit each other and the weights are valid: the caller has checked.
  /// - Returns: The weighted sum, or where the first improper probability is (row -1: nowhere).
  package static func run<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, columns: Int, weights: Span<T>?, scale: Double,
    values: inout MutableSpan<T>?, gradient: inout MutableSpan<T>?, curvature: inout MutableSpan<T>?
  ) -> (sum: Double, row: Int, column: Int) {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(values)
      extendLifetime(gradient)
      extendLifetime(curvature)
    }
    var batch = unsafe la_cross_entropy()
    unsafe predictions.withUnsafeBufferPointer { unsafe batch.predictions = UnsafeRawPointer($0.baseAddress) }
    unsafe targets.withUnsafeBufferPointer { unsafe batch.targets = UnsafeRawPointer($0.baseAddress) }
    unsafe batch.columns = Int64(columns)
    if let weights {
      unsafe weights.withUnsafeBufferPointer { unsafe batch.weights = UnsafeRawPointer($0.baseAddress) }
    }
    unsafe batch.scale = scale
    unsafe values?.withUnsafeMutableBufferPointer { unsafe batch.values = UnsafeMutableRawPointer($0.baseAddress) }
    unsafe gradient?.withUnsafeMutableBufferPointer { unsafe batch.gradient = UnsafeMutableRawPointer($0.baseAddress) }
    unsafe curvature?.withUnsafeMutableBufferPointer {
      unsafe batch.curvature = UnsafeMutableRawPointer($0.baseAddress)
    }

    let rows = predictions.count / columns, chunk = RowChunks.rowsPerChunk(width: columns)
    let chunks = Parallelism.chunkCount(of: rows, chunkSize: chunk)
    if chunks <= 1 {
      let result = unsafe runChunk(batch, as: T.self, 0..<rows)
      return (result.sums.total(0), result.row, result.column)
    }
    // The chunks write disjoint rows of the outputs; the threads are waited for here.
    let shared = unsafe SharedBatch(batch: batch)
    let outcomes = Parallelism.mapChunks(count: chunks) { index in
      unsafe runChunk(shared.batch, as: T.self, Parallelism.range(ofChunk: index, of: rows, chunkSize: chunk))
    }
    let total = outcomes.dropFirst().reduce(into: outcomes[0]) { total, next in
      total.sums.add(next.sums)
      if total.row < 0 { (total.row, total.column) = (next.row, next.column) }
    }
    return (total.sums.total(0), total.row, total.column)
  }

  private static func runChunk<T: Scalar>(
    _ batch: la_cross_entropy, as type: T.Type, _ rows: Range<Int>
  ) -> (sums: ChunkSums, row: Int, column: Int) {
    var result = la_rows_result()
    unsafe withUnsafePointer(to: batch) { unsafe T._crossEntropy($0, rows.lowerBound, rows.upperBound, &result) }
    var sums = ChunkSums()
    sums.parts[0] = result.sum.0
    sums.parts[1] = result.sum.1
    return (sums, Int(result.row), Int(result.column))
  }
}

@safe private struct SharedBatch: @unchecked Sendable {
  let batch: la_cross_entropy
}
