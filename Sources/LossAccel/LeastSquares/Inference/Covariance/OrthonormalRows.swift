/// The packed rows p of a fit in the basis in which their columns are orthonormal: q = R⁻ᵀp, with Σ qqᵀ = I (less the penalty's part).
///
/// Everything that inference asks of a row follows from q without squaring the condition: its leverage is ‖q‖², and Σ ω·qqᵀ is the
/// middle of a sandwich. Blocks of rows are packed, solved with R and used while they are in cache; no Q is ever stored.
struct OrthonormalRows: Sendable {
  let packed: PackedRows
  /// R, upper triangular, column-major.
  let triangle: [Double]

  var order: Int { packed.system.unknowns }
  private var width: Int { packed.width }

  /// Above this condition of the scaled columns the factor is corrected first, in a pass of its own. A factor that came from the Gram
  /// matrix has a relative error of about condition²·2⁻⁵²: below 10⁻¹² up to here.
  private static let uncorrectedCondition = 30.0

  private static let blockRows = 256

  /// The rows of a fit with a factor.
  ///
  /// R from a Gram matrix leaves the columns of q nearly, not quite, orthonormal. Where the condition makes that matter, the factor of
  /// their own Gram matrix corrects R, which then is as good as one from Householder's QR (Y. Yamamoto, Y. Nakatsukasa, Y. Yanagisawa,
  /// T. Fukaya, Electron. Trans. Numer. Anal. 44, 2015).
  init(_ geometry: CoefficientGeometry) throws(LeastSquaresError) {
    packed = geometry.packed
    guard geometry.factor.condition > OrthonormalRows.uncorrectedCondition else {
      triangle = geometry.factor.elements
      return
    }
    let first = OrthonormalRows(packed: packed, triangle: geometry.factor.elements)
    var gram = try first.weightedGram { _, _, factors in
      for row in factors.indices { factors[row] = 1 }
    }
    try first.addPenalties(to: &gram)
    triangle = try first.corrected(by: gram)?.triangle ?? geometry.factor.elements
  }

