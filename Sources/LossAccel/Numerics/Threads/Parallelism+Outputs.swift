extension Parallelism {
  /// Fills an output of `rows` rows of `width` elements each, by chunks of rows on several threads.
  ///
  /// `body` gets the chunk's index, its rows, and the slice of the output that belongs to exactly these rows; slices of
  /// different chunks do not overlap, which is what makes writing them from several threads safe.
  package static func mapRows<T: Sendable, Failure: Error>(
    _ rows: Int, rowsPerChunk: Int, _ output: inout MutableSpan<T>, width: Int,
    _ body: @Sendable (_ chunk: Int, _ rows: Range<Int>, _ output: inout MutableSpan<T>) throws(Failure) -> Void
  ) throws(Failure) {
    let output = unsafe SharedOutput(&output, rows: rows, width: width)
    try forEachRange(of: rows, chunkSize: rowsPerChunk) { (chunk, range) throws(Failure) in
      var slice = unsafe MutableSpan(_unsafeElements: output.rows(range))
      try body(chunk, range, &slice)
    }
  }

  /// Fills two outputs by chunks of rows on several threads. An output that is not wanted is an empty span with width
  /// 0.
  package static func mapRows<T: Sendable, U: Sendable, Failure: Error>(
    _ rows: Int, rowsPerChunk: Int, _ first: inout MutableSpan<T>, width firstWidth: Int,
    _ second: inout MutableSpan<U>, width secondWidth: Int,
    _ body:
      @Sendable (
        _ chunk: Int, _ rows: Range<Int>, _ first: inout MutableSpan<T>, _ second: inout MutableSpan<U>
      ) throws(Failure) -> Void
  ) throws(Failure) {
    let first = unsafe SharedOutput(&first, rows: rows, width: firstWidth)
    let second = unsafe SharedOutput(&second, rows: rows, width: secondWidth)
    try forEachRange(of: rows, chunkSize: rowsPerChunk) { (chunk, range) throws(Failure) in
      var firstSlice = unsafe MutableSpan(_unsafeElements: first.rows(range))
      var secondSlice = unsafe MutableSpan(_unsafeElements: second.rows(range))
      try body(chunk, range, &firstSlice, &secondSlice)
    }
  }

  /// Fills three outputs by chunks of rows on several threads. An output that is not wanted is an empty span with width
  /// 0.
  package static func mapRows<T: Sendable, U: Sendable, V: Sendable, Failure: Error>(
    _ rows: Int, rowsPerChunk: Int, _ first: inout MutableSpan<T>, width firstWidth: Int,
    _ second: inout MutableSpan<U>, width secondWidth: Int, _ third: inout MutableSpan<V>, width thirdWidth: Int,
    _ body:
      @Sendable (
        _ chunk: Int, _ rows: Range<Int>, _ first: inout MutableSpan<T>, _ second: inout MutableSpan<U>,
        _ third: inout MutableSpan<V>
      ) throws(Failure) -> Void
  ) throws(Failure) {
    let first = unsafe SharedOutput(&first, rows: rows, width: firstWidth)
    let second = unsafe SharedOutput(&second, rows: rows, width: secondWidth)
    let third = unsafe SharedOutput(&third, rows: rows, width: thirdWidth)
    try forEachRange(of: rows, chunkSize: rowsPerChunk) { (chunk, range) throws(Failure) in
      var firstSlice = unsafe MutableSpan(_unsafeElements: first.rows(range))
      var secondSlice = unsafe MutableSpan(_unsafeElements: second.rows(range))
      var thirdSlice = unsafe MutableSpan(_unsafeElements: third.rows(range))
      try body(chunk, range, &firstSlice, &secondSlice, &thirdSlice)
    }
  }
}

/// An output that several threads fill, each its own rows: see ``SharedPointer`` for what its users must rule out.
@unsafe private struct SharedOutput<T: Sendable>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<T>?
  private let width: Int

  init(_ output: inout MutableSpan<T>, rows: Int, width: Int) {
    let (needed, overflow) = rows.multipliedReportingOverflow(by: width)
    precondition(
      width >= 0 && !overflow && output.count == needed,
      "the output has \(output.count) elements instead of \(rows) rows of \(width)")
    unsafe base = output.withUnsafeMutableBufferPointer { $0.baseAddress }
    unsafe self.width = width
  }

  func rows(_ range: Range<Int>) -> UnsafeMutableBufferPointer<T> {
    guard let base = unsafe base else { return unsafe UnsafeMutableBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeMutableBufferPointer(start: base + range.lowerBound * width, count: range.count * width)
  }
}
