internal import CKernelInterface

extension LeastSquaresKernels {
  /// Sums of products of the columns of [1 | A | b], the ones only where they are asked for, in three words.
  package struct ProductSums: Sendable {
    /// The number of columns, b included.
    package let order: Int
    /// Σ uᵢ·uⱼ for i ≤ j at j·(j + 1)/2 + i.
    private var sums: [LongSum]
    /// Bounds on the squares of the elements of A's columns and of b; right where the sums of squares are finite.
    package private(set) var squares: [Double]

    /// Of a row-major matrix of 1 to 4 columns, or 3 beside the ones. Where the squares lie between 2⁻⁴⁰⁰ and 2⁴⁰⁰, a sum is off
    /// by less than 2⁻⁹⁷ times the lengths of both columns.
    package init(_ matrix: _ScalarArray, columns: Int, rows: Range<Int>, targets: _ScalarArray, ones: Bool) {
      precondition(columns >= 1 && columns + (ones ? 1 : 0) <= 4, "\(columns) columns")
      precondition(
        rows.lowerBound >= 0 && rows.upperBound * columns <= matrix.count && rows.upperBound <= targets.count,
        "rows \(rows) of \(matrix.count) elements and \(targets.count) targets")
      order = columns + (ones ? 2 : 1)
      var squares = [Double](repeating: 0, count: columns + 1)
      var lanes = [Double](repeating: 0, count: 12 * order * (order + 1))
      let first = rows.lowerBound * columns
      switch (matrix, targets) {
      case (.single(let a), .single(let b)):
        unsafe a.withUnsafeBufferPointer { a in
          unsafe b.withUnsafeBufferPointer { b in
            unsafe la_few_columns_f32(
              a.baseAddress.unsafelyUnwrapped + first, b.baseAddress.unsafelyUnwrapped + rows.lowerBound, rows.count,
              columns, ones, &lanes, &squares)
          }
        }
      case (.double(let a), .double(let b)):
        unsafe a.withUnsafeBufferPointer { a in
          unsafe b.withUnsafeBufferPointer { b in
            unsafe la_few_columns_f64(
              a.baseAddress.unsafelyUnwrapped + first, b.baseAddress.unsafelyUnwrapped + rows.lowerBound, rows.count,
              columns, ones, &lanes, &squares)
          }
        }
      default: preconditionFailure("matrix and targets must be of one precision")
      }
      self.squares = squares
      // Across the lanes, in their order.
      sums = (0..<order * (order + 1) / 2).map { pair in
        var total = LongSum()
        for index in 24 * pair..<24 * pair + 24 { total += lanes[index] }
        return total
      }
      if ones { sums[0] = LongSum(DoubleDouble(Double(rows.count))) }
    }

    package subscript(i: Int, j: Int) -> LongSum { sums[max(i, j) * (max(i, j) + 1) / 2 + min(i, j)] }

    package static func += (total: inout ProductSums, part: ProductSums) {
      for index in total.sums.indices { total.sums[index] += part.sums[index] }
      for index in total.squares.indices { total.squares[index] = max(total.squares[index], part.squares[index]) }
    }
  }
}
