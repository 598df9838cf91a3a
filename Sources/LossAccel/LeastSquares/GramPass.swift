/// The first pass over the rows: the Gram matrix of [1 | A | B], shifted, scaled and weighted, and the check for non-finite elements.
///
/// Rows are cut into chunks whose size depends on the shape alone; chunks run on several threads and their sums are added in
/// chunk order, so the bits do not depend on the number of threads. In a chunk, blocks of rows are packed into the nearest cache and
/// multiplied there; the matrix is read once.
struct GramPass: Sendable {
  let packed: PackedRows
  /// Upper triangle, column-major, of order ``PackedRows/width``.
  let gram: [Double]
  /// The largest magnitudes, as bits, of A's columns and then B's.
  let largest: [Int64]

  /// Above this many right-hand sides their products with A are left to a pass for each.
  private static let fusedTargets = 8

  init(_ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?) throws(LeastSquaresError) {
    let fused = targets.map { $0.count <= GramPass.fusedTargets } ?? false ? targets : nil
    var packed = PackedRows(sampling: system, fused)
    var (gram, largest) = try GramPass.run(packed)
    try packed.checkFinite(largest)
    if !GramPass.isUsable(gram, packed, largest) {
      // An outlier, beyond the sample by more than 10¹³⁰ or so: scale by the true magnitudes, which are known now.
      packed.scale(toLargest: largest)
      (gram, largest) = try GramPass.run(packed)
      guard GramPass.isUsable(gram, packed, largest) else { throw .outOfRange }
    }
    try packed.checkPenalties()
    self.packed = packed
    self.gram = gram
    self.largest = largest
  }

  /// The Gram matrix of [1 | A] plus the penalty, of order `unknowns`; upper triangle, column-major.
  var penalisedGram: [Double] {
    let order = packed.system.unknowns
    var result = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      for row in 0...column { result[column * order + row] = gram[column * packed.width + row] }
    }
    for column in 0..<packed.system.columns {
      result[(column + packed.system.offset) * (order + 1)] += packed.penalty(column)
    }
    return result
  }

  /// R⁻¹R⁻ᵀ times the products with the right-hand sides: coefficients of the packed columns for each of them.
  func solutions(with factor: TriangularFactor) throws(LeastSquaresError) -> [[Double]] {
    var solutions: [[Double]] = []
    for target in 0..<packed.targetCount {
      let first = (factor.order + target) * packed.width
      var solution = Array(gram[first..<first + factor.order])
      try factor.solveTransposed(&solution)
      try factor.solve(&solution)
      // The targets were shifted, too.
      if packed.system.centers { solution[0] += packed.targetShift[target] * packed.targetScale[target] }
      solutions.append(solution)
    }
    return solutions
  }

  /// Whether nothing overflowed, and nothing that matters underflowed.
  private static func isUsable(_ gram: [Double], _ packed: PackedRows, _ largest: [Int64]) -> Bool {
    let width = packed.width
    return (0..<width).allSatisfy { index in
      let square = gram[index * width + index]
      let column = index - packed.system.offset
      let isZero = column < 0 || largest[column] == 0 || packed.system.centers
      return square.isFinite && (square > 1e-200 || isZero)
    }
  }

  private static func run(_ packed: PackedRows) throws(LeastSquaresError) -> (gram: [Double], largest: [Int64]) {
    let (rows, width) = (packed.system.rows, packed.width)
    let stride = (width + 7) / 8 * 8
    // At least 8·width rows, so that the chunks' Gram matrices take an eighth of the memory of the rows, and at most 64 chunks.
    let chunkRows = max(1024, 8 * width, (rows + 63) / 64)
    let chunks = Parallelism.chunkCount(of: rows, chunkSize: chunkRows)
    let parts = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.mapChunks(count: chunks) { (chunk) throws(LinearAlgebraError) in
        try sum(packed, Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows), stride: stride)
      }
    }
    var (total, largest) = parts[0]
    for part in parts.dropFirst() {
      for index in total.indices { total[index] += part.gram[index] }
      for index in largest.indices { largest[index] = max(largest[index], part.largest[index]) }
    }
    // Row-major with padding to column-major without: the upper triangle is read along its rows.
    var gram = [Double](repeating: 0, count: width * width)
    for row in 0..<width {
      for column in row..<width { gram[column * width + row] = total[row * stride + column] }
    }
    return (gram, largest)
  }

  /// Narrow matrices are multiplied by our own kernel, wide ones by BLAS, which wants longer blocks.
  private static func sum(
    _ packed: PackedRows, _ rows: Range<Int>, stride: Int
  ) throws(LinearAlgebraError) -> (gram: [Double], largest: [Int64]) {
    let ownKernel = stride <= 256
    // A block of about 32 KiB stays in the first-level cache between packing and multiplying.
    let blockRows = min(rows.count, ownKernel ? max(32, min(128, 4096 / stride / 8 * 8)) : 384)
    var gram = [Double](repeating: 0, count: stride * stride)
    var largest = [Int64](repeating: 0, count: packed.system.columns + packed.targetCount)
    var block = [Double](repeating: 0, count: blockRows * stride)
    var start = rows.lowerBound
    while start < rows.upperBound {
      let end = min(start + blockRows, rows.upperBound)
      packed.pack(start..<end, into: &block, stride: stride, largest: &largest)
      var span = gram.mutableSpan
      if ownKernel {
        LeastSquaresKernels.gram(block.span, rows: end - start, order: stride, into: &span)
      } else {
        try BLAS.syrk(
          size: stride, inner: end - start, a: block.span, aStride: stride, transposeA: true, beta: 1, c: &span)
      }
      start = end
    }
    return (gram, largest)
  }
}
