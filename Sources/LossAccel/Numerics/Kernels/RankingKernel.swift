import CKernelInterface

/// Losses of lists of scored items: the kernels' batch, made from spans and run list by list.
package enum RankingKernel {
  /// The kernels' losses; the numbers are theirs.
  package enum Kind: UInt32, Sendable, Hashable {
    case logistic = 0
    case lambda = 1
    case hinge = 2
    case squaredHinge = 3
    case listwiseSoftmax = 4
    case likelihood = 5
    case approximateNDCG = 6
  }

  /// What a loss is, apart from the data.
  package struct Options: Sendable, Hashable {
    package var kind: Kind
    /// Margin or temperature.
    package var parameter = 0.0
    /// How many places of a list count.
    package var top = Int.max
    /// The relevances that the loss is defined for.
    package var lowestRelevance = -Double.greatestFiniteMagnitude
    package var highestRelevance = Double.greatestFiniteMagnitude
  }

  /// Which lists count (they have an item that the mask lets through, and a weight), or the first item whose relevance is improper.
  package static func check<T: Scalar, Relevance: TargetElement>(
    _ options: Options, _ type: T.Type, relevance: Span<Relevance>, starts: Span<Int64>, weights: Span<T>?,
    mask: Span<Bool>?
  ) -> (counted: [Bool], improper: Int?) {
    defer {
      extendLifetime(relevance)
      extendLifetime(starts)
      extendLifetime(weights)
      extendLifetime(mask)
    }
    let batch = unsafe makeBatch(options, relevance, starts, weights, mask)
    let lists = starts.count - 1
    var counted = [UInt8](repeating: 0, count: lists)
    let improper = unsafe counted.withUnsafeMutableBufferPointer { counted in
      unsafe withUnsafePointer(to: batch) {
        unsafe la_ranking_check(
          $0, Int64(lists), options.lowestRelevance, options.highestRelevance, counted.baseAddress)
      }
    }
    return (counted.map { $0 != 0 }, improper >= 0 ? Int(improper) : nil)
  }

  /// The weighted sum of the lists' losses. They are stored in `values`, times their weights; derivatives are those of the sum, times
  /// `scale`.
  ///
  /// The buffers' lengths fit each other: the caller has checked.
  package static func run<T: Scalar, Relevance: TargetElement>(
    _ options: Options, scores: Span<T>, relevance: Span<Relevance>, starts: Span<Int64>, weights: Span<T>?,
    mask: Span<Bool>?, scale: Double, direction: Span<T>?,
    values: inout MutableSpan<T>?, gradient: inout MutableSpan<T>?, product: inout MutableSpan<T>?
  ) -> Double {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(scores)
      extendLifetime(relevance)
      extendLifetime(starts)
      extendLifetime(weights)
      extendLifetime(mask)
      extendLifetime(direction)
      extendLifetime(values)
      extendLifetime(gradient)
      extendLifetime(product)
    }
    var batch = unsafe makeBatch(options, relevance, starts, weights, mask)
    unsafe batch.scores = address(scores)
    unsafe batch.direction = address(direction)
    unsafe batch.values = address(&values)
    unsafe batch.gradient = address(&gradient)
    unsafe batch.product = address(&product)
    unsafe batch.scale = scale

    let lists = starts.count - 1
    // Chunks of lists: as many as make some thousands of items on average.
    let chunk = max(1, 4096 * lists / max(scores.count, 1))
    let space = Int(LA_RANKING_WORKSPACE) * (scores.count + lists)
    var workspace = [Double](repeating: 0, count: space)
    return unsafe workspace.withUnsafeMutableBufferPointer { space in
      unsafe batch.workspace = space.baseAddress
      // The chunks write disjoint lists and parts of the workspace, and the threads are waited for here.
      let shared = unsafe SharedRanking(batch: batch)
      let sums = Parallelism.mapChunks(count: Parallelism.chunkCount(of: lists, chunkSize: chunk)) { index in
        let part = Parallelism.range(ofChunk: index, of: lists, chunkSize: chunk)
        return unsafe ChunkSums(
          withUnsafePointer(to: shared.batch) {
            unsafe la_ranking_lists($0, Int64(part.lowerBound), Int64(part.upperBound))
          })
      }
      return sums.reduce(into: ChunkSums()) { $0.add($1) }.total(0)
    }
  }

  private static func makeBatch<T: Scalar, Relevance: TargetElement>(
    _ options: Options, _ relevance: Span<Relevance>, _ starts: Span<Int64>, _ weights: Span<T>?, _ mask: Span<Bool>?
  ) -> la_ranking {
    var batch = unsafe la_ranking()
    unsafe batch.elementType = T._kernelType
    unsafe batch.relevanceType = Relevance._kernelType
    unsafe batch.kind = la_ranking_kind(rawValue: options.kind.rawValue)!
    unsafe batch.parameter = options.parameter
    unsafe batch.top = Int64(options.top)
    unsafe batch.starts = address(starts)?.assumingMemoryBound(to: Int64.self)
    unsafe batch.weights = address(weights)
    unsafe batch.relevance = address(relevance)
    unsafe batch.mask = address(mask)?.assumingMemoryBound(to: UInt8.self)
    return unsafe batch
  }
}

@safe private struct SharedRanking: @unchecked Sendable {
  let batch: la_ranking
}
