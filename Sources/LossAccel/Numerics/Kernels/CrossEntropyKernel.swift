import CKernelInterface

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

    let shared = unsafe SharedBatch(batch: batch)
    let (sums, row, column) = RowChunks.run(rows: predictions.count / columns, width: columns) { begin, end, result in
      unsafe withUnsafePointer(to: shared.batch) { unsafe T._crossEntropy($0, begin, end, &result) }
    }
    return (sums.total(0), row, column)
  }
}
