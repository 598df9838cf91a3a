extension BLAS {
  /// G ← AᵀA for `rows` × `columns` data A, both triangles, in double precision whatever the precision of A.
  ///
  /// Products of single-precision numbers are exact in double precision, so the Gram matrix of single-precision data
  /// keeps the digits that the normal equations need. Runs on ``Parallelism`` threads; the same bits for any number of
  /// them.
  /// - Complexity: O(rows · columns²)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func gram<T: Scalar>(
    rows: Int, columns: Int, a: Span<T>, aStride: Int? = nil, into g: inout MutableSpan<Double>
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension("gram", "A", rows: rows, columns: columns, stride: aStride, count: a.count)
    _ = try dimension("gram", "the number of columns", columns, limit: dimensionLimit)
    precondition(g.count == columns * columns, "gram: G has \(g.count) elements instead of \(columns)²")
    scale(by: 0, rows: 1, columns: g.count, c: &g, stride: g.count)
    if rows == 0 || columns == 0 { return }

    let plan = ProductPlan.gram(rows: rows, columns: columns)
    unsafe a.withUnsafeBufferPointer { a in
      guard let a = a.baseAddress else { return }
      let data = unsafe GramData(access: access, a: a, lda: Int(lda))
      if plan.columnBlock < columns {
        unsafe data.tiles(rows: rows, columns: columns, tile: plan.columnBlock, into: &g)
      } else {
        unsafe data.sumOfPartials(rows: rows, columns: columns, rowBlock: plan.innerBlock, into: &g)
      }
    }
    mirror(.upper, size: columns, c: &g)
  }

  /// Adds AᵀA to the upper triangle of G, on the calling thread; for passes that do more than this with each block of
  /// rows.
  ///
  /// What happens to the lower triangle is not defined; ``mirror(_:size:c:cStride:)`` sets it at the end.
  /// - Complexity: O(rows · columns²)
  @specialized(where T == Double)
  @specialized(where T == Float)
  package static func addGram<T: Scalar>(
    rows: Int, columns: Int, a: Span<T>, aStride: Int? = nil, to g: inout MutableSpan<Double>
  ) throws(LinearAlgebraError) {
    let access = try BLASRuntime.ready()
    let lda = try leadingDimension("gram", "A", rows: rows, columns: columns, stride: aStride, count: a.count)
    _ = try dimension("gram", "the number of columns", columns, limit: dimensionLimit)
    precondition(g.count == columns * columns, "gram: G has \(g.count) elements instead of \(columns)²")
    if rows == 0 || columns == 0 { return }
    unsafe a.withUnsafeBufferPointer { a in
      guard let a = a.baseAddress else { return }
      let data = unsafe GramData(access: access, a: a, lda: Int(lda))
      unsafe g.withUnsafeMutableBufferPointer { g in
        guard let g = g.baseAddress else { return }
        unsafe data.add(rows: 0..<rows, 0..<columns, 0..<columns, to: g, stride: columns)
      }
    }
  }
}

/// The rows that go into one BLAS call where the data are converted or narrow.
///
/// OpenBLAS has fast AVX-512 kernels for products of at most 10⁶ multiplications. A narrow Gram matrix fits them when
/// it is computed by gemm, 512 rows at a time: on up to 44 columns that is 1.5 to 3 times as fast as syrk (measured on
/// 0.3.21).
private let panel = 512

private func isNarrow(_ columns: Int) -> Bool {
  columns * columns * panel <= 1_000_000 && BLASRuntime.hasSmallProductKernels
}

/// The data of a Gram matrix. They outlive every thread that uses them, and blocks of the result do not overlap.
@unsafe private struct GramData<T: Scalar>: @unchecked Sendable {
  let access: _BLASAccess
  let a: UnsafePointer<T>
  let lda: Int

