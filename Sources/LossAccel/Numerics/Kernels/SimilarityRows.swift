import CKernelInterface

/// What makes a loss of rows of similarities: which keys are positives of which rows, and what their logits are.
package struct SimilarityProblem: Sendable {
  /// The positives of a row are the keys with its label; keys with a negative label are none.
  package var rowLabels: [Int32]
  package var columnLabels: [Int32]
  /// Whether a row is no key for itself.
  package var excludesDiagonal = false
  /// By row the number of its positives; 0 for a row that does not count.
  package var positiveCounts: [Double]
  /// By row what its loss is multiplied by.
  package var factors: [Double]
  /// The circle loss's scale and margin; nil for softmax.
  package var circle: (scale: Double, margin: Double)?
  /// By row a positive's logit and its first and second derivative by the similarity; empty where it is the similarity.
  package var targetLogits: [Double] = []
  package var targetSlopes: [Double] = []
  package var targetBends: [Double] = []
}

/// Some rows of similarities with one tile of keys after the other: the kernels' tile, and its memory.
package struct SimilarityRows<T: Scalar> {
  /// The similarities of the tile, row after row; after the step `gradient` or `product` the loss's gradient.
  package var similarities: [T]
  /// Their derivatives in a direction, for products; after the step `product` the gradient's.
  package var changes: [T]
  private let problem: SimilarityProblem
  private var state: [Double]
  private var losses: [Double]

  /// Where a tile lies.
  package struct Tile: Sendable {
    package var rows: Range<Int>
    package var columns: Range<Int>
  }

  /// What the kernels do with a tile.
  package enum Step: Sendable {
    case begin, add, addChanges, losses, gradient
    case product(gaussNewton: Bool)
  }

  /// Memory for tiles of up to `rows` × `columns`.
  package init(_ problem: SimilarityProblem, rows: Int, columns: Int, multiplies: Bool) {
    self.problem = problem
    similarities = [T](repeating: 0, count: rows * columns)
    changes = [T](repeating: 0, count: multiplies ? rows * columns : 0)
    state = [Double](repeating: 0, count: rows * Int(LA_SIMILARITY_STATE))
    losses = [Double](repeating: 0, count: rows)
  }

  /// Adds the losses of the tile's rows times their factors to `sum`; all of their keys have been added before.
  package mutating func addLosses(_ tile: Tile, to sum: inout Double) {
    perform(.losses, tile)
    for (place, row) in tile.rows.enumerated() where problem.factors[row] != 0 {
      sum += losses[place] * problem.factors[row]
    }
  }

  /// Does a step for all rows of a tile, on several threads.
  package mutating func perform(_ step: Step, _ tile: Tile) {
    // Taken out while their addresses are in use, and put back: several spans of one value's arrays cannot be had at once.
    var (similarities, changes, state, losses): ([T], [T], [Double], [Double]) = ([], [], [], [])
    swap(&similarities, &self.similarities)
    swap(&changes, &self.changes)
    swap(&state, &self.state)
    swap(&losses, &self.losses)
    perform(
      step, tile, problem, similarities.mutableSpan, changes.mutableSpan, state.mutableSpan, losses.mutableSpan)
    swap(&similarities, &self.similarities)
    swap(&changes, &self.changes)
    swap(&state, &self.state)
    swap(&losses, &self.losses)
  }

  private func perform(
    _ step: Step, _ tile: Tile, _ problem: SimilarityProblem, _ similarities: consuming MutableSpan<T>,
    _ changes: consuming MutableSpan<T>, _ state: consuming MutableSpan<Double>, _ losses: consuming MutableSpan<Double>
  ) {
    var similarities = similarities
    var changes = changes
    var state = state
    var losses = losses
    // Addresses are taken below; the arrays keep their memory until the call is over.
    defer {
      extendLifetime(problem)
      extendLifetime(similarities)
      extendLifetime(changes)
      extendLifetime(state)
      extendLifetime(losses)
    }
    let width = tile.columns.count, first = tile.rows.lowerBound
    var batch = unsafe la_similarities()
    unsafe batch.elementType = T._kernelType
    unsafe batch.excludesDiagonal = problem.excludesDiagonal
    unsafe batch.isCircle = problem.circle != nil
    unsafe batch.scale = problem.circle?.scale ?? 1
    unsafe batch.margin = problem.circle?.margin ?? 0
    unsafe batch.columns = Int64(width)
    unsafe batch.stride = Int64(width)
    unsafe batch.firstColumn = Int64(tile.columns.lowerBound)
    unsafe batch.similarities = address(&similarities)
    unsafe batch.changes = changes.isEmpty ? nil : address(&changes)
    unsafe batch.state = address(&state)?.assumingMemoryBound(to: Double.self)
    unsafe batch.rowLabels = address(problem.rowLabels.span)?.assumingMemoryBound(to: Int32.self)
    unsafe batch.columnLabels = address(problem.columnLabels.span).map {
      unsafe $0.assumingMemoryBound(to: Int32.self) + tile.columns.lowerBound
    }
    unsafe batch.positiveCounts = doubles(problem.positiveCounts.span)
    unsafe batch.targetLogits = doubles(problem.targetLogits.span)
    unsafe batch.targetSlopes = doubles(problem.targetSlopes.span)
    unsafe batch.targetBends = doubles(problem.targetBends.span)
    let shared = unsafe SharedSimilarities(
      batch: batch, factors: doubles(problem.factors.span),
      losses: address(&losses)?.assumingMemoryBound(to: Double.self))
    // The chunks write disjoint rows, and the threads are waited for here.
    Parallelism.forEachRange(of: tile.rows.count, chunkSize: max(1, (1 << 15) / max(width, 1))) { _, rows in
      unsafe shared.perform(step, rows, firstRow: first, elementSize: MemoryLayout<T>.stride)
    }
  }

  private func doubles(_ span: Span<Double>) -> UnsafePointer<Double>? {
    span.isEmpty ? nil : unsafe address(span)?.assumingMemoryBound(to: Double.self)
  }
}

