import CVectorKernels

/// Softmax cross-entropy over a batch of rows: the kernels' batch, made from spans and run chunk by chunk.
package enum SoftmaxKernel {
  /// What kind of targets a batch has, and what they are turned into.
  package struct Options: Sendable {
    package var classes: Int
    package var targetsAreLabels: Bool
    package var classWeights: [Double]?
    package var labelSmoothing: Double
    package var ignoredLabel: Int?
  }

  /// What a batch came to.
  package enum Outcome: Sendable {
    /// The reduction, and what its mean divides by.
    case value(Double, weight: Double)
    case nothingToAverage
    case invalidWeight(row: Int)
    case invalidLabel(row: Int)
    case invalidTarget(row: Int, column: Int)
  }

  /// Runs over all rows. The losses are stored in `values`, times their weights; the gradient is that of the reduction, times
  /// `scale`; in `masses` goes what each row's curvature is multiplied by, for a sum.
  ///
  /// The buffers' lengths fit each other: the caller has checked.
  package static func run<T: Scalar, Target: TargetElement>(
    logits: Span<T>, targets: Span<Target>, weights: Span<T>?, options: Options, reduction: RowReduction, scale: Double,
    values: inout MutableSpan<T>?, gradient: inout MutableSpan<T>?, masses: inout MutableSpan<T>?
  ) -> Outcome {
    // Addresses of spans are taken below; the spans keep their memory until the call is over.
    defer {
      extendLifetime(logits)
      extendLifetime(targets)
      extendLifetime(weights)
      extendLifetime(values)
      extendLifetime(gradient)
      extendLifetime(masses)
    }
    var batch = unsafe rows(
      of: logits, targets: targets, weights: weights, options: options, values: &values, gradient: &gradient)
    unsafe masses?.withUnsafeMutableBufferPointer { unsafe batch.masses = UnsafeMutableRawPointer($0.baseAddress) }
    unsafe batch.streaming = logits.count * MemoryLayout<T>.stride > KernelProgram.streamingThreshold

    let rows = logits.count / options.classes
    guard let classWeights = options.classWeights else {
      return unsafe run(batch, as: T.self, rows: rows, reduction: reduction, scale: scale)
    }
    return unsafe classWeights.withUnsafeBufferPointer {
      unsafe batch.classWeights = $0.baseAddress
      return unsafe run(batch, as: T.self, rows: rows, reduction: reduction, scale: scale)
    }
  }

  /// The kernels' batch of rows, without class weights. It holds addresses: the spans must outlive it.
  @unsafe static func rows<T: Scalar, Target: TargetElement>(
    of logits: Span<T>, targets: Span<Target>, weights: Span<T>?, options: Options,
    values: inout MutableSpan<T>?, gradient: inout MutableSpan<T>?
  ) -> la_softmax {
    var batch = unsafe la_softmax()
    unsafe logits.withUnsafeBufferPointer { unsafe batch.logits = UnsafeRawPointer($0.baseAddress) }
    unsafe batch.classes = Int64(options.classes)
    unsafe targets.withUnsafeBufferPointer { unsafe batch.targets = UnsafeRawPointer($0.baseAddress) }
    if options.targetsAreLabels { unsafe swap(&batch.labels, &batch.targets) }
    unsafe batch.labelType = Target._kernelType
    unsafe batch.hasIgnoredLabel = options.ignoredLabel != nil
    unsafe batch.ignoredLabel = Int64(options.ignoredLabel ?? 0)
    if let weights {
      unsafe weights.withUnsafeBufferPointer { unsafe batch.weights = UnsafeRawPointer($0.baseAddress) }
    }
    unsafe batch.labelSmoothing = options.labelSmoothing
    unsafe values?.withUnsafeMutableBufferPointer { unsafe batch.values = UnsafeMutableRawPointer($0.baseAddress) }
    unsafe gradient?.withUnsafeMutableBufferPointer { unsafe batch.gradient = UnsafeMutableRawPointer($0.baseAddress) }
    return unsafe batch
  }

  private static func run<T: Scalar>(
    _ batch: la_softmax, as type: T.Type, rows: Int, reduction: RowReduction, scale: Double
  ) -> Outcome {
    var batch = unsafe batch
    let weights = unsafe weigh(batch, as: type, rows: rows)
    switch weights.problem {
    case Int32(LA_SOFTMAX_INVALID_WEIGHT): return .invalidWeight(row: Int(weights.row))
    case Int32(LA_SOFTMAX_INVALID_LABEL): return .invalidLabel(row: Int(weights.row))
    default: break
    }
    let total = weights.sum.0 + weights.sum.1
    if reduction == .mean && total == 0 { return .nothingToAverage }
    unsafe batch.gradientScale = reduction == .mean ? scale / total : scale
    let (sums, row, column) = unsafe runChunks(batch, as: type, rows: rows)
    if row >= 0 { return .invalidTarget(row: row, column: column) }
    let sum = sums.total(0)
    return .value(reduction == .mean ? sum / total * scale : sum * scale, weight: total)
  }

  /// What a mean divides by, and the first weight or label that is not valid.
  static func weigh<T: Scalar>(_ batch: la_softmax, as type: T.Type, rows: Int) -> la_softmax_weights {
    var weights = la_softmax_weights()
    unsafe withUnsafePointer(to: batch) { unsafe T._softmaxWeight($0, 0, rows, &weights) }
    return weights
  }

  /// Sums are formed chunk by chunk and added in their order, so that they do not depend on the number of threads.
  private static func runChunks<T: Scalar>(
    _ batch: la_softmax, as type: T.Type, rows: Int
  ) -> (sums: ChunkSums, row: Int, column: Int) {
    let chunk = RowChunks.rowsPerChunk(width: unsafe Int(batch.classes))
    let chunks = Parallelism.chunkCount(of: rows, chunkSize: chunk)
    if chunks <= 1 { return unsafe runChunk(batch, as: type, 0..<rows) }
    // The chunks write disjoint rows of the outputs, and the caller's spans outlive them: the threads are waited for here.
    let shared = unsafe SharedBatch(batch: batch)
    let outcomes = Parallelism.mapChunks(count: chunks) { index in
      unsafe runChunk(shared.batch, as: type, Parallelism.range(ofChunk: index, of: rows, chunkSize: chunk))
    }
    return outcomes.dropFirst().reduce(into: outcomes[0]) { total, next in
      total.sums.add(next.sums)
      if total.row < 0 { (total.row, total.column) = (next.row, next.column) }
    }
  }

  private static func runChunk<T: Scalar>(
    _ batch: la_softmax, as type: T.Type, _ rows: Range<Int>
  ) -> (sums: ChunkSums, row: Int, column: Int) {
    var result = la_rows_result()
    unsafe withUnsafePointer(to: batch) { unsafe T._softmax($0, rows.lowerBound, rows.upperBound, &result) }
    var sums = ChunkSums()
    sums.parts[0] = result.sum.0
    sums.parts[1] = result.sum.1
    return (sums, Int(result.row), Int(result.column))
  }
}

/// How batches of rows are cut into chunks.
package enum RowChunks {
  /// As many rows as make some ten thousands of elements, in whole groups of rows that the kernels take at once.
  package static func rowsPerChunk(width: Int) -> Int {
    max((1 << 16) / max(width, 1) / 16, 1) * 16
  }
}

@safe private struct SharedBatch: @unchecked Sendable {
  let batch: la_softmax
}
