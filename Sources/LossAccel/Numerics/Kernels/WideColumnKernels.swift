internal import CKernelInterface

/// Least squares on blocks of columns whose elements have two words: see ``WideBlock``.
package enum WideColumnKernels {
  /// Rows of a block: as many as may be added up in two words.
  package static let blockRows = 128

  /// Adds the products of every pair of columns, those of the left side with those of the right, to 24 numbers per pair: three words in
  /// eight lanes. Columns lie ``blockRows`` apart; `rows` of them count, a multiple of 8.
  package static func gram(
    left: Span<Double>, leftLow: Span<Double>, right: Span<Double>, rightLow: Span<Double>, rows: Int, columns: Int,
    into sums: inout MutableSpan<Double>
  ) {
    let elements = columns * blockRows
    precondition(rows >= 0 && rows <= blockRows && rows % 8 == 0, "\(rows) rows in a block of \(blockRows)")
    precondition(
      left.count >= elements && leftLow.count >= elements && right.count >= elements && rightLow.count >= elements,
      "\(columns) columns need \(elements) elements")
    precondition(sums.count == 24 * pairCount(columns), "\(sums.count) elements for the sums of \(columns) columns")
    guard columns > 0, rows > 0 else { return }
    unsafe left.withUnsafeBufferPointer { left in
      unsafe leftLow.withUnsafeBufferPointer { leftLow in
        unsafe right.withUnsafeBufferPointer { right in
          unsafe rightLow.withUnsafeBufferPointer { rightLow in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
              unsafe la_wide_gram(
                left.baseAddress, leftLow.baseAddress, right.baseAddress, rightLow.baseAddress, blockRows, rows,
                columns,
                sums.baseAddress)
            }
          }
        }
      }
    }
  }

  /// The number of pairs i ≤ j of columns.
  package static func pairCount(_ columns: Int) -> Int { columns * (columns + 1) / 2 }

  /// residual −= Σⱼ columnⱼ·xⱼ in two words.
  package static func subtractProducts(
    high: Span<Double>, low: Span<Double>, rows: Int, columns: Int, x: [DoubleDouble],
    from residual: inout MutableSpan<Double>, low residualLow: inout MutableSpan<Double>
  ) {
    let elements = columns * blockRows
    precondition(rows >= 0 && rows <= blockRows && rows % 8 == 0, "\(rows) rows in a block of \(blockRows)")
    precondition(high.count >= elements && low.count >= elements, "\(columns) columns need \(elements) elements")
    precondition(
      x.count == columns && residual.count >= rows && residualLow.count >= rows, "one coefficient per column")
    guard columns > 0, rows > 0 else { return }
    var pairs = [Double](repeating: 0, count: 2 * columns)
    for (index, value) in x.enumerated() { (pairs[2 * index], pairs[2 * index + 1]) = (value.high, value.low) }
    unsafe high.withUnsafeBufferPointer { high in
      unsafe low.withUnsafeBufferPointer { low in
        unsafe residual.withUnsafeMutableBufferPointer { residual in
          unsafe residualLow.withUnsafeMutableBufferPointer { residualLow in
            unsafe la_wide_residual(
              high.baseAddress, low.baseAddress, blockRows, rows, columns, pairs, residual.baseAddress,
              residualLow.baseAddress)
          }
        }
      }
    }
  }

  /// Adds the product of every column with a vector to 24 numbers per column: three words in eight lanes.
  package static func products(
    high: Span<Double>, low: Span<Double>, rows: Int, columns: Int, vector: Span<Double>, vectorLow: Span<Double>,
    into sums: inout MutableSpan<Double>
  ) {
    let elements = columns * blockRows
    precondition(rows >= 0 && rows <= blockRows && rows % 8 == 0, "\(rows) rows in a block of \(blockRows)")
    precondition(high.count >= elements && low.count >= elements, "\(columns) columns need \(elements) elements")
    precondition(vector.count >= rows && vectorLow.count >= rows && sums.count == 24 * columns, "one sum per column")
    guard columns > 0, rows > 0 else { return }
    unsafe high.withUnsafeBufferPointer { high in
      unsafe low.withUnsafeBufferPointer { low in
        unsafe vector.withUnsafeBufferPointer { vector in
          unsafe vectorLow.withUnsafeBufferPointer { vectorLow in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
              unsafe la_wide_products(
                high.baseAddress, low.baseAddress, blockRows, rows, columns, vector.baseAddress, vectorLow.baseAddress,
                sums.baseAddress)
            }
          }
        }
      }
    }
  }

  /// Arithmetic on elements of two words.
  package enum Arithmetic: Int32, Sendable {
    case add, subtract, multiply, divide
  }

  /// a ← a ∘ b, element by element, with a relative error below 2⁻¹⁰⁰; the number of elements is a multiple of 8.
  package static func apply(
    _ operation: Arithmetic, _ a: inout MutableSpan<Double>, low aLow: inout MutableSpan<Double>,
    _ b: Span<Double>, low bLow: Span<Double>
  ) {
    let count = a.count
    precondition(
      count % 8 == 0 && aLow.count == count && b.count == count && bLow.count == count,
      "operands of \(count) and \(b.count) elements")
    guard count > 0 else { return }
    unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe aLow.withUnsafeMutableBufferPointer { aLow in
        unsafe b.withUnsafeBufferPointer { b in
          unsafe bLow.withUnsafeBufferPointer { bLow in
            unsafe la_wide_arithmetic(
              operation.rawValue, a.baseAddress, aLow.baseAddress, b.baseAddress, bLow.baseAddress, count,
              a.baseAddress,
              aLow.baseAddress)
          }
        }
      }
    }
  }

  /// Rows of a row-major matrix, `columns` wide, as columns in `output`, ``blockRows`` apart, times the columns' scales; raises
  /// largest[j] to the bits of the largest |element| of column j.
  package static func columns(
    of matrix: _ScalarArray, columns: Int, rows: Range<Int>, scale: Span<Double>,
    into output: inout MutableSpan<Double>,
    largest: inout MutableSpan<Int64>
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.count <= blockRows && rows.upperBound * columns <= matrix.count,
      "rows \(rows) of \(matrix.count) elements")
    precondition(
      scale.count == columns && largest.count == columns && output.count >= columns * blockRows, "one scale per column")
    guard columns > 0, !rows.isEmpty else { return }
    let first = rows.lowerBound * columns
    unsafe scale.withUnsafeBufferPointer { scale in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe largest.withUnsafeMutableBufferPointer { largest in
          switch matrix {
          case .single(let elements):
            unsafe elements.withUnsafeBufferPointer { a in
              unsafe la_columns_of_rows_f32(
                a.baseAddress.unsafelyUnwrapped + first, columns, rows.count, columns, scale.baseAddress,
                output.baseAddress, blockRows, largest.baseAddress)
            }
          case .double(let elements):
            unsafe elements.withUnsafeBufferPointer { a in
              unsafe la_columns_of_rows_f64(
                a.baseAddress.unsafelyUnwrapped + first, columns, rows.count, columns, scale.baseAddress,
                output.baseAddress, blockRows, largest.baseAddress)
            }
          }
        }
      }
    }
  }
}
