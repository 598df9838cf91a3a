/// The three matrix products of an output layer with the classifier's rows, panel by panel where these have to be converted.
///
/// Products are cut by their shape alone, and none into partial sums, which would need memory for each: the bits are the same for any number
/// of threads.
package struct ClassifierProducts<A: Scalar>: Sendable {
  /// The number of elements of a hidden state.
  let width: Int
  let classes: Int
  /// The distance between rows of logits.
  let stride: Int
  /// As many rows as are converted at a time, or all.
  let panelRows: Int

  init(width: Int, classes: Int, stride: Int, panelRows: Int) {
    self.width = width
    self.classes = classes
    self.stride = stride
    self.panelRows = max(1, min(panelRows, classes))
  }

  /// Memory for the rows of `classifier` that are converted at a time.
  func panel(of classifier: StoredRows<A>) -> [A] {
    classifier.isNative ? [] : [A](repeating: 0, count: panelRows * width)
  }

  /// logits ← states·Wᵀ + added·logits.
  func logits(
    of states: TokenStates<A>, _ classifier: StoredRows<A>, _ panel: inout [A], added: A = 0,
    into logits: inout MutableSpan<A>
  ) throws(LinearAlgebraError) {
    defer { extendLifetime(states) }
    let tokens = states.count
    let a = unsafe Span(_unsafeElements: states.elements)
    for range in panels(classifier) {
      var scratch = panel.mutableSpan
      let rows = unsafe Span(_unsafeElements: classifier.elements(range, &scratch))
      let plan = plan(tokens, range.count, inner: width, block: (512, tile))
      try logits.withSlice(range.lowerBound..<logits.count) { (c) throws(LinearAlgebraError) in
        try BLAS.gemm(
          rows: tokens, columns: range.count, inner: width, a: a, b: rows, transposeB: true, beta: added, c: &c,
          cStride: stride, plan: plan)
      }
      extendLifetime(scratch)
    }
  }

  /// states ← slopes·W + added·states, for the tokens whose slopes these are.
  func states(
    of slopes: Span<A>, tokens: Int, _ classifier: StoredRows<A>, _ panel: inout [A], added: A,
    into states: inout MutableSpan<A>
  ) throws(LinearAlgebraError) {
    // So many rows at a time that the blocks are alike: each of them reads the whole classifier.
    let blocks = Parallelism.chunkCount(of: tokens, chunkSize: 256)
    let block = Parallelism.chunkCount(of: tokens, chunkSize: blocks)
    for range in panels(classifier) {
      var scratch = panel.mutableSpan
      let rows = unsafe Span(_unsafeElements: classifier.elements(range, &scratch))
      try BLAS.gemm(
        rows: tokens, columns: width, inner: range.count, a: slopes.extracting(range.lowerBound..<slopes.count),
        aStride: stride, b: rows, beta: range.lowerBound == 0 ? added : 1, c: &states,
        plan: plan(tokens, width, inner: range.count, block: (block, 256)))
      extendLifetime(scratch)
    }
  }

  /// rows ← slopesᵀ·states + added·rows, rows like the classifier's.
  func classifierRows(
    of slopes: Span<A>, _ states: TokenStates<A>, added: A, into rows: inout MutableSpan<A>
  ) throws(LinearAlgebraError) {
    defer { extendLifetime(states) }
    let b = unsafe Span(_unsafeElements: states.elements)
    try BLAS.gemm(
      rows: classes, columns: width, inner: states.count, a: slopes, aStride: stride, transposeA: true, b: b,
      beta: added, c: &rows, plan: plan(classes, width, inner: states.count, block: (tile, 2048)))
  }

  private func panels(_ classifier: StoredRows<A>) -> [Range<Int>] {
    let size = classifier.isNative ? classes : panelRows
    return (0..<Parallelism.chunkCount(of: classes, chunkSize: size)).map {
      Parallelism.range(ofChunk: $0, of: classes, chunkSize: size)
    }
  }

  /// Classes of a block: enough blocks for a large machine, and enough classes that packing the states for each costs little.
  private var tile: Int { min(max((classes / 16 + 63) / 64 * 64, 256), 4096) }

  private func plan(_ rows: Int, _ columns: Int, inner: Int, block: (rows: Int, columns: Int)) -> ProductPlan {
    let work = 2 * Double(rows) * Double(columns) * Double(inner)
    guard work > 2 * Double(ProductPlan.smallestWork) else {
      return ProductPlan(rowBlock: max(rows, 1), columnBlock: max(columns, 1), innerBlock: inner)
    }
    return ProductPlan(
      rowBlock: max(1, min(rows, block.rows)), columnBlock: max(1, min(columns, block.columns)), innerBlock: inner)
  }
}