  /// R and Qᵀb for rows that were packed with right-hand sides b, from a factor that need not be precise; nil where it is too far from
  /// what it should be.
  static func factor(
    _ triangle: [Double], _ packed: PackedRows
  ) throws(LeastSquaresError) -> (triangle: [Double], rightHandSides: [[Double]])? {
    let rows = OrthonormalRows(packed: packed, triangle: triangle)
    let (order, wide) = (rows.order, rows.width)
    let all = try rows.sum(count: wide * wide) { (range, sums) throws(LinearAlgebraError) in
      try rows.forEachBlock(of: range) { (part, block) throws(LinearAlgebraError) in
        var sum = sums.mutableSpan
        try BLAS.syrk(size: wide, inner: part.count, a: block.span, transposeA: true, beta: 1, c: &sum)
      }
    }
    var gram = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in row..<order { gram[column * order + row] = all[row * wide + column] }
    }
    guard let (corrected, correction) = try rows.corrected(by: gram) else { return nil }
    var sides: [[Double]] = []
    for target in order..<wide {
      var side = (0..<order).map { all[$0 * wide + target] }
      var span = side.mutableSpan
      try withLinearAlgebra { () throws(LinearAlgebraError) in
        try BLAS.trsv(triangle: .lower, size: order, a: correction.span, x: &span)
      }
      sides.append(side)
    }
    return (corrected, sides)
  }

  /// R₁R and R₁ for the Cholesky factor R₁ of Σ qqᵀ, whose upper triangle `gram` holds by columns; nil where there is none.
  private func corrected(
    by gram: [Double]
  ) throws(LeastSquaresError) -> (triangle: [Double], correction: [Double])? {
    let order = self.order
    var correction = gram
    let failed = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.cholesky(order: order, &correction)
    }
    guard failed == nil else { return nil }
    for column in 0..<order { for row in column + 1..<max(order, column + 1) { correction[column * order + row] = 0 } }
    // Column-major R₁R is row-major RᵀR₁ᵀ.
    let factor = correction
    var product = [Double](repeating: 0, count: order * order)
    var span = product.mutableSpan
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try BLAS.gemm(rows: order, columns: order, inner: order, a: triangle.span, b: factor.span, c: &span)
    }
    return (product, factor)
  }

  private init(packed: PackedRows, triangle: [Double]) { (self.packed, self.triangle) = (packed, triangle) }

  /// The same basis for rows that had no part in the fit: those of `system`, which has the same columns.
  func applied(to system: LeastSquaresSystem) -> OrthonormalRows {
    var rows = PackedRows(sampling: system, nil)
    (rows.shift, rows.scale) = (packed.shift, packed.scale)
    return OrthonormalRows(packed: rows, triangle: triangle)
  }

  /// v ← vR⁻¹ for every row v of a row-major matrix.
  func solve(_ rows: inout [Double], count: Int, stride: Int) throws(LinearAlgebraError) {
    var span = rows.mutableSpan
    // Column-major R is row-major Rᵀ, a lower triangle.
    try BLAS.trsm(
      side: .right, triangle: .lower, transposeA: true, rows: count, columns: order, a: triangle.span, b: &span,
      bStride: stride)
  }

  /// A block of memory for `count` rows, as ``fill(_:_:)`` wants it.
  func block(rows count: Int) -> [Double] { [Double](repeating: 0, count: count * width) }

  /// The q of some rows into `block`, row-major, ``stride`` apart.
  func fill(_ rows: Range<Int>, _ block: inout [Double]) throws(LinearAlgebraError) {
    var largest = [Int64](repeating: 0, count: packed.system.columns + packed.targetCount)
    packed.pack(rows, into: &block, stride: width, largest: &largest)
    try solve(&block, count: rows.count, stride: width)
  }

  /// The distance between rows in a block.
  var stride: Int { width }

  /// The rows of a chunk: a piece of work for one thread.
  var chunkRows: Int { max(1024, 8 * width, (packed.system.rows + 63) / 64) }

  /// Calls `body` with the q of one block of rows after the other.
  func forEachBlock(
    of rows: Range<Int>, _ body: (Range<Int>, inout [Double]) throws(LinearAlgebraError) -> Void
  ) throws(LinearAlgebraError) {
    var block = block(rows: min(OrthonormalRows.blockRows, rows.count))
    for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: OrthonormalRows.blockRows) {
      let part = start..<min(start + OrthonormalRows.blockRows, rows.upperBound)
      try fill(part, &block)
      try body(part, &block)
    }
  }

  /// The sums, `count` of them, that `body` forms for every chunk of rows, added in the order of the chunks.
  func sum(
    count: Int, _ body: @Sendable (Range<Int>, inout [Double]) throws(LinearAlgebraError) -> Void
  ) throws(LeastSquaresError) -> [Double] {
    let (rows, size) = (packed.system.rows, chunkRows)
    let parts = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.mapChunks(count: Parallelism.chunkCount(of: rows, chunkSize: size)) {
        (chunk) throws(LinearAlgebraError) in
        var sums = [Double](repeating: 0, count: count)
        try body(Parallelism.range(ofChunk: chunk, of: rows, chunkSize: size), &sums)
        return sums
      }
    }
    var total = parts[0]
    for part in parts.dropFirst() { for index in total.indices { total[index] += part[index] } }
    return total
  }

  /// Σ f²·qqᵀ over the rows, symmetric, order × order. `factors` gets a block's rows and the leverages of these rows and sets their f.
  func weightedGram(
    _ factors: @Sendable (_ rows: Range<Int>, _ leverages: [Double], _ factors: inout [Double]) -> Void
  ) throws(LeastSquaresError) -> [Double] {
    let order = self.order
    var total = try sum(count: order * order) { (rows, sums) throws(LinearAlgebraError) in
      var (leverages, multipliers) = ([Double](), [Double]())
      try forEachBlock(of: rows) { (part, block) throws(LinearAlgebraError) in
        leverages = [Double](repeating: 0, count: part.count)
        multipliers = leverages
        OrthonormalRows.leverages(block, stride: width, columns: order, &leverages)
        factors(part, leverages, &multipliers)
        var span = block.mutableSpan
        RowKernels.scale(&span, stride: width, columns: order, by: multipliers.span)
        var sum = sums.mutableSpan
        try BLAS.syrk(
          size: order, inner: part.count, a: block.span, aStride: width, transposeA: true, beta: 1, c: &sum)
      }
    }
    var span = total.mutableSpan
    BLAS.mirror(.upper, size: order, c: &span)
    return total
  }

  /// ‖q‖² of every row of the fit.
  func leverages() throws(LeastSquaresError) -> [Double] {
    let rows = packed.system.rows
    var leverages = [Double](repeating: 0, count: rows)
    var output = leverages.mutableSpan
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.mapRows(rows, rowsPerChunk: chunkRows, &output, width: 1) {
        (_, range, slice) throws(LinearAlgebraError) in
        let count = slice.count
        var values = [Double](repeating: 0, count: min(count, OrthonormalRows.blockRows))
        try forEachBlock(of: range) { (part, block) throws(LinearAlgebraError) in
          values.removeAll(keepingCapacity: true)
          values.append(contentsOf: repeatElement(0, count: part.count))
          OrthonormalRows.leverages(block, stride: width, columns: order, &values)
          for index in values.indices { slice[part.lowerBound - range.lowerBound + index] = values[index] }
        }
      }
    }
    return leverages
  }

  private static func leverages(_ block: [Double], stride: Int, columns: Int, _ result: inout [Double]) {
    var span = result.mutableSpan
    RowKernels.squares(block.span, stride: stride, columns: columns, into: &span)
  }

  /// S += R⁻ᵀΛR⁻¹: a penalty is as good as rows below the matrix.
  private func addPenalties(to gram: inout [Double]) throws(LeastSquaresError) {
    let (order, system) = (self.order, packed.system)
    guard system.ridge > 0 else { return }
    var rows = [Double](repeating: 0, count: order * order)
    for column in 0..<system.columns {
      rows[(column + system.offset) * (order + 1)] = packed.penalty(column).squareRoot()
    }
    try withLinearAlgebra { () throws(LinearAlgebraError) in
      try solve(&rows, count: order, stride: order)
      var span = gram.mutableSpan
      try BLAS.syrk(size: order, inner: order, a: rows.span, transposeA: true, beta: 1, c: &span)
      BLAS.mirror(.upper, size: order, c: &span)
    }
  }
}