@unsafe private struct SharedSimilarities: @unchecked Sendable {
  let batch: la_similarities
  let factors: UnsafePointer<Double>?
  let losses: UnsafeMutablePointer<Double>?

  /// `rows` count from the tile's first row, whose place in the whole batch is `firstRow`.
  func perform<T>(_ step: SimilarityRows<T>.Step, _ rows: Range<Int>, firstRow: Int, elementSize: Int) {
    let start = rows.lowerBound, row = firstRow + start
    var part = unsafe batch
    unsafe part.rows = Int64(rows.count)
    unsafe part.firstRow = Int64(row)
    let offset = unsafe start * Int(batch.stride) * elementSize
    unsafe part.similarities = batch.similarities.map { unsafe $0 + offset }
    unsafe part.changes = batch.changes.map { unsafe $0 + offset }
    unsafe part.state = batch.state.map { unsafe $0 + start * Int(LA_SIMILARITY_STATE) }
    unsafe part.rowLabels = batch.rowLabels.map { unsafe $0 + row }
    unsafe part.positiveCounts = batch.positiveCounts.map { unsafe $0 + row }
    unsafe part.targetLogits = batch.targetLogits.map { unsafe $0 + row }
    unsafe part.targetSlopes = batch.targetSlopes.map { unsafe $0 + row }
    unsafe part.targetBends = batch.targetBends.map { unsafe $0 + row }
    unsafe withUnsafePointer(to: part) { tile in
      switch step {
      case .begin: unsafe la_similarity_begin(tile)
      case .add: unsafe la_similarity_add(tile)
      case .addChanges: unsafe la_similarity_add_changes(tile)
      case .losses: unsafe la_similarity_losses(tile, losses.map { unsafe $0 + start })
      case .gradient: unsafe la_similarity_gradient(tile, factors.map { unsafe $0 + row })
      case .product(let gaussNewton):
        unsafe la_similarity_product(tile, factors.map { unsafe $0 + row }, gaussNewton)
      }
    }
  }
}
