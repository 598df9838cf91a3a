import CKernelInterface

/// The rows of a matrix in the type that they are stored in, to be computed with as `A`.
///
/// It holds an address: whoever makes one keeps the span's memory alive as long as it is in use. Nothing writes to the rows.
@safe package struct StoredRows<A: Scalar>: @unchecked Sendable {
  private let base: UnsafeRawPointer?
  private let type: UInt8
  private let elementSize: Int
  package let rows: Int
  package let columns: Int

  /// - Precondition: the span holds whole rows; the caller has checked.
  package init<S: StoredElement>(_ elements: Span<S>, columns: Int) where S.Arithmetic == A {
    unsafe base = address(elements)
    type = S._storageType
    elementSize = MemoryLayout<S>.stride
    rows = columns > 0 ? elements.count / columns : 0
    self.columns = columns
  }

  /// Whether the rows are stored as what is computed in, so that they can be read where they are.
  package var isNative: Bool { type == A._kernelType }

  /// The elements of a range of rows: where they are, or converted into `scratch`, which must have room for them.
  ///
  /// The result is valid as long as the rows are, and until the scratch is used again.
  @unsafe func elements(_ range: Range<Int>, _ scratch: inout MutableSpan<A>) -> UnsafeBufferPointer<A> {
    if isNative { return unsafe native(range) }
    let count = range.count * columns
    precondition(scratch.count >= count, "\(count) elements for a scratch of \(scratch.count)")
    unsafe gather(nil, from: range.lowerBound, count: range.count, to: address(&scratch))
    return unsafe UnsafeBufferPointer(start: address(&scratch)?.assumingMemoryBound(to: A.self), count: count)
  }

  /// The elements of a range of rows that are stored as what is computed in.
  @unsafe func native(_ range: Range<Int>) -> UnsafeBufferPointer<A> {
    precondition(isNative && range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    let first = unsafe base.map { unsafe $0.assumingMemoryBound(to: A.self) + range.lowerBound * columns }
    return unsafe UnsafeBufferPointer(start: first, count: range.count * columns)
  }

  /// Copies the rows with these numbers, one after the other, as what is computed in.
  func gather(_ samples: Span<Int64>, into output: inout MutableSpan<A>) {
    precondition(output.count >= samples.count * columns, "\(samples.count) rows for \(output.count) elements")
    defer {
      extendLifetime(samples)
      extendLifetime(output)
    }
    unsafe gather(
      address(samples)?.assumingMemoryBound(to: Int64.self), from: 0, count: samples.count, to: address(&output))
  }

  @unsafe private func gather(
    _ samples: UnsafePointer<Int64>?, from first: Int, count: Int, to output: UnsafeMutableRawPointer?
  ) {
    guard let base = unsafe base, let output = unsafe output, count > 0 else { return }
    let rows = unsafe la_feature_rows(
      elements: base + first * columns * elementSize, stride: columns, rows: count, columns: columns, type: type)
    let shared = unsafe SharedBatch(batch: (rows, samples, output))
    // The chunks write disjoint rows, and the threads are waited for here.
    Parallelism.forEachRange(of: count, chunkSize: max(1, (1 << 17) / max(columns, 1))) { _, range in
      unsafe la_gather_rows(
        shared.batch.0, shared.batch.1, Int64(range.lowerBound), Int64(range.upperBound), shared.batch.2,
        A._kernelType)
    }
  }

  /// One element. Not for loops over many.
  package subscript(row: Int, column: Int) -> Double {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "no element [\(row), \(column)] in \(rows) × \(columns)")
    var value = 0.0
    guard let base = unsafe base else { return value }
    let one = unsafe la_feature_rows(
      elements: base + (row * columns + column) * elementSize, stride: 1, rows: 1, columns: 1, type: type)
    unsafe withUnsafeMutablePointer(to: &value) {
      unsafe la_gather_rows(one, nil, 0, 1, $0, Double._kernelType)
    }
    return value
  }

  /// The first element of a row that is infinite or NaN, and where it is.
  package func firstNonFinite(inRow row: Int) -> (column: Int, value: Double)? {
    for column in 0..<columns {
      let value = self[row, column]
      if !value.isFinite { return (column, value) }
    }
    return nil
  }
}
