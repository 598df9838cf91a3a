import CKernelInterface

/// Shares of rows of logits and products with their curvature: the kernels' calls, made from spans and run chunk by chunk.
package enum SoftmaxCurvatureKernel {
  /// What a product is formed with; the numbers are the kernels'.
  package enum Operator: UInt32, Sendable {
    case hessian = 0
    case factor = 1
    case factorTransposed = 2
    case diagonal = 3
  }

  /// Fills `shares` with the softmax of every row whose scale is not 0, and with 0 elsewhere; `complements` with 1 minus the largest
  /// share, and `leaders` with its place.
  package static func fillShares<T: Scalar>(
    logits: Span<T>, classes: Int, scales: Span<T>, shares: inout MutableSpan<T>, complements: inout MutableSpan<T>,
    leaders: inout MutableSpan<Int32>
  ) {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(logits)
      extendLifetime(scales)
      extendLifetime(shares)
      extendLifetime(complements)
      extendLifetime(leaders)
    }
    var batch = unsafe la_softmax_curvature()
    unsafe batch.classes = Int64(classes)
    unsafe logits.withUnsafeBufferPointer { unsafe batch.logits = UnsafeRawPointer($0.baseAddress) }
    unsafe scales.withUnsafeBufferPointer { unsafe batch.scales = UnsafeRawPointer($0.baseAddress) }
    unsafe shares.withUnsafeMutableBufferPointer { unsafe batch.shares = UnsafeMutableRawPointer($0.baseAddress) }
    unsafe complements.withUnsafeMutableBufferPointer {
      unsafe batch.complements = UnsafeMutableRawPointer($0.baseAddress)
    }
    unsafe leaders.withUnsafeMutableBufferPointer { unsafe batch.leaders = $0.baseAddress }
    let shared = unsafe SharedCurvature<T>(batch: batch, vector: nil, output: nil)
    Parallelism.forEachRange(of: scales.count, chunkSize: RowChunks.rowsPerChunk(width: classes)) { _, rows in
      unsafe withUnsafePointer(to: shared.batch) { unsafe T._softmaxShares($0, rows.lowerBound, rows.upperBound) }
    }
  }

  /// `output` becomes the operator's product with `vector`, row by row. The diagonal needs no vector.
  package static func multiply<T: Scalar>(
    _ kind: Operator, classes: Int, scales: Span<T>, shares: Span<T>, complements: Span<T>, leaders: Span<Int32>,
    vector: Span<T>?, output: inout MutableSpan<T>
  ) {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    // The kernels read what they wrote before; only the output is written to here.
    defer {
      extendLifetime(scales)
      extendLifetime(shares)
      extendLifetime(complements)
      extendLifetime(leaders)
      extendLifetime(vector)
      extendLifetime(output)
    }
    var batch = unsafe la_softmax_curvature()
    unsafe batch.classes = Int64(classes)
    unsafe scales.withUnsafeBufferPointer { unsafe batch.scales = UnsafeRawPointer($0.baseAddress) }
    unsafe shares.withUnsafeBufferPointer {
      unsafe batch.shares = UnsafeMutableRawPointer(mutating: $0.baseAddress)
    }
    unsafe complements.withUnsafeBufferPointer {
      unsafe batch.complements = UnsafeMutableRawPointer(mutating: $0.baseAddress)
    }
    unsafe leaders.withUnsafeBufferPointer { unsafe batch.leaders = UnsafeMutablePointer(mutating: $0.baseAddress) }
    var address: UnsafePointer<T>?
    if let vector { unsafe vector.withUnsafeBufferPointer { unsafe address = $0.baseAddress } }
    let destination = unsafe output.withUnsafeMutableBufferPointer { $0.baseAddress }
    let shared = unsafe SharedCurvature<T>(batch: batch, vector: address, output: destination)
    let number = kind.rawValue
    Parallelism.forEachRange(of: scales.count, chunkSize: RowChunks.rowsPerChunk(width: classes)) { _, rows in
      unsafe withUnsafePointer(to: shared.batch) {
        unsafe T._softmaxProduct($0, number, shared.vector, shared.output!, rows.lowerBound, rows.upperBound)
      }
    }
  }
}

// The chunks write disjoint rows, and the caller's spans outlive the threads: they are waited for.
@safe private struct SharedCurvature<T>: @unchecked Sendable {
  let batch: la_softmax_curvature
  let vector: UnsafePointer<T>?
  let output: UnsafeMutablePointer<T>?
}
