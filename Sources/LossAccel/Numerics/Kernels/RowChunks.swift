import CKernelInterface

/// How batches of rows are cut into chunks and run.
package enum RowChunks {
  /// As many rows as make some ten thousands of elements, in whole groups of rows that the kernels take at once.
  package static func rowsPerChunk(width: Int) -> Int {
    max((1 << 16) / max(width, 1) / 16, 1) * 16
  }

  /// Runs a kernel over all rows. Its sums are formed chunk by chunk and added in their order, so that they do not depend on the number
  /// of threads.
  ///
  /// - Returns: The sums, and where the first improper element is (row −1: nowhere).
  static func run(
    rows: Int, width: Int, _ kernel: @Sendable (_ begin: Int, _ end: Int, _ result: inout la_rows_result) -> Void
  ) -> (sums: ChunkSums, row: Int, column: Int) {
    @Sendable func runChunk(_ rows: Range<Int>) -> (sums: ChunkSums, row: Int, column: Int) {
      var result = la_rows_result()
      kernel(rows.lowerBound, rows.upperBound, &result)
      var sums = ChunkSums()
      sums.parts[0] = result.sum.0
      sums.parts[1] = result.sum.1
      return (sums, Int(result.row), Int(result.column))
    }
    let chunk = rowsPerChunk(width: width)
    let chunks = Parallelism.chunkCount(of: rows, chunkSize: chunk)
    if chunks <= 1 { return runChunk(0..<rows) }
    let outcomes = Parallelism.mapChunks(count: chunks) { index in
      runChunk(Parallelism.range(ofChunk: index, of: rows, chunkSize: chunk))
    }
    return outcomes.dropFirst().reduce(into: outcomes[0]) { total, next in
      total.sums.add(next.sums)
      if total.row < 0 { (total.row, total.column) = (next.row, next.column) }
    }
  }
}

/// A kernel's batch on several threads. They write disjoint parts of its outputs, and are waited for while the caller's spans live.
@safe struct SharedBatch<Batch>: @unchecked Sendable {
  let batch: Batch
}
