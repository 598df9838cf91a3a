import CKernelInterface

/// What becomes of rows of logits: the losses, and in their own place the gradient. The kernels' calls, on several threads.
package struct LogitRows: Sendable {
  package var classes: Int
  package var stride: Int
  package var classWeights: [Double]?
  package var labelSmoothing: Double
  package var cap: Double
  package var logPartitionPrice: Double
  package var scale: Double

  /// Where an element is not finite.
  package struct Improper: Sendable {
    /// A row of the logits.
    package var row: Int
    package var label: Int
    /// Whether it is a logit's change, and not the logit.
    package var isChange: Bool
  }

  /// What is computed beside the losses.
  package enum Result: Sendable {
    case losses, gradient
    case product(gaussNewton: Bool)
  }

  /// Runs over the rows of the tokens, for losses or their gradient.
  func run<A: Scalar>(
    _ result: Result, _ tokens: CountingTokens, logits: inout MutableSpan<A>, bias: StoredRows<A>?,
    values: inout MutableSpan<A>?
  ) -> (sum: ChunkSums, improper: Improper?) {
    var none: MutableSpan<A>?
    return run(result, tokens, logits: &logits, bias: bias, changes: &none, biasChange: nil, values: &values)
  }

  /// Runs over the rows of the tokens. Losses times their weights go into `values`, at the tokens' places. With a product, `changes` are
  /// those of the logits on entry, and those of the gradient on return.
  func run<A: Scalar>(
    _ result: Result, _ tokens: CountingTokens, logits: inout MutableSpan<A>, bias: StoredRows<A>?,
    changes: inout MutableSpan<A>?, biasChange: StoredRows<A>?, values: inout MutableSpan<A>?
  ) -> (sum: ChunkSums, improper: Improper?) {
    // Addresses are taken below; spans and arrays keep their memory until the call is over.
    let classWeights = classWeights
    defer {
      extendLifetime(tokens)
      extendLifetime(logits)
      extendLifetime(changes)
      extendLifetime(values)
      extendLifetime(classWeights)
    }
    var batch = unsafe la_output_rows()
    unsafe batch.elementType = A._kernelType
    unsafe batch.logits = address(&logits)
    unsafe batch.bias = bias.map { unsafe UnsafeRawPointer($0.native(0..<1).baseAddress) } ?? nil
    unsafe batch.classes = Int64(classes)
    unsafe batch.stride = Int64(stride)
    unsafe batch.samples = address(tokens.samples.span)?.assumingMemoryBound(to: Int64.self)
    unsafe batch.labels = address(tokens.labels.span)?.assumingMemoryBound(to: Int32.self)
    unsafe batch.weights = address(tokens.weights.span)?.assumingMemoryBound(to: Double.self)
    unsafe batch.classWeights = classWeights.flatMap {
      unsafe address($0.span)?.assumingMemoryBound(to: Double.self)
    }
    unsafe batch.classWeightSum = classWeights?.reduce(0, +) ?? Double(classes)
    unsafe batch.labelSmoothing = labelSmoothing
    unsafe batch.cap = cap
    unsafe batch.price = logPartitionPrice
    unsafe batch.scale = scale
    unsafe batch.values = address(&values)
    switch result {
    case .losses: break
    case .gradient: unsafe batch.computesGradient = true
    case .product(let gaussNewton):
      unsafe batch.changes = address(&changes)
      unsafe batch.biasChange = biasChange.map { unsafe UnsafeRawPointer($0.native(0..<1).baseAddress) } ?? nil
      unsafe batch.gaussNewton = gaussNewton
    }
    let shared = unsafe SharedBatch(batch: batch)
    let outcome = RowChunks.run(rows: tokens.count, width: classes) { begin, end, result in
      result = unsafe withUnsafePointer(to: shared.batch) { unsafe la_run_output_rows($0, Int64(begin), Int64(end)) }
    }
    guard outcome.row >= 0 else { return (outcome.sums, nil) }
    let column = outcome.column
    return (
      outcome.sums,
      Improper(row: outcome.row, label: column >= stride ? column - stride : column, isChange: column >= stride)
    )
  }

  /// sums[k] += Σ of the logits of class k over the first `tokens` rows.
  func addColumns<A: Scalar>(of logits: Span<A>, tokens: Int, to sums: inout MutableSpan<Double>) {
    precondition(sums.count == classes && logits.count >= tokens * stride, "\(sums.count) sums of \(classes) classes")
    defer {
      extendLifetime(logits)
      extendLifetime(sums)
    }
    let shared = unsafe SharedBatch(
      batch: (address(logits), address(&sums)?.assumingMemoryBound(to: Double.self)))
    let stride = stride
    // The chunks write disjoint sums, and the threads are waited for here.
    Parallelism.forEachRange(of: classes, chunkSize: max(512, (1 << 17) / max(tokens, 1))) { _, range in
      unsafe la_add_columns(
        shared.batch.0, A._kernelType, Int64(stride), Int64(tokens), Int64(range.lowerBound), Int64(range.upperBound),
        shared.batch.1)
    }
  }
}
