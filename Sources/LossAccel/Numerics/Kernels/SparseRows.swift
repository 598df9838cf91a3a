import CKernelInterface

/// Sparse rows of features in the type they are stored in, and what a linear model does with a block of them. Nothing is copied, and the
/// time is proportional to the elements that are stored.
struct SparseRows: Sendable {
  enum Storage: Sendable {
    case single([Float])
    case double([Double])
  }

  let values: Storage
  let starts: [Int]
  let indices: [Int32]
  let rows: Int
  let columns: Int

  /// - Precondition: the arrays are those of a ``SparseMatrix``, which has checked them.
  init<T: Scalar>(_ matrix: SparseMatrix<T>) {
    values =
      switch T._erase(matrix.values) {
      case .single(let elements): .single(elements)
      case .double(let elements): .double(elements)
      }
    (rows, columns, starts, indices) = (matrix.rows, matrix.columns, matrix.rowStarts, matrix.columnIndices)
  }

  /// The number of elements that are stored.
  var count: Int { indices.count }

  func value(_ place: Int) -> Double {
    switch values {
    case .single(let elements): Double(elements[place])
    case .double(let elements): elements[place]
    }
  }

  /// Calls `body` with the address of the rows as the kernels take them.
  func withAddress<Result>(_ range: Range<Int>, _ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withBlock(range) { block in
      var block = unsafe block
      return unsafe withUnsafePointer(to: &block) { unsafe body(UnsafeRawPointer($0)) }
    }
  }

  /// Calls `body` with the rows as the kernels take them.
  func withBlock<Result>(_ range: Range<Int>, _ body: (la_sparse_rows) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return unsafe starts.withUnsafeBytes { starts in
      unsafe indices.withUnsafeBufferPointer { indices in
        unsafe withBytes { values, isDouble in
          // Int has 64 bits wherever this compiles: the kernels' header says int64_t.
          unsafe body(
            la_sparse_rows(
              values: values, columns: indices.baseAddress,
              starts: starts.baseAddress!.assumingMemoryBound(to: Int64.self) + range.lowerBound, rows: range.count,
              isDouble: isDouble))
        }
      }
    }
  }

  private func withBytes<Result>(_ body: (UnsafeRawPointer?, Bool) -> Result) -> Result {
    switch values {
    case .single(let elements): unsafe elements.withUnsafeBytes { unsafe body($0.baseAddress, false) }
    case .double(let elements): unsafe elements.withUnsafeBytes { unsafe body($0.baseAddress, true) }
    }
  }
}
