/// Sample weights.
package enum Weights {
  /// The sum of the weights, and the index of the first one that is negative, infinite or NaN.
  package static func sum<T: Scalar>(_ weights: Span<T>) -> (total: Double, invalid: Int?) {
    let count = weights.count
    let chunks = Parallelism.chunkCount(of: count, chunkSize: KernelProgram.chunk)
    return unsafe weights.withUnsafeBufferPointer { weights in
      let shared = unsafe SharedWeights(elements: weights)
      if chunks <= 1 {
        let part = sum(shared, 0..<count)
        return (part.sums.total(0), part.invalid)
      }
      let parts = Parallelism.mapChunks(count: chunks) { chunk in
        sum(shared, Parallelism.range(ofChunk: chunk, of: count, chunkSize: KernelProgram.chunk))
      }
      var sums = ChunkSums()
      for part in parts { sums.add(part.sums) }
      return (sums.total(0), parts.lazy.compactMap(\.invalid).first)
    }
  }

  private static func sum<T: Scalar>(
    _ weights: SharedWeights<T>, _ samples: Range<Int>
  ) -> (sums: ChunkSums, invalid: Int?) {
    var sums = ChunkSums()
    let invalid = unsafe withUnsafeMutableBytes(of: &sums) { bytes in
      unsafe T._sumWeights(
        weights.elements.baseAddress!, samples.lowerBound, samples.upperBound,
        bytes.baseAddress!.assumingMemoryBound(to: Double.self))
    }
    return (sums, invalid >= 0 ? invalid : nil)
  }
}

// Used inside the closure that the address is good for: the threads that read it are waited for there.
@safe private struct SharedWeights<T>: @unchecked Sendable {
  let elements: UnsafeBufferPointer<T>
}
