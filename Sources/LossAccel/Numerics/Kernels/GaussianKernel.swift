import CKernelInterface

/// The likelihood of rows under a multivariate normal distribution: the kernels' batch, made from spans and run chunk by chunk.
package enum GaussianKernel {
  /// The losses, times their weights, go to `values`, the gradient of the sum with respect to the predictions, times `scale`, to
  /// `gradient`, and Σ w·r·(Lᵀr)ᵀ is returned where it is wanted. The lengths fit and the weights are valid: the caller has checked.
  package static func run<T: Scalar>(
    predictions: Span<T>, targets: Span<T>, factor: Span<Double>, size: Int, logDeterminant: Double, weights: Span<T>?,
    scale: Double, wantsFactorSums: Bool, values: inout MutableSpan<T>?, gradient: inout MutableSpan<T>?
  ) -> (sum: Double, factorSums: [Double]) {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(predictions)
      extendLifetime(targets)
      extendLifetime(factor)
      extendLifetime(weights)
      extendLifetime(values)
      extendLifetime(gradient)
    }
    var batch = unsafe Self.batch(factor: factor, size: size, weights: weights, scale: scale)
    unsafe predictions.withUnsafeBufferPointer { unsafe batch.predictions = UnsafeRawPointer($0.baseAddress) }
    unsafe targets.withUnsafeBufferPointer { unsafe batch.targets = UnsafeRawPointer($0.baseAddress) }
    unsafe batch.logDeterminant = logDeterminant
    unsafe batch.factorSums = wantsFactorSums
    unsafe values?.withUnsafeMutableBufferPointer { unsafe batch.values = UnsafeMutableRawPointer($0.baseAddress) }
    unsafe gradient?.withUnsafeMutableBufferPointer { unsafe batch.gradient = UnsafeMutableRawPointer($0.baseAddress) }
    let sums = unsafe run(batch, as: T.self, rows: predictions.count / size)
    return (sums[0].isFinite ? sums[0] + sums[1] : sums[0], Array(sums.dropFirst(2)))
  }

  /// `product` becomes the operator's product with `vector`, row by row.
  package static func multiply<T: Scalar>(
    _ operation: RowLossKernel.Operator, factor: Span<Double>, size: Int, weights: Span<T>?, scale: Double,
    vector: Span<T>, product: inout MutableSpan<T>
  ) {
    defer {
      extendLifetime(factor)
      extendLifetime(weights)
      extendLifetime(vector)
      extendLifetime(product)
    }
    var batch = unsafe Self.batch(factor: factor, size: size, weights: weights, scale: scale)
    unsafe batch.operation = la_row_operator(rawValue: operation.rawValue)!
    unsafe vector.withUnsafeBufferPointer { unsafe batch.vector = UnsafeRawPointer($0.baseAddress) }
    unsafe product.withUnsafeMutableBufferPointer { unsafe batch.product = UnsafeMutableRawPointer($0.baseAddress) }
    _ = unsafe run(batch, as: T.self, rows: vector.count / size)
  }

  @unsafe private static func batch<T: Scalar>(
    factor: Span<Double>, size: Int, weights: Span<T>?, scale: Double
  ) -> la_gaussian {
    var batch = unsafe la_gaussian()
    unsafe batch.size = Int64(size)
    unsafe factor.withUnsafeBufferPointer { unsafe batch.factor = $0.baseAddress }
    if let weights {
      unsafe weights.withUnsafeBufferPointer { unsafe batch.weights = UnsafeRawPointer($0.baseAddress) }
    }
    unsafe batch.scale = scale
    return unsafe batch
  }

  /// The weighted sum in two parts and the factor's sums, chunk by chunk and added in their order.
  private static func run<T: Scalar>(_ batch: la_gaussian, as type: T.Type, rows: Int) -> [Double] {
    let size = unsafe Int(batch.size), length = 2 + (unsafe batch.factorSums ? size * size : 0)
    let chunk = max(RowChunks.rowsPerChunk(width: size), 64)
    let shared = unsafe SharedBatch(batch: batch)
    let parts = Parallelism.mapChunks(count: Parallelism.chunkCount(of: rows, chunkSize: chunk)) { index in
      let range = Parallelism.range(ofChunk: index, of: rows, chunkSize: chunk)
      var sums = [Double](repeating: 0, count: length)
      unsafe withUnsafePointer(to: shared.batch) { batch in
        unsafe sums.withUnsafeMutableBufferPointer {
          unsafe T._gaussian(batch, range.lowerBound, range.upperBound, $0.baseAddress!)
        }
      }
      return sums
    }
    return parts.dropFirst().reduce(into: parts[0]) { total, next in
      let sum = total[0] + next[0], part = sum - total[0]
      total[1] += ((total[0] - (sum - part)) + (next[0] - part)) + next[1]
      total[0] = sum
      for k in 2..<length { total[k] += next[k] }
    }
  }
}
