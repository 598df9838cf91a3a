import CKernelInterface

/// The arrays that one run of a program reads and writes: any number of inputs of any element type, columns of row-major
/// matrices among them, weights, masks, and a place for each result.
///
/// It holds addresses, not arrays: whoever fills one keeps the spans until the run is over (`defer { extendLifetime(…) }`), in which
/// threads write disjoint parts of the outputs. It allocates nothing.
@safe package struct KernelBatch<T: Scalar>: @unchecked Sendable {
  /// The number of samples.
  package let count: Int

  /// What the kernels read.
  private(set) var batch = unsafe la_batch()
  private let streams: Bool

  /// A batch of that many samples without arrays: every result is dropped.
  package init(count: Int) {
    self.count = count
    streams = count * MemoryLayout<T>.stride > KernelProgram.streamingThreshold
  }

  /// Input number `index` is every `stride`-th element from `offset` on: a column of a row-major matrix with `stride` columns, or
  /// one number for all samples where the stride is 0.
  package mutating func read<Element: _KernelReadable>(
    _ index: Int, _ elements: Span<Element>, offset: Int = 0, stride: Int = 1
  ) {
    precondition((0..<Int(LA_MAX_INPUTS)).contains(index), "input \(index); the kernels have \(LA_MAX_INPUTS)")
    requireRoom(elements.count, offset, stride)
    let address = unsafe elements.withUnsafeBufferPointer { unsafe $0.baseAddress.map { unsafe $0 + offset } }
    // C arrays are tuples in Swift; these are their elements by number.
    unsafe withUnsafeMutableBytes(of: &batch.inputs) {
      unsafe $0.storeBytes(
        of: UnsafeRawPointer(address), toByteOffset: index * MemoryLayout<UnsafeRawPointer?>.stride,
        as: UnsafeRawPointer?.self)
    }
    unsafe withUnsafeMutableBytes(of: &batch.strides) {
      unsafe $0.storeBytes(
        of: Int64(stride), toByteOffset: index * MemoryLayout<Int64>.stride, as: Int64.self)
    }
    unsafe withUnsafeMutableBytes(of: &batch.inputTypes) { unsafe $0[index] = Element._kernelType }
  }

  /// The samples' weights: everything that is stored or summed is multiplied by them, and samples of weight 0 are left out.
  package mutating func weigh(by weights: Span<T>) {
    requireRoom(weights.count, 0, 1)
    unsafe batch.weights = weights.withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
    unsafe batch.weightType = T._kernelType
  }

  /// Leaves out the samples whose element is `absent`: 0 for a mask of what counts, NaN for missing values. Elements are compared as
  /// `Double`. Up to three masks; a sample counts if all of them let it.
  package mutating func mask<Element: _KernelReadable>(
    by elements: Span<Element>, absent: Double = 0, offset: Int = 0, stride: Int = 1
  ) {
    let number = unsafe Int(batch.maskCount)
    precondition(number < LA_MAX_MASKS, "a batch has up to \(LA_MAX_MASKS) masks")
    requireRoom(elements.count, offset, stride)
    let address = unsafe elements.withUnsafeBufferPointer { unsafe $0.baseAddress.map { unsafe $0 + offset } }
    let mask = unsafe la_mask(
      elements: UnsafeRawPointer(address), stride: Int64(stride), absent: absent, type: Element._kernelType)
    unsafe withUnsafeMutableBytes(of: &batch.masks) {
      unsafe $0.storeBytes(of: mask, toByteOffset: number * MemoryLayout<la_mask>.stride, as: la_mask.self)
    }
    unsafe batch.maskCount += 1
  }

  /// Whether any sample may be left out, or count other than once.
  package var isWeighted: Bool { unsafe batch.weights != nil || batch.maskCount > 0 }

  /// Whether samples may be left out by masks.
  package var isMasked: Bool { unsafe batch.maskCount > 0 }

  /// Stores result number `result`, times `scale` and the sample's weight, in every `stride`-th element from `offset` on.
  package mutating func store(
    _ result: Int, in output: inout MutableSpan<T>, offset: Int = 0, stride: Int = 1, scale: Double = 1
  ) {
    requireRoom(output.count, offset, stride)
    let address = unsafe output.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.map { unsafe $0 + offset } }
    let destination = unsafe la_destination(
      elements: UnsafeMutableRawPointer(address), scale: scale, stride: Int32(stride), sum: false, streaming: streams)
    unsafe setDestination(result, destination)
  }

  /// Stores result number `result` likewise if there is a buffer for it.
  package mutating func store(_ result: Int, ifWanted output: inout MutableSpan<T>?, scale: Double = 1) {
    guard let room = output?.count else { return }
    requireRoom(room, 0, 1)
    let address =
      unsafe output?.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) } ?? nil
    let destination = unsafe la_destination(
      elements: address, scale: scale, stride: 1, sum: false, streaming: streams)
    unsafe setDestination(result, destination)
  }

  /// Sums result number `result`, times the sample's weight; it may be stored as well. The first three results can be summed.
  package mutating func sum(_ result: Int) {
    precondition((0..<3).contains(result), "result \(result) cannot be summed: the first three can")
    unsafe withUnsafeMutableBytes(of: &batch.destinations) { bytes in
      unsafe bytes.bindMemory(to: la_destination.self)[result].sum = true
    }
  }

  /// Whether a result is stored, one element after the other and through the caches.
  func storesSideBySide(_ result: Int) -> Bool {
    var batch = unsafe batch
    return unsafe withUnsafeMutableBytes(of: &batch.destinations) { bytes in
      let destination = unsafe bytes.bindMemory(to: la_destination.self)[result]
      return unsafe destination.elements != nil && destination.stride == 1 && !destination.streaming
    }
  }

  private mutating func setDestination(_ result: Int, _ destination: la_destination) {
    precondition((0..<Int(LA_MAX_RESULTS)).contains(result), "result \(result); the kernels have \(LA_MAX_RESULTS)")
    unsafe withUnsafeMutableBytes(of: &batch.destinations) {
      unsafe $0.storeBytes(
        of: destination, toByteOffset: result * MemoryLayout<la_destination>.stride, as: la_destination.self)
    }
  }

  private func requireRoom(_ available: Int, _ offset: Int, _ stride: Int) {
    precondition(stride >= 0 && offset >= 0, "every \(stride)th element from \(offset) on")
    precondition(
      count == 0 || offset + (count - 1) * stride < available,
      "\(count) samples, every \(stride)th element from \(offset) on, of an array of \(available)")
  }
}

