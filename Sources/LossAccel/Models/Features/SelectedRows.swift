/// Some of the rows of other features, in their order, without a copy.
///
/// Runs of neighbours go to the storage as one range. For storages whose operations cost as much for one row as for many
/// (``FeatureRows/fewestRowsPerBlock``) a selection saves nothing.
struct SelectedRows: FeatureRows {
  let base: any FeatureRows
  /// The numbers of the rows, rising.
  let numbers: [Int]

  var rows: Int { numbers.count }
  var columns: Int { base.columns }
  var bytesPerRow: Int { base.bytesPerRow }
  var fewestRowsPerBlock: Int { base.fewestRowsPerBlock }

  subscript(row: Int, column: Int) -> Double { base[numbers[row], column] }

  /// Calls `body` with every run of neighbours in the range: its places here, and its rows there.
  private func forEachRun(of range: Range<Int>, _ body: (_ places: Range<Int>, _ rows: Range<Int>) -> Void) {
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound && numbers[end] == numbers[end - 1] + 1 { end += 1 }
      body(start - range.lowerBound..<end - range.lowerBound, numbers[start]..<numbers[end - 1] + 1)
      start = end
    }
  }

  func predict<A: Scalar>(
    _ range: Range<Int>, coefficients: Span<A>, shift: Span<A>?, constant: A, offsets: Span<A>?,
    into predictions: inout MutableSpan<A>
  ) {
    forEachRun(of: range) { places, rows in
      predictions.withSlice(places) { slice in
        base.predict(
          rows, coefficients: coefficients, shift: shift, constant: constant, offsets: offsets?.extracting(places),
          into: &slice)
      }
    }
  }

  func addTransposed<A: Scalar>(
    _ range: Range<Int>, factors: Span<A>, weights: Span<A>?, shift: Span<A>?, ahead: Range<Int>?,
    to sums: inout MutableSpan<A>
  ) {
    forEachRun(of: range) { places, rows in
      base.addTransposed(
        rows, factors: factors.extracting(places), weights: weights?.extracting(places), shift: shift, ahead: nil,
        to: &sums)
    }
  }

  func weightedRows<A: Scalar>(
    _ range: Range<Int>, shift: Span<Double>, scale: Span<Double>, weights: Span<A>?, sign: Double,
    into rows: inout MutableSpan<Double>, stride: Int
  ) -> Bool {
    var othersLeft = false
    forEachRun(of: range) { places, numbers in
      rows.withSlice(places.lowerBound * stride..<places.upperBound * stride) { slice in
        let isLeft = base.weightedRows(
          numbers, shift: shift, scale: scale, weights: weights?.extracting(places), sign: sign, into: &slice,
          stride: stride)
        othersLeft = othersLeft || isLeft
      }
    }
    return othersLeft
  }
}

extension SelectedRows {
  /// The rows that carry all but a share of a curvature: those with the smallest parts are left out, as many as together have at most
  /// `share` of the sum. `nil` where the storage has nothing to save, or fewer than a tenth of the rows would go.
  ///
  /// - Parameter curvatures: One for every row, 0 or more.
  /// - Complexity: O(rows · log rows)
  init?(of base: any FeatureRows, carrying curvatures: [Double], allBut share: Double) {
    guard base.fewestRowsPerBlock == 1 else { return nil }
    let rising = curvatures.indices.sorted { (curvatures[$0], $0) < (curvatures[$1], $1) }
    let budget = share * rising.reduce(0) { $0 + curvatures[$1] }
    guard budget.isFinite else { return nil }
    var (left, sum) = (0, 0.0)
    while left < rising.count {
      sum += curvatures[rising[left]]
      if sum > budget { break }
      left += 1
    }
    guard left < rising.count, 10 * left >= rising.count else { return nil }
    self.init(base: base, numbers: rising[left...].sorted())
  }

  /// The elements of these rows, `width` for each, cut into chunks of so many rows.
  func picked<Element>(_ elements: (_ row: Int) -> ArraySlice<Element>, chunkRows: Int) -> [[Element]] {
    stride(from: 0, to: rows, by: chunkRows).map { start in
      numbers[start..<min(start + chunkRows, rows)].flatMap { elements($0) }
    }
  }
}
