/// How a matrix product is cut into BLAS calls.
///
/// The cut depends on the shape alone, never on the number of threads: every block is computed by the same call on the
/// same operands, and partial sums are added in block order, which is why the result is the same bits for any number of
/// threads.
package struct ProductPlan: Equatable, Sendable {
  /// Rows of the result per block.
  package var rowBlock: Int
  /// Columns of the result per block.
  package var columnBlock: Int
  /// Terms of the sums per block. Less than all of them means partial sums, one copy of the result for each block.
  package var innerBlock: Int

  /// Below this many operations (0.1 ms or so) a block is not worth a thread.
  static let smallestWork = 1 << 22
  /// The most partial results, counted in elements of all of them together.
  static let mostPartials = 1 << 23
  /// The same for results that are wider than a block.
  static let mostWidePartials = 1 << 20
  /// The most blocks that long sums are cut into: enough for the cores of a large machine.
  static let mostInnerBlocks = 64

  /// The plan of gemm. With 256 rows per block, packing the other operand again for each block costs a few per cent of
  /// one thread's speed (measured on AVX-512), and 64 cores share a product of 4096 rows.
  package static func gemm(rows: Int, columns: Int, inner: Int, limit: Int) -> ProductPlan {
    var plan = ProductPlan(rowBlock: min(rows, limit), columnBlock: min(columns, limit), innerBlock: inner)
    let work = 2 * Double(rows) * Double(columns) * Double(inner)
    guard work > 2 * Double(smallestWork), rows > 0, columns > 0 else { return plan }

    // Few rows, or narrow ones, make blocks of more rows.
    let workPerRow = 2 * Double(columns) * Double(inner)
    plan.rowBlock = min(plan.rowBlock, max(256, Int((Double(smallestWork) / workPerRow).rounded(.up))))
    plan.columnBlock = min(plan.columnBlock, 2048)
    let tiles = chunks(rows, plan.rowBlock) * chunks(columns, plan.columnBlock)

    // A small result of long sums, as in the product of a tall transposed matrix with a tall one.
    guard tiles * 4 <= mostInnerBlocks, columns <= mostPartials / rows else { return plan }
    let worthwhile = min(work / Double(2 * smallestWork), Double(mostInnerBlocks / tiles))
    // A wide result has tiles for many threads as it is; copies of it would take more memory than they save time.
    let most = columns > plan.columnBlock ? mostWidePartials : mostPartials
    let partials = min(Int(worthwhile), most / (rows * columns))
    if partials > 1 { plan.innerBlock = max(1024, chunks(inner, partials)) }
    return plan
  }

  /// The plan of the Gram matrix AᵀA of `rows` × `columns` data: blocks of rows for narrow data, tiles of the result
  /// for wide data, where partial results would be as large as the data.
  package static func gram(rows: Int, columns: Int) -> ProductPlan {
    if columns > 512 { return ProductPlan(rowBlock: 256, columnBlock: 256, innerBlock: rows) }
    let smallest = max(8 * columns, 65_536 / max(columns, 1))
    let block = max(smallest, chunks(rows, mostInnerBlocks), 1)
    return ProductPlan(rowBlock: columns, columnBlock: columns, innerBlock: min(block, max(rows, 1)))
  }

  /// Rows per block of gemv. Blocks are at least 64 Ki elements (a quarter of a usual second-level cache).
  ///
  /// The transposed product makes a partial result per block, which costs a row's worth of memory traffic: at least 16
  /// rows each.
  package static func gemv(rows: Int, columns: Int, transposed: Bool) -> Int {
    let block = max(chunks(65_536, max(columns, 1)), chunks(rows, transposed ? mostInnerBlocks : 256))
    return max(block, transposed ? 16 : 1)
  }

  /// Right-hand sides per block of trsm.
  package static func trsm(order: Int, problems: Int, limit: Int) -> Int {
    let workPerProblem = max(Double(order) * Double(order), 1)
    let block = max(128, (Double(smallestWork) / workPerProblem).rounded(.up))
    return max(1, min(problems, limit, block < Double(problems) ? Int(block) : problems))
  }

  private static func chunks(_ total: Int, _ size: Int) -> Int { Parallelism.chunkCount(of: total, chunkSize: size) }
}
