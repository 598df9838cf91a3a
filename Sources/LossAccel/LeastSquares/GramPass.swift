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
  /// Whether products were rounded to single precision.
  let isCoarse: Bool

  /// Above this many right-hand sides their products with A are left to a pass for each.
  private static let fusedTargets = 8

  /// With `mayBeCoarse` wide, well-conditioned columns are multiplied in single precision, at twice the speed.
  init(
    _ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?, mayBeCoarse: Bool = false
  ) throws(LeastSquaresError) {
    let fused = targets.map { $0.count <= GramPass.fusedTargets } ?? false ? targets : nil
    if let (packed, gram, largest) = GramPass.runInPlace(system, fused) {
      try packed.checkPenalties()
      (self.packed, self.gram, self.largest, isCoarse) = (packed, gram, largest, false)
      return
    }
    var packed = PackedRows(sampling: system, fused)
    isCoarse = mayBeCoarse ? try GramPass.suffersSinglePrecision(packed) : false
    var (gram, largest) = try GramPass.run(packed, isCoarse: isCoarse)
    try packed.checkFinite(largest)
    if !GramPass.isUsable(gram, packed, largest) {
      // An outlier, beyond the sample by more than 10¹³⁰ or so: scale by the true magnitudes, which are known now.
      packed.scale(toLargest: largest)
      (gram, largest) = try GramPass.run(packed, isCoarse: isCoarse)
      guard GramPass.isUsable(gram, packed, largest) else { throw .outOfRange }
    }
    try packed.checkPenalties()
    self.packed = packed
    self.gram = gram
    self.largest = largest
  }

  /// From the sums of a few columns.
  init(_ few: FewColumns) { (packed, gram, largest, isCoarse) = (few.packed, few.gram, few.largest, false) }

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

  /// The lengths of the right-hand sides' residuals at those solutions, judged from the products alone: a little too large.
  func residualNorms(_ solutions: [[Double]]) -> [Double] {
    let order = packed.system.unknowns
    return solutions.enumerated().map { target, solution in
      let column = (order + target) * packed.width
      let squares = gram[column + order + target]
      // Beside shifted columns the first coefficient has been shifted back.
      let constant = packed.system.centers ? packed.targetShift[target] * packed.targetScale[target] : 0
      let fitted = (0..<order).reduce(0) { $0 + (solution[$1] - ($1 == 0 ? constant : 0)) * gram[column + $1] }
      return 1.01 * (max(squares - fitted, 0) + (isCoarse ? 1e-4 : 1e-10) * squares).squareRoot()
    }
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

  /// The same from the rows as they lie in memory, scaled afterwards by the largest magnitudes, which the pass finds; nil where they want
  /// shifts, weights, or another precision, where something is not finite, and where squares might leave the range of a double.
  private static func runInPlace(
    _ system: LeastSquaresSystem, _ targets: LeastSquaresTargets?
  ) -> (packed: PackedRows, gram: [Double], largest: [Int64])? {
    let given = targets ?? LeastSquaresTargets(elements: .double([]), count: 0)
    let (rows, columns, width) = (system.rows, system.columns, system.columns + given.count)
    guard case .double(let matrix) = system.matrix, case .double(let rightHandSides) = given.elements,
      system.weights == nil, !system.hasIntercept, width <= ownKernelWidth
    else { return nil }
    let chunkRows = chunkRows(rows: rows, width: width)
    let sums = Parallelism.combineChunks(
      count: Parallelism.chunkCount(of: rows, chunkSize: chunkRows),
      { chunk in
        LeastSquaresKernels.gramOfRows(
          matrix, columns: columns, rows: Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows),
          targets: rightHandSides, targetCount: given.count)
      }, { $0 += $1 })
    guard (0..<columns).allSatisfy({ sums.gram[$0 * (sums.width + 1)].isFinite }), sums.squares.allSatisfy(\.isFinite)
    else { return nil }
    let largest = Array(sums.largest[..<columns]) + Array(sums.largest[sums.width...])
    let packed = PackedRows(system, targets, scaledToLargest: largest)
    guard (packed.scale + packed.targetScale).allSatisfy({ $0 > 0x1p-200 && $0 < 0x1p200 }) else { return nil }
    var gram = [Double](repeating: 0, count: width * width)
    for column in 0..<columns {
      for row in 0...column {
        gram[column * width + row] = sums.gram[row * sums.width + column] * packed.scale[row] * packed.scale[column]
      }
    }
    for target in 0..<given.count {
      let (base, scale) = ((columns + target) * width, packed.targetScale[target])
      for row in 0..<columns { gram[base + row] = sums.cross[target * sums.width + row] * packed.scale[row] * scale }
      gram[base + columns + target] = sums.squares[target] * scale * scale
    }
    return (packed, gram, largest)
  }

  /// Up to that many columns our own kernels multiply, which keep blocks of rows in the nearest cache; beyond, BLAS.
  private static let ownKernelWidth = 256

  /// At most 64 chunks, each long enough that starting it, and zeroing and adding up its Gram matrix, costs little beside making it; and short
  /// enough that a few threads end at about the same time.
  private static func chunkRows(rows: Int, width: Int) -> Int {
    max(width <= ownKernelWidth ? max(2 * width, 65_536 / max(width, 64)) : max(width, 768), (rows + 63) / 64)
  }

  /// The largest condition (in the 1-norm, estimated) with which a Gram matrix in single precision is good enough: every pass of refinement
  /// then still gains two digits.
  static let coarseCondition = 128.0

  /// Whether a sample of the rows shows columns whose Gram matrix single precision does not spoil, and whether finding that out pays.
  private static func suffersSinglePrecision(_ packed: PackedRows) throws(LeastSquaresError) -> Bool {
    let (rows, width, order) = (packed.system.rows, packed.width, packed.system.unknowns)
    guard width > ownKernelWidth, rows >= 6 * width else { return false }
    let (stride, blocks) = ((width + 7) / 8 * 8, (2 * width + 31) / 32)
    let gram = try withLinearAlgebra { () throws(LinearAlgebraError) in
      var product = BlockProduct(stride: stride, blockRows: 32 * blocks, kind: .coarse)
      var largest = [Int64](repeating: 0, count: packed.system.columns + packed.targetCount)
      for block in 0..<blocks {
        let start = block * (rows - 32) / blocks
        packed.pack(start..<start + 32, into: &product.block, stride: stride, largest: &largest, at: 32 * block)
      }
      try product.add(rows: 32 * blocks)
      return product.gram
    }
    var sample = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      for row in 0...column { sample[column * order + row] = gram[row * stride + column] }
    }
    guard (0..<order).allSatisfy({ sample[$0 * (order + 1)].isFinite }) else { return false }
    let failed = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.cholesky(order: order, &sample)
    }
    guard failed == nil else { return false }
    // Of two rows to a column, which have a larger condition than all of them.
    return try TriangularFactor(order: order, sample).condition <= 8 * coarseCondition
  }

  private static func run(
    _ packed: PackedRows, isCoarse: Bool
  ) throws(LeastSquaresError) -> (gram: [Double], largest: [Int64]) {
    let (rows, width) = (packed.system.rows, packed.width)
    let stride = (width + 7) / 8 * 8
    let chunkRows = chunkRows(rows: rows, width: width)
    let chunks = Parallelism.chunkCount(of: rows, chunkSize: chunkRows)
    let (total, largest) = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.combineChunks(
        count: chunks,
        { (chunk) throws(LinearAlgebraError) in
          try sum(
            packed, Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows), stride: stride,
            kind: isCoarse ? .coarse : width <= ownKernelWidth ? .narrow : .wide)
        },
        { total, part in
          for index in total.gram.indices { total.gram[index] += part.gram[index] }
          for index in total.largest.indices { total.largest[index] = max(total.largest[index], part.largest[index]) }
        })
    }
    // Row-major with padding to column-major without: the upper triangle is read along its rows.
    var gram = [Double](repeating: 0, count: width * width)
    for row in 0..<width {
      for column in row..<width { gram[column * width + row] = total[row * stride + column] }
    }
    return (gram, largest)
  }

  private static func sum(
    _ packed: PackedRows, _ rows: Range<Int>, stride: Int, kind: BlockProduct.Kind
  ) throws(LinearAlgebraError) -> (gram: [Double], largest: [Int64]) {
    let blockRows = min(rows.count, kind.blockRows(stride: stride))
    var product = BlockProduct(stride: stride, blockRows: blockRows, kind: kind)
    var largest = [Int64](repeating: 0, count: packed.system.columns + packed.targetCount)
    var start = rows.lowerBound
    while start < rows.upperBound {
      let end = min(start + blockRows, rows.upperBound)
      packed.pack(start..<end, into: &product.block, stride: stride, largest: &largest)
      try product.add(rows: end - start)
      start = end
    }
    return (product.gram, largest)
  }
}
