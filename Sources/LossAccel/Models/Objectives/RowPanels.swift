/// The rows of a linear model as matrix products take them: a block at a time, shifted, scaled, and with a one behind them for the
/// intercept, in double precision whatever they are stored as.
struct RowPanels: Sendable {
  let features: any FeatureRows
  let coordinates: ColumnCoordinates
  /// 1 for rows that count, 0 for rows that may hold anything; `nil` where all count.
  let counted: [Double]?

  /// How many elements of a panel's rows are parameters' factors.
  var width: Int { coordinates.dimension }

  /// The length of a panel's rows.
  var stride: Int { WeightedGram.stride(features.columns) }

  /// The rows of a panel: about 512 KiB, which are read twice and should be in the second cache by then; enough rows for matrix products
  /// to be worth their preparation.
  var blockRows: Int { max(64, min(1024, (512 << 10) / (8 * stride) / 16 * 16)) }

  /// The rows that share sums of their own.
  var chunkRows: Int { LinearBlocks.chunkRows(of: features, grams: 0) }

  /// Calls `body` with every block of the range and its panel, or the squares of the panel's elements.
  func forEachBlock<Failure: Error>(
    of rows: Range<Int>, squared: Bool = false,
    _ body: (_ block: Range<Int>, _ panel: Span<Double>) throws(Failure) -> Void
  ) throws(Failure) {
    let size = min(blockRows, rows.count)
    var panel = [Double](repeating: 0, count: size * stride)
    for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: max(size, 1)) {
      let block = start..<min(start + size, rows.upperBound)
      var span = panel.mutableSpan
      _ = features.weightedRows(
        block, shift: coordinates.shift.span, scale: coordinates.scale.span, weights: counted?.span.extracting(block),
        sign: 1, into: &span, stride: stride)
      if squared { span.square() }
      try body(block, panel.span)
    }
  }

  /// outputs += panel·parameters, where `parameters` has a row of `count` numbers for every factor.
  func multiply(
    _ panel: Span<Double>, rows: Int, by parameters: Span<Double>, count: Int, addTo outputs: inout MutableSpan<Double>
  ) throws(ObjectiveError) {
    do throws(LinearAlgebraError) {
      try BLAS.gemm(
        rows: rows, columns: count, inner: width, a: panel, aStride: stride, b: parameters, beta: 1, c: &outputs)
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// sums += panelᵀ·slopes, where `slopes` has a row of `count` numbers for every row of the panel.
  func transposeMultiply(
    _ panel: Span<Double>, rows: Int, by slopes: Span<Double>, count: Int, addTo sums: inout MutableSpan<Double>
  ) throws(ObjectiveError) {
    do throws(LinearAlgebraError) {
      try BLAS.gemm(
        rows: width, columns: count, inner: rows, a: panel, aStride: stride, transposeA: true, b: slopes, beta: 1,
        c: &sums)
    } catch {
      throw .linearAlgebra(error)
    }
  }
}
