import CKernelInterface

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
    let (total, problem) = unsafe weigh(batch, as: type, rows: rows, reduction: reduction)
    if let problem { return problem }
    var batch = unsafe batch
    unsafe batch.gradientScale = reduction == .mean ? scale / total : scale
    let shared = unsafe SharedBatch(batch: batch)
    let (sums, row, column) = RowChunks.run(rows: rows, width: unsafe Int(batch.classes)) { begin, end, result in
      unsafe withUnsafePointer(to: shared.batch) { unsafe T._softmax($0, begin, end, &result) }
    }
    if row >= 0 { return .invalidTarget(row: row, column: column) }
    let sum = sums.total(0)
    return .value(reduction == .mean ? sum / total * scale : sum * scale, weight: total)
  }

  /// What a mean divides by; and what is wrong with the weights or labels, or that a mean has nothing to average.
  static func weigh<T: Scalar>(
    _ batch: la_softmax, as type: T.Type, rows: Int, reduction: RowReduction
  ) -> (total: Double, problem: Outcome?) {
    var weights = la_softmax_weights()
    unsafe withUnsafePointer(to: batch) { unsafe T._softmaxWeight($0, 0, rows, &weights) }
    let total = weights.sum.0 + weights.sum.1
    switch weights.problem {
    case Int32(LA_SOFTMAX_INVALID_WEIGHT): return (total, .invalidWeight(row: Int(weights.row)))
    case Int32(LA_SOFTMAX_INVALID_LABEL): return (total, .invalidLabel(row: Int(weights.row)))
    default: return (total, reduction == .mean && total == 0 ? .nothingToAverage : nil)
    }
  }
}
