import CKernelInterface

extension SparseRows: FeatureRows {
  /// Of the elements and their columns.
  var bytesPerRow: Int {
    let size = if case .single = values { 8 } else { 12 }
    return count / max(rows, 1) * size + 8
  }

  /// Sums by column cost as much as so many rows: fewer should not have sums of their own.
  var fewestRowsPerBlock: Int { max(1024, 8 * columns * rows / max(count, 1)) }

  subscript(row: Int, column: Int) -> Double {
    guard let place = (starts[row]..<starts[row + 1]).first(where: { Int(indices[$0]) == column }) else { return 0 }
    return value(place)
  }

  func firstNonFinite(counts: (Int) -> Bool) -> (row: Int, column: Int, value: Double)? {
    for row in 0..<rows where counts(row) {
      for place in starts[row]..<starts[row + 1] where !value(place).isFinite {
        return (row, Int(indices[place]), value(place))
      }
    }
    return nil
  }

  func predict<A: Scalar>(
    _ range: Range<Int>, coefficients: Span<A>, shift: Span<A>?, constant: A, offsets: Span<A>?,
    into predictions: inout MutableSpan<A>
  ) {
    requireLengths(
      range.count, coefficients: coefficients.count, shift: shift?.count, offsets: offsets?.count,
      predictions: predictions.count)
    defer {
      extendLifetime(coefficients)
      extendLifetime(offsets)
      extendLifetime(predictions)
    }
    guard !range.isEmpty else { return }
    // What the shifts take is the same for all rows.
    var constant = constant
    if let shift { for column in 0..<columns { constant -= shift[column] * coefficients[column] } }
    let target = unsafe predictions.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    let vector = unsafe elementAddress(coefficients)
    let added = unsafe elementAddress(offsets)
    unsafe withAddress(range) { block in
      unsafe A._sparseTimesVector(block, vector ?? UnsafePointer(target), constant, added, target)
    }
  }

  func addTransposed<A: Scalar>(
    _ range: Range<Int>, factors: Span<A>, weights: Span<A>?, shift: Span<A>?, ahead: Range<Int>?,
    to sums: inout MutableSpan<A>
  ) {
    requireLengths(
      range.count, factors: factors.count, weights: weights?.count, shift: shift?.count, sums: sums.count)
    defer {
      extendLifetime(factors)
      extendLifetime(weights)
      extendLifetime(sums)
    }
    guard !range.isEmpty else { return }
    let target = unsafe sums.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    let vector = unsafe elementAddress(factors).unsafelyUnwrapped
    let multiplied = unsafe elementAddress(weights)
    let total = unsafe withAddress(range) { block in
      unsafe A._sparseTransposedTimesVector(block, vector, multiplied, target)
    }
    sums[columns] += total
    if let shift { for column in 0..<columns { sums[column] -= shift[column] * total } }
  }

  func weightedRows<A: Scalar>(
    _ range: Range<Int>, shift: Span<Double>, scale: Span<Double>, weights: Span<A>?, sign: Double,
    into rows: inout MutableSpan<Double>, stride: Int
  ) -> Bool {
    precondition(shift.count == columns && scale.count == columns, "one shift and one scale per column")
    if let weights { precondition(weights.count == range.count, "\(weights.count) weights for \(range.count) rows") }
    precondition(stride > columns && rows.count >= range.count * stride, "\(rows.count) elements for the rows")
    defer {
      extendLifetime(shift)
      extendLifetime(scale)
      extendLifetime(weights)
      extendLifetime(rows)
    }
    guard !range.isEmpty else { return false }
    let target = unsafe rows.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    let centres = unsafe elementAddress(shift) ?? UnsafePointer(target)
    let units = unsafe elementAddress(scale) ?? UnsafePointer(target)
    let multiplied = unsafe elementAddress(weights)
    return unsafe withAddress(range) { block in
      unsafe A._sparseWeightedRows(block, columns, centres, units, multiplied, sign, target, stride)
    }
  }

  func addProducts<A: Scalar>(
    _ range: Range<Int>, scale: Span<Double>, weights: Span<A>?, to gram: inout MutableSpan<Double>, stride: Int
  ) -> Bool {
    precondition(scale.count == columns, "\(scale.count) scales for \(columns) columns")
    if let weights { precondition(weights.count == range.count, "\(weights.count) weights for \(range.count) rows") }
    precondition(stride > columns && gram.count >= stride * (columns + 1), "a Gram matrix of \(gram.count) elements")
    defer {
      extendLifetime(scale)
      extendLifetime(weights)
      extendLifetime(gram)
    }
    guard !range.isEmpty else { return true }
    let longest = range.reduce(1) { max($0, starts[$1 + 1] - starts[$1]) }
    var row = [Double](repeating: 0, count: longest)
    let target = unsafe gram.withUnsafeMutableBufferPointer { unsafe $0.baseAddress.unsafelyUnwrapped }
    let units = unsafe elementAddress(scale) ?? UnsafePointer(target)
    let multiplied = unsafe elementAddress(weights)
    unsafe row.withUnsafeMutableBufferPointer { row in
      unsafe withAddress(range) { block in
        unsafe A._sparseGram(block, columns, units, multiplied, target, stride, row.baseAddress.unsafelyUnwrapped)
      }
    }
    return true
  }

  /// Of all rows that count, the elements that are not stored among them.
  func centres(hasIntercept: Bool, of counted: CountedRows) -> (shift: [Double], spread: [Double]) {
    var (shift, largest) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
    counted.forEachRun { run in
      unsafe withBlock(run) { block in
        unsafe shift.withUnsafeMutableBufferPointer { sums in
          unsafe largest.withUnsafeMutableBufferPointer { largest in
            unsafe la_sparse_column_sums(block, sums.baseAddress, largest.baseAddress)
          }
        }
      }
    }
    let total = Double(counted.count)
    for column in 0..<columns {
      shift[column] = hasIntercept ? shift[column] / total : 0
      if !shift[column].isFinite { shift[column] = 0 }
      largest[column] += abs(shift[column])
    }
    var (squares, counts) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
    counted.forEachRun { run in
      unsafe withBlock(run) { block in
        unsafe squares.withUnsafeMutableBufferPointer { squares in
          unsafe counts.withUnsafeMutableBufferPointer { counts in
            unsafe la_sparse_column_squares(block, shift, largest, squares.baseAddress, counts.baseAddress)
          }
        }
      }
    }
    let spread = (0..<columns).map { column -> Double in
      guard largest[column] > 0, largest[column].isFinite else { return 0 }
      let empty = shift[column] / largest[column]
      let mean = (squares[column] + (total - counts[column]) * empty * empty) / total
      return largest[column] * mean.squareRoot()
    }
    return (shift, spread)
  }
}