  /// Adds the block (i, j) of AᵀA over these rows to `g`, which points to the first element of that block.
  func add(
    rows: Range<Int>, _ i: Range<Int>, _ j: Range<Int>, to g: UnsafeMutablePointer<Double>, stride: Int
  ) {
    if T.self == Double.self {
      let data = unsafe UnsafeRawPointer(a).assumingMemoryBound(to: Double.self) + rows.lowerBound * lda
      unsafe add(data, stride: lda, rows: rows.count, i, j, to: g, gStride: stride)
      return
    }
    // Both column ranges, side by side, in double precision.
    let isDiagonal = i == j
    let width = isDiagonal ? i.count : i.count + j.count
    var converted = [Double](repeating: 0, count: min(rows.count, panel) * width)
    unsafe converted.withUnsafeMutableBufferPointer { converted in
      guard let base = converted.baseAddress else { return }
      for top in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: panel) {
        let height = min(rows.upperBound - top, panel)
        unsafe Precision.copy(
          a + top * lda + i.lowerBound, rows: height, columns: i.count, stride: lda, to: base, width)
        if !isDiagonal {
          unsafe Precision.copy(
            a + top * lda + j.lowerBound, rows: height, columns: j.count, stride: lda, to: base + i.count, width)
        }
        let second = isDiagonal ? 0..<i.count : i.count..<width
        unsafe add(base, stride: width, rows: height, 0..<i.count, second, to: g, gStride: stride)
      }
    }
  }

  private func add(
    _ data: UnsafePointer<Double>, stride: Int, rows: Int, _ i: Range<Int>, _ j: Range<Int>,
    to g: UnsafeMutablePointer<Double>, gStride: Int
  ) {
    let isDiagonal = i == j
    let step = isDiagonal && isNarrow(i.count) ? panel : BLAS.dimensionLimit
    BLAS.forEachBlock(of: rows, limit: step) { block in
      let top = unsafe data + block.lowerBound * stride
      if isDiagonal && !isNarrow(i.count) {
        unsafe Double._syrk(
          access, lower: false, transposeA: true, Int32(i.count), Int32(block.count),
          1, top + i.lowerBound, Int32(stride), 1, g, Int32(gStride))
      } else {
        unsafe Double._gemm(
          access, transposeA: true, transposeB: false, Int32(i.count), Int32(j.count), Int32(block.count),
          1, top + i.lowerBound, Int32(stride), top + j.lowerBound, Int32(stride), 1, g, Int32(gStride))
      }
    }
  }

  /// Wide data: the tiles of the upper triangle of G, each over all rows.
  func tiles(rows: Int, columns: Int, tile: Int, into g: inout MutableSpan<Double>) {
    let across = Parallelism.chunkCount(of: columns, chunkSize: tile)
    let pairs = (0..<across).flatMap { i in (i..<across).map { (i, $0) } }
    let data = unsafe self
    unsafe g.withUnsafeMutableBufferPointer { g in
      guard let base = g.baseAddress else { return }
      let shared = unsafe SharedPointer(base)
      Parallelism.forEachChunk(count: pairs.count) { index in
        let i = Parallelism.range(ofChunk: pairs[index].0, of: columns, chunkSize: tile)
        let j = Parallelism.range(ofChunk: pairs[index].1, of: columns, chunkSize: tile)
        let corner = unsafe shared.base + i.lowerBound * columns + j.lowerBound
        unsafe data.add(rows: 0..<rows, i, j, to: corner, stride: columns)
      }
    }
  }

  /// Narrow data: one partial Gram matrix per block of rows, added in the order of the blocks.
  func sumOfPartials(rows: Int, columns: Int, rowBlock: Int, into g: inout MutableSpan<Double>) {
    let size = columns * columns
    let blocks = Parallelism.chunkCount(of: rows, chunkSize: rowBlock)
    if blocks == 1 {
      unsafe g.withUnsafeMutableBufferPointer { g in
        guard let g = g.baseAddress else { return }
        unsafe add(rows: 0..<rows, 0..<columns, 0..<columns, to: g, stride: columns)
      }
      return
    }
    var partials = [Double](repeating: 0, count: blocks * size)
    var output = partials.mutableSpan
    let data = unsafe self
    Parallelism.mapRows(blocks, rowsPerChunk: 1, &output, width: size) { chunk, _, partial in
      let range = Parallelism.range(ofChunk: chunk, of: rows, chunkSize: rowBlock)
      unsafe partial.withUnsafeMutableBufferPointer { partial in
        guard let partial = partial.baseAddress else { return }
        unsafe data.add(rows: range, 0..<columns, 0..<columns, to: partial, stride: columns)
      }
    }
    unsafe BLAS.addBlocks(partials.span, to: &g, access)
  }
}
