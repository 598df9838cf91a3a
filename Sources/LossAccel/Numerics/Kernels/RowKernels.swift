internal import CKernelInterface

/// What regression diagnostics do to blocks of row-major rows, on the calling thread.
package enum RowKernels {
  /// The sum of squares of every row's first `columns` elements.
  package static func squares(
    _ rows: Span<Double>, stride: Int, columns: Int, into squares: inout MutableSpan<Double>
  ) {
    let count = squares.count
    check(rows.count, stride: stride, rows: count, columns: columns)
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe squares.withUnsafeMutableBufferPointer { squares in
        unsafe la_row_squares_f64(rows.baseAddress, stride, count, columns, squares.baseAddress)
      }
    }
  }

  /// Multiplies the first `columns` elements of every row by its factor.
  package static func scale(
    _ rows: inout MutableSpan<Double>, stride: Int, columns: Int, by factors: Span<Double>
  ) {
    check(rows.count, stride: stride, rows: factors.count, columns: columns)
    unsafe rows.withUnsafeMutableBufferPointer { rows in
      unsafe factors.withUnsafeBufferPointer { factors in
        unsafe la_scale_rows_f64(rows.baseAddress, stride, factors.count, columns, factors.baseAddress)
      }
    }
  }

  /// Adds every row to its group's sums, `columns` of them for every group, in the order of the rows.
  package static func add(
    _ rows: Span<Double>, stride: Int, columns: Int, groups: Span<Int>, to sums: inout MutableSpan<Double>
  ) {
    check(rows.count, stride: stride, rows: groups.count, columns: columns)
    guard columns > 0 else { return }
    for index in groups.indices {
      precondition(groups[index] >= 0 && groups[index] < sums.count / columns, "there is no group \(groups[index])")
    }
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe groups.withUnsafeBufferPointer { groups in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe groups.withMemoryRebound(to: Int64.self) { groups in
            unsafe la_add_rows_to_groups_f64(
              rows.baseAddress, stride, groups.count, columns, groups.baseAddress, sums.baseAddress)
          }
        }
      }
    }
  }

  /// Squares every element.
  package static func square(_ elements: inout MutableSpan<Double>) {
    unsafe elements.withUnsafeMutableBufferPointer { elements in
      unsafe la_square_elements_f64(elements.baseAddress, elements.count)
    }
  }

  /// For every column j: sums[j] += Σ (r/(1 − h))², infinity where a row alone determines its fitted value, and squares[j] += Σ r².
  package static func deletedErrors(
    residuals: Span<Double>, leverages: Span<Double>, columns: Int, sums: inout MutableSpan<Double>,
    squares: inout MutableSpan<Double>
  ) {
    precondition(residuals.count == leverages.count && sums.count == columns && squares.count == columns, "\(columns)")
    guard columns > 0 else { return }
    precondition(residuals.count % columns == 0, "\(residuals.count) elements in rows of \(columns)")
    unsafe residuals.withUnsafeBufferPointer { residuals in
      unsafe leverages.withUnsafeBufferPointer { leverages in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          unsafe squares.withUnsafeMutableBufferPointer { squares in
            unsafe la_deleted_errors_f64(
              residuals.baseAddress, leverages.baseAddress, residuals.count / columns, columns, sums.baseAddress,
              squares.baseAddress)
          }
        }
      }
    }
  }

  private static func check(_ count: Int, stride: Int, rows: Int, columns: Int) {
    precondition(
      stride >= columns && columns >= 0 && (rows == 0 || count >= (rows - 1) * stride + columns),
      "\(rows) rows of \(columns), \(stride) apart, in \(count) elements")
  }
}
