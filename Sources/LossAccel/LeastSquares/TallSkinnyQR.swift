/// The triangular factor of packed rows without their Q: Householder QR of chunks of rows, then of the factors of the chunks
/// (J. Demmel, L. Grigori, M. Hoemmen, J. Langou, SIAM J. Sci. Comput. 34, 2012). As accurate as one QR of the whole, in one pass.
enum TallSkinnyQR {
  /// R, upper triangular, column-major, of order `unknowns`, with RᵀR = PᵀP + the penalty; rows + penalised columns ≥ unknowns.
  ///
  /// With `columns` beyond the unknowns the right-hand sides are factored with them: what R has of them is Qᵀb.
  static func factor(_ packed: PackedRows, columns: Int? = nil) throws(LeastSquaresError) -> [Double] {
    let (rows, order) = (packed.system.rows, columns ?? packed.system.unknowns)
    let chunkRows = max(1024, 8 * order, (rows + 63) / 64)
    let chunks = Parallelism.chunkCount(of: rows, chunkSize: chunkRows)
    let factors = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try Parallelism.mapChunks(count: chunks) { (chunk) throws(LinearAlgebraError) in
        let range = Parallelism.range(ofChunk: chunk, of: rows, chunkSize: chunkRows)
        var matrix = columnMajor(packed, range, columns: order)
        _ = try LAPACK.qr(rows: range.count, columns: order, &matrix)
        return triangle(matrix, rows: range.count, order: order)
      }
    }
    let penalised = packed.system.ridge > 0 ? packed.system.columns : 0
    if factors.count == 1, penalised == 0 { return factors[0] }
    let height = chunks * order + penalised
    var stacked = [Double](repeating: 0, count: height * order)
    for (chunk, factor) in factors.enumerated() {
      for column in 0..<order {
        for row in 0...column { stacked[column * height + chunk * order + row] = factor[column * order + row] }
      }
    }
    for column in 0..<penalised {
      stacked[(column + packed.system.offset) * height + chunks * order + column] = packed.penalty(column).squareRoot()
    }
    _ = try withLinearAlgebra { () throws(LinearAlgebraError) in
      try LAPACK.qr(rows: height, columns: order, &stacked)
    }
    return triangle(stacked, rows: height, order: order)
  }

  /// Some rows of the packed matrix, column-major: its first `columns`, those without targets if nil.
  static func columnMajor(_ packed: PackedRows, _ rows: Range<Int>, columns: Int? = nil) -> [Double] {
    let (width, order) = (packed.width, columns ?? packed.system.unknowns)
    var largest = [Int64](repeating: 0, count: packed.system.columns + packed.targetCount)
    var block = [Double](repeating: 0, count: rows.count * width)
    packed.pack(rows, into: &block, stride: width, largest: &largest)
    return transposed(block, rows: rows.count, stride: width, columns: 0..<order)
  }

  /// The given columns of a row-major block, column-major.
  static func transposed(_ block: [Double], rows: Int, stride: Int, columns: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: rows * columns.count)
    let source = block.span
    var target = result.mutableSpan
    // Sixteen rows at a time: one line of the target is then written whole while the source's lines are in cache.
    for start in Swift.stride(from: 0, to: rows, by: 16) {
      for column in columns {
        let base = (column - columns.lowerBound) * rows
        for row in start..<min(start + 16, rows) { target[base + row] = source[row * stride + column] }
      }
    }
    return result
  }

  /// The upper triangle of a factored column-major matrix as a square matrix, zero below (and in the rows it does not have).
  static func triangle(_ factored: [Double], rows: Int, order: Int) -> [Double] {
    var result = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      for row in 0...min(column, rows - 1) { result[column * order + row] = factored[column * rows + row] }
    }
    return result
  }
}
