import CKernelInterface

/// Labels and weights of the tokens of an output layer, and which of them count.
///
/// It holds addresses: whoever makes one keeps the spans' memory alive as long as it is in use.
@safe package struct TokenTargets: @unchecked Sendable {
  private let batch: la_softmax
  private let classWeights: [Double]?
  private let weightType: UInt8
  package let count: Int

  /// - Precondition: lengths fit each other; the caller has checked.
  package init<A: Scalar, Label: LabelElement>(
    labels: Span<Label>, weights: Span<A>?, classes: Int, classWeights: [Double]?, labelSmoothing: Double,
    ignoredLabel: Int?
  ) {
    var batch = unsafe la_softmax()
    unsafe batch.classes = Int64(classes)
    unsafe batch.labels = address(labels)
    unsafe batch.labelType = Label._kernelType
    unsafe batch.weights = address(weights)
    unsafe batch.hasIgnoredLabel = ignoredLabel != nil
    unsafe batch.ignoredLabel = Int64(ignoredLabel ?? 0)
    unsafe batch.labelSmoothing = labelSmoothing
    unsafe self.batch = batch
    self.classWeights = classWeights
    weightType = A._kernelType
    count = labels.count
  }

  /// What a mean divides by; and what is wrong with the weights or labels, or that a mean has nothing to average.
  func weigh<A: Scalar>(
    as type: A.Type, reduction: RowReduction
  ) -> (total: Double, problem: SoftmaxKernel.Outcome?) {
    unsafe withBatch { unsafe SoftmaxKernel.weigh($0, as: type, rows: count, reduction: reduction) }
  }

  /// The next tokens from `first` on that count, at most as many as `tokens` has room for. Returns where to go on.
  func take(from first: Int, into tokens: inout CountingTokens) -> Int {
    // Spans of several properties of one value cannot be had at once; those of parameters can.
    let (next, taken) = take(from: first, &tokens.samples, &tokens.labels, &tokens.weights)
    tokens.count = taken
    return next
  }

  private func take(
    from first: Int, _ samples: inout [Int64], _ labels: inout [Int32], _ weights: inout [Double]
  ) -> (next: Int, taken: Int) {
    let (capacity, end) = (samples.count, count)
    var taken: Int64 = 0
    let next = unsafe withBatch { batch in
      unsafe samples.withUnsafeMutableBufferPointer { samples in
        unsafe labels.withUnsafeMutableBufferPointer { labels in
          unsafe weights.withUnsafeMutableBufferPointer { weights in
            unsafe withUnsafePointer(to: batch) {
              unsafe la_counting_rows(
                $0, weightType, Int64(first), Int64(end), Int64(capacity), samples.baseAddress, labels.baseAddress,
                weights.baseAddress, &taken)
            }
          }
        }
      }
    }
    return (Int(next), Int(taken))
  }

  @unsafe private func withBatch<Result>(_ body: (la_softmax) -> Result) -> Result {
    guard let classWeights else { return unsafe body(batch) }
    return unsafe classWeights.withUnsafeBufferPointer {
      var batch = unsafe batch
      unsafe batch.classWeights = $0.baseAddress
      return unsafe body(batch)
    }
  }
}

/// Some tokens that count: their places in the batch, their labels and weights.
package struct CountingTokens: Sendable {
  package fileprivate(set) var samples: [Int64]
  package fileprivate(set) var labels: [Int32]
  package fileprivate(set) var weights: [Double]
  package fileprivate(set) var count = 0

  package init(capacity: Int) {
    samples = [Int64](repeating: 0, count: capacity)
    labels = [Int32](repeating: 0, count: capacity)
    weights = [Double](repeating: 0, count: capacity)
  }

  /// The tokens' places, if they stand side by side.
  package var range: Range<Int>? {
    guard count > 0, Int(samples[count - 1] - samples[0]) == count - 1 else { return nil }
    return Int(samples[0])..<Int(samples[0]) + count
  }
}
