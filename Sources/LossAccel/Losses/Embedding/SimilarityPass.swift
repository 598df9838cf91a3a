/// The evaluation of a loss of similarities S = scale·A·Bᵀ: strips of rows of S, one after the other, each made by a matrix product,
/// turned into the loss's gradient G in place, and multiplied into both gradients, G·B and Gᵀ·A. Of S no more than a strip exists, and
/// of a strip no more than a tile of keys.
struct SimilarityPass<T: Scalar> {
  let problem: SimilarityProblem
  /// Rows of A, of B, and elements of each.
  let rows: Int
  let columns: Int
  let width: Int
  /// What the products of rows are multiplied by.
  let scale: T
  /// Whether B is A: both gradients are then one.
  let isShared: Bool
  /// Rows of a strip, and keys of a tile.
  let strip: Int
  let tile: Int

  init(
    _ problem: SimilarityProblem, width: Int, scale: Double, isShared: Bool, strip: Int = 256, tile: Int = 8192
  ) {
    self.problem = problem
    rows = problem.rowLabels.count
    columns = problem.columnLabels.count
    self.width = width
    self.scale = T(scale)
    self.isShared = isShared
    self.strip = min(strip, rows)
    self.tile = min(tile, columns)
  }

  private typealias Tile = SimilarityRows<T>.Tile

  private func blocks(of count: Int, _ size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: max(size, 1)).map { $0..<min($0 + size, count) }
  }

  /// The loss; and its gradients with respect to A and B, added to what is there.
  func run(
    _ a: Span<T>, _ b: Span<T>, first: inout MutableSpan<T>?, second: inout MutableSpan<T>?
  ) throws(LinearAlgebraError) -> Double {
    var memory = SimilarityRows<T>(problem, rows: strip, columns: tile, multiplies: false)
    var value = 0.0
    let tiles = blocks(of: columns, tile)
    for rows in blocks(of: rows, strip) {
      let part = a.extracting(elements(rows))
      memory.perform(.begin, Tile(rows: rows, columns: 0..<0))
      for keys in tiles {
        try similarities(part, b.extracting(elements(keys)), rows.count, keys.count, &memory.similarities)
        memory.perform(.add, Tile(rows: rows, columns: keys))
      }
      memory.addLosses(Tile(rows: rows, columns: 0..<0), to: &value)
      guard first != nil || second != nil else { continue }
      for keys in tiles {
        let b = b.extracting(elements(keys))
        if tiles.count > 1 { try similarities(part, b, rows.count, keys.count, &memory.similarities) }
        memory.perform(.gradient, Tile(rows: rows, columns: keys))
        try multiply(memory.similarities, rows, keys, part, b, &first, &second)
      }
    }
    return value
  }

  /// The product of the loss's Hessian (or Gauss-Newton matrix) with a direction that moves A along `u` and B along `v`, added to
  /// what is there; and the gradient where it is wanted.
  func product(
    _ a: Span<T>, _ b: Span<T>, _ u: Span<T>, _ v: Span<T>, gaussNewton: Bool, addsGradient: Bool,
    first: inout MutableSpan<T>?, second: inout MutableSpan<T>?,
    firstGradient: inout MutableSpan<T>?, secondGradient: inout MutableSpan<T>?
  ) throws(LinearAlgebraError) {
    var memory = SimilarityRows<T>(problem, rows: strip, columns: tile, multiplies: true)
    let tiles = blocks(of: columns, tile)
    for rows in blocks(of: rows, strip) {
      let part = a.extracting(elements(rows)), moved = u.extracting(elements(rows))
      memory.perform(.begin, Tile(rows: rows, columns: 0..<0))
      for keys in tiles {
        try similarities(part, b.extracting(elements(keys)), rows.count, keys.count, &memory.similarities)
        memory.perform(.add, Tile(rows: rows, columns: keys))
      }
      for (step, keys) in (tiles + tiles).enumerated() {
        let b = b.extracting(elements(keys)), v = v.extracting(elements(keys))
        if tiles.count > 1 || step == 0 {
          if tiles.count > 1 { try similarities(part, b, rows.count, keys.count, &memory.similarities) }
          try similarities(moved, b, rows.count, keys.count, &memory.changes)
          try similarities(part, v, rows.count, keys.count, &memory.changes, added: 1)
        }
        if step < tiles.count {
          memory.perform(.addChanges, Tile(rows: rows, columns: keys))
          continue
        }
        memory.perform(.product(gaussNewton: gaussNewton), Tile(rows: rows, columns: keys))
        try multiply(memory.changes, rows, keys, part, b, &first, &second)
        if !gaussNewton { try multiply(memory.similarities, rows, keys, moved, v, &first, &second) }
        if addsGradient { try multiply(memory.similarities, rows, keys, part, b, &firstGradient, &secondGradient) }
      }
    }
  }

  private func elements(_ rows: Range<Int>) -> Range<Int> { rows.lowerBound * width..<rows.upperBound * width }

  private func similarities(
    _ a: Span<T>, _ b: Span<T>, _ rows: Int, _ columns: Int, _ output: inout [T], added: T = 0
  ) throws(LinearAlgebraError) {
    var span = output.mutableSpan
    try BLAS.gemm(
      rows: rows, columns: columns, inner: width, alpha: scale, a: a, b: b, transposeB: true, beta: added, c: &span,
      cStride: columns)
  }

  /// first[rows] += scale·G·B, second[keys] += scale·Gᵀ·A.
  private func multiply(
    _ g: [T], _ rows: Range<Int>, _ keys: Range<Int>, _ a: Span<T>, _ b: Span<T>, _ first: inout MutableSpan<T>?,
    _ second: inout MutableSpan<T>?
  ) throws(LinearAlgebraError) {
    defer { extendLifetime(g) }
    if first != nil {
      try first!.withSlice(elements(rows)) { (c) throws(LinearAlgebraError) in
        try BLAS.gemm(
          rows: rows.count, columns: width, inner: keys.count, alpha: scale, a: g.span, aStride: keys.count, b: b,
          beta: 1, c: &c)
      }
      if isShared { try multiplyTransposed(g, rows, keys, a, &first!) }
    }
    if second != nil && !isShared { try multiplyTransposed(g, rows, keys, a, &second!) }
  }

  private func multiplyTransposed(
    _ g: [T], _ rows: Range<Int>, _ keys: Range<Int>, _ a: Span<T>, _ output: inout MutableSpan<T>
  ) throws(LinearAlgebraError) {
    try output.withSlice(elements(keys)) { (c) throws(LinearAlgebraError) in
      try BLAS.gemm(
        rows: keys.count, columns: width, inner: rows.count, alpha: scale, a: g.span, aStride: keys.count,
        transposeA: true, b: a, beta: 1, c: &c)
    }
  }
}
