import CKernelInterface

/// The arrays that one run over pairs or triplets of rows reads and writes.
///
/// It holds addresses, not arrays: whoever fills one keeps the spans until the run is over (`defer { extendLifetime(…) }`).
@safe package struct PairsBatch<T: Scalar> {
  /// The kernels' losses; the numbers are theirs.
  package enum Kind: UInt32, Sendable, Hashable {
    case cosine = 0
    case contrastive = 1
    case hinge = 2
    case triplet = 3
    case squaredTriplet = 4
  }

  private var batch = unsafe la_pairs()
  private let rows: Int

  /// A batch of rows of `columns` elements without arrays: every result is dropped.
  package init(_ kind: Kind, margin: Double, rows: Int, columns: Int) {
    self.rows = rows
    unsafe batch.elementType = T._kernelType
    unsafe batch.kind = la_pair_kind(rawValue: kind.rawValue)!
    unsafe batch.margin = margin
    unsafe batch.columns = Int64(columns)
    unsafe batch.scale = 1
  }

  /// The first or second member of the pairs; or the anchors, the positives and the negatives.
  package mutating func read(_ index: Int, _ elements: Span<T>) {
    let start = unsafe address(elements)
    switch index {
    case 0: unsafe batch.operands.0 = start
    case 1: unsafe batch.operands.1 = start
    default: unsafe batch.operands.2 = start
    }
  }

  /// The direction in which each operand moves: outputs become products with the Hessian.
  package mutating func move(_ index: Int, along elements: Span<T>) {
    let start = unsafe address(elements)
    switch index {
    case 0: unsafe batch.directions.0 = start
    case 1: unsafe batch.directions.1 = start
    default: unsafe batch.directions.2 = start
    }
  }

  /// Where an operand's derivatives go, times `scale`.
  package mutating func store(_ index: Int, in output: inout MutableSpan<T>, scale: Double) {
    unsafe batch.scale = scale
    let start = unsafe address(&output)
    switch index {
    case 0: unsafe batch.outputs.0 = start
    case 1: unsafe batch.outputs.1 = start
    default: unsafe batch.outputs.2 = start
    }
  }

  /// Where the rows' losses go, times their weights.
  package mutating func storeValues(in output: inout MutableSpan<T>) { unsafe batch.values = address(&output) }

  /// Whether the pairs belong together: 1, or else 0 or −1.
  package mutating func label<Label: TargetElement>(by labels: Span<Label>) {
    unsafe batch.labels = address(labels)
    unsafe batch.labelType = Label._kernelType
  }

  /// The rows' weights, and which of them count.
  package mutating func weigh(by weights: Span<T>?, mask: Span<Bool>?) {
    unsafe batch.weights = address(weights)
    unsafe batch.mask = address(mask)?.assumingMemoryBound(to: UInt8.self)
  }

  /// The first row that counts with another label than 1, 0 and −1.
  package func firstImproperLabel() -> Int? {
    let row = unsafe withUnsafePointer(to: batch) { unsafe la_pairs_check($0, 0, Int64(rows)) }
    return row >= 0 ? Int(row) : nil
  }

  /// Runs over all rows. Returns the weighted sum of their losses.
  package func run() -> Double {
    let columns = unsafe Int(batch.columns)
    let chunk = RowChunks.rowsPerChunk(width: columns)
    // The chunks write disjoint rows, and the threads are waited for here.
    let shared = unsafe SharedPairs(batch: batch)
    let rows = rows
    let sums = Parallelism.mapChunks(count: Parallelism.chunkCount(of: rows, chunkSize: chunk)) { index in
      let range = Parallelism.range(ofChunk: index, of: rows, chunkSize: chunk)
      return unsafe ChunkSums(
        withUnsafePointer(to: shared.batch) {
          unsafe la_pairs_rows($0, Int64(range.lowerBound), Int64(range.upperBound))
        })
    }
    return sums.reduce(into: ChunkSums()) { $0.add($1) }.total(0)
  }
}

@safe private struct SharedPairs: @unchecked Sendable {
  let batch: la_pairs
}