extension KernelProgram {
  /// Runs the program over a batch. Results without a place are dropped.
  package func run<T: Scalar>(_ batch: KernelBatch<T>) -> Outcome {
    let chunks = Parallelism.chunkCount(of: batch.count, chunkSize: Self.chunk)
    var outcome = chunks <= 1 ? runChunk(of: batch, 0..<batch.count) : runChunks(chunks, of: batch)
    outcome.sum = factors.isEmpty ? 0 : outcome.sums.total(0) * factors[0]
    return outcome
  }

  private func runChunks<T: Scalar>(_ chunks: Int, of batch: KernelBatch<T>) -> Outcome {
    // The chunks write disjoint parts of the outputs, and the caller's spans outlive them: the threads are waited for here.
    let outcomes = Parallelism.mapChunks(count: chunks) { chunk in
      self.runChunk(of: batch, Parallelism.range(ofChunk: chunk, of: batch.count, chunkSize: Self.chunk))
    }
    return outcomes.dropFirst().reduce(into: outcomes[0]) { total, next in
      total.sums.add(next.sums)
      if total.violation == nil { total.violation = next.violation }
    }
  }
}

extension Weights {
  /// The sum of a batch's weights over the samples that its masks leave in, 1 each where it has none; and the index of the
  /// first of them that is negative, infinite or NaN.
  package static func sum<T: Scalar>(of batch: KernelBatch<T>) -> (total: Double, invalid: Int?) {
    let count = batch.count
    let chunks = Parallelism.chunkCount(of: count, chunkSize: KernelProgram.chunk)
    if chunks <= 1 {
      let part = batch.sumOfWeights(0..<count)
      return (part.sums.total(0), part.invalid)
    }
    let parts = Parallelism.mapChunks(count: chunks) { chunk in
      batch.sumOfWeights(Parallelism.range(ofChunk: chunk, of: count, chunkSize: KernelProgram.chunk))
    }
    var sums = ChunkSums()
    for part in parts { sums.add(part.sums) }
    return (sums.total(0), parts.lazy.compactMap(\.invalid).first)
  }
}

extension KernelBatch {
  fileprivate func sumOfWeights(_ samples: Range<Int>) -> (sums: ChunkSums, invalid: Int?) {
    var sums = ChunkSums()
    let invalid = unsafe withUnsafePointer(to: batch) { batch in
      unsafe withUnsafeMutableBytes(of: &sums) { bytes in
        unsafe la_sum_masked_weights(
          batch, Int64(samples.lowerBound), Int64(samples.upperBound),
          bytes.baseAddress!.assumingMemoryBound(to: Double.self))
      }
    }
    return (sums, invalid >= 0 ? Int(invalid) : nil)
  }
}
